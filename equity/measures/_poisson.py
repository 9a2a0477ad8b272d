"""The slope of a log-linear Poisson model with one predictor, for many series at once."""

from __future__ import annotations

import numpy as np

from equity.measures._arrays import Array, divide

#: Newton steps; a dozen is the most that was ever needed.
LARGEST_STEPS = 60


def log_slope(deaths: Array, births: Array, x: Array) -> tuple[Array, Array]:
    """Slope of log rate on ``x`` and its standard error, level profiled out.

    ``deaths`` and ``births`` have shape (..., points), ``x`` shape (points,). Both results are NaN where no
    finite slope is most likely: no deaths, one point, or every death at one end of ``x``.

    Source: the Poisson likelihood given the total is multinomial with weights births exp(slope x).
    """
    total = deaths.sum(-1)
    here = np.where(births > 0, x, np.nan)
    first, last = (np.min(np.where(births > 0, x, np.inf), -1), np.max(np.where(births > 0, x, -np.inf), -1))
    centre = divide((deaths * x).sum(-1), total)
    exists = (total > 0) & (first < centre) & (centre < last)
    spread = np.where(exists, last - first, 1.0)
    slope = np.zeros(total.shape)
    shifted = np.where(np.isnan(here) | ~exists[..., None], 0.0, x - np.where(exists, centre, 0.0)[..., None])
    for _ in range(LARGEST_STEPS):
        mean, variance = _moments(births, shifted, slope)
        # a step is held to twice the whole range of x, so that a far start cannot overshoot
        step = np.clip(divide(-mean, variance, empty=0.0), -2 / spread, 2 / spread)
        slope = slope + np.where(exists, step, 0.0)
        if np.all(np.abs(step * spread)[exists] < 1e-13):
            break
    _, variance = _moments(births, shifted, slope)
    error = 1 / np.sqrt(np.where(exists, total * variance, 1.0))
    return np.where(exists, slope, np.nan), np.where(exists, error, np.nan)


def _moments(births: Array, x: Array, slope: Array) -> tuple[Array, Array]:
    """Mean and variance of ``x`` under weights births exp(slope x)."""
    exponent = slope[..., None] * x
    weight = births * np.exp(exponent - exponent.max(-1, keepdims=True))
    weight = divide(weight, weight.sum(-1, keepdims=True), empty=0.0)
    mean = (weight * x).sum(-1)
    return mean, (weight * (x - mean[..., None]) ** 2).sum(-1)
