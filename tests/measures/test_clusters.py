"""Clusters: North Carolina against PySAL's esda 2.9.0, chance maps, planted clusters, and bad input."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures import clusters
from equity.measures._neighbours import adjacency, parts
from tests.measures.reference import carolina, carolina_touching, rows_of

SIX = ["Anson", "Alamance", "Mecklenburg", "Hyde", "Graham", "Robeson"]
LINE = [[1], *([i - 1, i + 1] for i in range(1, 11)), [10]]


def carolina_counts() -> tuple[np.ndarray, np.ndarray]:
    return carolina()["SID74"].to_numpy(float), carolina()["BIR74"].to_numpy(float)


def test_rates_standardised_by_empirical_bayes_agree_with_esda() -> None:
    """esda.Moran_Rate: I 0.24874621, z 4.06615184 under randomisation, p 0.0000478 two-sided."""
    deaths, births = carolina_counts()
    found = clusters.moran(deaths, carolina_touching(), births)
    np.testing.assert_allclose([found.i, found.z], [0.24874621426, 4.06615183527], rtol=1e-9)
    assert found.p == pytest.approx(4.7796e-05, rel=1e-4)


def test_getis_ord_agrees_with_esda() -> None:
    """esda.G_Local with star=True and binary weights."""
    deaths, births = carolina_counts()
    found = clusters.getis_ord(deaths / births, carolina_touching())
    np.testing.assert_allclose(
        found.z[rows_of(SIX)],
        [1.83907883, -0.13366997, -0.71858103, -0.75157965, -0.58075236, 2.86950385],
        rtol=1e-7,
    )


def test_local_moran_agrees_with_esda_once_both_sides_are_counted() -> None:
    """esda.Moran_Local, 99,999 permutations, one-sided p doubled; 11 areas below 0.05, none after FDR."""
    deaths, births = carolina_counts()
    found = clusters.local_moran(deaths / births, carolina_touching())
    rows = rows_of(SIX)
    np.testing.assert_allclose(
        found.p[rows], 2 * np.array([0.3928, 0.4024, 0.2215, 0.4601, 0.42, 0.0158]), atol=0.03
    )
    np.testing.assert_allclose(found.z[rows], [-0.3336, -0.3254, 0.7789, 0.2014, -0.0709, 2.6122], atol=0.01)
    assert found.quadrant[rows].tolist() == [
        "high-low",
        "high-low",
        "low-low",
        "low-low",
        "low-high",
        "high-high",
    ]
    assert (found.p <= 0.05).sum() == 11
    assert (found.p_adjusted <= 0.05).sum() == 0


def test_local_p_values_agree_with_every_possible_deal() -> None:
    """Areas with three neighbours: all 156,849 sets of three others instead of random ones."""
    deaths, births = carolina_counts()
    touching, rates = carolina_touching(), deaths / births
    found = clusters.local_moran(rates, touching)
    trios = np.array(list(itertools.combinations(range(99), 3)))
    for area in np.flatnonzero(touching.sum(1) == 3)[:4]:
        dealt = np.delete(rates, area)[trios].mean(1)
        seen = touching[area] @ rates / 3
        exact = 2 * min((dealt >= seen - 1e-12).mean(), (dealt <= seen + 1e-12).mean())
        assert found.p[area] == pytest.approx(exact, abs=0.02)


def test_the_cap_changes_the_cluster() -> None:
    counties = carolina()
    found = clusters.scan(*carolina_counts(), counties[["X", "Y"]], max_share=0.05, simulations=199)
    assert len(found.most_likely.members) == 5
    assert found.most_likely.observed == 50
    inside = [set(cluster.members.tolist()) for cluster in found.clusters]
    assert len(set.union(*inside)) == sum(map(len, inside))
    births = carolina_counts()[1]
    assert all(births[list(members)].sum() <= 0.05 * births.sum() for members in inside)


def test_a_planted_cluster_is_found_and_chance_is_not_called_one() -> None:
    places = np.array([[x, y] for x in range(8) for y in range(8)], float)
    births = np.full(64, 800)
    rng = np.random.default_rng(12)
    raised = np.where(np.hypot(*(places - 1).T) < 1.5, 3.0, 1.0)
    found = clusters.scan(rng.poisson(births * 0.006 * raised), births, places).most_likely
    assert found.p <= 0.01
    assert {0, 1, 8, 9} <= set(found.members.tolist())
    assert found.relative_risk > 2
    p = [
        clusters.scan(rng.poisson(births * 0.006), births, places, simulations=99, seed=i).most_likely.p
        for i in range(60)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.15


def test_a_small_cluster_is_marked_as_not_to_be_named() -> None:
    places = [[x, y] for x in range(5) for y in range(5)]
    found = clusters.scan([7] + [0] * 23 + [1], [100] * 25, places, simulations=99).most_likely
    assert found.observed < 10
    assert not found.reportable


def test_places_at_one_distance_enter_a_circle_together() -> None:
    places = [[0, 0], [1, 0], [-1, 0], [9, 9], [9, 8], [8, 9], [20, 20], [30, 30]]
    found = clusters.scan([9, 9, 1, 1, 1, 1, 1, 1], [100] * 8, places, simulations=9)
    assert found.most_likely.members.tolist() != [0, 1]


@given(st.integers(0, 10_000), st.floats(0.1, 9), st.floats(-50, 50))
def test_statistics_do_not_depend_on_unit_or_origin(seed: int, times: float, shift: float) -> None:
    values = np.random.default_rng(seed).gamma(2, 1, 12)
    one, other = (clusters.moran(x, LINE) for x in (values, times * values + shift))
    assert one.z == pytest.approx(other.z, abs=1e-6)
    assert -1.5 < one.i < 1.5
    hot, again = (clusters.getis_ord(x, LINE).z for x in (values, times * values + shift))
    np.testing.assert_allclose(hot, again, atol=1e-6)


def test_moran_has_its_moments_when_values_are_shuffled() -> None:
    """2,000 shuffles of one skewed set of values, seed 1."""
    rng = np.random.default_rng(1)
    values = rng.gamma(1, 1, 12)
    found = clusters.moran(values, LINE)
    shuffled = [clusters.moran(rng.permutation(values), LINE).i for _ in range(2000)]
    assert np.mean(shuffled) == pytest.approx(found.expected, abs=0.02)
    assert np.var(shuffled) == pytest.approx(found.variance, rel=0.1)


def test_islands_and_areas_without_births_have_no_value() -> None:
    lists = [*LINE, []]
    values = np.r_[np.arange(12.0), 99.0]
    assert clusters.moran(values, lists).i == pytest.approx(clusters.moran(values[:12], LINE).i)
    found = clusters.local_moran(values, lists, permutations=99)
    assert np.isnan([found.i[12], found.z[12], found.p[12], found.p_adjusted[12]]).all()
    assert found.quadrant[12] == ""
    births = np.r_[np.full(11, 500), 0, 400]
    deaths = np.r_[np.arange(11), 0, 2]
    assert np.isnan(clusters.getis_ord(deaths, lists, births).z).tolist() == [False] * 11 + [True, False]


@pytest.mark.filterwarnings("error")
def test_a_single_odd_area_has_no_score_where_all_others_are_alike() -> None:
    found = clusters.local_moran([0.1] * 5 + [0.7] + [0.1] * 6, LINE, permutations=99)
    assert np.isnan(found.z).tolist() == [area == 5 for area in range(12)]
    assert found.p[5] == 1.0


def test_neighbours_are_read_in_every_form() -> None:
    matrix = adjacency(LINE).toarray()
    pairs = np.array([[i, i + 1] for i in range(11)])
    names = {f"z{i}": [f"z{j}" for j in row] for i, row in enumerate(LINE)}
    with_sparse = type("Weights", (), {"sparse": adjacency(LINE)})()
    for form in (matrix, adjacency(LINE), pairs, names, with_sparse):
        np.testing.assert_array_equal(adjacency(form, 12).toarray(), matrix)
    assert [len(part) for part in parts(adjacency([[1], [0], [], [4], [3]]))] == [2, 1, 2]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: clusters.moran([1, 2, 3, 4, 5, 6], [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]),
            "at least 8",
        ),
        (lambda: clusters.moran([3] * 12, LINE), "same value"),
        (lambda: clusters.moran([np.nan, *range(11)], LINE), "known value"),
        (lambda: clusters.moran(range(11), LINE), "of 12 areas"),
        (lambda: clusters.moran(range(3), [[1], [2], [0]]), "not the other way round"),
        (lambda: clusters.moran(range(3), [[1], [7], [0]]), "names area 7"),
        (lambda: clusters.moran([1] * 12, LINE, [0] * 12), "deaths but no births"),
        (lambda: clusters.moran([0] * 12, LINE, [9] * 12), "no births or no deaths"),
        (lambda: clusters.scan([0, 0], [9, 9], [[0, 0], [1, 1]]), "some deaths"),
        (lambda: clusters.scan([1, 0], [9, 9], [[0, 0]]), "two known coordinates"),
        (lambda: clusters.scan([1, 0], [9, 9], [[0, 0], [1, 1]], max_share=0), "above 0"),
        (lambda: clusters.scan([1, 0], [9, 9], [[0, 0], [1, 1]], max_share=0.1), "raise it"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
