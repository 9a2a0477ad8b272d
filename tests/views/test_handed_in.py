"""What a file would change, as a person reads it: no two equal numbers, and what is only demonstration."""

from __future__ import annotations

from dataclasses import asdict, replace

import pandas as pd
import pytest

from equity.release.figure import Figure
from equity.release.load import Release
from equity.steward.preview import changed_figures
from equity.views.handed_in import before_and_after, preview_table, replaced_sentence
from equity.words import say

RATE = Figure(
    "low_birthweight", "county", "29510", "all", 2017, 2023, 0.1141, 0.10, 0.13, 100.0, 900.0,
    "shown", "", "reported", "wilson", "", "a",
)  # fmt: skip


def changes(before: list[Figure], after: list[Figure]) -> pd.DataFrame:
    """The figures that differ, as the preview of a file has them."""
    tables = [
        pd.DataFrame([asdict(figure) for figure in side], columns=list(asdict(RATE)))
        for side in (before, after)
    ]
    return changed_figures(*tables)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"value": 0.1249}, "12.5"),
        ({"value": 0.1144}, "changes by less than 0.1"),
        ({"low": 0.11}, "same number, another range"),
        ({"basis": "estimated"}, "same number, now: estimate"),
        ({"status": "unstable", "reason": "under_20_cases"}, "same number, with another note"),
        ({"source": "b"}, "same number, from another source"),
        ({"value": None, "low": None, "high": None, "status": "suppressed", "reason": "few_cases"}, "hidden"),
    ],
)
def test_a_change_never_shows_the_same_number_twice(after: dict[str, object], said: str) -> None:
    [row] = changes([RATE], [replace(RATE, **after)]).to_dict("records")  # type: ignore[arg-type]
    assert before_and_after(row) == ("11.4", said)


def test_hidden_for_another_reason_is_said_to_be() -> None:
    hidden = replace(RATE, value=None, low=None, high=None, status="suppressed", reason="few_cases")
    [row] = changes([hidden], [replace(hidden, reason="hidden_part")]).to_dict("records")
    assert before_and_after(row) == ("hidden", "hidden, with another note")


def test_counts_are_compared_in_whole_numbers() -> None:
    need = replace(RATE, measure="need", value=120.2)
    [row] = changes([need], [replace(need, value=119.9)]).to_dict("records")
    assert before_and_after(row) == ("120", "changes by less than 1")


def test_demonstration_numbers_that_go_are_counted(release_of_one: pd.DataFrame) -> None:
    said = replaced_sentence(release_of_one)
    assert said.startswith("Of these changes, 2 are demonstration numbers that go")
    hidden = {"value": None, "low": None, "high": None, "status": "suppressed", "reason": "few_cases"}
    gone = changes([replace(RATE, basis="demonstration", **hidden)], [])  # type: ignore[arg-type]
    assert "1 is a demonstration number that goes" in replaced_sentence(gone)
    real = release_of_one[release_of_one["basis_before"].ne("demonstration")]
    assert replaced_sentence(real) == ""


@pytest.fixture
def release_of_one() -> pd.DataFrame:
    """One made-up figure goes, one is replaced, one stays made up; a real one changes."""
    areas = ("63106", "63107", "63108")
    made_up = [replace(RATE, area_kind="zip", area=area, basis="demonstration") for area in areas]
    after = [replace(made_up[1], basis="reported"), replace(made_up[2], value=0.2), replace(RATE, value=0.2)]
    return changes([*made_up, RATE], after)


def test_the_table_names_places_and_measures(shipped: Release) -> None:
    table = preview_table(changes([RATE], [replace(RATE, value=0.1249)]), shipped)
    [row] = table.to_dict("records")
    assert row[say("data.preview.place")] == "St. Louis City"
    assert (row[say("data.preview.before")], row[say("data.preview.after")]) == ("11.4", "12.5")


def test_rows_with_a_number_stand_before_those_without(shipped: Release) -> None:
    none = replace(RATE, value=None, low=None, high=None, status="missing", reason="not_reported")
    without = [replace(none, area="29155", first_year=year, last_year=year) for year in range(1950, 2000)]
    shown = preview_table(changes([], [*without, replace(RATE, area="29189")]), shipped)
    place, after = say("data.preview.place"), say("data.preview.after")
    assert shown[[place, after]].iloc[0].tolist() == ["St. Louis County", "11.4"]
    assert set(shown[after].iloc[1:]) == {say("data.preview.missing")} and len(shown) == 40
