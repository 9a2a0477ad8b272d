"""Layouts are told by the length of lines and the year in them; positions are those of the user guides."""

from __future__ import annotations

from itertools import pairwise

import pytest

from equity.intake.records.layouts import LAYOUTS, Layout, race_of, recognise
from equity.store.codes import SCHEMES
from tests.intake.records.lines import line

#: First and last positions as the publisher prints them.
PRINTED = {
    "natality-2014": {
        "year": (9, 12), "state": (89, 90), "county": (91, 93), "resident": (104, 104),
        "hispanic_race": (117, 117), "weeks": (499, 500), "grams": (504, 507),
    },
    "natality-2005": {
        "year": (15, 18), "state": (109, 110), "county": (114, 116), "resident": (138, 138),
        "hispanic_race": (149, 149), "weeks": (451, 452), "grams": (463, 466),
    },
    "linked-2014": {
        "year": (9, 12), "state": (89, 90), "county": (91, 93), "resident": (104, 104),
        "bridged_race": (110, 110), "origin": (115, 115), "grams": (512, 515), "died": (1346, 1346),
        "age_days": (1356, 1358), "weight": (1377, 1384),
    },
    "linked-2005": {
        "year": (15, 18), "resident": (138, 138), "hispanic_race": (149, 149), "grams": (467, 470),
        "died": (868, 868), "age_days": (872, 874), "weight": (893, 900),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_positions_are_the_printed_ones(name: str) -> None:
    layout = next(layout for layout in LAYOUTS if layout.name == name)
    for field, (first, last) in PRINTED[name].items():
        assert (layout.field(field).first, layout.field(field).last) == (first, last), field


@pytest.mark.parametrize(
    ("length", "place", "year", "name"),
    [
        (1345, 9, "2014", "natality-2014"),
        (1345, 9, "2024", "natality-2014"),
        (775, 15, "2005", "natality-2005"),
        (1384, 9, "2015", "linked-2014"),
        (900, 15, "2013", "linked-2005"),
        (1345, 9, "2013", None),
        (1384, 9, "2016", None),
        (900, 9, "2013", None),
        (1344, 9, "2014", None),
    ],
)
def test_length_and_year_tell_the_layout(length: int, place: int, year: str, name: str | None) -> None:
    found = recognise(line(length, {place: year}))
    assert (found.name if found else None) == name


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_each_year_has_one_scheme_and_every_field_lies_in_the_line(layout: Layout) -> None:
    for year in range(layout.first_year, layout.last_year + 1):
        race = race_of(layout, year)
        assert race.scheme == ("nchs_single_nh" if year >= 2016 else "nchs_bridged_nh")
        assert race.scheme in SCHEMES
        assert all(layout.has(field) for field, _ in race.steps)
    places = sorted((field.first, field.last) for field in layout.fields)
    assert all(before[1] < after[0] for before, after in pairwise(places))
    assert places[-1][1] <= layout.length
