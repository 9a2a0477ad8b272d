"""Small areas drawn from the model that is fitted: coverage and error of its estimates."""

from __future__ import annotations

import numpy as np

from equity.measures.smoothing import bym2, gamma_poisson, icar_scale
from tests.simulation.table import SEED, Line, line

SIGMA, RHO = 0.4, 0.7
#: Where a place has two groups, they differ by this on average, and by OWN from place to place.
GROUP_EFFECT, OWN = 0.7, 0.15
SIDE, MAPS = 11, 150


def small_areas() -> list[Line]:
    """Maps of 121 areas at the size of ZIP codes and of ZIP codes by group."""
    settings = ((1.0, 1), (3.6, 1), (1.0, 2))
    return [found for mean, groups in settings for found in _setting(mean, groups)]


def _setting(mean: float, groups: int) -> list[Line]:
    rng, pairs = np.random.default_rng(SEED), lattice(SIDE)
    structured = structured_effect(pairs, SIDE**2)
    found = np.mean([_one_map(rng, pairs, structured, mean, groups) for _ in range(MAPS)], axis=0)
    model, plug_in, ours, simple, raw = found
    setting = f"{mean:g} expected deaths a row, groups: {groups}"
    cases = MAPS * SIDE**2 * groups
    return [
        line("coverage of a small area's interval, BYM2", setting, model, (0.93, 0.97), cases),
        line("coverage of plug-in empirical Bayes (never shown)", setting, plug_in, (0.93, 0.97), cases,
             note="takes the fitted prior as certain"),
        line("squared error, BYM2 as a share of the raw rates'", setting, ours / raw, (-np.inf, 0.5), cases),
        line("squared error, BYM2 as a share of plain empirical Bayes'", setting, ours / simple,
             (-np.inf, 1.0), cases),
    ]  # fmt: skip


def _one_map(
    rng: np.random.Generator, pairs: np.ndarray, structured: np.ndarray, mean: float, groups: int
) -> list[float]:
    """Coverage of the model and of the plug-in, then mean squared errors: model, plug-in, raw."""
    areas = SIDE**2
    area, group = np.repeat(np.arange(areas), groups), np.tile(np.arange(groups), areas)
    effect = np.sqrt(1 - RHO) * rng.normal(size=areas) + np.sqrt(RHO) * structured @ rng.normal(
        size=areas - 1
    )
    own = OWN * (groups > 1) * rng.normal(size=len(area))
    truth = np.exp(SIGMA * effect[area] + own + GROUP_EFFECT * group)
    expected = rng.gamma(2, mean / 2, len(area))
    deaths = rng.poisson(expected * truth)
    model, plain = bym2(deaths, expected, pairs, area, np.eye(groups)[group]), np.empty((3, len(area)))
    for i in range(groups):
        fit = gamma_poisson(deaths[group == i], expected[group == i])
        plain[:, group == i] = fit.mean, fit.low, fit.high
    inside = [((low <= truth) & (truth <= high)).mean() for low, high in ((model.low, model.high), plain[1:])]
    return inside + [((x - truth) ** 2).mean() for x in (model.mean, plain[0], deaths / expected)]


def lattice(side: int) -> np.ndarray:
    """Pairs of touching cells of a square map."""
    cell = np.arange(side * side).reshape(side, side)
    down = np.column_stack([cell[:-1].ravel(), cell[1:].ravel()])
    return np.concatenate([down, np.column_stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()])])


def structured_effect(pairs: np.ndarray, areas: int) -> np.ndarray:
    """Square root of the scaled structured covariance, made without the code under test but for its scale."""
    laplacian = np.zeros((areas, areas))
    laplacian[pairs[:, 0], pairs[:, 1]] = laplacian[pairs[:, 1], pairs[:, 0]] = -1
    np.fill_diagonal(laplacian, -laplacian.sum(1))
    values, vectors = np.linalg.eigh(laplacian)
    return vectors[:, 1:] / np.sqrt(values[1:] * icar_scale(pairs))
