"""Trends: published facts, agreement between families, false alarms, and what cannot be fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures import trend

YEARS = np.arange(2010, 2024)
DEATHS = np.array([62, 58, 61, 55, 57, 52, 49, 53, 47, 50, 44, 46, 41, 43])
BIRTHS = np.array([6900, 6850, 6790, 6820, 6750, 6700, 6640, 6590, 6500, 6430, 6300, 6280, 6210, 6150])


def test_negative_binomial_with_extra_scatter() -> None:
    """Numbers from statsmodels 0.15.0: NegativeBinomial (nb2, alpha 0.115772), errors of its GLM."""
    deaths = np.array([80, 41, 66, 90, 35, 70, 50, 28, 77, 30])
    found = trend.loglinear(deaths, np.full(10, 7000), np.arange(2010, 2020), family="negative_binomial")
    assert found.slope == pytest.approx(-0.05194597, abs=1e-6)
    assert found.se == pytest.approx(0.04028884, abs=1e-6)
    assert found.deviance == pytest.approx(10.18176, abs=1e-4)
    assert found.extra_p == pytest.approx(3.895e-11, rel=1e-2)
    plain = trend.loglinear(deaths, np.full(10, 7000), np.arange(2010, 2020))
    assert found.se > 2 * plain.se
    assert plain.scatter > 5
    assert plain.extra_p < 1e-6


def test_without_extra_scatter_the_families_agree() -> None:
    plain, extra = (
        trend.loglinear(DEATHS, BIRTHS, YEARS, family=f) for f in ("poisson", "negative_binomial")
    )
    np.testing.assert_allclose(extra.slope, plain.slope, rtol=1e-4)
    np.testing.assert_allclose(extra.se, plain.se, rtol=1e-4)
    assert extra.extra_p == pytest.approx(0.5, abs=1e-6)
    assert plain.extra_p > 0.99  # smoother than chance: the interval is not narrowed for it
    smooth = trend.loglinear(DEATHS, BIRTHS, YEARS, family="log_wls")
    assert smooth.se < plain.se / 3


@given(st.lists(st.integers(1, 60), min_size=3, max_size=12), st.integers(1, 5))
def test_the_slope_turns_over_with_time_and_does_not_depend_on_the_scale_of_births(
    deaths: list[int], times: int
) -> None:
    years, births = 2000 + np.arange(len(deaths)), np.full(len(deaths), 5000)
    there, back = trend.loglinear(deaths, births, years), trend.loglinear(deaths[::-1], births, years)
    scaled = trend.loglinear(deaths, times * births, years)
    np.testing.assert_allclose([there.slope, there.se], [-back.slope, back.se], rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose([there.slope, there.se], [scaled.slope, scaled.se], rtol=1e-6, atol=1e-10)
    assert there.low < there.apc < there.high
    profile = trend.loglinear(deaths, births, years, interval="profile")
    assert profile.low < profile.apc < profile.high


def test_many_series_at_once_and_those_without_a_slope_have_no_value() -> None:
    deaths = np.array([DEATHS, np.zeros(14), np.r_[np.zeros(13), 5]])
    for family in ("poisson", "negative_binomial"):
        found = trend.loglinear(deaths, np.broadcast_to(BIRTHS, (3, 14)), YEARS, family=family)
        assert found.apc[0] == pytest.approx(-2.05, abs=0.01)
        assert np.isnan(found.apc[1:]).all()
        assert np.isnan(found.low[1:]).all()


def test_windows_are_placed_in_their_middle() -> None:
    found = trend.loglinear([250, 190], [27_000, 26_000], [[2010, 2016], [2017, 2023]])
    assert found.slope == pytest.approx(np.log((190 / 26_000) / (250 / 27_000)) / 7)
    assert found.se == pytest.approx(np.sqrt(1 / 250 + 1 / 190) / 7)


def test_after_sixteen_deaths_seven_to_twenty_nine_are_ordinary() -> None:
    found = trend.next_count_interval(16, 2000, 2000)
    assert (found.low, found.high) == (7, 29)
    assert found.ordinary([4, 7, 29, 30]).tolist() == [False, True, True, False]
    assert found.probability_at_most(4) < 0.005
    assert found.expected == 16.5


@given(st.integers(0, 80), st.integers(50, 5000), st.integers(0, 5000))
def test_the_next_count_interval_holds_its_level(deaths: int, births: int, coming: int) -> None:
    found = trend.next_count_interval(deaths, births, coming)
    inside = found.probability_at_most(found.high) - found.probability_at_most(found.low - 1)
    assert inside >= 0.95 - 1e-9
    assert found.low <= found.expected <= max(found.high, 1)
    assert 0 < found.p_zero <= 1


def test_one_joint_is_found_where_it_is_and_not_where_there_is_none() -> None:
    found = trend.joinpoint(DEATHS, BIRTHS, YEARS, max_joints=2)
    assert found.joints == ()
    assert found.apc.shape == (1,)
    plain = trend.loglinear(DEATHS, BIRTHS, YEARS)
    np.testing.assert_allclose(
        [found.aapc, found.aapc_low, found.aapc_high], [plain.apc, plain.low, plain.high], rtol=1e-6
    )


def test_two_joints() -> None:
    years = np.arange(2000, 2024)
    log_rate = np.interp(years, [2000, 2008, 2015, 2023], [-4.2, -4.2, -5.0, -4.6])
    births = np.full(24, 60_000)
    deaths = np.round(births * np.exp(log_rate))
    found = trend.joinpoint(deaths, births, years, max_joints=3)
    assert found.joints == (2008, 2015)
    np.testing.assert_allclose(np.log1p(found.apc / 100), [0, -0.8 / 7, 0.05], atol=1e-3)
    assert np.log1p(found.aapc / 100) == pytest.approx(-0.4 / 23, abs=1e-4)
    assert (np.diff(found.deviance) <= 1e-9).all()


def test_joints_that_are_not_there_are_rarely_found() -> None:
    """400 straight series of 14 years, about 60 deaths a year, seed 2."""
    drawn = np.random.default_rng(2).poisson(60 * np.exp(-0.02 * np.arange(14)), (400, 14))
    found = sum(bool(trend.joinpoint(deaths, np.full(14, 7000), YEARS).joints) for deaths in drawn)
    assert found / 400 < 0.12


def test_joints_are_not_looked_for_in_few_years_or_few_deaths() -> None:
    assert trend.joinpoint(DEATHS[:8], BIRTHS[:8], YEARS[:8]).reason == "few_years"
    few = trend.joinpoint(DEATHS // 6, BIRTHS, YEARS)
    assert (few.reason, few.joints) == ("few_deaths", ())


def test_recent_trend_marker_needs_every_four_points_to_agree() -> None:
    values = np.array([[5, 6, 7, 8, 9.0], [9, 8, 7, 6, 5], [5, 5, 5, 5, 9], [5, 5.1, 5, 5.1, 5]])
    found = trend.trend_marker(values, values - 0.2, values + 0.2)
    assert found.marker.tolist() == ["increasing", "decreasing", "no_clear_change", "no_clear_change"]
    longer = np.concatenate([np.full((4, 3), 99.0), values], axis=1)
    assert trend.trend_marker(longer, longer - 0.2, longer + 0.2).marker.tolist() == found.marker.tolist()


def test_recent_trend_marker_without_enough_points_or_limits() -> None:
    assert str(trend.trend_marker([1, 2, 3], [0, 1, 2], [2, 3, 4]).marker) == "cannot_be_calculated"
    values = np.array([5, 6, np.nan, 8, 9])
    assert str(trend.trend_marker(values, values - 1, values + 1).marker) == "cannot_be_calculated"
    values = np.array([5, 6, 7, 8, 9.0])
    assert str(trend.trend_marker(values, values, values).marker) == "cannot_be_calculated"
    for points in ([], [4], [5, 6, None, 8, 9]):
        found = trend.trend_marker(points, [3] * len(points), [9] * len(points))
        assert str(found.marker) == "cannot_be_calculated"
        assert np.isnan([found.slope, found.chi2]).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: trend.loglinear([], [], []), "at least one year"),
        (lambda: trend.loglinear([4], [900], [2020]), "No trend can be fitted"),
        (lambda: trend.loglinear([0, 0, 0], [9, 9, 9], [1, 2, 3]), "No trend can be fitted"),
        (lambda: trend.loglinear([0, 0, 4], [9, 9, 9], [1, 2, 3]), "No trend can be fitted"),
        (lambda: trend.loglinear([3, 4], [9, 9], [[2010, 2016], [2013, 2019]]), "windows overlap"),
        (lambda: trend.loglinear([3, 4], [9, 9], [1, 2], family="gaussian"), "family must be one of"),
        (lambda: trend.loglinear([3, 0, 4], [9, 9, 9], [1, 2, 3], family="log_wls"), "has no log rate"),
        (lambda: trend.loglinear([3, 4], [9, 9], [1, 2], family="log_wls"), "at least three years"),
        (
            lambda: trend.loglinear([3, 4, 5], [9] * 3, [1, 2, 3], "negative_binomial", 0.95, "profile"),
            "profile",
        ),
        (lambda: trend.next_count_interval(3, 0, 10), "at least one birth"),
        (lambda: trend.joinpoint([3, 4], [9, 9], [1, 2]), "at least three years"),
        (lambda: trend.joinpoint([0, 0, 0], [9, 9, 9], [1, 2, 3]), "at least one death"),
        (lambda: trend.joinpoint([1, 0, 0], [9, 9, 9], [3, 2, 1]), "rising order"),
        (
            lambda: trend.joinpoint([1, 2, 3], [9, 9, 9], [1, 2, 3], max_joints=-1),
            "max_joints must be zero or",
        ),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
