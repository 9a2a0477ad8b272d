"""Rates and shares: outside references, properties that always hold, and bad input."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equity.measures import rates
from equity.measures._limits import binomial_tails, negative_binomial_quantile

COUNT = st.integers(0, 400)
BIRTHS = st.integers(1, 50_000)
METHOD = st.sampled_from(["exact", "byar", "publisher"])


@pytest.mark.shared
def test_publisher_rule_gives_the_intervals_county_health_rankings_prints() -> None:
    """All 1,220 intervals of the 2026 infant mortality table, 2017-2023."""
    path = Path(os.environ["EQUITY_SHARED_DATA"]) / "chr/v129_r2026.csv"
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["v129_cilow"] and row["v129_numerator"]]
    columns = ("v129_numerator", "v129_denominator", "v129_rawvalue", "v129_cilow", "v129_cihigh")
    deaths, births, value, low, high = np.array([[float(row[c]) for c in columns] for row in rows]).T
    assert len(rows) == 1220
    found = rates.rate_interval(deaths, births, method="publisher")
    np.testing.assert_allclose(found.rate, value, rtol=1e-9)
    np.testing.assert_allclose(found.low, low, rtol=1e-4)
    np.testing.assert_allclose(found.high, high, rtol=1e-4)


@pytest.mark.parametrize("method", ["exact", "byar"])
@pytest.mark.parametrize("expected", [1, 3, 5, 10, 20, 50])
def test_intervals_cover_the_truth_at_least_95_times_in_100(method: str, expected: float) -> None:
    """Coverage summed over all counts, not simulated."""
    counts = np.arange(0, 200)
    found = rates.rate_interval(counts, 1000, method=method)
    holds = (found.low <= expected) & (expected <= found.high)
    assert stats.poisson.pmf(counts[holds], expected).sum() >= 0.95


@given(COUNT, BIRTHS, METHOD, st.floats(0.5, 0.999))
def test_an_interval_holds_its_rate_and_widens_with_the_level(
    deaths: int, births: int, method: str, level: float
) -> None:
    found = rates.rate_interval(deaths, births, level=level, method=method)
    assert 0 <= found.low <= found.rate * (1 + 1e-12)
    assert found.rate < found.high < np.inf
    wider = rates.rate_interval(deaths, births, level=(1 + level) / 2, method=method)
    assert wider.low <= found.low
    assert wider.high > found.high


@given(COUNT, BIRTHS)
def test_a_standardised_rate_over_one_stratum_is_the_exact_rate(deaths: int, births: int) -> None:
    plain = rates.rate_interval(deaths, births)
    standard = rates.standardised_rate([deaths], [births], [7])
    for name in ("rate", "low", "high"):
        np.testing.assert_allclose(getattr(standard, name), getattr(plain, name), rtol=1e-9, atol=1e-12)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(100, 900)), min_size=1, max_size=8))
def test_pooling_keeps_totals(years: list[tuple[int, int]]) -> None:
    deaths, births = np.array(years).T
    found = rates.pooled_rate(deaths, births)
    assert found.rate == pytest.approx(1000 * deaths.sum() / births.sum())
    assert 0 <= found.p <= 1
    assert found.df == len(years) - 1


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from(["wilson", "exact"]))
def test_a_share_and_its_complement_mirror_each_other(part: int, rest: int, method: str) -> None:
    found = rates.proportion_interval(part, part + rest, method=method)
    other = rates.proportion_interval(rest, part + rest, method=method)
    assert 0 <= found.low <= found.proportion <= found.high <= 1
    np.testing.assert_allclose(found.low, 1 - other.high, atol=1e-12)


def test_zero_deaths_leave_an_upper_limit_and_zero_births_leave_no_value() -> None:
    found = rates.rate_interval([0, 0, 3, np.nan], [250, 0, 0, 10])
    assert found.rate[0] == found.low[0] == 0
    assert found.high[0] > 14
    assert np.isnan([found.rate[1:], found.low[1:], found.high[1:]]).all()
    assert rates.rate_interval([], []).rate.shape == (0,)


def test_fractional_populations_and_whole_tables_are_taken() -> None:
    found = rates.rate_interval(np.ones((3, 2)), [[100.5, 200]])
    assert found.rate.shape == (3, 2)
    assert rates.standardised_rate(np.ones((4, 3)), np.full((4, 3), 100), [1, 2, 3]).rate.shape == (4,)
    assert rates.pooled_rate(np.ones((4, 3)), np.full((4, 3), 100)).p.shape == (4,)


def test_a_changing_rate_is_noticed_and_a_single_year_is_not() -> None:
    assert rates.pooled_rate([2, 20], [1000, 1000]).p < 0.001
    alone = rates.pooled_rate([4], [900])
    assert (alone.df, alone.p, alone.chi2) == (0, 1, 0)
    assert rates.pooled_rate([0, 0], [100, 100]).p == 1


@pytest.mark.parametrize(
    ("deaths", "births", "status", "reason"),
    [
        (9, 5000, "unreliable", "few_deaths"),
        (0, 5000, "unreliable", "few_deaths"),
        (10, 5000, "unstable", "not_steady"),
        (19, 5000, "unstable", "not_steady"),
        (20, 5000, "reliable", ""),
        (5, 0, "not_applicable", "no_births"),
        (0, 0, "not_applicable", "no_births"),
        (11, 10, "not_applicable", "more_deaths_than_births"),
        (np.nan, 100, "not_applicable", "not_known"),
    ],
)
def test_reliability(deaths: float, births: float, status: str, reason: str) -> None:
    found = rates.reliability([deaths], [births])
    assert found.status.tolist() == [status]
    assert found.reason.tolist() == [reason]
    assert found.meets_standard[0] == (status in ("reliable", "unstable"))
    assert found.steady[0] == (status == "reliable")


def test_a_width_rule_binds_when_deaths_are_let_through() -> None:
    policy = rates.ReliabilityPolicy(minimum_deaths=5)
    assert rates.reliability([7, 8], 5000, policy).reason.tolist() == ["wide_interval", "not_steady"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: rates.rate_interval(-1, 10), "deaths must be zero or more"),
        (lambda: rates.rate_interval(1, np.inf), "births must be zero or more"),
        (lambda: rates.rate_interval([1, 2], [1, 2, 3]), "do not belong to the same areas"),
        (lambda: rates.rate_interval(1, 10, level=95), "level must lie between 0 and 1"),
        (lambda: rates.rate_interval(1, 10, method="wald"), "method must be one of exact, byar, publisher"),
        (lambda: rates.proportion_interval(3, 2), "larger than its whole"),
        (lambda: rates.proportion_interval(1, 2, method="wald"), "wilson or exact"),
        (lambda: rates.standardised_rate([1, 2], [10, 0], [5, 5]), "merge it with its neighbour"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_binomial_tails_are_those_of_scipy(part: int, rest: int, share: float) -> None:
    at_most, at_least = binomial_tails(np.array(part), np.array(part + rest), np.array(share))
    assert at_most == pytest.approx(stats.binom.cdf(part, part + rest, share), abs=1e-12)
    assert at_least == pytest.approx(stats.binom.sf(part - 1, part + rest, share), abs=1e-12)


@given(st.floats(0.5, 200), st.floats(0.02, 1), st.floats(0.001, 0.999))
def test_negative_binomial_quantiles_are_those_of_scipy(
    shape: float, share: float, probability: float
) -> None:
    found = negative_binomial_quantile(probability, np.array(shape), np.array(share))
    assert found == stats.nbinom.ppf(probability, shape, share)
