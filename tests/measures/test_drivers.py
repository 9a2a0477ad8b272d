"""Drivers: parts that add up, floors that hold, and associations over areas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures import drivers

STRATA = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(0, 40), st.integers(1, 5000), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)


@given(STRATA)
def test_the_two_parts_add_up_to_the_difference(strata: list[tuple[int, int, int, int]]) -> None:
    births1, deaths1, births0, deaths0 = np.array(strata).T
    found = drivers.kitagawa(births1, deaths1, births0, deaths0)
    assert found.composition + found.rate == pytest.approx(found.difference, abs=1e-9)
    assert found.rate1 == pytest.approx(1000 * deaths1.sum() / births1.sum())
    assert found.composition_by_stratum.sum() == pytest.approx(found.composition)
    back = drivers.kitagawa(births0, deaths0, births1, deaths1)
    assert [back.composition, back.rate] == pytest.approx([-found.composition, -found.rate], abs=1e-9)


@given(STRATA)
def test_the_same_distribution_leaves_only_the_rate_part(strata: list[tuple[int, int, int, int]]) -> None:
    births, deaths1, _, deaths0 = np.array(strata).T
    found = drivers.kitagawa(births, deaths1, 3 * births, deaths0)
    assert found.composition == pytest.approx(0, abs=1e-9)
    assert found.rate == pytest.approx(found.difference, abs=1e-9)


def test_many_pairs_of_groups_at_once() -> None:
    one = np.array([[20, 980], [30, 970]])
    found = drivers.kitagawa(one, [[5, 3], [6, 2]], [10, 990], [2, 2])
    assert found.composition.shape == (2,)
    assert found.rate_by_stratum.shape == (2, 2)


def cells(scale: float = 1.0) -> dict[str, float]:
    return {
        "MHP": 40 * scale,
        "MC": 20 * scale,
        "NC": 12 * scale,
        "IH": 25 * scale,
        "denominator": 9000 * scale,
    }


def test_a_group_like_its_reference_has_no_excess() -> None:
    found = drivers.periods_of_risk(cells(), cells(3))
    assert found.total_excess_deaths == pytest.approx(0)
    assert found.total_rate == pytest.approx(1000 * 97 / 9000)
    assert set(found.rate) == set(drivers.PERIODS)


def test_negative_excess_is_kept_and_totals_add_up() -> None:
    found = drivers.periods_of_risk({**cells(), "IH": 10}, cells(3))
    assert found.excess_rate["IH"] < 0
    assert sum(found.excess_deaths.values()) == pytest.approx(found.total_excess_deaths)


def test_weight_classes_are_sorted_into_periods_under_either_definition() -> None:
    births = {"<500": 10, "500-1499": 90, "1500-2499": 600, "2500+": 9000}
    fetal = {"<500": 7, "500-1499": 20, "1500-2499": 8, "2500+": 12}
    neonatal = {"<500": 9, "500-1499": 15, "1500-2499": 4, "2500+": 6}
    later = {"500-1499": 3, "1500-2499": 5, "2500+": 14}
    standard = drivers.periods_of_risk_cells(births, fetal, neonatal, later)
    assert standard == {"MHP": 38, "MC": 20, "NC": 10, "IH": 19, "denominator": 9690 + 40}
    wide = drivers.periods_of_risk_cells(births, fetal, neonatal, later, "all_weights")
    assert wide == {**standard, "MHP": 38 + 16, "denominator": 9700 + 47}


def test_an_association_is_that_of_the_line_and_scatter_widens_it() -> None:
    poverty = np.linspace(0.05, 0.5, 30)
    births = np.full(30, 4000)
    expected = births * 0.004 * np.exp(2 * poverty)
    plain = drivers.association(expected, births, poverty, step=0.1)
    assert plain.ratio == pytest.approx(np.exp(0.2))
    rng = np.random.default_rng(3)
    extra = drivers.association(rng.poisson(expected * rng.gamma(2, 0.5, 30)), births, poverty, step=0.1)
    assert extra.scatter > 2
    assert np.log(extra.high / extra.low) > 1.4 * np.log(plain.high / plain.low)
    missing = np.where(np.arange(30) == 4, np.nan, poverty)
    assert drivers.association(expected, births, missing).areas == 29


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: drivers.kitagawa([20, 0], [1, 0], [20, 5], [1, 0]), "merge it with its neighbour"),
        (lambda: drivers.kitagawa([20, 0], [1, 1], [20, 0], [1, 0]), "merge it with its neighbour"),
        (lambda: drivers.kitagawa([0, 0], [0, 0], [20, 0], [1, 0]), "some births"),
        (
            lambda: drivers.periods_of_risk({**cells(), "NC": 9}, cells()),
            "The study group has 94 deaths, 9 in",
        ),
        (lambda: drivers.periods_of_risk(cells(), cells(0.5)), "The reference group has 48 deaths"),
        (lambda: drivers.periods_of_risk({"MHP": 70}, cells()), "no count for MC, NC, IH, denominator"),
        (
            lambda: drivers.periods_of_risk({**cells(), "denominator": 5}, cells()),
            "more deaths than live births",
        ),
        (
            lambda: drivers.periods_of_risk({**cells(), "IH": None}, cells()),
            "A count of the study group is not",
        ),
        (lambda: drivers.periods_of_risk(cells(), {**cells(), "NC": -9}), "NC must be zero or more"),
        (lambda: drivers.periods_of_risk(cells(), cells(), "other"), "citymatch, all_weights"),
        (lambda: drivers.association([1, 2], [9, 9], [0.1, 0.2]), "at least three areas"),
        (lambda: drivers.association([1, 2, 3], [9, 9, 9], [0.1] * 3), "do not vary"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
