"""Series of points along the last axis, where NaN says that a point is not known."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide

#: Moving ranges from the mean to a limit of an individuals chart, and of the ranges themselves.
LIMIT_RANGES: Final = 2.66
RANGE_LIMIT: Final = 3.267


def moving_ranges(values: Array) -> Array:
    """Absolute difference of each point from the one before: one fewer than points, NaN beside a gap."""
    return np.abs(np.diff(values, axis=-1))


def individuals_sigma(values: Array, screen: bool = False) -> tuple[Array, Array]:
    """Sigma of an individuals chart and the mean moving range behind it, NaN with fewer than two points."""
    ranges = moving_ranges(values)
    mean = known_mean(ranges)
    if screen:
        small = ranges < RANGE_LIMIT * mean[..., None]
        # where all points are equal there is nothing to screen
        mean = np.where(mean > 0, divide(np.where(small, ranges, 0.0).sum(-1), small.sum(-1)), mean)
    return LIMIT_RANGES * mean / 3, mean


def read_series(values: ArrayLike) -> Array:
    """Values as float series of at least one point, all of them finite or not known."""
    points = np.atleast_1d(np.asarray(values, float))
    if not points.shape[-1] or np.isinf(points).any():
        raise ValueError("values must hold at least one point, all of them finite.")
    return points


def known_mean(values: Array) -> Array:
    """Mean of what is known; NaN where nothing is."""
    return divide(np.nansum(values, axis=-1), np.isfinite(values).sum(-1))


def known_median(values: Array) -> Array:
    """Median of what is known; NaN where nothing is."""
    known = np.asarray(np.isfinite(values).any(-1, keepdims=True))
    return np.where(known[..., 0], np.nanmedian(np.where(known, values, 0.0), axis=-1), np.nan)


def fit_line(line: ArrayLike, points: Array, name: str) -> Array:
    """A line of a chart at every point; refused if it does not fit the points."""
    try:
        return np.broadcast_to(np.asarray(line, float), points.shape)
    except ValueError:
        raise ValueError(f"{name} must be one number, or one for every point.") from None
