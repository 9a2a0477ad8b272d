"""What a cell says (numbers, years, groups, places), and the findings about cells that say nothing.

Every text here may come from anybody: nothing of it is run, looked up or turned into a number by guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from equity.intake.checks import FIRST_YEAR, LAST_YEAR
from equity.intake.findings import MOST_ALIKE, Finding, Level
from equity.intake.places import STATE, Places
from equity.intake.sheet import Table, Upload, find_table, plain

#: No count of births or deaths comes near this, and the store holds no larger one.
LARGEST: Final = 2_000_000_000
_NUMBER: Final = re.compile(
    r"-?(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:\.[0-9]{0,20})?(?:[eE][-+]?[0-9]{1,2})?"
)
_YEAR: Final = re.compile(r"([0-9]{4})(?:\.0+)?")
_PERIOD: Final = re.compile(r"([0-9]{4})\s*(?:-|–|—|−|to|through|/)\s*([0-9]{4})")
#: Marks and words that publishers put where a number is hidden because it is small.
_HIDDEN: Final = re.compile(
    r"\*+|[-–—−]+|†|‡|[.]{1,3}|\(?[sdx]\)?|[<≤]\s*=?\s*[0-9]{1,3}|(?:less|fewer) than [0-9]{1,3}|"
    r"1\s*[-–—]\s*[0-9]{1,2}|n/?a|#n/a|n\.a\.|not available|not shown|not reported|not displayed|"
    r"data suppressed|suppressed|hidden|withheld|masked|too few(?: to show)?",
    re.IGNORECASE,
)
#: Words for no figure in a survey table.
_NONE: Final = re.compile(r"n|nan|null|none|missing|\(x\)|-?[0-9]*\.?[0-9]*\*+", re.IGNORECASE)

#: Groups by the words people use, in their plainest form and without *Hispanic* and *not Hispanic*.
_GROUPS: Final = {
    "all": ("all", "total", "all races", "all groups", "all mothers", "everyone", "overall", "any",
            "all races and ethnicities", "all races ethnicities"),
    "black": ("black", "african american", "black or african american", "black african american",
              "blacks", "black aa"),
    "white": ("white", "whites", "caucasian"),
    "hispanic": ("hispanic", "latino", "latina", "latinx", "latine", "hispanic or latino",
                 "hispanic latino", "hispanic or latina", "hispanic all races", "hispanic any race",
                 "hispanic of any race"),
    "other": ("other", "others", "other race", "other races", "all other", "all other races", "asian",
              "american indian", "american indian or alaska native", "native american",
              "american indian alaska native", "native hawaiian or other pacific islander",
              "native hawaiian", "pacific islander", "asian or pacific islander",
              "asian pacific islander", "two or more", "two or more races", "more than one race",
              "multiracial", "multi race", "multiple races", "aian", "nhopi", "aapi"),
    "unknown": ("unknown", "not stated", "missing", "unspecified", "not specified", "unknown race",
                "unknown or not stated", "race unknown", "refused", "not known"),
}  # fmt: skip
_WORDS: Final = {word: group for group, words in _GROUPS.items() for word in words}
_NOT_HISPANIC: Final = re.compile(r"\b(non ?hispanic|not hispanic|nh)( or (latino|latina))?\b")
_NO_DIFFERENCE: Final = re.compile(r"\b(any hispanic origin|of any origin|any origin|alone|only|mothers?)\b")
#: Geographic identifiers of the Census Bureau: level, variant, the letters US, the code.
_CENSUS: Final = re.compile(r"([0-9]{3})[0-9A-Z]{2}(?:[0-9A-Z]{2})?US([0-9]{0,5})")
_LEVELS: Final = {"860": "zip", "050": "county", "040": "state", "010": "nation"}
_PREFIX: Final = re.compile(r"^(?:zip(?: ?code)?|zcta5?)[ :]*(?=[0-9])", re.IGNORECASE)
_STATE_NAMES: Final = ("missouri", "mo", STATE, "state of missouri", "missouri statewide")
_NATION_NAMES: Final = ("united states", "us", "u s", "usa", "nation", "united states of america")


def number(text: str) -> float | None:
    """The number a cell holds, thousands separated or not; ``None`` for anything else."""
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def count(text: str) -> int | None:
    """The whole number of a cell (``12``, ``1,234``, ``12.0``) that may be a count; ``None`` otherwise."""
    value = None if "e" in text.casefold() else number(text)
    return int(value) if value is not None and value.is_integer() and 0 <= value <= LARGEST else None


def rounding(text: str) -> float:
    """Half a unit of the last digit a cell prints: 0.05 for ``12.0``."""
    if "e" in text.casefold():
        return 0.0
    return 0.5 * 0.1 ** len(text.partition(".")[2])


def is_hidden(text: str) -> bool:
    """True for the marks and words that stand where a small number is hidden."""
    return bool(_HIDDEN.fullmatch(text))


def is_nothing(text: str) -> bool:
    """True where a cell says there is no figure, hidden or not known."""
    return not text or is_hidden(text) or bool(_NONE.fullmatch(text))


def years(text: str) -> tuple[int, int] | None:
    """First and last year of ``2017``, ``2017-2023`` or ``2017 to 2023``; ``None`` for anything else."""
    match = _PERIOD.fullmatch(text)
    one = _YEAR.fullmatch(text)
    if match is None and one is None:
        return None
    first, last = (int(match[1]), int(match[2])) if match else (int(one[1]), int(one[1])) if one else (0, -1)
    return (first, last) if FIRST_YEAR <= first <= last <= LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class Group:
    """A group's code, and True where the words set Hispanic people apart from it."""

    code: str
    apart: bool


