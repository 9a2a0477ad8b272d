"""Where each field stands in a line, by layout. Positions count from 1; first and last are inside.

Positions and codes are those of the publisher's user guides. What changes with the years inside a layout is
declared by years: up to 2015 groups follow the bridged race that all states reported, from 2016 the single
race that every state had come to report by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: In a step of :class:`Race`: this code says nothing, ask the next field.
NEXT: Final = "next"


@dataclass(frozen=True, slots=True)
class Field:
    """A field's name and its first and last position in the line."""

    name: str
    first: int
    last: int

    @property
    def length(self) -> int:
        """Characters the field takes."""
        return self.last - self.first + 1

    def cut(self, line: str) -> str:
        """The field's text in a line."""
        return line[self.first - 1 : self.last]


@dataclass(frozen=True, slots=True)
class Race:
    """How the mother's group is told in some years, and the name of that scheme in the store.

    ``steps`` are fields with what their codes mean: a group, or ``NEXT``. Any other code is ``unknown``.
    """

    first_year: int
    last_year: int
    scheme: str
    steps: tuple[tuple[str, Mapping[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout: its name, what it is, the length of its lines, its years and its fields.

    ``weighted`` says whether the publisher's own tables count each death by its weight.
    """

    name: str
    title: str
    length: int
    first_year: int
    last_year: int
    fields: tuple[Field, ...]
    races: tuple[Race, ...]
    weeks: str
    weighted: bool = False

    def field(self, name: str) -> Field:
        """A field by its name."""
        return next(field for field in self.fields if field.name == name)

    def has(self, name: str) -> bool:
        """Whether the layout has the field."""
        return any(field.name == name for field in self.fields)

    @property
    def linked(self) -> bool:
        """Whether a line says if the child died before its first birthday."""
        return self.has("died")

    @property
    def years(self) -> tuple[str, ...]:
        """The years of the layout as they stand in a line."""
        return tuple(str(year) for year in range(self.first_year, self.last_year + 1))


_HISPANIC: Final = dict.fromkeys("12345", "hispanic")
_SINGLE: Final = {"1": "white", "2": "black", **dict.fromkeys("3456", "other"), "7": "hispanic"}
#: Nine codes in one field: five Hispanic origins, three groups of the others, not stated.
_ONE_FIELD: Final = Race(
    2005, 2013, "nchs_bridged_nh",
    (("hispanic_race", {**_HISPANIC, "6": "white", "7": "black", "8": "other"}),),
)  # fmt: skip
#: Two fields: the field of both in one is empty where a state did not yet report more than one race.
_TWO_FIELDS: Final = Race(
    2014, 2015, "nchs_bridged_nh",
    (
        ("origin", {**_HISPANIC, "0": NEXT}),
        ("bridged_race", {"1": "white", "2": "black", "3": "other", "4": "other"}),
    ),
)  # fmt: skip
_FROM_2016: Final = Race(2016, 2024, "nchs_single_nh", (("hispanic_race", _SINGLE),))

_OBSTETRIC: Final = "the obstetric estimate"
_COMBINED: Final = "the last menses, or the clinical estimate where that is missing"

#: What natality and linked files share, until 2013 and since 2014.
_UNTIL_2013: Final = (
    Field("year", 15, 18),
    Field("state", 109, 110),
    Field("county", 114, 116),
    Field("resident", 138, 138),
    Field("hispanic_race", 149, 149),
    Field("weeks", 451, 452),
)
_SINCE_2014: Final = (
    Field("year", 9, 12),
    Field("state", 89, 90),
    Field("county", 91, 93),
    Field("resident", 104, 104),
    Field("bridged_race", 110, 110),
    Field("origin", 115, 115),
    Field("hispanic_race", 117, 117),
    Field("weeks", 499, 500),
)

LAYOUTS: Final = (
    Layout(
        "natality-2014", "births 2014-2024", 1345, 2014, 2024,
        (*_SINCE_2014, Field("grams", 504, 507)), (_TWO_FIELDS, _FROM_2016), _OBSTETRIC,
    ),
    Layout(
        "natality-2005", "births 2005-2013", 775, 2005, 2013,
        (*_UNTIL_2013, Field("grams", 463, 466)), (_ONE_FIELD,), _COMBINED,
    ),
    Layout(
        "linked-2014", "births linked with infant deaths 2014-2015, denominator-plus", 1384, 2014, 2015,
        (
            *_SINCE_2014,
            Field("grams", 512, 515),
            Field("died", 1346, 1346),
            Field("age_days", 1356, 1358),
            Field("weight", 1377, 1384),
        ),
        (_TWO_FIELDS,), _OBSTETRIC,
    ),
    # Until 2013 the publisher's tables weight deaths for those that no birth was found for; since, not.
    Layout(
        "linked-2005", "births linked with infant deaths 2005-2013, denominator-plus", 900, 2005, 2013,
        (
            *_UNTIL_2013,
            Field("grams", 467, 470),
            Field("died", 868, 868),
            Field("age_days", 872, 874),
            Field("weight", 893, 900),
        ),
        (_ONE_FIELD,), _COMBINED, weighted=True,
    ),
)  # fmt: skip


def recognise(line: str) -> Layout | None:
    """The layout that has lines of this one's length and, in its place, this one's year, if any."""
    for layout in LAYOUTS:
        if layout.length == len(line) and layout.field("year").cut(line) in layout.years:
            return layout
    return None


def race_of(layout: Layout, year: int) -> Race:
    """How the layout tells groups in a year of its own."""
    return next(race for race in layout.races if race.first_year <= year <= race.last_year)
