"""Control charts: is a process changing, or only scattering as it always has?

Points run along the last axis in the order of time. NaN in an array says "no value": nothing was counted at
that point, or it is not known. Charts of days or births between deaths print single deaths: they are for
those who may see them, and never published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide, read_counts
from equity.measures._patterns import RULE_SETS
from equity.measures._series import (
    RANGE_LIMIT,
    individuals_sigma,
    known_mean,
    known_median,
    moving_ranges,
    read_series,
)
from equity.measures.runs import RunChart, RunLimits, RunSignals, run_chart, run_limits, run_rules

__all__ = [
    "RULE_SETS",
    "Chart",
    "RangeChart",
    "RunChart",
    "RunLimits",
    "RunSignals",
    "g_chart",
    "p_chart",
    "run_chart",
    "run_limits",
    "run_rules",
    "t_chart",
    "u_chart",
    "xmr_chart",
]

#: Mean of the range of two normal values in standard deviations.
RANGE_OF_TWO: Final = 1.128
#: Share of points below the low and below the high limit where limits are quantiles: those of three sigma.
TAILS: Final = (0.00135, 0.99865)
#: Nelson's power that turns exponential waiting times into nearly normal ones.
NELSON: Final = 1 / 3.6


@dataclass(frozen=True)
class Chart:
    """Points and their limits along the last axis, in the unit of the points.

    ``centre low high`` have the points' shape; ``mean`` and ``spread`` have one value for each series.
    ``spread`` is Laney's sigma z: 1 where points scatter as chance alone would have them, NaN where the
    chart has no such measure.
    """

    values: Array
    centre: Array
    low: Array
    high: Array
    mean: Array
    spread: Array
    limits: str


def p_chart(x: ArrayLike, n: ArrayLike, laney: bool = False, least_spread: float = 0.0) -> Chart:
    """Chart of a share over time (enrolled of referred, screened of enrolled).

    Parameters
    ----------
    x, n : array_like, shape (..., points)
        Counts, x at most n.
    laney : bool
        Widen or narrow the limits by how points really scatter: the p' chart, for large n.
    least_spread : float
        Smallest sigma z that Laney's limits use; 1 keeps them from narrowing.

    Returns
    -------
    Chart
        Shares from 0 to 1; limits three standard errors from the mean, within 0 and 1. NaN where n is zero.

    Notes
    -----
    Sources: Montgomery 2013, Statistical Quality Control, section 7.3; Laney 2002, Quality Engineering
    14:531.

    Examples
    --------
    >>> found = p_chart([5, 7, 6], [10, 10, 10])
    >>> round(float(found.centre[0]), 2), round(float(found.high[0]), 4)
    (0.6, 1.0)
    """
    part, whole = _points(x=x, n=n)
    if np.any(part > whole):
        raise ValueError("x cannot be more than n: a part is larger than its whole.")
    mean = _pooled(part, whole)
    return _share_chart(part, whole, np.sqrt(mean * (1 - mean)), 1.0, (laney, least_spread))


def u_chart(
    x: ArrayLike, n: ArrayLike, per: float = 1.0, laney: bool = False, least_spread: float = 0.0
) -> Chart:
    """Chart of a rate over time (deaths per births, missed visits per visit planned).

    Parameters
    ----------
    x, n : array_like, shape (..., points)
        Events, and births or visits that they are counted in; x may exceed n.
    per : float
        Births or visits that the rate is for.
    laney, least_spread
        As in `p_chart`: the u' chart.

    Returns
    -------
    Chart
        Rates for every ``per``; limits three standard errors from the mean, not below 0. NaN where n is zero.

    Notes
    -----
    With fewer than about 5 events at a point the low limit is 0 and alarms are false: use `g_chart`.
    Sources: Montgomery 2013, section 7.3.2; Laney 2002, Quality Engineering 14:531.

    Examples
    --------
    >>> found = u_chart([9, 12, 15], [1000, 1000, 1000], per=1000)
    >>> round(float(found.centre[0]), 1), round(float(found.high[0]), 2)
    (12.0, 22.39)
    """
    part, whole = _points(x=x, n=n)
    return _share_chart(part, whole, np.sqrt(_pooled(part, whole)), np.inf, (laney, least_spread), per)


def _share_chart(
    part: Array, whole: Array, sigma: Array, most: float, laney: tuple[bool, float], per: float = 1.0
) -> Chart:
    """Chart of part over whole with standard error ``sigma`` for one of the whole."""
    values, mean = divide(part, whole), _pooled(part, whole)
    error = divide(sigma, np.sqrt(whole))
    ranges = moving_ranges(divide(values - mean, error))
    spread = known_mean(ranges) / RANGE_OF_TWO
    wide, least_spread = laney
    factor = np.maximum(spread, least_spread)[..., None] if wide else 1.0
    half = np.where(error > 0, 3 * error * factor, error)
    low, high = (np.clip(mean + side * half, 0.0, most) for side in (-1, 1))
    centre = np.where(np.isnan(values), np.nan, mean)
    name = "laney" if wide else "three_sigma"
    return Chart(per * values, per * centre, per * low, per * high, per * mean[..., 0], spread, name)


def g_chart(gaps: ArrayLike, centre: str = "median", limits: str = "three_sigma") -> Chart:
    """Chart of births (or families) between rare events, where a p or u chart would be all zeros.

    Parameters
    ----------
    gaps : array_like, shape (..., points)
        Births between one death and the next, zero where two are in a row.
    centre : {"median", "mean"}
        Centre line; the median has as many points above as below.
    limits : {"three_sigma", "probability"}
        Benneyan's mean and three standard deviations, or quantiles of the geometric distribution with that
        mean (0.135, 50 and 99.865 %); these quantiles bring a centre of their own.

    Returns
    -------
    Chart
        In births; the low limit is never below 0. High points are good news: deaths have become rarer.

    Notes
    -----
    Sources: Benneyan 2001, Health Care Management Science 4:305; Provost and Murray 2011, The Health Care
    Data Guide, chapter 7.

    Examples
    --------
    >>> found = g_chart([74, 12, 160])
    >>> float(found.centre[0]), round(float(found.high[0]), 2)
    (74.0, 329.5)
    """
    (values,) = _points(gaps=gaps)
    mean = known_mean(values)
    if limits == "probability":
        quantiles = [np.where(np.isnan(mean), np.nan, _geometric(q, mean)) for q in (TAILS[0], 0.5, TAILS[1])]
        return _flat_chart(values, quantiles, mean, limits)
    _choose("limits", limits, ("three_sigma", "probability"))
    _choose("centre", centre, ("median", "mean"))
    half = 3 * np.sqrt(mean * (mean + 1))
    middle = mean if centre == "mean" else known_median(values)
    return _flat_chart(values, (np.maximum(mean - half, 0.0), middle, mean + half), mean, limits)


def t_chart(days: ArrayLike, limits: str = "nelson") -> Chart:
    """Chart of days between rare events.

    Parameters
    ----------
    days : array_like, shape (..., points)
        Days between one event and the next, above zero for Nelson's limits.
    limits : {"nelson", "probability"}
        Nelson's power of 1/3.6 and an individuals chart, turned back; or quantiles of the exponential
        distribution with the same mean, which hold with few points and with zero days too.

    Returns
    -------
    Chart
        In days. High points are good news: events have become rarer.

    Notes
    -----
    Source: Nelson 1994, Journal of Quality Technology 26:239; with few points his high limit is very high.

    Examples
    --------
    >>> found = t_chart([21, 4, 47, 11, 63], limits="probability")
    >>> [round(float(line[0]), 2) for line in (found.low, found.centre, found.high)]
    [0.04, 20.24, 192.94]
    """
    (values,) = _points(days=days)
    mean = known_mean(values)
    if limits == "probability":
        quantiles = (-mean * np.log1p(-q) for q in (TAILS[0], 0.5, TAILS[1]))
        return _flat_chart(values, quantiles, mean, limits)
    _choose("limits", limits, ("nelson", "probability"))
    if np.any(values == 0):
        raise ValueError("days must be above zero for Nelson's limits; ask for limits='probability' instead.")
    power = values**NELSON
    middle, half = known_mean(power), 3 * known_mean(moving_ranges(power)) / RANGE_OF_TWO
    lines = (np.maximum(middle + side * half, 0.0) ** (1 / NELSON) for side in (-1, 0, 1))
    return _flat_chart(values, lines, mean, limits)


@dataclass(frozen=True)
class RangeChart(Chart):
    """An individuals chart with its moving ranges; ``range_mean range_high`` have one value for each series.

    The first moving range is NaN: it has no point before it.
    """

    ranges: Array
    range_mean: Array
    range_high: Array


def xmr_chart(values: ArrayLike, screen: bool = False) -> RangeChart:
    """Individuals and moving range chart: any measure over time, one value at a point.

    Parameters
    ----------
    values : array_like, shape (..., points)
        Values in any unit; they may be negative.
    screen : bool
        Leave moving ranges above their own limit out of the mean, once, as the NHS does.

    Returns
    -------
    RangeChart
        Limits 2.66 mean moving ranges from the mean; ranges with their high limit of 3.267 times their mean.

    Notes
    -----
    Sources: Wheeler 2003, Making Sense of Data; NHS England, Making Data Count, NHSRplotthedots.

    Examples
    --------
    >>> found = xmr_chart([10, 12, 11, 13])
    >>> round(float(found.low[0]), 2), round(float(found.high[0]), 2), round(float(found.range_high), 2)
    (7.07, 15.93, 5.45)
    """
    points = read_series(values)
    mean, ranges = known_mean(points), moving_ranges(points)
    sigma, range_mean = individuals_sigma(points, screen)
    lines = (mean - 3 * sigma, mean, mean + 3 * sigma)
    flat = _flat_chart(points, lines, mean, "screened" if screen else "three_sigma")
    first = np.full((*points.shape[:-1], 1), np.nan)
    ranges = np.concatenate([first, ranges], axis=-1)
    return RangeChart(**vars(flat), ranges=ranges, range_mean=range_mean, range_high=RANGE_LIMIT * range_mean)


def _flat_chart(values: Array, lines: Iterable[Array], mean: Array, limits: str) -> Chart:
    """Chart whose low, centre and high line are the same at every point of a series."""
    low, centre, high = (np.broadcast_to(line[..., None], values.shape).copy() for line in lines)
    return Chart(values, centre, low, high, mean, np.full(mean.shape, np.nan), limits)


def _points(**given: ArrayLike) -> list[Array]:
    """Read counts as series of at least one point; what is not known in one is not known in all."""
    counts = [np.atleast_1d(count) for count in read_counts(**given)]
    if not counts[0].shape[-1]:
        raise ValueError(f"{' and '.join(given)} must hold at least one point.")
    unknown = np.isnan(counts).any(axis=0)
    return [np.where(unknown, np.nan, count) for count in counts]


def _choose(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise ValueError(f"{name} must be {' or '.join(allowed)}; it is {given!r}.")


def _pooled(part: Array, whole: Array) -> Array:
    """All of the part over all of the whole, along the last axis, which is kept."""
    return divide(np.nansum(part, axis=-1, keepdims=True), np.nansum(whole, axis=-1, keepdims=True))


def _geometric(share: float, mean: Array) -> Array:
    """Quantile of the geometric distribution of births before a death, with this mean."""
    chance = 1 / (np.nan_to_num(mean) + 1)
    with np.errstate(divide="ignore"):  # a mean of zero: every birth is a death, and the quantile is zero
        trials = np.log1p(-share) / np.log1p(-chance)
    # rounding must not push a whole number of births to the next
    return np.maximum(np.ceil(trials * (1 - 1e-12)) - 1, 0.0)
