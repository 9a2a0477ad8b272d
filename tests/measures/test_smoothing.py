"""Smoothing: against importance sampling, closed forms and symmetries; islands, gaps and refusals."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures import smoothing
from equity.measures._laplace import Model, Point, _prior_precision, find_mode
from equity.measures.bym2 import _model
from tests.measures.reference import carolina, carolina_touching

SQUARE = [[1, 2], [0, 3], [0, 3], [1, 2]]
LINE = [[1], [0, 2], [1, 3], [2]]


def lattice(side: int) -> np.ndarray:
    """Pairs of touching cells of a square map."""
    cell = np.arange(side * side).reshape(side, side)
    down = np.column_stack([cell[:-1].ravel(), cell[1:].ravel()])
    return np.concatenate([down, np.column_stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()])])


def carolina_counts() -> tuple[np.ndarray, np.ndarray]:
    """Deaths and expected deaths of the 100 counties."""
    deaths, births = carolina()["SID74"].to_numpy(float), carolina()["BIR74"].to_numpy(float)
    return deaths, births * deaths.sum() / births.sum()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4000)), min_size=2, max_size=30))
def test_shrunk_rates_lie_between_the_own_rate_and_that_of_all(areas: list[tuple[int, int]]) -> None:
    deaths, births = np.array(areas).T
    found = smoothing.marshall(deaths, births)
    own, everybody = 1000 * deaths / births, 1000 * deaths.sum() / births.sum()
    assert (found.rate >= np.minimum(own, everybody) - 1e-9).all()
    assert (found.rate <= np.maximum(own, everybody) + 1e-9).all()
    local = smoothing.local_marshall(deaths, births, np.ones((len(areas),) * 2))
    np.testing.assert_allclose(local.rate, found.rate, rtol=1e-9, atol=1e-9)


def test_areas_without_births_and_islands_have_defined_rates() -> None:
    deaths, births = [5, 0, 3, 2], [900, 0, 400, 700]
    assert smoothing.marshall(deaths, births).rate[1] == pytest.approx(1000 * 10 / 2000)
    found = smoothing.local_marshall(deaths, births, [[1], [0], [], []])
    assert found.rate[1] == pytest.approx(1000 * 5 / 900)
    assert found.rate[2] == pytest.approx(1000 * 3 / 400)
    alone = smoothing.local_marshall(deaths, births, [[], [], [], []])
    assert alone.rate[1] == pytest.approx(1000 * 10 / 2000)
    assert smoothing.marshall([0, 0], [10, 20]).rate.tolist() == [0, 0]


def test_the_two_readings_of_local_shrinkage_differ_where_neighbourhoods_differ() -> None:
    deaths, expected = carolina_counts()
    ours, other = (
        smoothing.local_marshall(deaths, expected, carolina_touching(), definition).rate
        for definition in ("spdep", "geoda")
    )
    assert not np.allclose(ours, other, rtol=0.01)
    assert np.corrcoef(ours, other)[0, 1] > 0.9


def test_gamma_prior_without_extra_variation_gives_one_risk() -> None:
    found = smoothing.gamma_poisson([5, 5, 6, 5], [5.2, 5.1, 5.4, 5.3])
    assert found.shape == np.inf
    np.testing.assert_allclose(found.mean, 21.5 / 21)
    assert (found.low < 1).all()
    assert (found.high > 1).all()


@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(0.2, 30)), min_size=3, max_size=20), st.floats(0.3, 3)
)
def test_gamma_posterior_is_ordered_and_counts_given_away_are_as_described(
    areas: list[tuple[int, float]], risk: float
) -> None:
    deaths, expected = np.array(areas).T
    if not deaths.any():
        return
    found = smoothing.gamma_poisson(deaths, expected)
    assert (found.low < found.mean).all()
    assert (found.mean < found.high).all()
    above = found.probability_above(risk)
    assert ((above >= 0) & (above <= found.probability_above(risk / 2))).all()
    if np.isfinite(found.shape):
        np.testing.assert_allclose((expected + found.rate) * found.mean - found.shape, deaths, atol=1e-6)


def test_scale_of_small_maps_by_hand() -> None:
    """Pseudo-inverse of a line of three: variances 5/9, 2/9, 5/9; of a pair: 1/4 each; an island has 1."""
    assert smoothing.icar_scale([[1], [0, 2], [1]]) == pytest.approx((50 / 729) ** (1 / 3))
    assert smoothing.icar_scale([[1], [0]]) == pytest.approx(0.25)
    np.testing.assert_allclose(smoothing.icar_scale([[1], [0], [], [4], [3]]), [0.25, 1, 0.25])


def test_a_hundred_areas_take_less_than_a_second_and_no_chance() -> None:
    deaths, expected = carolina_counts()
    taken, fits = [], []
    for _ in range(3):
        start = time.perf_counter()
        fits.append(smoothing.bym2(deaths, expected, carolina_touching()))
        taken.append(time.perf_counter() - start)
    assert min(taken) < 1
    np.testing.assert_array_equal(fits[0].mean, fits[2].mean)
    assert fits[0].diagnostics.converged
    assert fits[0].diagnostics.rho_learned


def test_the_numbering_of_areas_does_not_matter() -> None:
    deaths, expected = carolina_counts()
    order = np.random.default_rng(2).permutation(100)
    plain = smoothing.bym2(deaths, expected, carolina_touching())
    mixed = smoothing.bym2(deaths[order], expected[order], carolina_touching()[np.ix_(order, order)])
    np.testing.assert_allclose(mixed.mean, plain.mean[order], rtol=1e-6)
    np.testing.assert_allclose(mixed.low, plain.low[order], rtol=1e-5)


def test_mirrored_regions_that_do_not_touch_mirror_each_other() -> None:
    deaths, expected = [9, 3, 1, 0, 0, 1, 3, 9], np.full(8, 3.0)
    apart = [*LINE, [5], [4, 6], [5, 7], [6]]
    found = smoothing.bym2(deaths, expected, apart)
    np.testing.assert_allclose(found.mean, found.mean[::-1], rtol=1e-8)
    assert found.diagnostics.parts == 2
    assert found.mean[0] > found.mean[3]


def test_a_region_with_a_level_of_its_own_is_not_pulled_to_the_other() -> None:
    rng = np.random.default_rng(5)
    pairs = np.concatenate([lattice(6), 36 + lattice(4)])
    expected = np.full(52, 6.0)
    deaths = rng.poisson(expected * np.r_[np.full(36, 0.7), np.full(16, 1.6)])
    found = smoothing.bym2(deaths, expected, pairs)
    assert found.mean[:36].mean() == pytest.approx(deaths[:36].sum() / 216, rel=0.06)
    assert found.mean[36:].mean() == pytest.approx(deaths[36:].sum() / 96, rel=0.06)


def test_islands_unknown_counts_and_areas_without_births_are_predicted() -> None:
    lists = [*SQUARE, [], []]
    found = smoothing.bym2([20, 18, np.nan, 22, 9, 0], [10.0, 10, 10, 10, 9, 0], lists)
    assert np.isfinite([found.mean, found.low, found.high]).all()
    assert (found.diagnostics.islands, found.diagnostics.parts, found.diagnostics.unobserved) == (2, 3, 1)
    assert found.mean[2] > 1.2  # like its neighbours, all twice the expected
    assert found.high[5] / found.low[5] > found.high[4] / found.low[4]
    assert not found.diagnostics.rho_learned


def test_groups_of_an_area_share_strength_and_keep_their_gap() -> None:
    rng = np.random.default_rng(8)
    side = 9
    area, group = np.repeat(np.arange(side**2), 2), np.tile([0, 1], side**2)
    high = np.arange(side**2) % side < 4
    truth = np.exp(np.where(high, 0.4, -0.4)[area] + np.log(2.5) * group)
    expected = rng.uniform(1, 4, len(area))
    found = smoothing.bym2(
        rng.poisson(expected * truth),
        expected,
        lattice(side),
        area,
        np.column_stack([np.ones(len(area)), group]),
    )
    gap = np.log(found.mean[group == 1] / found.mean[group == 0]).mean()
    assert gap == pytest.approx(np.log(2.5), abs=0.15)
    assert found.tau < 0.25
    assert np.mean((found.low <= truth) & (truth <= found.high)) > 0.9
    assert np.corrcoef(np.log(found.mean), np.log(truth))[0, 1] > 0.9


def test_probability_above_and_quantiles_agree() -> None:
    deaths, expected = carolina_counts()
    found = smoothing.bym2(deaths, expected, carolina_touching(), level=0.9)
    np.testing.assert_allclose(found.probability_above(found.low), 0.95, atol=1e-9)
    np.testing.assert_allclose(found.probability_above(found.high), 0.05, atol=1e-9)
    above = [found.probability_above(risk) for risk in (0.5, 1, 2)]
    assert (above[0] >= above[1]).all()
    assert (above[1] >= above[2]).all()


def test_the_model_agrees_with_importance_sampling() -> None:
    """Six areas (one an island), two groups, 12 small counts: 1,500 hyperparameters by 80 draws."""
    deaths = np.array([5, 1, 1, 0, 9, 4, 0, 2, 1, 3, 4, 2.0])
    expected = np.array([3, 1.5, 2, 0.7, 5, 2, 1, 0.5, 0.8, 4, 2, 1.0])
    lists, area = [[1], [0, 2], [1, 3], [2, 4], [3], []], np.repeat(np.arange(6), 2)
    design = np.column_stack([np.ones(12), np.tile([0, 1], 6)])
    found = smoothing.bym2(deaths, expected, lists, area, design)
    log_risk, weight = importance_sample(_model(deaths, expected, lists, area, design)[0])
    np.testing.assert_allclose(found.mean, np.exp(log_risk) @ weight, rtol=0.03)
    np.testing.assert_allclose(found.probability_above(1), (log_risk > 0) @ weight, atol=0.015)


def importance_sample(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Log risks (rows, draws) and weights: hyperparameters from the prior, effects near the mode, seed 1."""
    rng, risks, weights = np.random.default_rng(1), [], []
    for _ in range(1500):
        point = Point(abs(rng.normal()), rng.uniform(), abs(rng.normal(0, 0.3)))
        mode = find_mode(model, point, None, marginals=False)
        along = point.sigma**2 * ((1 - point.rho) + point.rho * model.icar.variances)
        prior = np.block([
            [_prior_precision(model, along), np.zeros((len(along) + len(model.precision), 12))],
            [np.zeros((12, len(along) + len(model.precision))), np.eye(12) / point.tau**2],
        ])  # fmt: skip
        joint = np.column_stack([model.design, np.eye(len(along))[model.area], np.eye(12)])
        mean = model.expected * np.exp(mode.log_risk)
        root = np.linalg.cholesky(prior + joint.T @ (mean[:, None] * joint))
        normal, chi = rng.normal(size=(len(prior), 80)), rng.chisquare(8, 80) / 8
        effects = np.r_[mode.effects, mode.own][:, None] + np.linalg.solve(root.T, normal / np.sqrt(chi))
        log_risk = joint @ effects
        log_target = (model.deaths[:, None] * log_risk - model.expected[:, None] * np.exp(log_risk)).sum(0)
        log_target += np.linalg.slogdet(prior)[1] / 2 - (effects * (prior @ effects)).sum(0) / 2
        log_proposal = np.log(np.diag(root)).sum() - (8 + len(prior)) / 2 * np.log1p(
            (normal**2).sum(0) / chi / 8
        )
        risks.append(log_risk)
        weights.append(log_target - log_proposal)
    weight = np.exp(np.concatenate(weights) - np.max(weights))
    return np.concatenate(risks, axis=1), weight / weight.sum()


