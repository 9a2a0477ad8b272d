"""Smoothed rates and exact intervals for the nation's ZIP codes by group, against loops and against esda.

The counts are invented: births of all sizes, deaths at the groups' rates with some variation. Every area has
births, as esda gives no value where there are none. A loop too slow to be waited for runs over the first
areas only; its time is scaled to all, and the line says how many it took.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.plain import small_areas as plain
from bench.row import Row
from bench.subject import Subject
from bench.timing import in_turns, median
from equity.measures.rates import rate_interval
from equity.measures.smoothing import gamma_poisson, marshall

Array = NDArray[np.float64]
AREAS: Final = 33_000
#: Deaths per birth of the groups: black, white, Hispanic, others.
RATES: Final = (0.0112, 0.0046, 0.0049, 0.0053)
SEED: Final = 20
#: The loop may take no less than so many times what ours takes.
FACTOR: Final = 20.0
TIMES: Final = 5
QUICK_TIMES: Final = 41


def smoothing(_: Subject) -> list[Row]:
    """Milliseconds for ``AREAS`` areas by ``len(RATES)`` groups."""
    deaths, births = nation()
    expected = births * (deaths.sum(1) / births.sum(1))[:, None]

    def risks() -> object:
        return [gamma_poisson(top, base) for top, base in zip(deaths, expected, strict=True)]

    def intervals() -> object:
        return rate_interval(deaths, births)

    def shrunk() -> object:
        return marshall(deaths, births)

    return [
        _beside_a_loop("exact intervals, loop", intervals, plain.exact_limits, (deaths, births), 660),
        _beside_a_loop("exact intervals, lean loop", intervals, plain.lean_exact_limits, (deaths, births)),
        _beside_a_loop("empirical Bayes, loop", shrunk, plain.marshall, (deaths, births)),
        _beside_a_loop("gamma-Poisson, loop", risks, plain.gamma_poisson, (deaths, expected), 660),
        _beside_esda(deaths, births),
    ]


def nation(areas: int = AREAS) -> tuple[Array, Array]:
    """Deaths and births, each (groups, areas)."""
    rng = np.random.default_rng(SEED)
    births = np.round(rng.lognormal(5.5, 1.3, (len(RATES), areas))) + 1
    risk = rng.gamma(6.0, 1 / 6.0, births.shape) * np.array(RATES)[:, None]
    deaths = np.minimum(rng.poisson(births * risk), births)
    return deaths.astype(float), births


def _beside_a_loop(
    what: str,
    ours: Callable[[], object],
    loop: Callable[[list[float], list[float]], object],
    counts: tuple[Array, Array],
    areas: int = AREAS,
) -> Row:
    """``loop`` runs over the first ``areas`` of each group."""
    groups = [(top[:areas].tolist(), base[:areas].tolist()) for top, base in zip(*counts, strict=True)]
    times, loops = in_turns(ours, lambda: [loop(top, base) for top, base in groups], TIMES, what)
    whole = 1000 * median(loops) * AREAS / areas
    detail = {"runs": TIMES, "areas": AREAS, "groups": len(RATES), "areas_in_loop": areas}
    return Row(what, 1000 * median(times), whole, "ms", round(whole / FACTOR, 2), detail)


def _beside_esda(deaths: Array, births: Array) -> Row:
    """esda takes one group at a time; its rates are put into one array, as ours are."""
    from esda.smoothing import Empirical_Bayes

    def apart() -> list[Array]:
        return [Empirical_Bayes(top, base).r for top, base in zip(deaths, births, strict=True)]

    def ours() -> object:
        return marshall(deaths, births)

    what = "empirical Bayes, esda"
    times, others = in_turns(ours, lambda: np.hstack(apart()), QUICK_TIMES, what)
    again, bare = in_turns(ours, apart, QUICK_TIMES, what)
    slower = 1000 * median(others)
    detail = {
        "runs": QUICK_TIMES,
        "areas": AREAS,
        "groups": len(RATES),
        "ratio_where_esda_leaves_groups_apart": round(median(bare) / median(again), 2),
    }
    return Row(what, 1000 * median(times), slower, "ms", round(slower, 2), detail)
