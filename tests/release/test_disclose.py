"""The disclosure rules as small visible tables."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.release.disclose import disclose
from equity.release.figure import NUMBER_COLUMNS
from equity.release.policy import PUBLIC
from tests.release.cells import cells, rate

RATES = [
    # deaths, births -> status, reason
    (0, 2000, "suppressed", "few_deaths"),
    (9, 2000, "suppressed", "few_deaths"),
    (10, 2000, "unstable", "under_20_deaths"),
    (19, 2000, "unstable", "under_20_deaths"),
    (20, 2000, "shown", ""),
    (238, 26307, "shown", ""),
]
COUNTS = [(0, "shown"), (1, "suppressed"), (9, "suppressed"), (10, "shown"), (5000, "shown")]
SHARES = [
    (0, 50, "shown"),
    (1, 50, "suppressed"),
    (9, 50, "suppressed"),
    (10, 50, "unstable"),
    (20, 50, "shown"),
    (3, 9, "suppressed"),
]


@pytest.mark.parametrize(("deaths", "births", "status", "reason"), RATES)
def test_a_rate_needs_ten_deaths_and_is_marked_below_twenty(
    deaths: int, births: int, status: str, reason: str
) -> None:
    found = disclose(cells(rate(deaths, births)), PUBLIC).iloc[0]
    assert (found["status"], found["reason"]) == (status, reason)


@pytest.mark.parametrize(("count", "status"), COUNTS)
@pytest.mark.parametrize("measure", ["births", "infant_deaths", "caseload"])
def test_counts_of_one_to_nine_are_hidden_and_zero_is_a_value(measure: str, count: int, status: str) -> None:
    found = disclose(cells({"measure": measure, "value": count, "numerator": count}), PUBLIC).iloc[0]
    assert found["status"] == status
    assert (found["value"] == count) == (status == "shown")


@pytest.mark.parametrize(("part", "whole", "status"), SHARES)
def test_shares_hide_small_parts_and_small_wholes(part: int, whole: int, status: str) -> None:
    row = {"measure": "preterm", "value": part / whole, "numerator": part, "denominator": whole}
    row |= {"low": 0.5 * part / whole, "high": 0.5 + 0.5 * part / whole}
    assert disclose(cells(row), PUBLIC).iloc[0]["status"] == status


def test_a_wide_interval_hides_a_rate() -> None:
    wide = {"numerator": 12, "denominator": 900, "value": 13.3, "low": 1.0, "high": 40.0}
    found = disclose(cells(wide), PUBLIC).iloc[0]
    assert (found["status"], found["reason"]) == ("suppressed", "wide_interval")


def test_a_value_printed_without_an_interval_is_marked() -> None:
    found = disclose(cells({"value": 9.26}), PUBLIC).iloc[0]
    assert (found["status"], found["reason"]) == ("unstable", "no_interval")


def test_nobody_reported_is_not_the_same_as_no_births() -> None:
    table = disclose(cells({}, {"denominator": 0, "numerator": 0, "area": "29189"}), PUBLIC)
    assert table["status"].tolist() == ["missing", "not_applicable"]


def test_a_hidden_figure_carries_no_number_at_all() -> None:
    table = disclose(cells(rate(3, 800), rate(30, 3000, area="29189")), PUBLIC)
    hidden = table[table["status"].eq("suppressed")]
    assert len(hidden) == 1
    assert hidden[list(NUMBER_COLUMNS)].isna().all(axis=None)


def test_a_withheld_figure_stays_withheld() -> None:
    table = disclose(cells({"status": "suppressed", "reason": "withheld_by_publisher"}), PUBLIC)
    assert table.iloc[0]["reason"] == "withheld_by_publisher"


def test_one_hidden_age_part_hides_the_other() -> None:
    parts = [rate(25, 4000, measure="neonatal_mortality"), rate(7, 4000, measure="postneonatal_mortality")]
    table = disclose(cells(rate(32, 4000), *parts), PUBLIC)
    assert table["status"].tolist() == ["shown", "suppressed", "suppressed"]


def test_a_small_remainder_of_the_races_hides_the_smaller_race() -> None:
    table = disclose(
        cells(rate(60, 6000), rate(36, 2500, group="black"), rate(21, 3000, group="white")), PUBLIC
    )
    assert table["status"].tolist() == ["shown", "shown", "suppressed"]


def test_a_large_remainder_hides_nothing() -> None:
    rows = cells(
        rate(238, 26307), rate(180, 12945, group="black"), rate(46, 9640, group="white")
    )  # the City's own: 12 others
    assert disclose(rows, PUBLIC)["status"].eq("shown").all()


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(400, 4000))
def test_no_small_count_is_left_in_any_column(black: int, white: int, other: int, births: int) -> None:
    rows = [
        rate(black + white + other, 3 * births),
        rate(black, births, group="black"),
        rate(white, births, group="white"),
    ]
    table = disclose(cells(*rows), PUBLIC)
    seen: pd.Series = table["numerator"].dropna()
    assert not seen.between(1, 9).any()
    if table["status"].isin(["shown", "unstable"]).all():
        assert not 1 <= seen[0] - seen[1] - seen[2] <= 9
