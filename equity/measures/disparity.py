"""How far one group is from another: ratio, difference, excess, and what a change of the gap means.

Group 1 is the group looked at, group 0 the reference. Arrays go in and come out; NaN says "no value"
(no births in a group, or a count not known). Infinity appears only as a limit, or as the ratio against a
reference without deaths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtr

from equity.measures._arrays import Array, divide, lower_tail, normal_quantile, read_counts
from equity.measures._limits import binomial_tails, score_difference_limit
from equity.measures.gaps import GapChange, equity_score, levelling_down, shares
from equity.measures.inequality import Estimate, Inequality, inequality

__all__ = [
    "Difference",
    "Estimate",
    "Excess",
    "Fraction",
    "GapChange",
    "Inequality",
    "Ratio",
    "attributable_fraction",
    "equity_score",
    "excess_deaths",
    "inequality",
    "levelling_down",
    "rate_difference",
    "rate_ratio",
    "shares",
]


@dataclass(frozen=True)
class Ratio:
    """Rate of group 1 over the rate of group 0, its limits, and the p-value of no difference."""

    ratio: Array
    low: Array
    high: Array
    p: Array
    level: float
    method: str


def rate_ratio(
    d1: ArrayLike, n1: ArrayLike, d0: ArrayLike, n0: ArrayLike, level: float = 0.95, method: str = "exact"
) -> Ratio:
    """Ratio of two rates of few events.

    Parameters
    ----------
    d1, n1, d0, n0 : array_like, shapes that broadcast
        Deaths and births of the group, deaths and births of the reference.
    level : float
        Two-sided level.
    method : {"exact", "score"}
        Exact conditional limits with the central p-value, or score limits, which are shorter.

    Returns
    -------
    Ratio
        ``.ratio .low .high .p``; the upper limit is infinite where the reference has no deaths.

    Notes
    -----
    Sources: exact, Clopper-Pearson limits of d1 given d1 + d0 (Przyborowski and Wilenski 1940, Biometrika
    31:313); score, the roots of (d1 - r k d0)^2 = z^2 r k (d1 + d0), k = n1 / n0 (Graham, Mengersen and
    Morton 2003, Statistics in Medicine 22:2071).

    Examples
    --------
    >>> found = rate_ratio(174, 12865, 38, 8544, method="score")
    >>> [round(float(x), 2) for x in (found.ratio, found.low, found.high)]
    [3.04, 2.14, 4.31]
    """
    if method not in ("exact", "score"):
        raise ValueError(f"method must be exact or score; it is {method!r}.")
    return _ratio(_Pair(*read_counts(d1=d1, n1=n1, d0=d0, n0=n0)), level, method)


class _Pair(NamedTuple):
    """Deaths and births of the group (1) and of the reference (0), in one shape."""

    d1: Array
    n1: Array
    d0: Array
    n0: Array


def _ratio(pair: _Pair, level: float, method: str) -> Ratio:
    low, high, p = (_exact_ratio if method == "exact" else _score_ratio)(pair, level)
    ratio = divide(pair.d1 * pair.n0, pair.d0 * pair.n1, empty=np.inf)
    ratio = np.where((pair.d1 == 0) & (pair.d0 == 0), np.nan, ratio)
    known = (pair.n1 > 0) & (pair.n0 > 0) & np.isfinite(pair.d1 + pair.d0)
    ratio, low, high, p = (np.where(known, x, np.nan) for x in (ratio, low, high, p))
    return Ratio(ratio, low, high, p, level, method)


def _exact_ratio(pair: _Pair, level: float) -> tuple[Array, Array, Array]:
    d1, n1, d0, n0 = pair
    tail = lower_tail(level)
    part_low = np.where(d1 > 0, betaincinv(np.where(d1 > 0, d1, 1.0), d0 + 1, tail), 0.0)
    part_high = np.where(d0 > 0, betaincinv(d1 + 1, np.where(d0 > 0, d0, 1.0), 1 - tail), 1.0)
    scale = divide(n0, n1)
    low, high = (scale * divide(part, 1 - part, empty=np.inf) for part in (part_low, part_high))
    at_most, at_least = binomial_tails(d1, d1 + d0, divide(n1, n1 + n0))
    return low, high, np.minimum(2 * np.minimum(at_most, at_least), 1.0)


def _score_ratio(pair: _Pair, level: float) -> tuple[Array, Array, Array]:
    d1, n1, d0, n0 = pair
    z2, k, total = normal_quantile(level) ** 2, divide(n1, n0), d1 + d0
    # a r^2 - 2 b r + c = 0
    a, b, c = (k * d0) ** 2, k * d0 * d1 + z2 * k * total / 2, d1**2
    root = np.sqrt(np.maximum(b**2 - a * c, 0.0))
    low = np.where(total > 0, divide(c, b + root), 0.0)
    z = divide(d1 - k * d0, np.sqrt(k * total), empty=0.0)
    return low, divide(b + root, a, empty=np.inf), 2 * ndtr(-np.abs(z))


@dataclass(frozen=True)
class Difference:
    """Rate of group 1 minus the rate of group 0 for every ``per`` births, with score limits."""

    difference: Array
    low: Array
    high: Array
    per: float
    level: float


def rate_difference(
    d1: ArrayLike, n1: ArrayLike, d0: ArrayLike, n0: ArrayLike, per: float = 1000, level: float = 0.95
) -> Difference:
    """Difference of two rates of few events, with score limits.

    Parameters
    ----------
    d1, n1, d0, n0 : array_like, shapes that broadcast
        Deaths and births of the group, deaths and births of the reference.
    per : float
        Births that the rates are for.
    level : float
        Two-sided level.

    Returns
    -------
    Difference
        ``.difference .low .high`` for every ``per`` births.

    Notes
    -----
    Source: score test against the rates most likely under each difference (Miettinen and Nurminen 1985,
    Statistics in Medicine 4:213, Poisson form, without their variance correction).

    Examples
    --------
    >>> round(float(rate_difference(174, 12865, 38, 8544).difference), 4)
    9.0775
    """
    deaths1, births1, deaths0, births0 = read_counts(d1=d1, n1=n1, d0=d0, n0=n0)
    z = normal_quantile(level)
    gap = divide(deaths1, births1) - divide(deaths0, births0)
    known = np.isfinite(gap)
    a, m, b, n = (np.where(known, count, 1.0) for count in (deaths1, births1, deaths0, births0))
    low, high = (np.where(known, score_difference_limit(a, m, b, n, target), np.nan) for target in (z, -z))
    return Difference(per * gap, per * low, per * high, per, level)


@dataclass(frozen=True)
class Excess:
    """Deaths of group 1 above (or, negative, below) what the reference's rate would give."""

    excess: Array
    low: Array
    high: Array
    level: float


