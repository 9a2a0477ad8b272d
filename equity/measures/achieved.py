"""How far a figure has come toward a target, with the chance in both its start and its latest value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Draws behind an interval: enough for whole percents, few enough to be quick.
DRAWS: Final = 40_000
SEED: Final = 20_330_101
#: How sure a change must be before it is called one. Two-sided 5 %: said falsely at most that often.
SURE: Final = 0.975


@dataclass(frozen=True, slots=True)
class Achieved:
    """Percent of the targeted change achieved, with its interval, and how sure the change is.

    ``percent``, ``low`` and ``high`` in percent (100: target reached, below 0: away from it);
    ``improved`` the probability that the latest true value lies on the target's side of the start's.
    """

    percent: float
    low: float
    high: float
    improved: float


def rate_draws(deaths: float, births: float, per: float = 1000, stream: int = 0) -> NDArray[np.float64]:
    """Plausible true rates behind ``deaths`` in ``births``: (``DRAWS``,) from Gamma(deaths + 1/2, births).

    Source: Jeffreys prior for a Poisson rate. ``stream`` keeps the draws of different cells independent.
    """
    random = np.random.default_rng([SEED, stream])
    return random.gamma(deaths + 0.5, 1.0, DRAWS) / births * per


def achieved(
    start: NDArray[np.float64], latest: NDArray[np.float64], goal: NDArray[np.float64], level: float = 0.95
) -> Achieved:
    """Percent of the targeted change: 100 (start - latest) / (start - goal), as Healthy People defines it.

    ``start``, ``latest`` and ``goal`` are draws of the true values, (n,) each; ``goal`` may depend on the
    start (15 % less) or be constant. The percent is that of the medians, the interval runs between the
    quantiles of the draws. Source: CDC, Healthy People 2030 methods; interval by simulation.

    >>> found = achieved(np.full(9, 10.0), np.full(9, 9.0), np.full(9, 8.0))
    >>> (found.percent, found.low, found.high)
    (50.0, 50.0, 50.0)
    """
    way = start - goal
    share = 100 * (start - latest) / np.where(way == 0, np.nan, way)
    tail = 50 * (1 - level)
    low, high = np.nanpercentile(share, [tail, 100 - tail])
    middle = [float(np.median(draws)) for draws in (start, latest, goal)]
    percent = 100 * (middle[0] - middle[1]) / (middle[0] - middle[2])
    toward = np.sign(middle[0] - middle[2]) * (start - latest)
    return Achieved(percent, float(low), float(high), float(np.mean(toward > 0)))


def judge_change(
    start: NDArray[np.float64],
    latest: NDArray[np.float64],
    goal: NDArray[np.float64],
    years: tuple[float, float],
    due: int,
    last_year: int,
) -> tuple[str, str]:
    """A status word and the code of its reason, from draws of the true values at both ends.

    ``years`` are the middles of the two periods, ``last_year`` the last year of the later one. *Met* needs
    the whole interval at or beyond the goal; *on track* needs a change that is surely one (so that it is
    said falsely at most 1 time in 40 when nothing changes) and whose pace, kept up, reaches the goal by
    ``due``.
    """
    side = np.sign(np.median(start) - np.median(goal))
    beyond = float(np.mean(side * (goal - latest) >= 0))
    improved = float(np.mean(side * (start - latest) > 0))
    if beyond >= SURE:
        return "met", "target_reached"
    if improved <= 1 - SURE:
        return "wrong_way", "clearly_worse"
    if improved < SURE:
        return "no_clear_change", "interval_spans_no_change"
    if due <= last_year:
        return "progress_too_slow", "due_passed"
    pace = (np.median(latest) - np.median(start)) / (years[1] - years[0])
    ahead = np.median(latest) + pace * (due - years[1])
    if side * (np.median(goal) - ahead) >= 0:
        return "on_track", "on_pace"
    return "progress_too_slow", "slower_than_needed"
