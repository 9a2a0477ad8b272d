"""The columns of County Health Rankings files, by their codes or by the words above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from equity.intake.formats._cells import group
from equity.intake.formats.rankings_releases import CODES, LABELS
from equity.intake.sheet import DEEPEST_HEADER, Sheet, plain

Part = Literal["value", "numerator", "denominator", "low", "high"]

#: Groups by the publisher's codes; those it prints and no figure here has are ``''``.
_GROUPS: Final = {
    "black": "black", "white": "white", "hispanic": "hispanic",
    "aian": "", "asian": "", "nhopi": "", "tom": "", "aapi": "", "api": "",
}  # fmt: skip
_CODE: Final = re.compile(r"(v[0-9]{3})_(?:race_)?([a-z]+)(?:_(cilow|cihigh))?")
_PARTS: Final[dict[str, Part]] = {
    "rawvalue": "value",
    "numerator": "numerator",
    "denominator": "denominator",
    "cilow": "low",
    "cihigh": "high",
}
_LABEL_PARTS: Final[dict[str, Part]] = {
    "raw value": "value",
    "numerator": "numerator",
    "denominator": "denominator",
    "ci low": "low",
    "ci high": "high",
}
#: Columns of counts without a name stand before the group they are of; their endings tell which it is.
_NAMELESS: Final = re.compile(r"(numerator|denominator)((?:\.[xy]){1,3})")
_ENDINGS: Final = {
    ".x": "white", ".y": "black", ".x.x": "aian", ".y.y": "asian", ".x.x.x": "nhopi", ".y.y.y": "tom",
}  # fmt: skip
_STATE: Final = ("statecode", "state fips code")
_COUNTY: Final = ("countycode", "county fips code")
_FIPS: Final = ("fipscode", "5-digit fips code", "fips", "geoid")
_RELEASE: Final = ("year", "release year", "release")
_YEARS: Final = ("data_years", "data years", "years of data", "data year")
_TIDY: Final = ("fips", "measure", "value")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its place, and what it is of."""

    at: int
    measure: str
    group: str
    part: Part


@dataclass(frozen=True)
class Layout:
    """Where everything stands in a file. ``start`` is the first data row, counted from 0."""

    start: int
    headings: tuple[str, ...]
    state: int | None
    county: int | None
    fips: int | None
    release: int | None
    years: int | None
    columns: tuple[Column, ...]
    other_groups: int
    #: Endings of nameless counts that contradict the group they stand before.
    contradictions: tuple[str, ...]
    tidy: bool

    def named(self, *names: str) -> int | None:
        """Place of the first column with one of these names."""
        return _first(self.headings, names)


def layout_of(sheet: Sheet) -> Layout | None:
    """The layout of a sheet; ``None`` where it is none of the publisher's.

    Of two header lines the codes are read: they do not change from release to release.
    """
    found: Layout | None = None
    for at, cells in enumerate(sheet.cells[:DEEPEST_HEADER]):
        names = tuple(cell.strip().casefold() for cell in cells)
        if all(name in names for name in _TIDY) and _first(names, (*_RELEASE, *_YEARS)) is not None:
            return _layout(at, names, (), tidy=True)
        if _first(names, (*_STATE, *_FIPS)) is None:
            continue
        codes = _by_code(names)
        if codes[0]:
            return _layout(at, names, *codes)
        labels = tuple(column for place, name in enumerate(names) if (column := _by_label(place, name)))
        if labels and found is None:
            found = _layout(at, names, labels)
    return found


def _layout(
    at: int,
    names: tuple[str, ...],
    columns: Sequence[Column],
    contradictions: tuple[str, ...] = (),
    tidy: bool = False,
) -> Layout:
    state, county, fips = (_first(names, wanted) for wanted in (_STATE, _COUNTY, _FIPS))
    release, years = (_first(names, wanted) for wanted in (_RELEASE, _YEARS))
    kept = tuple(column for column in columns if column.group)
    others = len({column.at for column in columns if not column.group and column.part == "value"})
    return Layout(at + 1, names, state, county, fips, release, years, kept, others, contradictions, tidy)


def _first(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in wanted), None)


def _by_code(names: Sequence[str]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Columns named by code, those without a name given to the group they stand before."""
    columns: list[Column] = []
    contradictions: list[str] = []
    waiting: list[tuple[int, Part, str]] = []
    for at, name in enumerate(names):
        nameless = _NAMELESS.fullmatch(name)
        if nameless:
            waiting.append((at, _PARTS[nameless[1]], nameless[2]))
            continue
        match = _CODE.fullmatch(name)
        measure = CODES.get(match[1]) if match else None
        if match is None or measure is None:
            continue
        who = "all" if match[2] in _PARTS else _GROUPS.get(match[2])
        if who is None or (who == "all" and match[3]):
            continue
        part = _PARTS[match[2]] if who == "all" else _PARTS[match[3] or "rawvalue"]
        columns.append(Column(at, measure, who, part))
        if waiting and part == "value":
            contradictions += [
                f"{names[place]} before {name}" for place, _, ending in waiting
                if _ENDINGS.get(ending) != match[2]
            ]  # fmt: skip
            columns += [Column(place, measure, who, count) for place, count, _ in waiting]
            waiting = []
    return tuple(columns), tuple(contradictions)


def _by_label(at: int, name: str) -> Column | None:
    """A column named in words: *Infant mortality CI low (Black)*, *Infant Mortality raw value*."""
    text = plain(name)
    label = next((label for label in LABELS if text == label or text.startswith(f"{label} ")), None)
    if label is None:
        return None
    rest = text.removeprefix(label)
    part: Part | None = None
    for words, named in _LABEL_PARTS.items():
        if re.search(rf"\b{words}\b", rest):
            part, rest = named, re.sub(rf"\b{words}\b", " ", rest)
    rest = " ".join(rest.split())
    if not rest:
        return None if part is None else Column(at, LABELS[label], "all", part)
    found = group(rest)
    code = _GROUPS.get(rest, None) if found is None else found.code
    if code is None or code in ("all", "unknown"):
        return None
    return Column(at, LABELS[label], "" if code == "other" else code, part or "value")
