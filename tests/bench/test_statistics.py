"""Loops, esda and the plain algebra come to what ours comes to."""

from __future__ import annotations

import numpy as np
import pytest

from bench.models import RHO, SIGMA, TAU, plain_counts, state_rows
from bench.plain import small_areas as plain
from bench.plain.model import effects_of, newton_step
from bench.smoothing import nation
from equity.measures._laplace import Point, find_mode
from equity.measures.bym2 import _model
from equity.measures.rates import rate_interval
from equity.measures.smoothing import gamma_poisson, marshall

Counts = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def counts() -> Counts:
    """Deaths and births of a few areas by group."""
    return nation(60)


def test_loops_give_our_intervals(counts: Counts) -> None:
    found = rate_interval(*counts)
    limits = np.stack([found.low, found.high], axis=-1)
    for loop in (plain.exact_limits, plain.lean_exact_limits):
        looped = [loop(top.tolist(), base.tolist()) for top, base in zip(*counts, strict=True)]
        np.testing.assert_allclose(looped, limits, rtol=1e-9)


def test_the_loop_and_esda_give_our_shrunk_rates(counts: Counts) -> None:
    from esda.smoothing import Empirical_Bayes

    found = marshall(*counts)
    assert (found.variance > 0).all()
    for rate, top, base in zip(found.rate, *counts, strict=True):
        np.testing.assert_allclose(plain.marshall(top.tolist(), base.tolist()), rate, rtol=1e-9)
        np.testing.assert_allclose(1000 * Empirical_Bayes(top, base).r[:, 0], rate, rtol=1e-9)


def test_the_loop_gives_our_relative_risks(counts: Counts) -> None:
    deaths, births = counts[0][0], counts[1][0]
    expected = births * deaths.sum() / births.sum()
    found = gamma_poisson(deaths, expected)
    assert np.isfinite(found.shape)
    looped = plain.gamma_poisson(deaths.tolist(), expected.tolist())
    for ours, theirs in zip((found.mean, found.low, found.high), looped, strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=1e-5)


def test_every_area_of_the_nation_has_births(counts: Counts) -> None:
    deaths, births = counts
    assert (births > 0).all()
    assert (deaths <= births).all()


def test_the_plain_algebra_finds_our_mode() -> None:
    rows = state_rows((4, 5))
    plain_model = plain_counts(rows)
    joint = effects_of(plain_model)
    effects = np.zeros(joint.shape[1])
    for _ in range(20):
        effects = newton_step(plain_model, joint, effects, SIGMA, RHO, TAU)
    model, _ = _model(*rows)
    mode = find_mode(model, Point(SIGMA, RHO, TAU), None, marginals=False)
    np.testing.assert_allclose(joint @ effects, mode.log_risk, atol=1e-6)
