"""Waiting: curves of R's survival package, cases worked by hand, properties, and bad input."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equity.measures import waiting

FAMILIES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=40)
DAYS = [3, 5, 5, 7, 8, 10, 10, 12, 14, 14, 15, 18, 21, 21, 24, 28, 30, 30, 35, 42, 45, 60, 60, 75, 90]
EVENTS = [1, 1, 2, 0, 1, 1, 2, 1, 0, 1, 2, 1, 1, 1, 0, 2, 1, 0, 1, 2, 1, 0, 1, 0, 0]
#: Limits of R survival 3.5-3 survfit on days 14, 30 and 60.
SURVFIT = {
    "log": [
        [0.579985985209, 0.335147683847, 0.109193978110],
        [0.943890734263, 0.796759506423, 0.646805507878],
    ],
    "plain": [
        [0.559727552782, 0.293002848644, 0.029376915597],
        [0.920060807006, 0.740500132796, 0.502138903429],
    ],
}
#: Days by which a quarter are enrolled, with limits, and half, with the low one; by the same.
SURVFIT_DAYS = {
    "log-log": [(14, 3, 30), (35, 18)],
    "log": [(14, 10, 45), (35, 21)],
    "plain": [(14, 8, 30), (35, 18)],
}
#: Standard errors by cause, and limits of the first cause, of its multi-state survfit on the same days.
STATES_SE = [
    [0.0878101042278, 0.1038296673715, 0.1081466473579],
    [0.0555326263016, 0.0802312947793, 0.0919014330869],
]
STATES = {
    "log-log": [
        [0.10059788784222, 0.22869711851684, 0.36015008367863],
        [0.428103077673, 0.618507638251, 0.773817199441],
    ],
    "log": [
        [0.123575646459, 0.268686009962, 0.420917617045],
        [0.496175375171, 0.690991551922, 0.853733771651],
    ],
    "plain": [
        [0.0755144058539, 0.2273801311076, 0.3874958765606],
        [0.419723689384, 0.634384948258, 0.811422944301],
    ],
}


@pytest.mark.parametrize("interval", SURVFIT)
def test_other_limits_of_a_curve_are_those_of_r(interval: str) -> None:
    found = waiting.kaplan_meier(DAYS, EVENTS, interval=interval).at([14, 30, 60])
    np.testing.assert_allclose([found.low, found.high], SURVFIT[interval], rtol=1e-9)
    np.testing.assert_allclose(found.se, [0.0919234376413, 0.1141595681558, 0.1206047640570], rtol=1e-9)
    assert found.at_risk.tolist() == [17, 9, 4]


def test_the_level_moves_limits_as_in_r() -> None:
    """R survival 3.5-3, conf.int = 0.8 of Kaplan-Meier and 0.9 of the competing risks."""
    found = waiting.kaplan_meier(DAYS, EVENTS, level=0.8).at([14, 30, 60])
    np.testing.assert_allclose(found.low, [0.599866843971, 0.362869975050, 0.128055558233], rtol=1e-9)
    np.testing.assert_allclose(found.high, [0.837296321193, 0.650535114894, 0.425531497557], rtol=1e-9)
    ends = waiting.cumulative_incidence(DAYS, EVENTS, level=0.9).at([14, 60])
    np.testing.assert_allclose(ends.low[1], [0.0200927172842, 0.1020377840128], rtol=1e-9)
    np.testing.assert_allclose(ends.high[1], [0.201423823685, 0.392418191431], rtol=1e-9)


@pytest.mark.parametrize("interval", SURVFIT_DAYS)
def test_days_by_which_a_share_is_enrolled_are_those_of_r(interval: str) -> None:
    curve = waiting.kaplan_meier(DAYS, EVENTS, interval=interval)
    quarter, half = curve.quantile(0.25), curve.quantile(0.5)
    assert [(quarter.value, quarter.low, quarter.high), (half.value, half.low)] == SURVFIT_DAYS[interval]
    assert np.isnan([half.high, curve.quantile(0.75).value]).all()
    level = waiting.kaplan_meier([1, 2, 3, 4], [1] * 4)
    assert [level.quantile(share).value for share in (0.25, 0.5, 0.75)] == [1.5, 2.5, 3.5]


@pytest.mark.parametrize("interval", STATES)
def test_competing_ends_have_the_errors_and_limits_of_r(interval: str) -> None:
    found = waiting.cumulative_incidence(DAYS, EVENTS, interval=interval).at([14, 30, 60])
    np.testing.assert_allclose(found.se, STATES_SE, rtol=1e-9)
    np.testing.assert_allclose([found.low[0], found.high[0]], STATES[interval], rtol=1e-9)


def test_a_cohort_without_anyone_left_and_with_ends_on_day_zero_is_that_of_r() -> None:
    """R survival 3.5-3; ties of all kinds on the same day."""
    days, events = [0, 0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 1, 1, 0, 2, 1]
    found = waiting.cumulative_incidence(days, events)
    assert found.causes == (1, 2)
    enrolled = [0.111111111111, 0.238095238095, 0.492063492063, 0.492063492063, 0.746031746032]
    np.testing.assert_allclose(found.incidence[0], enrolled, rtol=1e-9)
    errors = [0.104756560176, 0.147932031114, 0.176709166394, 0.176709166394, 0.154698095909]
    np.testing.assert_allclose(found.se[0], errors, rtol=1e-9)
    np.testing.assert_allclose(found.se[1, -1], 0.154698095909, rtol=1e-9)
    curve = waiting.kaplan_meier(days, events)
    assert curve.at_risk.tolist() == [9, 7, 5, 3, 1]
    assert curve.events.tolist() == [1, 1, 2, 0, 1]
    np.testing.assert_allclose(curve.low[:3], [0.432965090226, 0.332172513639, 0.110284123949], rtol=1e-9)
    assert np.isnan([curve.se[-1], curve.low[-1], curve.high[-1]]).all()
    assert curve.at(400).survival.tolist() == [0]


def test_nothing_is_said_after_the_last_day_that_anyone_was_followed() -> None:
    curve = waiting.kaplan_meier([4, 9], [1, 0])
    found = curve.at([2, 4, 9, 10])
    assert found.survival[:3].tolist() == [1, 0.5, 0.5]
    assert np.isnan([found.survival[3], found.low[3], found.high[3]]).all()
    assert found.at_risk.tolist() == [2, 2, 1, 0]
    assert found.events.tolist() == [0, 1, 0, 0]
    other = waiting.cumulative_incidence([4, 9], [1, 0]).at([9, 10])
    assert np.isnan(other.incidence[:, 1]).all()
    assert other.waiting[0] == 0.5


def test_a_curve_stops_before_it_tells_single_families() -> None:
    kept = waiting.kaplan_meier(DAYS, EVENTS).until()
    assert kept.time[-1] == 28
    assert kept.at_risk.min() == 10
    ends = waiting.cumulative_incidence(DAYS, EVENTS).until(5)
    assert ends.incidence.shape == (2, ends.time.size)
    assert ends.at_risk.min() == 5


@given(FAMILIES)
def test_shares_of_all_ends_and_of_those_still_waiting_add_up(families: list[tuple[int, int]]) -> None:
    days, events = zip(*families, strict=True)
    found = waiting.cumulative_incidence(days, events)
    np.testing.assert_allclose(found.incidence.sum(0) + found.waiting, 1)
    assert (np.diff(found.incidence, axis=-1) >= -1e-15).all()
    some = ~np.isnan(found.low)
    assert (found.low[some] <= found.incidence[some]).all()
    assert (found.incidence[some] <= found.high[some]).all()
    naive = 1 - waiting.kaplan_meier(days, events).survival
    first = waiting.cumulative_incidence(days, events, causes=[1])
    assert (first.incidence[0] <= naive + 1e-12).all()
    assert (found.events.sum(0) + found.censored).sum() == len(days)


@given(FAMILIES)
def test_a_curve_is_that_of_scipy_and_one_cause_alone_is_its_rest(families: list[tuple[int, int]]) -> None:
    days, events = (np.array(column) for column in zip(*families, strict=True))
    curve = waiting.kaplan_meier(days, events)
    censored = stats.CensoredData.right_censored(days, events != 1)
    np.testing.assert_allclose(curve.survival, stats.ecdf(censored).sf.evaluate(curve.time), atol=1e-12)
    alone = waiting.cumulative_incidence(days, np.where(events == 1, 1, 0))
    np.testing.assert_allclose(alone.incidence[0], 1 - curve.survival, atol=1e-12)
    known = ~np.isnan(curve.se)
    np.testing.assert_allclose(alone.se[0][known], curve.se[known], atol=1e-7)


def test_causes_are_given_in_the_order_asked_for() -> None:
    found = waiting.cumulative_incidence(DAYS, EVENTS, causes=[2, 7, 1]).at(60)
    assert found.causes == (2, 7, 1)
    np.testing.assert_allclose(found.incidence[:, 0], [0.2319637188209, 0, 0.599459410431])
    assert waiting.cumulative_incidence([1, 2], [0, 0]).incidence.tolist() == [[0, 0, 0]]
    assert waiting.kaplan_meier(DAYS, EVENTS, cause=2).median != waiting.kaplan_meier(DAYS, EVENTS).median


def test_conversion_counts_only_families_referred_long_enough_ago() -> None:
    days, events, followed = [10, 40, 5, 60, 30], [1, 1, 1, 0, 2], [90, 80, 20, 60, 30]
    found = waiting.conversion_within(days, events, followed, window=30)
    assert found.proportion == pytest.approx(1 / 4)
    assert waiting.conversion_within(days, events, followed, window=60).proportion == pytest.approx(2 / 3)
    assert np.isnan(waiting.conversion_within(days, events, followed, window=100).proportion)
    assert waiting.conversion_within([5], [1], 60, 30).proportion == 1


def test_a_funnel_has_shares_of_the_stage_before_and_of_the_first() -> None:
    found = waiting.funnel([[200, 80, 20], [50, 0, 0]])
    np.testing.assert_allclose(found.conversion[0], [np.nan, 0.4, 0.25])
    np.testing.assert_allclose(found.overall, [[1, 0.4, 0.1], [1, 0, 0]])
    assert np.isnan(found.conversion[1, 2])
    assert (found.low[0, 1:] < found.conversion[0, 1:]).all()
    assert (found.conversion[0, 1:] < found.high[0, 1:]).all()


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: waiting.kaplan_meier([], []), "at least one family"),
        (lambda: waiting.kaplan_meier([-1], [1]), "days must be zero or more"),
        (lambda: waiting.kaplan_meier([1, None], [1, 0]), "must be known for every family"),
        (lambda: waiting.kaplan_meier([1, 2], [1, 0.5]), "whole number"),
        (lambda: waiting.kaplan_meier([1, 2, 3], [1, 0]), "do not belong to the same"),
        (lambda: waiting.kaplan_meier([1], [1], level=95), "level must lie between 0 and 1"),
        (lambda: waiting.kaplan_meier([1], [1], interval="wide"), "interval must be one of"),
        (lambda: waiting.kaplan_meier([1], [1], cause=0), "A cause must be a whole number from 1 on"),
        (lambda: waiting.kaplan_meier([1], [1]).quantile(1), "share must lie between 0 and 1"),
        (lambda: waiting.kaplan_meier([1], [1]).at(-1), "days must be zero or more"),
        (lambda: waiting.cumulative_incidence([1], [1], causes=[1.5]), "A cause must be a whole number"),
        (lambda: waiting.cumulative_incidence([], []), "at least one family"),
        (lambda: waiting.conversion_within([50], [1], 40, 30), "must not go beyond followed"),
        (lambda: waiting.funnel([5, 6]), "counts must not rise"),
        (lambda: waiting.funnel([]), "at least one stage"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(call: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        call()
