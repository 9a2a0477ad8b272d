"""Control charts and runs: values of other software, cases worked by hand, properties, and bad input."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equity.measures import control
from equity.measures._limits import binomial_quantile

COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=1, max_size=20)
SERIES = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=40)
EVENTS, AT_RISK = [30, 50, 20, 80, 60, 40, 70, 90, 30, 10], [110, 95, 120, 130, 101, 88, 140, 125, 99, 105]
#: Distances from the centre in sigma with every pattern of Nelson's in them.
DISTANCES = [
    *[0.2, -0.4, 0.1, -0.2, 0.3, -0.1, 0.5, -0.6, 0.4, -0.3, 0.2, -0.5, 0.6, -0.2, 0.1],
    *[1.2, 1.4, 2.3, 0.4, 2.6, 3.4, -0.2, 0.1, 0.6, 0.9, 1.1, 1.5, 2.7],
    *[-1.2, -2.2, -1.4, -0.3, -2.4, -1.6, 0.3, 0.2, 0.8, 0.1, 0.4, 0.6, 0.7, 0.2, 0.9, 0.5],
    *[-1.1, 1.3, -1.2, 1.1, -1.6, 1.4, -1.5, 1.2],
]  # fmt: skip
FOUR_OF_FIVE = [15, 16, 17, 19, 20, 28, 29, 30, 32, 33]
#: The points that belong to each pattern of DISTANCES, by Python shewhart 0.1.1.
NELSON = {
    "limit": [20],
    "shift": [*range(34, 44)],
    "trend": [*range(21, 28)],
    "alternating": [*range(15)],
    "two_of_three": [17, 19, 20],
    "four_of_five": FOUR_OF_FIVE,
    "within": [*range(15)],
    "outside": [*range(44, 52)],
}
WESTERN = {name: NELSON[name] for name in ("limit", "two_of_three", "four_of_five", "shift")}


def test_a_u_chart_is_that_of_other_software() -> None:
    """Python shewhart 0.1.1, whose mean range of two is 1.128379 where ours is 1.128."""
    plain = control.u_chart(EVENTS, AT_RISK)
    np.testing.assert_allclose(plain.centre, 0.431266846361186, rtol=1e-12)
    np.testing.assert_allclose(plain.low[:3], [0.2434225778, 0.2291360493, 0.2514196516], rtol=1e-9)
    np.testing.assert_allclose(plain.high[:3], [0.619111115, 0.6333976434, 0.6111140412], rtol=1e-9)
    laney = control.u_chart(EVENTS, AT_RISK, per=1000, laney=True)
    assert laney.spread == pytest.approx(3.4448228927 * 1.1283791671 / 1.128)
    np.testing.assert_allclose(laney.high[:3], [1078.3570831, 1127.5716435, 1050.8085802], rtol=3e-4)
    assert laney.low[:3].tolist() == [0, 0, 0]


def test_laneys_limits_can_be_kept_from_narrowing() -> None:
    x, n = [50, 51, 50, 49, 50], [100] * 5
    plain, narrow = control.p_chart(x, n), control.p_chart(x, n, laney=True)
    floored = control.p_chart(x, n, laney=True, least_spread=1)
    assert narrow.spread < 1
    assert (narrow.high < plain.high).all()
    np.testing.assert_allclose(floored.high, plain.high)


def test_a_point_without_a_base_has_no_value_and_moves_no_other() -> None:
    whole, gap = control.p_chart([3, 5, 4], [10, 10, 10]), control.p_chart([3, 0, 5, 4], [10, 0, 10, 10])
    assert np.isnan([gap.values[1], gap.centre[1], gap.low[1], gap.high[1]]).all()
    np.testing.assert_allclose(gap.high[[0, 2, 3]], whole.high)
    missing = control.p_chart([3, None, 5, 4], [10, 12, 10, 10])
    np.testing.assert_allclose(missing.high[[0, 2, 3]], whole.high)
    assert np.isnan(control.p_chart([0], [0]).mean)


def test_nobody_and_everybody_have_limits_without_width() -> None:
    for count, share in ((0, 0.0), (7, 1.0)):
        found = control.p_chart([count] * 3, [7] * 3, laney=True)
        assert found.low.tolist() == found.high.tolist() == [share] * 3


@given(COUNTS)
def test_limits_hold_the_centre_and_each_series_stands_alone(points: list[tuple[int, int]]) -> None:
    x, rest = np.array(points).T
    for chart in (control.p_chart, control.u_chart):
        one = chart(x, x + rest)
        known = np.isfinite(one.values)
        assert (one.low[known] <= one.centre[known]).all()
        assert (one.centre[known] <= one.high[known]).all()
        both = chart(np.stack([x, x[::-1]]), np.stack([x + rest, (x + rest)[::-1]]))
        np.testing.assert_allclose(both.high[0], one.high)
        np.testing.assert_allclose(both.high[1], one.high[::-1])


@pytest.mark.parametrize("mean", [0, 0.5, 1, 3, 82, 5000])
def test_probability_limits_of_a_g_chart_are_quantiles_of_the_geometric_distribution(mean: float) -> None:
    found = control.g_chart([mean * 2, 0], limits="probability")
    wanted = stats.nbinom.ppf([0.00135, 0.5, 0.99865], 1, 1 / (mean + 1))
    assert [found.low[0], found.centre[0], found.high[0]] == wanted.tolist()


def test_a_t_chart_of_zero_days_needs_probability_limits() -> None:
    with pytest.raises(ValueError, match="above zero"):
        control.t_chart([3, 0, 9])
    found = control.t_chart([3, 0, 9], limits="probability")
    np.testing.assert_allclose(
        [found.low[0], found.centre[0], found.high[0]], stats.expon.ppf([0.00135, 0.5, 0.99865], scale=4)
    )


def test_an_xmr_chart_by_hand_and_screened() -> None:
    """Mean range 5.5556 and limits as Python shewhart 0.1.1 has them, up to 2.66 for 3 / 1.128379."""
    values = [12, 15, 11, 14, 30, 13, 12, 16, 15, 14]
    found = control.xmr_chart(values)
    assert found.mean == pytest.approx(15.2)
    assert found.range_mean == pytest.approx(50 / 9)
    np.testing.assert_allclose([found.low[0], found.high[0]], [0.42955, 29.97045], atol=0.01)
    assert found.range_high == pytest.approx(18.1474, abs=0.01)
    assert found.ranges[1:].tolist() == [3, 4, 3, 16, 17, 1, 4, 1, 1]
    far = control.xmr_chart([1, 2, 1, 2, 1, 2, 1, 100, 99, 100], screen=True)
    assert far.range_mean == pytest.approx(1)
    assert far.high[0] == pytest.approx(far.mean + 2.66)
    assert np.isnan(control.xmr_chart([5]).high).all()
    level = control.xmr_chart([5, 5, 5], screen=True)
    assert level.low.tolist() == level.high.tolist() == [5, 5, 5]


@pytest.mark.parametrize(("rules", "wanted"), [("nelson", NELSON), ("western_electric", WESTERN)])
def test_patterns_are_those_of_other_software(rules: str, wanted: dict[str, list[int]]) -> None:
    for side in (1, -1):
        found = control.run_rules(side * np.array(DISTANCES), 0, rules, sigma=1)
        assert {name: np.flatnonzero(flags).tolist() for name, flags in found.points.items()} == wanted
        assert found.signals["limit"][20] == side
        last = 2 if rules == "nelson" else 3  # ten points in a row, of which it takes nine or eight
        assert np.flatnonzero(found.signals["shift"] == side).tolist() == wanted["shift"][-last:]
    everything = sorted({point for points in wanted.values() for point in points})
    assert np.flatnonzero(found.special).tolist() == everything


@pytest.mark.parametrize(
    ("close", "marked"),
    [
        ([1, 0, 1], [1, 0, 1]),
        ([0, 1, 1], [0, 1, 1]),
        ([0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0]),
        ([1, 0, 0, 1], [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
    ],
)
def test_two_of_three_marks_the_points_that_the_nhs_marks(close: list[int], marked: list[int]) -> None:
    """Cases of NHSRplotthedots, tests/testthat/test-ptd_calculate_point_type.R (MIT)."""
    values = np.where(np.array(close) > 0, 2.5, 1.0)
    assert control.run_rules(values, 0, "nhs", 1).points["two_of_three"].astype(int).tolist() == marked
    mixed = control.run_rules([2.5, -0.1, 2.5], 0, "nhs", 1)
    assert not mixed.points["two_of_three"].any()
    assert not control.run_rules([2.5, 2.5, 3.5], 0, ["two_of_three"], 1).points["two_of_three"][2]


def test_falling_and_low_points_are_found_as_rising_and_high_ones_are() -> None:
    """NHSRplotthedots has -1 for 7 to 1 too."""
    assert control.run_rules([7, 6, 5, 4, 3, 2, 1], 4).signals["trend"].tolist() == [0] * 6 + [-1]
    low = control.run_rules([-1] * 8 + [1], 0)
    assert low.signals["shift"].tolist() == [0] * 6 + [-1, -1, 0]
    assert low.points["shift"].tolist() == [True] * 8 + [False]
    assert not control.run_rules([1, 2, 3, np.nan, 4, 5, 6, 7], 0, ["trend"]).special.any()


@given(SERIES, st.sampled_from([*control.RULE_SETS]))
def test_patterns_do_not_depend_on_units_and_each_series_stands_alone(
    values: list[float], rules: str
) -> None:
    points = np.array(values)
    one, scaled = control.run_rules(points, 0, rules, 3), control.run_rules(5 * points + 2, 2, rules, 15)
    both = control.run_rules(np.stack([points, -points]), 0, rules, 3)
    for name, signs in one.signals.items():
        assert signs.tolist() == scaled.signals[name].tolist() == both.signals[name][0].tolist()
        assert one.points[name].tolist() == both.points[name][1].tolist()


@given(SERIES)
def test_runs_are_counted_as_a_loop_would(values: list[float]) -> None:
    found = control.run_chart(values, centre=0)
    useful = [value > 0 for value in values if value]
    longest = run = crossings = 0
    for place, above in enumerate(useful):
        changed = place > 0 and above != useful[place - 1]
        crossings, run = crossings + changed, 1 if changed else run + 1
        longest = max(longest, run)
    assert (found.useful, found.longest_run, found.crossings) == (len(useful), longest, crossings)
    both = control.run_chart(np.stack([values, np.abs(values)]), centre=0)
    assert both.crossings.tolist() == [crossings, 0]


def test_limits_of_runs_are_those_of_the_binomial_distribution() -> None:
    points = np.arange(400.0)
    found = control.run_limits(points)
    assert found.crossings_min[1:].tolist() == stats.binom.ppf(0.05, points[1:] - 1, 0.5).tolist()
    assert binomial_quantile(0.5, np.array([1.0, 3.0, 101.0]), 0.5).tolist() == [0, 1, 50]
    assert (found.longest_run_max[0], found.crossings_min[0]) == (0, 0)
    level = control.run_chart([4, 4, 4])
    assert (level.useful, level.longest_run, bool(level.signal)) == (0, 0, False)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: control.p_chart([5], [4]), "x cannot be more than n"),
        (lambda: control.p_chart([-1], [4]), "x must be zero or more"),
        (lambda: control.p_chart([1, 2], [4, 5, 6]), "do not belong to the same areas"),
        (lambda: control.u_chart([], []), "x and n must hold at least one point"),
        (lambda: control.g_chart([3], centre="mode"), "centre must be median or mean"),
        (lambda: control.g_chart([3], limits="two"), "limits must be three_sigma or probability"),
        (lambda: control.t_chart([3], limits="two"), "limits must be nelson or probability"),
        (lambda: control.xmr_chart([]), "at least one point"),
        (lambda: control.xmr_chart([1, np.inf]), "finite"),
        (lambda: control.run_rules([1, 2], 0, "anhoej"), "rules must be nhs, nelson, western_electric"),
        (lambda: control.run_rules([1, 2], 0, []), "rules must be"),
        (lambda: control.run_rules([1, 2], [0, 0, 0]), "centre must be one number"),
        (lambda: control.run_rules([1, 2], 0, sigma=-1), "sigma must be zero or more"),
        (lambda: control.run_chart([]), "at least one point"),
        (lambda: control.run_limits(2.5), "whole number"),
    ],
)
def test_what_cannot_be_charted_is_refused_with_a_sentence(call: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        call()
