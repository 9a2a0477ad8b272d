"""The pace of change and the count of next year: fitted on whole series of single years only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from equity.measures.trend import next_count_interval
from equity.release.load import Release
from equity.release.policy import PUBLIC
from equity.release.trends import trends
from equity.words import say
from tests.release.cells import cells, rate

YEARS = range(2010, 2024)


def series(deaths: Sequence[float], births: float = 7000) -> list[dict[str, Any]]:
    """Yearly rates of one place, visible, and its latest block."""
    years = [
        rate(count, births, first_year=year, last_year=year, status="shown", area_kind="region", area="r")
        for year, count in zip(YEARS, deaths, strict=True)
    ]
    block = rate(sum(deaths[7:]), 7 * births, status="shown", area_kind="region", area="r")
    return [*years, block]


def test_a_steady_fall_is_a_poisson_trend_without_a_joint() -> None:
    deaths = [round(100 * 0.96**year) for year in range(14)]
    (row,) = trends(cells(*series(deaths)), PUBLIC).to_dict("records")
    assert (row["family"], row["joints"], row["reason"]) == ("poisson", "", "")
    assert row["low"] < row["apc"] < row["high"] < 0
    assert row["apc"] == pytest.approx(-4, abs=0.3)
    assert row["marker"] in ("decreasing", "no_clear_change")


def test_counts_that_scatter_more_are_fitted_with_the_negative_binomial() -> None:
    (row,) = trends(cells(*series([60, 140] * 7)), PUBLIC).to_dict("records")
    assert row["family"] == "negative_binomial" and row["extra_p"] < 0.05
    assert row["low"] < 0 < row["high"]


def test_a_turn_is_found_in_its_year() -> None:
    deaths = [80, 82, 81, 79, 82, 80, 81, 80, 70, 61, 53, 46, 40, 35]
    (row,) = trends(cells(*series([2.0 * count for count in deaths])), PUBLIC).to_dict("records")
    assert row["joints"] == "2017"


def test_a_series_with_a_hidden_year_or_of_two_bases_is_not_fitted() -> None:
    rows = series([100] * 14)
    rows[3]["status"] = "suppressed"
    (row,) = trends(cells(*rows), PUBLIC).to_dict("records")
    assert row["reason"] == "hidden_years" and row["apc"] != row["apc"]
    rows[3] |= {"status": "shown", "basis": "reported"}
    (row,) = trends(cells(*rows), PUBLIC).to_dict("records")
    assert row["reason"] == "bases_differ"


def test_printed_windows_that_overlap_are_never_fitted() -> None:
    windows = [
        rate(100, 7000, first_year=year, last_year=year + 6, status="shown", basis="reported")
        for year in (2010, 2013, 2017)
    ]
    (row,) = trends(cells(*windows), PUBLIC).to_dict("records")
    assert row["reason"] == "no_years" and row["apc"] != row["apc"]


def test_the_next_year_is_judged_from_the_latest_block(release: Release) -> None:
    rows: list[dict[Any, Any]] = release.tables["trends"].to_dict("records")
    table = {(row["area"], row["group"]): row for row in rows}
    city = table["29510", "all"]
    # 238 deaths of 26,307 births in seven years; 3,758 births in a year like them
    found = next_count_interval(238, 26307, 3758)
    assert (city["next_low"], city["next_high"], city["next_births"]) == (found.low, found.high, 3758)
    assert (city["next_low"], city["next_high"]) == (22, 47)
    assert city["next_basis"] == "reported" and city["basis"] == "demonstration"
    assert table["bootheel", "all"]["reason"] == "hidden_years"
    assert ("29069", "all") not in table


def test_the_targets_words_on_four_deaths_after_sixteen_are_the_measures_own() -> None:
    found = next_count_interval(16, 2000, 2000)
    low, high = int(found.low), int(found.high)
    assert not found.ordinary(4)
    words = say("target.guard.single_years")
    assert (
        f"After 16 deaths in a year, {low} to {high} would have been ordinary by chance; 4 lies outside."
        in words
    )
