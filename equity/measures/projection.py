"""Where a rate or a gap will be if its yearly pace holds, and how likely it reaches a target.

The pace is that of a log-linear trend. Two answers are given: the plug-in normal one, which needs no prior
and claims too much where deaths are few, and one that integrates over a stated prior of the pace
(``SLOPE_PRIOR``), which is calibrated. Pages use the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc, ndtr

from equity.measures._arrays import Array, divide, lower_tail, read_counts
from equity.measures._pace import Pace, SlopePrior, learn_pace, ratio_below
from equity.measures._poisson import log_slope
from equity.measures._years import middle_years

__all__ = [
    "SLOPE_PRIOR",
    "Projection",
    "SlopePrior",
    "probability_below",
    "probability_of_change",
    "probability_ratio_reaches",
    "probability_reaching",
    "project",
]

#: The stated prior of a yearly pace: even between better and worse, within 5 % a year nearly always.
SLOPE_PRIOR: Final = SlopePrior()


def probability_below(deaths: ArrayLike, births: ArrayLike, target: ArrayLike, per: float = 1) -> Array:
    """Probability that the true rate behind a count is below a target.

    Parameters
    ----------
    deaths, births : array_like, shapes that broadcast
        Counts of one period.
    target : array_like
        Rate for every ``per`` births.
    per : float
        Births that the target is for; 1 by default.

    Returns
    -------
    ndarray
        Probabilities; NaN without births. It is about the rate, not about next year's count.

    Notes
    -----
    Source: Gamma(deaths + 1/2, births), the posterior under Jeffreys' prior of a Poisson rate.

    Examples
    --------
    >>> round(float(probability_below(43, 6150, 0.006)), 4)
    0.1574
    """
    top, base, goal = read_counts(deaths=deaths, births=births, target=target)
    return np.where(base > 0, gammainc(top + 0.5, goal * base / per), np.nan)


def _series(deaths: ArrayLike, births: ArrayLike, years: ArrayLike) -> tuple[Array, Array, Array]:
    """Counts of shape (..., years) with the middle years; every series has births in two of them."""
    top, base = (np.atleast_1d(count) for count in read_counts(deaths=deaths, births=births))
    if not np.isfinite(top + base).all():
        raise ValueError("A year's count is not known: leave the year out of the series.")
    if np.any((base > 0).sum(-1) < 2):
        raise ValueError("A pace needs births in at least two years or windows.")
    return top, base, middle_years(years, top.shape[-1])


def probability_of_change(
    deaths: ArrayLike,
    births: ArrayLike,
    years: ArrayLike,
    relative_change: float,
    horizon: float,
    prior: SlopePrior | None = None,
) -> Array:
    """Probability that the pace, kept for ``horizon`` years, changes the rate by so much or more downward.

    Source: Phi((ln(1 + change) - horizon b) / (horizon se)) of the Poisson slope b; or its posterior.

    Parameters
    ----------
    deaths, births : array_like, shape (..., years)
        Counts by year, or by windows that share none.
    years : array_like, shape (years,) or (years, 2)
    relative_change, horizon : float
        -0.15 is 15 % lower; years.
    prior : SlopePrior, optional
        Without it the normal plug-in answer is given, which is overconfident for few deaths.

    Returns
    -------
    ndarray
        Probabilities; the plug-in one is NaN where deaths allow no slope.

    Examples
    --------
    >>> round(float(probability_of_change([9, 8, 6], [900] * 3, [2021, 2022, 2023], -0.15, 10)), 2)
    0.76
    """
    if relative_change <= -1 or horizon <= 0:
        raise ValueError("relative_change must be above -1 (-0.15 is 15 % lower), horizon above 0.")
    top, base, middle = _series(deaths, births, years)
    log_change = float(np.log1p(relative_change))
    if prior is not None:
        return learn_pace(top, base, middle, prior).probability_change_below(log_change, horizon)
    slope, se = log_slope(top, base, middle)
    return ndtr((log_change - horizon * slope) / (horizon * se))


def probability_reaching(
    deaths: ArrayLike,
    births: ArrayLike,
    years: ArrayLike,
    target: ArrayLike,
    due: float,
    per: float = 1000,
    prior: SlopePrior = SLOPE_PRIOR,
) -> Array:
    """Probability that the rate is at or below a target in a year to come, if the pace holds.

    Source: Poisson log-linear trend, Jeffreys prior of the level, normal prior of the slope, integrated.

    Parameters
    ----------
    deaths, births : array_like, shape (..., years)
        Counts by year or window.
    years : array_like, shape (years,) or (years, 2)
        Single years, or first and last years of windows that share none.
    target : array_like, shape (...)
        Rate for every ``per`` births.
    due, per : float
        Year; births that the target is for.
    prior : SlopePrior
        Prior of the yearly change of the log rate.

    Returns
    -------
    ndarray
        Probabilities about the rate; the count of that year varies more.

    Examples
    --------
    >>> round(float(probability_reaching([9, 8, 6], [900] * 3, [2021, 2022, 2023], 7.0, 2033)), 2)
    0.3
    """
    top, base, middle = _series(deaths, births, years)
    return learn_pace(top, base, middle, prior).probability_rate_below(np.asarray(target, float) / per, due)


def probability_ratio_reaches(
    d1: ArrayLike,
    n1: ArrayLike,
    d0: ArrayLike,
    n0: ArrayLike,
    years: ArrayLike,
    ratio: float,
    years_ahead: float,
    prior: SlopePrior | None = None,
) -> Array:
    """Probability that the ratio of two groups' rates is at or below ``ratio`` some years ahead.

    Source: Phi of the extrapolated log ratio; or both posteriors, a beta given the slopes.

    Parameters
    ----------
    d1, n1, d0, n0 : array_like, shape (..., years)
        Deaths and births of the group and of the reference, by year, or by windows that share none.
    years : array_like, shape (years,) or (years, 2)
    ratio, years_ahead : float
        Ratio to be reached (1 is no gap, and a difference of 0); years after the last year given.
    prior : SlopePrior, optional
        Prior of each group's pace. Without it the normal plug-in answer is given.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> years = [[2010, 2016], [2017, 2023]]
    >>> round(float(probability_ratio_reaches([300, 200], 20_000, [100, 95], 20_000, years, 1, 10)), 2)
    0.42
    """
    group, reference = _series(d1, n1, years), _series(d0, n0, years)
    year = float(np.max(np.asarray(years, float))) + years_ahead
    if prior is not None:
        return ratio_below(learn_pace(*group, prior), learn_pace(*reference, prior), ratio, year)
    (log1, var1), (log0, var0) = (_log_rate_in(*series, year) for series in (group, reference))
    return ndtr((np.log(ratio) - (log1 - log0)) / np.sqrt(var1 + var0))


def _log_rate_in(deaths: Array, births: Array, years: Array, year: float) -> tuple[Array, Array]:
    """Fitted log rate in a year and its variance; at the deaths' own centre level and slope are apart."""
    slope, se = log_slope(deaths, births, years)
    total = deaths.sum(-1)
    centre = divide((deaths * years).sum(-1), total)
    level = np.log(divide(total, (births * np.exp(slope[..., None] * (years - centre[..., None]))).sum(-1)))
    ahead = year - centre
    return level + slope * ahead, divide(1, total) + (se * ahead) ** 2