def excess_deaths(d1: ArrayLike, n1: ArrayLike, d0: ArrayLike, n0: ArrayLike, level: float = 0.95) -> Excess:
    """Deaths of group 1 above what the rate of group 0 would give.

    Parameters
    ----------
    d1, n1, d0, n0 : array_like, shapes that broadcast
        Deaths and births of the group, deaths and births of the reference.
    level : float
        Two-sided level.

    Returns
    -------
    Excess
        ``.excess .low .high`` in deaths; normal limits with both counts Poisson.

    Notes
    -----
    Source: d1 - n1 d0 / n0 with variance d1 + (n1 / n0)^2 d0 (delta method; the difference is linear).

    Examples
    --------
    >>> round(float(excess_deaths(174, 12865, 38, 8544).excess), 2)
    116.78
    """
    deaths1, births1, deaths0, births0 = read_counts(d1=d1, n1=n1, d0=d0, n0=n0)
    k = divide(births1, births0)
    excess = np.where(births1 > 0, deaths1 - k * deaths0, np.nan)
    half = normal_quantile(level) * np.sqrt(deaths1 + k**2 * deaths0)
    return Excess(excess, excess - half, excess + half, level)


@dataclass(frozen=True)
class Fraction:
    """Share of group 1's deaths above the reference's rate; 0 is none, 0.5 is half of them."""

    fraction: Array
    low: Array
    high: Array
    level: float


def attributable_fraction(
    d1: ArrayLike,
    n1: ArrayLike,
    d0: ArrayLike,
    n0: ArrayLike,
    level: float = 0.95,
    nested: bool = False,
) -> Fraction:
    """Share of group 1's deaths that would not occur at the rate of group 0: 1 - 1 / ratio.

    Parameters
    ----------
    d1, n1, d0, n0 : array_like, shapes that broadcast
        Deaths and births of the group, deaths and births of the reference.
    level : float
        Two-sided level.
    nested : bool
        True where group 1 includes group 0 (everybody against the best group): the interval then comes
        from the rest against group 0, as the two counts share deaths.

    Returns
    -------
    Fraction
        ``.fraction .low .high``; negative where group 1 fares better, down to minus infinity.

    Notes
    -----
    Source: Miettinen 1974, American Journal of Epidemiology 99:325; limits of the exact rate ratio.

    Examples
    --------
    >>> round(100 * float(attributable_fraction(232, 23617, 38, 8544, nested=True).fraction), 2)
    54.72
    """
    pair = _Pair(*read_counts(d1=d1, n1=n1, d0=d0, n0=n0))
    if nested:
        return _nested_fraction(pair, level)
    return _fraction(_ratio(pair, level, "exact"), np.zeros(()))


def _nested_fraction(pair: _Pair, level: float) -> Fraction:
    d1, n1, d0, n0 = pair
    if np.any(d0 > d1) or np.any(n0 > n1):
        raise ValueError(
            "With nested=True group 1 includes group 0, so it cannot have fewer deaths or births."
        )
    own = divide(n0, n1)
    return _fraction(_ratio(_Pair(d1 - d0, n1 - n0, d0, n0), level, "exact"), own)


def _fraction(found: Ratio, own: Array) -> Fraction:
    # the ratio of the whole is a mean of the reference (ratio 1) and the rest, weighted by births
    wholes = (own + (1 - own) * ratio for ratio in (found.ratio, found.low, found.high))
    fraction, low, high = (1 - divide(1, whole, empty=np.inf) for whole in wholes)
    return Fraction(fraction, low, high, found.level)
