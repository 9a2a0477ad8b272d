"""Confidence limits of single counts and shares, before any population is divided by.

Every function takes counts of any shape and a two-sided level, and returns the low and the high limit in
the same shape. NaN in, NaN out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import bdtr, bdtrik, betainc, betaincinv, gammaincinv

from equity.measures._arrays import Array, divide, lower_tail, normal_quantile

#: The publishers (County Health Rankings, NVSS) turn from exact to normal limits at this many deaths.
NORMAL_FROM_DEATHS: Final = 100
#: Halvings of an interval: enough to exhaust double precision.
BISECTIONS: Final = 70


def exact_limits(count: Array, level: float) -> tuple[Array, Array]:
    """Garwood's exact Poisson limits of a count (Garwood 1936, Biometrika 28:437)."""
    tail = lower_tail(level)
    # the limits depend on the count alone, and many areas share few counts
    some, place = np.unique(count, return_inverse=True)
    low = np.where(some > 0, gammaincinv(np.maximum(some, 1e-300), tail), 0.0)
    low, high = np.where(np.isnan(some), np.nan, low), gammaincinv(some + 1, 1 - tail)
    return low[place].reshape(count.shape), high[place].reshape(count.shape)


def byar_limit(count: Array, z: float) -> Array:
    """Byar's approximate limit of a count at the signed normal quantile z (Breslow and Day 1987)."""
    return count * (1 - 1 / (9 * count) + z / (3 * np.sqrt(count))) ** 3


def byar_limits(count: Array, level: float) -> tuple[Array, Array]:
    """Byar's limits: below at the count, above at the count plus one; the low limit is never negative."""
    z = normal_quantile(level)
    some = np.where(count > 0, count, 1.0)
    low = np.where(count > 0, np.maximum(byar_limit(some, -z), 0.0), 0.0)
    return np.where(np.isnan(count), np.nan, low), byar_limit(count + 1, z)


def publisher_limits(count: Array, level: float) -> tuple[Array, Array]:
    """Exact limits below 100 deaths, normal ones from there on: the rule publishers print by."""
    low, high = exact_limits(count, level)
    half = normal_quantile(level) * np.sqrt(count)
    many = count >= NORMAL_FROM_DEATHS
    return np.where(many, count - half, low), np.where(many, count + half, high)


def wilson_limits(part: Array, whole: Array, level: float) -> tuple[Array, Array]:
    """Wilson's score limits of a share (Wilson 1927, JASA 22:209)."""
    z2 = normal_quantile(level) ** 2
    middle = (part + z2 / 2) / (whole + z2)
    half = np.sqrt(z2 * (divide(part * (whole - part), whole, empty=0.0) + z2 / 4)) / (whole + z2)
    # rounding must not move the limits off 0 and 1 where the count is 0 or everything
    low = np.where(part == 0, 0.0, middle - half)
    return low, np.where(part == whole, 1.0, middle + half)


def clopper_pearson_limits(part: Array, whole: Array, level: float) -> tuple[Array, Array]:
    """Exact binomial limits of a share (Clopper and Pearson 1934, Biometrika 26:404)."""
    tail = lower_tail(level)
    rest = whole - part
    low = np.where(part > 0, betaincinv(np.where(part > 0, part, 1.0), rest + 1, tail), 0.0)
    return low, np.where(rest > 0, betaincinv(part + 1, np.where(rest > 0, rest, 1.0), 1 - tail), 1.0)


def binomial_tails(part: Array, whole: Array, share: Array) -> tuple[Array, Array]:
    """Probability of at most and of at least ``part`` of ``whole``, each with chance ``share``.

    By the incomplete beta function, which loads in a tenth of the time of scipy.stats.
    """
    rest = whole - part
    at_most = np.where(rest > 0, betainc(np.where(rest > 0, rest, 1.0), part + 1, 1 - share), 1.0)
    at_least = np.where(part > 0, betainc(np.where(part > 0, part, 1.0), rest + 1, share), 1.0)
    return at_most, at_least


def binomial_quantile(probability: float, whole: Array, share: float) -> Array:
    """Smallest count whose probability of at most, of ``whole`` with this chance, reaches ``probability``."""
    about = np.ceil(np.nan_to_num(bdtrik(probability, np.maximum(whole, 1.0), share)))
    about = np.where(whole > 0, np.maximum(about, 0.0), 0.0)
    # rounding must not lift it past the whole number where the sum is reached
    lower = np.maximum(about - 1, 0.0)
    return np.where(bdtr(lower, whole.astype(np.int64), share) >= probability * (1 - 1e-12), lower, about)


def negative_binomial_at_most(count: Array, shape: Array, share: Array) -> Array:
    """Probability of at most ``count`` under a negative binomial of this shape and success share."""
    return np.where(count >= 0, betainc(shape, np.maximum(np.floor(count), 0.0) + 1, share), 0.0)


def negative_binomial_quantile(probability: float, shape: Array, share: Array) -> Array:
    """Smallest count whose probability of at most reaches ``probability``, by halving whole numbers."""
    mean = shape * (1 - share) / share
    low, high = np.full(mean.shape, -1.0), np.ceil(mean + 40 * np.sqrt(mean / share) + 40)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        reached = negative_binomial_at_most(middle, shape, share) >= probability
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high


def gamma_quantile(tail: float, mean: Array, variance: Array) -> Array:
    """Quantile of the gamma distribution with this mean and variance; 0 where the variance is 0."""
    some = variance > 0
    spread = np.where(some, variance, 1.0)
    centre = np.where(some, mean, 1.0)
    return np.where(some, gammaincinv(centre**2 / spread, tail) * spread / centre, 0.0)


def score_difference_limit(d1: Array, n1: Array, d0: Array, n0: Array, target: float) -> Array:
    """Difference of two Poisson rates at which the score statistic equals ``target``, per one birth.

    A positive target gives the lower limit, a negative one the upper. Births are positive.
    """
    gap = d1 / n1 - d0 / n0
    side = -np.sign(target)
    step = np.abs(target) * np.sqrt(d1 / n1**2 + d0 / n0**2) + target**2 / np.minimum(n1, n0)
    while np.any(short := side * (_score_of_difference(gap + side * step, d1, n1, d0, n0) - target) > 0):
        step = np.where(short, 2 * step, step)
    near, far = gap, gap + side * step
    for _ in range(BISECTIONS):
        middle = (near + far) / 2
        beyond = side * (_score_of_difference(middle, d1, n1, d0, n0) - target) < 0
        near, far = np.where(beyond, near, middle), np.where(beyond, middle, far)
    return (near + far) / 2


def _score_of_difference(delta: Array, d1: Array, n1: Array, d0: Array, n0: Array) -> Array:
    """Score statistic of a given difference, at the rates most likely under it."""
    births, spare = n1 + n0, d1 + d0 - (n1 + n0) * delta
    root = np.sqrt(np.maximum(spare**2 + 4 * births * d0 * delta, 0.0))
    # the two forms of the quadratic's larger root: take the one that does not cancel
    stable = np.where(spare >= 0, spare + root, 1.0)
    rate0 = np.where(
        spare >= 0, stable / (2 * births), -2 * d0 * delta / np.where(spare >= 0, 1.0, spare - root)
    )
    rate0 = np.maximum(rate0, np.maximum(0.0, -delta))
    variance = np.maximum(rate0 + delta, 0.0) / n1 + rate0 / n0
    return divide(d1 / n1 - d0 / n0 - delta, np.sqrt(variance), empty=0.0)
