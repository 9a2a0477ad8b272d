"""Read a policy from its file: every rule written down once, of its kind, and none against another.

A policy that says something else than was meant gives people away, so nothing is guessed: a file with any
fault is refused whole, with the line of each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from equity.release.load import ReleaseError

#: Bytes of the largest file that is read; a policy has about a thousand.
LARGEST: Final = 65_536
#: The publisher's own rule (CDC WONDER): these counts are never shown, whoever looks.
PUBLISHERS_HIDE_TO: Final = 9
#: Whole values that a hidden count must be able to take at least.
LEAST_ROOM: Final = 5
#: Every margin of births and deaths that can be published, from finest to coarsest. Groups include "all".
MARGINS: Final = (
    "zip/all/block",
    "zip_group/all/block",
    "zip_group/group/block",
    "county/group/block",
    "county/all/year",
    "region/group/block",
    "region/all/year",
    "large_region/group/year",
    "region/group/year",
)
#: The margins of a release whose manifest names none: those published before policies could choose.
FIRST_MARGINS: Final = frozenset(MARGINS) - {"zip_group/all/block", "region/group/year"}
#: Need, which every release has, is made from the births of these: left out here, they would be told there.
TOLD_BY_NEED: Final = ("zip/all/block", "county/group/block", "region/group/block")
#: Margins that another one holds already.
HELD_BY: Final = {
    "zip_group/all/block": "zip_group/group/block",
    "region/all/year": "region/group/year",
    "large_region/group/year": "region/group/year",
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_KINDS: Final = {
    "name": "a text in quotes",
    "hide_from": "a whole number of at most 1,000,000",
    "hide_to": "a whole number of at most 1,000,000",
    "zero_shown": "true or false",
    "room": "a whole number of at most 1,000,000",
    "rate_floor": "a whole number of at most 1,000,000",
    "widest": "a number",
    "steady": "a whole number of at most 1,000,000",
    "least_births": "a whole number of at most 1,000,000",
    "blocks": "a list of [first year, last year]",
    "margins": "a list of texts in quotes",
}
#: A key and what is wrong with it; the key is empty where it is none's fault.
Fault = tuple[str, str]


class PolicyError(ReleaseError):
    """A policy cannot be used. The sentence says in which file and line, and what to do."""


def read_rules(path: Path) -> dict[str, Any]:
    """The rules in a policy file by their keys; blocks and margins as tuples.

    Raises :class:`PolicyError` that names every fault with its line.
    """
    text = _text(path)
    try:
        rules = tomllib.loads(text)
    except RecursionError:
        raise PolicyError(f"{path} is nested too deep: a policy has plain lists only.") from None
    except ValueError as reason:  # a number with thousands of digits is one too
        raise PolicyError(f"{path} is not TOML: {reason}. Write one `key = value` a line.") from None
    faults = list(_shapes(rules)) or [
        *_numbers(rules),
        *_blocks(rules["blocks"]),
        *_margins(rules["margins"]),
    ]
    if faults:
        told = [_placed(text, key, fault) for key, fault in faults]
        raise PolicyError(f"{path} is no policy: {'; '.join(told)}.")
    blocks = tuple((first, last) for first, last in rules["blocks"])
    return rules | {"widest": float(rules["widest"]), "blocks": blocks, "margins": tuple(rules["margins"])}


def _text(path: Path) -> str:
    if path.is_dir():
        raise PolicyError(f"{path} is a folder: name the file of the policy.")
    if not path.is_file():
        raise PolicyError(f"There is no file {path}: check the name of the policy's file.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as reason:
        raise PolicyError(f"{path} cannot be read: {reason.strerror}.") from None
    if len(content) > LARGEST:
        raise PolicyError(f"{path} is larger than {LARGEST:,} bytes: that is no policy.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = content[: reason.start].count(b"\n") + 1
        raise PolicyError(f"{path}, line {line}, is not UTF-8: save the file as UTF-8.") from None


def _shapes(rules: dict[str, Any]) -> Iterator[Fault]:
    """Keys that are unknown, lacking, or hold something of another kind."""
    for key, value in rules.items():
        if key not in _KINDS:
            near = get_close_matches(key, _KINDS, 1)
            meant = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(_KINDS)}"
            yield key, f"unknown key {key!r}, {meant}"
        elif not _is_kind(key, value):
            yield key, f"{key} must be {_KINDS[key]}"
    for key, kind in _KINDS.items():
        if key not in rules:
            yield "", f"{key} is lacking, {kind}"


def _is_kind(key: str, value: Any) -> bool:
    if key == "margins":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if key == "blocks":
        return isinstance(value, list) and all(
            isinstance(one, list) and len(one) == 2 and all(map(_is_whole, one)) for one in value
        )
    wanted = {"name": (str,), "zero_shown": (bool,), "widest": (int, float)}
    return type(value) in wanted[key] if key in wanted else _is_whole(value)


def _is_whole(value: Any) -> bool:
    """A number that is no bool, and not so long that it could not even be written into a sentence."""
    return type(value) is int and abs(value) <= 1_000_000


def _numbers(rules: dict[str, Any]) -> Iterator[Fault]:
    """Thresholds that are too low, or that undo each other."""
    low, high, floor = rules["hide_from"], rules["hide_to"], rules["rate_floor"]
    if not _NAME.fullmatch(rules["name"]):
        yield "name", "name must be at most 32 of a-z, 0-9, - and _, a letter first"
    if low != (1 if rules["zero_shown"] else 0):
        yield "hide_from", "hide_from must be 1 where zero_shown is true, and 0 where zeros are hidden"
    if high < PUBLISHERS_HIDE_TO:
        yield (
            "hide_to",
            f"hide_to must be {PUBLISHERS_HIDE_TO} or more, for the publisher hides counts up to it",
        )
    elif floor <= high:
        yield "rate_floor", f"rate_floor must be above hide_to ({high}), for a rate tells its deaths"
    if rules["room"] < LEAST_ROOM:
        yield "room", f"room must be {LEAST_ROOM} or more: fewer values leave too little doubt"
    elif rules["room"] > high - low + 1 >= LEAST_ROOM:
        yield (
            "room",
            f"room must be at most {high - low + 1}: a count of {low} to {high} can be no more numbers",
        )
    if not 0 < rules["widest"] <= 1000:
        yield "widest", "widest must be above 0 and at most 1000 percent"
    if rules["steady"] < floor:
        yield "steady", f"steady must not be below rate_floor ({floor}), for below it no rate is shown"
    if rules["least_births"] < 0:
        yield "least_births", "least_births must be 0 or more"


def _blocks(blocks: list[list[int]]) -> Iterator[Fault]:
    """Blocks that are none, stand in the wrong order, or share a year."""
    if not blocks:
        yield "blocks", "blocks must name at least one block of years"
    for first, last in blocks:
        if not 1900 <= first < last <= 2100:
            yield "blocks", f"[{first}, {last}] must be two years of 1900 to 2100, the first before the last"
    for before, after in pairwise(blocks):
        if after[0] <= before[1]:
            yield (
                "blocks",
                f"{after} must begin after {before} ends: years shared by two blocks are told by subtraction",
            )


def _margins(margins: list[str]) -> Iterator[Fault]:
    """Margins that are unknown, or contradict each other or what every release has."""
    for at, name in enumerate(margins):
        if name not in MARGINS:
            near = get_close_matches(name, MARGINS, 1, 0)
            yield "margins", f"unknown margin {name!r}, did you mean {near[0]}?"
        elif name in margins[:at]:
            yield "margins", f"{name} is listed twice"
        elif HELD_BY.get(name) in margins:
            yield "margins", f"{name} contradicts {HELD_BY[name]}, which holds it already: leave one out"
    for name in TOLD_BY_NEED:
        if name not in margins:
            yield "margins", f"{name} is lacking: need, which is always published, tells its births"
    if not {"zip_group/all/block", "zip_group/group/block"} & {*margins}:
        yield "margins", "zip_group/all/block is lacking: need, which is always published, tells its births"
    if "county/all/year" in margins and not {"region/all/year", "region/group/year"} & {*margins}:
        yield (
            "margins",
            "county/all/year shows parts by year whose whole is not shown by year: add region/all/year",
        )


def _placed(text: str, key: str, fault: str) -> str:
    """A fault with the line of its key, as far as that begins a line."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=\].]""")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if begins.match(line)]
    return f"line {lines[0]}: {fault}" if key and lines else fault