def group(text: str) -> Group | None:
    """The group a cell names; ``None`` for words that are not known here."""
    name = _NO_DIFFERENCE.sub(" ", plain(text))
    rest = " ".join(_NOT_HISPANIC.sub(" ", name).split())
    code = _WORDS.get(rest)
    apart = rest != " ".join(name.split())
    return None if code is None or (apart and code == "hispanic") else Group(code, apart)


@dataclass(frozen=True, slots=True)
class Place:
    """What an area cell was taken for; ``code`` is ``''`` where it is no known place.

    ``written`` is the code before a PO-box ZIP was given to its area: two cells that differ in it are two
    rows, not one row twice.
    """

    kind: str
    code: str
    written: str
    repair: str = ""


def place(text: str, places: Places, kinds: Sequence[str] = ("zip", "county", "state", "nation")) -> Place:
    """The place a cell names: a ZIP or county code, a county's name, the state, the nation.

    Identifiers of the Census Bureau (``860Z200US63106``, ``05000US29510``) are read too.
    """
    census = _CENSUS.fullmatch(text)
    if census:
        level = _LEVELS.get(census[1], "")
        kinds = [kind for kind in kinds if kind == level]
        text = census[2] or ("us" if level == "nation" else "")
    cut = _PREFIX.sub("", text)
    for kind in kinds:
        found = _READ[kind](cut, places)
        if found.code:
            return found
    return Place("", "", cut)


def _zip(text: str, places: Places) -> Place:
    found = places.zip(text)
    digits = re.match(r"[0-9]{3,5}", text)
    return Place("zip", found.code, digits[0].zfill(5) if digits else text, found.repair)


def _county(text: str, places: Places) -> Place:
    found = places.county(text)
    return Place("county", found.code, found.code, found.repair)


def _state(text: str, places: Places) -> Place:
    known = plain(text) in _STATE_NAMES and places.known("state", STATE)
    return Place("state", STATE if known else "", STATE)


def _nation(text: str, places: Places) -> Place:
    code = nation(places) if plain(text) in _NATION_NAMES else ""
    return Place("nation", code, code)


_READ: Final[Mapping[str, Callable[[str, Places], Place]]] = {
    "zip": _zip,
    "county": _county,
    "state": _state,
    "nation": _nation,
}


def nation(places: Places) -> str:
    """The code under which the store holds the nation; ``''`` where it holds none."""
    return next((geoid for kind, geoid in places.names if kind == "nation"), "")


def is_two_places(text: str) -> bool:
    """True for *St. Louis* alone, which is a city and a county."""
    return plain(text) in ("st louis", "saint louis", "st louis mo", "saint louis mo")


def first_table(
    upload: Upload, names: Mapping[str, Sequence[str]], enough: Callable[[Table], bool]
) -> tuple[Table, int] | None:
    """The first table of the file that has enough of what a format needs, and the place of its sheet."""
    for at, sheet in enumerate(upload.sheets):
        table = find_table(sheet, names)
        if table is not None and enough(table):
            return table, at
    return None


class Notes:
    """The findings about one sheet while they are gathered, and the rows that are refused by them."""

    def __init__(self, sheet: str, headings: Mapping[str, str], before: Sequence[Finding] = ()) -> None:
        self.sheet, self.headings = sheet, headings
        self.refused: set[int] = set()
        self._said = list(before)
        self._alike: Counter[tuple[Level, str, str]] = Counter()

    def say(
        self, level: Level, found: str, expected: str, mend: str = "", row: int = 0, column: str = ""
    ) -> None:
        """Say one thing; an error about a row refuses the row. What is of no row is said once."""
        if level == "error" and row:
            self.refused.add(row)
        heading = " ".join(self.headings.get(column, column).split())[:60]
        finding = Finding(level, found, expected, mend, self.sheet, row, heading)
        if not row and finding in self._said:
            return
        self._alike[level, expected, heading] += 1
        if self._alike[level, expected, heading] <= MOST_ALIKE:
            self._said.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """Everything said, and of how much more of the same kind the rest was."""
        more = [
            Finding(level, f"{times - MOST_ALIKE} more cells like these", expected, "", self.sheet, 0, column)
            for (level, expected, column), times in self._alike.items()
            if times > MOST_ALIKE
        ]
        return (*self._said, *more)

    @property
    def any_error(self) -> bool:
        """True where an error has been said."""
        return any(finding.level == "error" for finding in self._said)
