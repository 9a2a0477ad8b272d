"""Where a file's figures are seen: periods that can be picked, the year-by-year table, and the way there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equity.registry import measure
from equity.release.load import Release
from equity.views.landed import landed
from equity.views.panel import panel
from equity.views.profile import build_profile, years_table
from equity.views.selecting import LAYERS, periods_by_region

WONDER = "cdc-wonder-natality-2016-2024"
PRETERM = measure("preterm").name
BLOCKS = [(2017, 2023), (2010, 2016)]


def test_single_years_that_somebody_reported_stand_after_the_blocks(shipped: Release) -> None:
    offered = periods_by_region(shipped, "preterm", "county")
    assert offered["stl"] == BLOCKS + [(year, year) for year in range(2024, 2015, -1)]
    # nobody reported single years of the Bootheel's counties: those that are made up are not offered
    assert offered["bootheel"] == BLOCKS
    assert offered["both"] == BLOCKS
    assert periods_by_region(shipped, "infant_mortality", "county")["stl"] == BLOCKS


def test_a_layer_without_blocks_has_all_its_years(shipped: Release) -> None:
    offered = periods_by_region(shipped, "slots", "zip")["stl"]
    assert offered == [(year, year) for year in range(2023, 2009, -1)]


def test_years_of_a_county_are_listed_newest_first(shipped: Release) -> None:
    profile = build_profile(shipped, "county", "29189", (2017, 2023))
    assert {row.figure.basis for row in profile.yearly} == {"reported"}
    table = years_table(profile.yearly)
    assert list(table.columns) == ["Period", "Births (births)", f"{PRETERM} (of 100 births)"]
    assert list(table["Period"]) == [str(year) for year in range(2024, 2010, -1)]
    lines = table.set_index("Period")
    assert list(lines.loc["2024"]) == ["", "11.2 (10.6 to 11.9)"]
    assert list(lines.loc["2023"]) == ["10,035 (twelve months to June)", "11.8 (11.2 to 12.5)"]
    # what the table says goes into the files as well
    assert {row.figure for row in profile.yearly} <= set(profile.figures())


def test_what_the_map_shows_of_a_place_is_said_first(shipped: Release) -> None:
    first = panel(shipped, "preterm", "county", "29189", (2024, 2024))[0]
    assert first.sentence.startswith(
        "Of every 100 babies born in St. Louis County, about 11.2 were born before 37"
    )
    assert "in 2024 (likely 10.6 to 11.9)" in first.sentence
    told = panel(shipped, "slots", "county", "29189", (2023, 2023))
    assert [one.figure.measure for one in told].count("slots") == 1 and told[0].figure.measure == "slots"
    kinds = panel(shipped, "infant_mortality_pattern", "zip", "63106", (2017, 2023))
    assert kinds[0].figure.measure == "service_gap"


def test_a_place_without_reported_years_has_no_such_table(shipped: Release) -> None:
    assert build_profile(shipped, "zip", "63106", (2017, 2023)).yearly == ()


def test_a_source_leads_to_its_newest_figures(shipped: Release) -> None:
    found = landed(shipped, WONDER)
    assert found.sentence == (
        f"What the Map and profiles show from it: {PRETERM}, 2016–2024; counties: 2. "
        "For all else a better source has the same, or counts are too small."
    )
    assert found.map_codes == {
        "layer": "preterm", "level": "county", "region": "stl", "area": "29189", "period": "2024",
    }  # fmt: skip
    assert (found.profile_codes, found.profile_name) == ({"area": "29189"}, "St. Louis County")
    # the period it leads to can be picked there
    assert (2024, 2024) in periods_by_region(shipped, "preterm", "county")["stl"]


@pytest.mark.parametrize("status", ["suppressed", "missing"])
def test_what_is_not_shown_leads_nowhere(shipped: Release, status: str) -> None:
    figures = shipped.figures.copy()
    mine = figures["source"].str.contains(WONDER)
    figures["status"] = figures["status"].astype("str").mask(mine, status)
    found = landed(replace(shipped, figures=figures), WONDER)
    assert found.map_codes == {} and found.profile_codes == {}
    assert "No page shows a number of it" in found.sentence


def test_an_unknown_source_leads_nowhere(shipped: Release) -> None:
    assert landed(shipped, "submission-none").map_codes == {}


def test_every_measure_of_births_is_a_layer() -> None:
    assert {"births", "preterm", "low_birthweight", "very_low_birthweight"} <= set(LAYERS)
