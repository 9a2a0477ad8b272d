"""What stands beside a figure."""

from __future__ import annotations

import pytest

from equity.release.load import Release
from equity.release.places_served import Choice, service_places
from equity.views.notes import beside
from equity.views.overview import state
from equity.views.place_map import build_map
from equity.words import say

YEAR = (2023, 2023)


@pytest.mark.parametrize(("kind", "area"), [("zip", "63106"), ("county", "29510")])
def test_slots_inside_a_region_are_said_to_be_a_share(shipped: Release, kind: str, area: str) -> None:
    slots = shipped.figure("slots", kind, area, "all", YEAR)
    assert (
        "A share: the slots of each program" in state(shipped, slots).note
        and "by births" in state(shipped, slots).note
    )
    region = shipped.figure("slots", "region", "stl", "all", YEAR)
    assert (
        state(shipped, region).note == beside(shipped, shipped.figure("need", kind, area, "all", YEAR)) == ""
    )


def test_each_rule_of_splitting_is_named(shipped: Release) -> None:
    for rule, words in (("caseload", "by the families enrolled"), ("equal", "by equal parts")):
        slots = next(
            p.slots for p in service_places(shipped, Choice(rule=rule), "zip", "stl") if p.slots.value
        )
        assert words in beside(shipped, slots)


def test_the_table_of_a_map_of_slots_says_so(shipped: Release) -> None:
    table = build_map(shipped, "slots", "zip", "stl", YEAR).table
    value, note = table.columns[1], say("table.note")
    assert table.loc[table[value].ne("0"), note].str.contains("A share").all()
    assert table.loc[table[value].eq("0"), note].eq("").all()
