"""Access to service by distance: floating catchment areas."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide, read_counts


def catchment(
    supply: ArrayLike,
    demand: ArrayLike,
    distance: ArrayLike,
    threshold: float,
    weights: Mapping[float, float] | None = None,
) -> Array:
    """Slots per household within reach, by the two-step floating catchment area method.

    Sources: Luo and Wang 2003, Environment and Planning B 30:865; Luo and Qi 2009, Health & Place 15:1100.

    Parameters
    ----------
    supply, demand : array_like, shapes (sites,) and (places,)
        Slots at each site, households at each place; NaN gives NaN within its reach.
    distance : array_like, shape (places, sites)
        Minutes or kilometres; NaN or infinity where there is no way.
    threshold : float
        Largest distance that counts, in the unit of ``distance``.
    weights : mapping of distance to weight, optional
        Enhanced form: weight up to each distance, such as {10: 1, 20: 0.68, 30: 0.22}.

    Returns
    -------
    ndarray, shape (places,)
        Slots per household; demand times access sums to the slots that reach anybody.

    Examples
    --------
    >>> catchment([40], [120, 80], [[5], [45]], 30).round(3).tolist()
    [0.333, 0.0]
    """
    counts = *read_counts(supply=supply), *read_counts(demand=demand)
    sites, places = (np.atleast_1d(count) for count in counts)
    reach = _reach(np.atleast_2d(np.asarray(distance, float)), threshold, weights)
    if reach.shape != (shape := (len(places), len(sites))):
        raise ValueError(f"distance must have shape {shape}: places by sites.")
    share = divide(sites, np.where(reach > 0, places[:, None] * reach, 0.0).sum(0), empty=0.0)
    return np.where((reach > 0) @ np.isnan(share), np.nan, reach @ np.nan_to_num(share))


def _reach(distance: Array, threshold: float, weights: Mapping[float, float] | None) -> Array:
    if np.any(distance < 0):
        raise ValueError("A distance cannot be negative.")
    away = np.where(np.isnan(distance), np.inf, distance)
    near = away <= threshold
    if weights is None:
        return near.astype(float)
    limits = sorted(weights)
    steps = np.array([*(weights[limit] for limit in limits), 0.0])
    return np.where(near, steps[np.searchsorted(limits, away)], 0.0)
