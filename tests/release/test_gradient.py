"""Inequality by poverty: against its formula, in large classes only, and too round to give a count away."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from equity.release.gradient import CLASSES, DECIMALS, LEAST, classes, gradient
from equity.release.load import Release
from equity.release.policy import PUBLIC

PLACES = 40


def made_up(deaths: int) -> pd.DataFrame:
    """ZIP codes of one region, the poorest first, each with more deaths than the next less poor ones."""
    rows = [
        (f"{place:05}", 2017, 2023, event, count)
        for place in range(PLACES)
        for event, count in (("births", 1000.0), ("infant_deaths", float(deaths + (PLACES - 1 - place) // 8)))
    ]
    return pd.DataFrame(rows, columns=["area", "first_year", "last_year", "event", "count"])


def made(zips: pd.DataFrame) -> dict[str, Any]:
    poverty = pd.Series({f"{place:05}": 0.4 - place / 100 for place in range(PLACES)})
    regions = pd.Series("r", index=poverty.index)
    (row,) = gradient(zips, poverty, regions, PUBLIC, "demonstration", "x").to_dict("records")
    return {str(key): value for key, value in row.items()}


def test_the_slope_is_that_of_the_weighted_line_and_the_index_twice_the_area() -> None:
    zips = made_up(7)
    row = made(zips)
    rate = zips.loc[zips["event"].eq("infant_deaths"), "count"].to_numpy().reshape(CLASSES, -1).mean(1)
    rank = (np.arange(CLASSES) + 0.5) / CLASSES
    assert row["slope"] == round(-np.polyfit(rank, rate, 1)[0])
    assert row["concentration"] == pytest.approx(2 * (rate * rank).mean() / rate.mean() - 1, abs=0.005)
    assert row["slope_low"] <= row["slope"] <= row["slope_high"]
    assert row["relative_low"] <= row["relative"] <= row["relative_high"]


def test_a_class_with_few_deaths_or_a_region_with_few_places_has_none() -> None:
    assert made(made_up(7))["reason"] == ""
    few = made_up(7)
    few.loc[few["event"].eq("infant_deaths") & few["area"].ge("00032"), "count"] = (LEAST - 1) / 8
    assert made(few)["reason"] == "few_deaths"
    assert made(made_up(9)[lambda rows: rows["area"].lt("00019")])["reason"] == "few_areas"


def test_one_death_more_moves_no_index_by_a_whole_step() -> None:
    smallest = made_up(7)
    start = made(smallest)
    for area, name in product(("00000", "00039"), DECIMALS):
        more = smallest.copy()
        more.loc[more["event"].eq("infant_deaths") & more["area"].eq(area), "count"] += 1
        assert abs(made(more)[name] - start[name]) <= 10.0 ** -DECIMALS[name] + 1e-9


def test_classes_hold_about_as_many_births_each_the_poorest_first() -> None:
    wide = made_up(7).pivot_table(index="area", columns="event", values="count").reset_index()
    found = classes(wide.assign(poverty=wide["area"].astype(int) / 100))
    assert found["births"].tolist() == [8000.0] * CLASSES
    assert found["infant_deaths"].is_monotonic_increasing


def test_the_region_with_enough_deaths_has_the_indices_and_the_other_says_why_not(release: Release) -> None:
    rows = release.tables["gradient"]
    assert set(rows.loc[rows["reason"].eq(""), "area"]) == {"stl"}
    assert set(rows.loc[rows["area"].eq("bootheel"), "reason"]) == {"few_deaths"}
    assert not [name for name in rows.columns if "deaths" in name or "births" in name]