@dataclass(frozen=True)
class Projection:
    """Median rate and interval by year for every ``per`` births, shapes (..., years)."""

    years: Array
    rate: Array
    low: Array
    high: Array
    per: float
    level: float


def project(
    deaths: ArrayLike,
    births: ArrayLike,
    years: ArrayLike,
    ahead: ArrayLike,
    per: float = 1000,
    level: float = 0.95,
    prior: SlopePrior = SLOPE_PRIOR,
) -> Projection:
    """Rate in each of some years if the pace holds, for a fan chart.

    Source: as `probability_reaching`.

    Parameters
    ----------
    deaths, births : array_like, shape (..., years)
        Counts by year or window.
    years : array_like, shape (years,) or (years, 2)
        Single years, or windows that share none.
    ahead : array_like, shape (m,)
        Years to project to; past years give the fitted line.
    per, level, prior
        As in `probability_reaching`; two-sided level.

    Returns
    -------
    Projection
        ``.rate`` the median, ``.low .high`` the interval of the rate, shape (..., m).

    Examples
    --------
    >>> round(float(project([9, 8, 6], [900] * 3, [2021, 2022, 2023], 2033).rate[0]), 1)
    8.4
    """
    top, base, middle = _series(deaths, births, years)
    pace, when = learn_pace(top, base, middle, prior), np.atleast_1d(np.asarray(ahead, float))
    tail = lower_tail(level)
    low, rate, high = (_path(pace, q, when) * per for q in (tail, 0.5, 1 - tail))
    return Projection(when, rate, low, high, per, level)


def _path(pace: Pace, probability: float, years: Array) -> Array:
    return np.stack([pace.rate_quantile(probability, float(year)) for year in years], axis=-1)
