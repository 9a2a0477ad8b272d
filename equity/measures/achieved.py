"""How far a figure has come toward a target, with the chance in both its start and its latest value."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from equity.measures.targets import percent_of_targeted_change

#: Draws behind an interval: enough for whole percents, few enough to be quick.
DRAWS: Final = 40_000
SEED: Final = 20_330_101


def rate_draws(deaths: float, births: float, per: float = 1000, stream: int = 0) -> NDArray[np.float64]:
    """Plausible true rates behind ``deaths`` in ``births``: (``DRAWS``,) from Gamma(deaths + 1/2, births).

    Source: Jeffreys prior for a Poisson rate. ``stream`` keeps the draws of different cells independent.
    """
    random = np.random.default_rng([SEED, stream])
    return random.gamma(deaths + 0.5, 1.0, DRAWS) / births * per


def achieved_interval(
    start: NDArray[np.float64], latest: NDArray[np.float64], goal: NDArray[np.float64], level: float = 0.95
) -> tuple[float, float]:
    """Interval of the percent of targeted change, 100 (start - latest) / (start - goal).

    ``start``, ``latest`` and ``goal`` are draws of the true values, (n,) each; ``goal`` may depend on the
    start (15 % less) or be constant. Returns the quantiles of the draws, in percent. Source: percent of
    targeted change as in ``targets.percent_of_targeted_change``; interval by simulation.

    >>> achieved_interval(np.full(9, 10.0), np.full(9, 9.0), np.full(9, 8.0))
    (50.0, 50.0)
    """
    share = percent_of_targeted_change(start, latest, goal)
    tail = 50 * (1 - level)
    low, high = np.percentile(share, [tail, 100 - tail])
    return float(low), float(high)