def test_a_fit_that_fails_is_refused_with_its_diagnostics() -> None:
    deaths = np.zeros(16)
    deaths[[0, 15]] = 1e7
    with pytest.raises(smoothing.SmoothingError, match="vary more than the model allows") as failed:
        smoothing.bym2(deaths, np.full(16, 5.0), lattice(4))
    assert not failed.value.diagnostics.converged
    assert failed.value.diagnostics.edge_mass > 0.01


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: smoothing.marshall([1, np.nan], [9, 9]), "not known"),
        (lambda: smoothing.marshall([0, 0], [0, 0]), "no births"),
        (lambda: smoothing.local_marshall([1, 2], [9, 9], [[1], [0]], "esda"), "spdep or geoda"),
        (lambda: smoothing.gamma_poisson([0, 0], [3, 4]), "no deaths"),
        (lambda: smoothing.bym2([0, 0, 0, 0], [1, 1, 1, 1], LINE), "no deaths to learn from"),
        (lambda: smoothing.bym2([np.nan] * 4, [1, 1, 1, 1], LINE), "no deaths to learn from"),
        (lambda: smoothing.bym2([1, 2, 3, 4], [1, 1, 1, 0], LINE), "has no births"),
        (lambda: smoothing.bym2([1, 2, 3], [1, 1, 1], LINE), "of 4 areas"),
        (lambda: smoothing.bym2([1, 2, 3], [1, 1, 1], LINE, area=[0, 1, 9]), "names area 9"),
        (lambda: smoothing.bym2([1, 2, 3], [1, 1, 1], LINE, area=[0, 1]), "one row for each other"),
        (lambda: smoothing.bym2([1, 2, 3, 4], [1, 1, 1, np.nan], LINE), "known for every row"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
