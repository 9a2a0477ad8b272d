"""Summary measures of inequality: properties that define them, their errors, and what does not apply."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures.inequality import Estimate, Inequality, inequality

GROUPS = st.lists(st.tuples(st.integers(1, 200), st.integers(1000, 30_000)), min_size=2, max_size=7)


def estimates(found: Inequality) -> dict[str, Estimate]:
    fields = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    return {name: value for name, value in fields.items() if isinstance(value, Estimate)}


@given(GROUPS)
def test_intervals_hold_their_values_and_spread_is_never_negative(groups: list[tuple[int, int]]) -> None:
    found = inequality(*np.array(groups).T, ordered=True)
    for name, value in estimates(found).items():
        assert value.low <= value.value <= value.high, name
    for name in ("bgv", "mld", "theil", "gini", "idis_mean", "idis_weighted", "idis_best", "mdm", "mdb"):
        assert getattr(found, name).value >= -1e-12, name
    assert found.par.value <= 0
    assert found.paf.value == pytest.approx(found.par.value / found.mean.value)


@given(GROUPS, st.randoms())
def test_measures_without_order_do_not_depend_on_it(groups: list[tuple[int, int]], random: object) -> None:
    shuffled = sorted(groups, key=lambda _: random.random())  # type: ignore[attr-defined]  # Random of hypothesis
    first, second = (estimates(inequality(*np.array(order).T)) for order in (groups, shuffled))
    rates = sorted(deaths / births for deaths, births in groups)
    for name, value in first.items():
        if name in ("par", "paf", "mdb", "mdb_weighted", "idis_best", "difference", "ratio"):
            continue  # their errors rest on which of two equal groups counts as best
        np.testing.assert_allclose(second[name].value, value.value, rtol=1e-9, atol=1e-9)
        if np.diff(rates).min() > 1e-9:
            np.testing.assert_allclose(second[name].se, value.se, rtol=1e-6, atol=1e-9)


@given(GROUPS)
def test_reversing_the_order_turns_the_ordered_measures_over(groups: list[tuple[int, int]]) -> None:
    there = inequality(*np.array(groups).T, ordered=True)
    back = inequality(*np.array(groups[::-1]).T, ordered=True)
    for name in ("aci", "rci", "sii"):
        np.testing.assert_allclose(getattr(there, name).value, -getattr(back, name).value, atol=1e-9)
    assert there.rii_poisson is not None
    assert back.rii_poisson is not None
    np.testing.assert_allclose(there.rii_poisson.value, 1 / back.rii_poisson.value, rtol=1e-8)


@given(GROUPS, st.integers(2, 50))
def test_relative_measures_do_not_depend_on_the_unit(groups: list[tuple[int, int]], times: int) -> None:
    one, other = (inequality(*np.array(groups).T, per=per) for per in (1000, 1000 * times))
    for name in ("theil", "gini", "cov", "idis_mean", "paf"):
        np.testing.assert_allclose(getattr(one, name).value, getattr(other, name).value, atol=1e-9)
        if np.ptp([deaths / births for deaths, births in groups]) > 1e-9:
            np.testing.assert_allclose(getattr(one, name).se, getattr(other, name).se, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(times**2 * one.bgv.value, other.bgv.value, rtol=1e-9, atol=1e-9)


def test_two_groups_are_enough() -> None:
    found = inequality([174, 38], [12865, 8544])
    assert found.ratio is not None
    assert found.ratio.value == pytest.approx(3.041, abs=5e-4)
    assert found.groups == 2
    assert found.theil.low > 0


def test_equal_rates_are_no_inequality() -> None:
    found = inequality([10, 20, 30], [1000, 2000, 3000], ordered=True)
    for name in ("bgv", "mld", "theil", "gini", "idis_mean", "aci", "rci", "sii", "par"):
        assert getattr(found, name).value == pytest.approx(0, abs=1e-12)
    assert found.bgv.se > 0


def test_errors_are_those_of_repeated_counts() -> None:
    """The spread of 1,500 redrawn data sets, seed 11, against the standard error computed from one."""
    deaths, births = np.array([260, 190, 160, 90, 60]), np.array([21_000, 20_500, 23_000, 19_000, 17_500])
    once = inequality(deaths, births, ordered=True, reference=4)
    drawn = np.random.default_rng(11).poisson(deaths, (1500, 5))
    again = [estimates(inequality(counts, births, ordered=True, reference=4)) for counts in drawn]
    for name, value in estimates(once).items():
        values = np.array([found[name].value for found in again])
        if name in ("ratio", "rii", "rii_poisson", "kmi"):
            values = np.log(values)
        assert values.std() == pytest.approx(value.se, rel=0.1), name


def test_what_does_not_apply_is_none() -> None:
    found = inequality([9, 4, 0], [900, 900, 900])
    assert found.mld is None
    assert found.ratio is None
    assert found.idis_best is None
    assert found.sii is None
    assert found.mdr is None
    assert np.isfinite(found.theil.se)
    steep = inequality([60, 10, 0, 0], [1000] * 4, ordered=True)
    assert steep.rii is None
    assert steep.rii_poisson is not None
    assert inequality([60, 0, 0], [1000] * 3, ordered=True).rii_poisson is None


def test_groups_without_births_are_left_out_and_the_reference_follows() -> None:
    found = inequality([5, 0, 9], [1000, 0, 900], reference=2)
    assert (found.groups, found.reference) == (2, 1)
    assert found.par.value == 0  # the reference fares worse than the mean: nothing is attributable to it


@pytest.mark.parametrize(
    ("deaths", "births", "reference", "sentence"),
    [
        ([3], [100], None, "at least two groups"),
        ([3, 0], [100, 0], None, "at least two groups"),
        ([0, 0], [100, 100], None, "No group has a death"),
        ([3, np.nan], [100, 100], None, "one count of deaths"),
        ([3, 4, 0], [100, 100, 0], 2, "has no births here"),
        ([3, 4], [100, 100], 5, "has no births here"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    deaths: list[float], births: list[float], reference: int | None, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        inequality(deaths, births, reference=reference)
