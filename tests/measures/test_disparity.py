"""Two groups compared: outside references, symmetries, and what a change of the gap is called."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures import disparity

DEATHS = st.integers(0, 300)
BIRTHS = st.integers(300, 60_000)
METHOD = st.sampled_from(["exact", "score"])


def test_exact_ratio_gives_the_central_p_value() -> None:
    """5/420 against 3/1100: R's poisson.test prints 0.041 beside limits 0.85 to 28.1 that hold 1."""
    found = disparity.rate_ratio(5, 420, 3, 1100)
    np.testing.assert_allclose([found.low, found.high, found.p], [0.85, 28.1, 0.083], rtol=0.006)


@given(DEATHS, BIRTHS, DEATHS, BIRTHS, METHOD)
def test_a_ratio_turned_over_has_its_limits_turned_over(
    d1: int, n1: int, d0: int, n0: int, method: str
) -> None:
    there = disparity.rate_ratio(d1, n1, d0, n0, method=method)
    back = disparity.rate_ratio(d0, n0, d1, n1, method=method)
    np.testing.assert_allclose(there.p, back.p, rtol=1e-7, atol=1e-12)
    if d1 and d0:
        assert 0 < there.low <= there.ratio <= there.high
        np.testing.assert_allclose(
            [there.low, there.ratio, there.high], [1 / back.high, 1 / back.ratio, 1 / back.low], rtol=1e-7
        )
    assert there.low == 0 if d1 == 0 else there.low > 0
    assert there.high == np.inf if d0 == 0 else there.high < np.inf


@given(DEATHS, BIRTHS, DEATHS, BIRTHS)
def test_exact_limits_hold_one_exactly_when_p_is_not_small(d1: int, n1: int, d0: int, n0: int) -> None:
    found = disparity.rate_ratio(d1, n1, d0, n0)
    if abs(found.p - 0.05) > 1e-6:
        assert (found.low <= 1 <= found.high) == (found.p > 0.05)


@given(DEATHS, BIRTHS, DEATHS, BIRTHS)
def test_a_difference_turned_over_changes_sign(d1: int, n1: int, d0: int, n0: int) -> None:
    there = disparity.rate_difference(d1, n1, d0, n0)
    back = disparity.rate_difference(d0, n0, d1, n1)
    np.testing.assert_allclose(
        [there.low, there.difference, there.high],
        [-back.high, -back.difference, -back.low],
        rtol=1e-6,
        atol=1e-9,
    )
    assert there.low < there.difference < there.high


@given(DEATHS, BIRTHS, DEATHS, BIRTHS)
def test_difference_and_score_ratio_agree_on_whether_there_is_a_gap(
    d1: int, n1: int, d0: int, n0: int
) -> None:
    gap = disparity.rate_difference(d1, n1, d0, n0)
    ratio = disparity.rate_ratio(d1, n1, d0, n0, method="score")
    if min(abs(gap.low), abs(gap.high)) > 1e-6 and d1 + d0:
        assert (gap.low < 0 < gap.high) == (ratio.low < 1 < ratio.high)


@given(st.integers(1, 300), BIRTHS, DEATHS, BIRTHS)
def test_excess_is_the_attributable_share_of_the_deaths(d1: int, n1: int, d0: int, n0: int) -> None:
    excess = disparity.excess_deaths(d1, n1, d0, n0)
    share = disparity.attributable_fraction(d1, n1, d0, n0)
    np.testing.assert_allclose(excess.excess, d1 * share.fraction, atol=1e-9)
    assert share.low <= share.fraction <= share.high <= 1


@given(DEATHS, BIRTHS, st.integers(1, 300), BIRTHS)
def test_everybody_against_one_group_is_read_from_the_rest(d: int, n: int, d0: int, n0: int) -> None:
    whole = disparity.attributable_fraction(d + d0, n + n0, d0, n0, nested=True)
    plain = disparity.attributable_fraction(d + d0, n + n0, d0, n0)
    np.testing.assert_allclose(whole.fraction, plain.fraction, atol=1e-12)
    assert whole.high - whole.low < plain.high - plain.low


