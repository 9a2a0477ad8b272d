"""Whether what is said to be likely happens that often, slopes drawn from the stated prior."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from equity.measures.targets import (
    SLOPE_PRIOR,
    probability_of_change,
    probability_ratio_reaches,
    probability_reaching,
)
from tests.simulation.table import SEED, Line, bins

YEARS, DUE, FIRST_MIDDLE = np.arange(2014, 2024), 2033, 2018.5
CASES, GAP_CASES = 220_000, 24_000
BATCH, GAP_BATCH = 5_000, 400
FLAT = "takes every pace as equally likely, however steep"
WINDOWS = np.array([[2010, 2016], [2017, 2023]])


def chances() -> list[Line]:
    """Reaching a rate, falling by 15 %, the same by the plug-in formula, and closing a gap."""
    return [*_rates(), *_gaps()]


def _rates() -> list[Line]:
    """Ten years of 300 to 8,000 births a year; goals and levels are drawn apart from each other."""
    rng = np.random.default_rng(SEED)
    births = np.exp(rng.uniform(np.log(300), np.log(8000), CASES))[:, None] * np.ones(len(YEARS))
    slope = rng.normal(SLOPE_PRIOR.mean, SLOPE_PRIOR.sd, CASES)
    level, goal = np.exp(rng.uniform(np.log([[3.5], [3.0]]), np.log([[14.0], [14.0]]), (2, CASES)))
    deaths = rng.poisson(births * level[:, None] / 1000 * np.exp(slope[:, None] * (YEARS - FIRST_MIDDLE)))
    reached = level * np.exp(slope * (DUE - FIRST_MIDDLE)) <= goal
    fell = 10 * slope <= np.log(0.85)
    said = _batched(lambda i: probability_reaching(deaths[i], births[i], YEARS, goal[i], DUE), CASES, BATCH)
    change = _batched(
        lambda i: probability_of_change(deaths[i], births[i], YEARS, -0.15, 10, SLOPE_PRIOR), CASES, BATCH
    )
    some = deaths.sum(1) > 0  # the plug-in formula has no answer without deaths
    plug_in = probability_of_change(deaths[some], births[some], YEARS, -0.15, 10)
    return [
        *bins("a rate's goal reached by 2033", said, reached),
        *bins("15 % lower in ten years", change, fell),
        *bins(
            "15 % lower in ten years, plug-in normal formula (never shown)", plug_in, fell[some], note=FLAT
        ),
    ]


def _gaps() -> list[Line]:
    """Two blocks of 7 years; the goal is set by what was seen, never by the truth."""
    rng = np.random.default_rng(SEED + 1)
    births = np.exp(rng.uniform(np.log(2_000), np.log(40_000), (2, GAP_CASES)))
    slope = rng.normal(SLOPE_PRIOR.mean, SLOPE_PRIOR.sd, (2, GAP_CASES))
    level = np.exp(rng.uniform(np.log(4), np.log(14), (2, GAP_CASES)))
    middle = WINDOWS.mean(1)
    rate = level[..., None] / 1000 * np.exp(slope[..., None] * (middle - middle.mean()))
    base = births[..., None] * np.ones(2)
    (d1, d0), (n1, n0) = rng.poisson(base * rate), base
    goal = (d1[:, 1] + 0.5) / n1[:, 1] / ((d0[:, 1] + 0.5) / n0[:, 1]) * np.exp(rng.normal(0, 0.5, GAP_CASES))
    truth = level[0] / level[1] * np.exp((slope[0] - slope[1]) * (DUE - middle.mean()))

    def chance(i: slice) -> np.ndarray:
        return probability_ratio_reaches(
            d1[i], n1[i], d0[i], n0[i], WINDOWS, goal[i, None, None], DUE - 2023, SLOPE_PRIOR
        )

    return bins(
        "a gap's goal reached by 2033", _batched(chance, GAP_CASES, GAP_BATCH), truth <= goal, count=5
    )


def _batched(answer: Callable[[slice], np.ndarray], cases: int, size: int) -> np.ndarray:
    return np.concatenate([answer(part) for part in _parts(cases, size)])


def _parts(cases: int, size: int) -> Iterator[slice]:
    for start in range(0, cases, size):
        yield slice(start, start + size)
