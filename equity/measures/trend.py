"""Is it rising or falling: log-linear trends of counts, the next count, and the recent-trend marker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from equity.measures._arrays import Array, lower_tail, normal_quantile, read_counts
from equity.measures._limits import negative_binomial_at_most, negative_binomial_quantile
from equity.measures._regression import Fit, fit_log_rates, fit_negative_binomial, fit_poisson
from equity.measures._years import middle_years
from equity.measures.joinpoint import Joinpoint, joinpoint

__all__ = [
    "Joinpoint",
    "NextCount",
    "Trend",
    "TrendMarker",
    "annual_percent_change",
    "joinpoint",
    "loglinear",
    "next_count_interval",
    "trend_marker",
]

FAMILIES: Final = {
    "poisson": fit_poisson,
    "negative_binomial": fit_negative_binomial,
    "log_wls": fit_log_rates,
}
#: The marker looks at the last five points and asks for this chi-square (p = 0.002).
MARKER_POINTS: Final = 5
MARKER_CHI2: Final = 9.54953570608324


def annual_percent_change(slope: ArrayLike) -> Array:
    """Percent a year that a slope of the log rate stands for.

    Parameters
    ----------
    slope : array_like
        Change of the log rate a year.

    Returns
    -------
    ndarray
        100 (exp(slope) - 1); its negative is UNICEF's average annual rate of reduction.

    Notes
    -----
    Source: definition; UNICEF 2007, technical note on the average annual rate of reduction.

    Examples
    --------
    >>> round(float(annual_percent_change(-0.06613)), 2)
    -6.4
    """
    return np.asarray(100 * np.expm1(np.asarray(slope, float)))


@dataclass(frozen=True)
class Trend:
    """A log-linear trend; ``apc low high`` in percent a year, the rest on the log scale.

    ``intercept`` is the log rate (per one birth) in the year ``centre``; ``scatter`` is Pearson's chi-square
    over its degrees of freedom, 1 when counts scatter as Poisson counts do; ``extra_p`` tests for more.
    """

    slope: Array
    se: Array
    apc: Array
    low: Array
    high: Array
    intercept: Array
    centre: float
    deviance: Array
    scatter: Array
    extra_p: Array
    family: str
    level: float


def loglinear(
    deaths: ArrayLike,
    births: ArrayLike,
    years: ArrayLike,
    family: str = "poisson",
    level: float = 0.95,
    interval: str = "wald",
    centre: float | None = None,
) -> Trend:
    """Yearly change of a rate by a log-linear model. Source: Poisson and NB2 regression, births as offset.

    Parameters
    ----------
    deaths, births : array_like, shape (..., years)
        Counts by year, or by windows that share none.
    years : array_like, shape (years,) or (years, 2)
    family : {"poisson", "negative_binomial", "log_wls"}
        Counts; counts that scatter more; or least squares of log rates weighted by deaths, as Joinpoint
        (National Cancer Institute) does: zeros are refused and its error can be far too small.
    level, interval, centre
        Two-sided level; "wald" or "profile" (Poisson only); year of the intercept (default the middle).

    Returns
    -------
    Trend
        ``.slope .se .apc .low .high``. No slope: NaN among many series, for one series a ValueError.

    Examples
    --------
    >>> round(float(loglinear([62, 55, 49, 41], [6900, 6700, 6500, 6200], [2010, 2014, 2018, 2022]).apc), 2)
    -2.45
    """
    if family not in FAMILIES or interval not in ("wald", "profile"):
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, interval wald or profile.")
    top, base = (np.atleast_1d(count) for count in read_counts(deaths=deaths, births=births))
    middle = middle_years(years, top.shape[-1])
    origin = float(middle.mean()) if centre is None else centre
    fit = FAMILIES[family](top, base, middle - origin)
    return _trend(fit, origin, family, level, interval)


def _trend(fit: Fit, centre: float, family: str, level: float, interval: str) -> Trend:
    if fit.slope.ndim == 0 and np.isnan(fit.slope):
        raise ValueError("No trend can be fitted: it needs deaths in more than one year, not all at one end.")
    quantile = normal_quantile(level) if fit.df is None else stdtrit(fit.df, 1 - lower_tail(level))
    low, high = fit.slope - quantile * fit.se, fit.slope + quantile * fit.se
    if interval == "profile":
        if fit.profile is None:
            raise ValueError("A profile interval is available for the poisson family only.")
        low, high = fit.profile(normal_quantile(level) ** 2)
    apc, lower, upper = (annual_percent_change(slope) for slope in (fit.slope, low, high))
    return Trend(
        slope=fit.slope, se=fit.se, apc=apc, low=lower, high=upper, intercept=fit.intercept, centre=centre,
        deviance=fit.deviance, scatter=fit.scatter, extra_p=fit.extra_p, family=family, level=level,
    )  # fmt: skip


@dataclass(frozen=True)
class NextCount:
    """Interval of a count to come, in whole deaths, and what it rests on."""

    low: Array
    high: Array
    expected: Array
    p_zero: Array
    level: float
    shape: Array
    share: Array

    def probability_at_most(self, count: ArrayLike) -> Array:
        """Probability of this count or a lower one. Source: the same negative binomial."""
        return np.asarray(negative_binomial_at_most(np.asarray(count, float), self.shape, self.share))

    def ordinary(self, count: ArrayLike) -> Array:
        """True where a count lies inside the interval: chance alone explains it."""
        seen = np.asarray(count, float)
        return np.asarray((self.low <= seen) & (seen <= self.high))


def next_count_interval(
    deaths: ArrayLike, births: ArrayLike, births_next: ArrayLike, level: float = 0.95
) -> NextCount:
    """Counts that would be ordinary next time if the rate stays as it is.

    Parameters
    ----------
    deaths, births : array_like, shapes that broadcast
        Counts of the period seen.
    births_next : array_like
        Births of the period to come.
    level : float
        Two-sided level; the interval holds at least so much.

    Returns
    -------
    NextCount
        ``.low .high .expected .p_zero``, and ``.ordinary(count)`` to judge a count that came.

    Notes
    -----
    Source: negative binomial with size deaths + 1/2, probability births / (births + births_next): the
    Poisson predictive distribution under Jeffreys' prior.

    Examples
    --------
    >>> found = next_count_interval(16, 2000, 2000)
    >>> int(found.low), int(found.high), bool(found.ordinary(4))
    (7, 29, False)
    """
    top, base, coming = read_counts(deaths=deaths, births=births, births_next=births_next)
    if np.any(base == 0) or np.isnan(top + base + coming).any():
        raise ValueError("The next count needs known deaths and at least one birth in the period seen.")
    tail, shape, share = lower_tail(level), top + 0.5, base / (base + coming)
    low, high = (negative_binomial_quantile(q, shape, share) for q in (tail, 1 - tail))
    return NextCount(low, high, shape * coming / base, share**shape, level, shape, share)


@dataclass(frozen=True)
class TrendMarker:
    """``marker``: increasing, decreasing, no_clear_change or cannot_be_calculated; slope a point; chi2."""

    marker: np.ndarray
    slope: Array
    chi2: Array


def trend_marker(values: ArrayLike, low: ArrayLike, high: ArrayLike) -> TrendMarker:
    """Recent-trend marker over the last five points that do not overlap.

    Parameters
    ----------
    values, low, high : array_like, shape (..., points)
        Values with 95 % limits at equal steps of time, in any unit.

    Returns
    -------
    TrendMarker
        Marked only if chi-square passes 9.55 and every four of the five points slope the same way. With
        fewer than five points, or a point without limits, it cannot be calculated (slope and chi2 NaN).

    Notes
    -----
    Source: Office for Health Improvement and Disparities, Fingertips recent trends.

    Examples
    --------
    >>> str(trend_marker([7, 8, 9, 10, 11], [6.5, 7.5, 8.5, 9.5, 10.5], [7.5, 8.5, 9.5, 10.5, 11.5]).marker)
    'increasing'
    """
    value, lower, upper = np.broadcast_arrays(*(_last_points(x) for x in (values, low, high)))
    usable = np.isfinite(value) & (upper > lower)
    able = usable.all(-1)
    weight = np.where(usable, (3.92 / np.where(usable, upper - lower, 1.0)) ** 2, 1.0)
    slope, information = _weighted_slope(np.where(usable, value, 0.0), weight)
    without = [
        _weighted_slope(np.delete(np.where(usable, value, 0.0), i, -1), np.delete(weight, i, -1), i)[0]
        for i in range(MARKER_POINTS)
    ]
    steady = np.all(np.sign(without) == np.sign(slope), axis=0)
    chi2 = slope**2 * information
    word = np.where(slope > 0, "increasing", "decreasing")
    word = np.where(steady & (chi2 > MARKER_CHI2), word, "no_clear_change")
    slope, chi2 = (np.where(able, x, np.nan) for x in (slope, chi2))
    return TrendMarker(np.where(able, word, "cannot_be_calculated"), slope, chi2)


def _last_points(values: ArrayLike) -> Array:
    """The last five points, not known where there are fewer."""
    points = np.atleast_1d(np.asarray(values, float))[..., -MARKER_POINTS:]
    short = [(0, 0)] * (points.ndim - 1) + [(MARKER_POINTS - points.shape[-1], 0)]
    return np.pad(points, short, constant_values=np.nan)


def _weighted_slope(value: Array, weight: Array, left_out: int | None = None) -> tuple[Array, Array]:
    points = np.arange(value.shape[-1] + (left_out is not None), dtype=float)
    x = points if left_out is None else np.delete(points, left_out)
    centred = x - (weight * x).sum(-1, keepdims=True) / weight.sum(-1, keepdims=True)
    information = (weight * centred**2).sum(-1)
    return (weight * centred * value).sum(-1) / information, information