def test_no_births_give_no_value_and_no_deaths_give_limits() -> None:
    found = disparity.rate_ratio([3, 3, 0, 0], [0, 100, 100, 100], [1, 1, 0, 2], [100, 0, 100, 100])
    assert np.isnan(found.ratio[:3]).all()
    assert np.isnan([found.low[:2], found.high[:2], found.p[:2]]).all()
    assert (found.low[2], found.high[2], found.p[2]) == (0, np.inf, 1)
    assert found.ratio[3] == 0
    gap = disparity.rate_difference([0, 0], [100, 0], [0, 0], [200, 100])
    assert gap.low[0] < gap.difference[0] == 0 < gap.high[0]
    assert np.isnan(gap.difference[1])
    assert np.isnan(disparity.excess_deaths(1, 10, 1, 0).excess)
    assert disparity.rate_ratio([], [], [], []).ratio.shape == (0,)


def test_whole_columns_are_compared_at_once() -> None:
    rng = np.random.default_rng(4)
    d1, d0 = rng.poisson(4, (2, 33_000))
    n1, n0 = rng.integers(100, 2000, (2, 33_000))
    gap = disparity.rate_difference(d1, n1, d0, n0)
    assert np.isfinite(gap.low + gap.high).all()
    one = disparity.rate_difference(d1[7], n1[7], d0[7], n0[7])
    np.testing.assert_allclose([gap.low[7], gap.high[7]], [one.low, one.high])


def test_shares_and_the_printed_score() -> None:
    found = disparity.shares([174, 58], [12865, 23617 - 12865])
    assert found.deaths[0] == 0.75
    assert round(100 * found.births[0], 2) == 54.47
    assert disparity.equity_score([2, 2.15, 3.041, 4.99]).tolist() == [40, 39, 34, 21]
    assert np.isnan(disparity.equity_score([1.5, 5, np.nan, np.inf])).all()


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([15, 5], [12, 4], "narrowed"),
        ([15, 5], [12, 5], "narrowed"),
        ([15, 5], [15, 7], "levelled_down"),
        ([15, 5], [14, 6], "levelled_down"),
        ([15, 5], [16, 6], "levelled_down"),
        ([15, 5], [12.45, 1.665], "ratio_grew_while_both_fell"),
        ([15, 5], [15, 4], "widened"),
        ([15, 5], [16, 5], "widened"),
        ([15, 5], [15, 5], "unchanged"),
        ([5, 15], [7, 15], "levelled_down"),
        ([15, 9, 5], [15, 3, 7], "levelled_down"),
    ],
)
def test_what_a_change_of_the_gap_is_called(before: list[float], after: list[float], verdict: str) -> None:
    found = disparity.levelling_down(before, after)
    assert found.verdict == verdict
    assert found.levelled_down == (verdict == "levelled_down")


def test_kansas_city_ratio_nearly_doubled_while_both_groups_gained() -> None:
    """1998-2002: Black rate down 17 %, white rate down 66.7 %."""
    found = disparity.levelling_down([18.0, 6.0], [18.0 * 0.83, 6.0 * 0.333])
    assert found.verdict == "ratio_grew_while_both_fell"
    assert found.ratio_after / found.ratio_before > 2
    assert found.difference_after > found.difference_before


def test_levelling_down_says_how_much_comes_from_the_better_off() -> None:
    found = disparity.levelling_down({"black": 15, "white": 5}, {"white": 6, "black": 14})
    assert found.share_from_better_off == pytest.approx(0.5)
    assert (found.better_off_change, found.worse_off_change) == (1, -1)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: disparity.rate_ratio(1, 2, 3, 4, method="sqrtcc"), "method must be exact or score"),
        (lambda: disparity.rate_ratio(-1, 2, 3, 4), "d1 must be zero or more"),
        (lambda: disparity.attributable_fraction(1, 9, 2, 5, nested=True), "cannot have fewer deaths"),
        (lambda: disparity.levelling_down([1], [2]), "at least two groups"),
        (lambda: disparity.levelling_down({"a": 1, "b": 2}, {"a": 1, "c": 2}), "same groups"),
        (lambda: disparity.levelling_down({"a": 1, "b": 2}, [1, 2]), "same form"),
        (lambda: disparity.levelling_down([1, np.nan], [2, 3]), "Every group needs a rate"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
