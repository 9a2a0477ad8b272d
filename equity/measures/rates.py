"""Rates of few events, with intervals that hold for few events.

A rate is deaths for every ``per`` births. Intervals are Poisson: births are taken as known. NaN in an
array says "no value": there are no births, or a count is not known. A count of zero is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from equity.measures._arrays import Array, divide, lower_tail, read_counts
from equity.measures._limits import (
    byar_limits,
    clopper_pearson_limits,
    exact_limits,
    gamma_quantile,
    publisher_limits,
    wilson_limits,
)


@dataclass(frozen=True)
class Rate:
    """Rates and their limits, each an array of the areas' shape, for every ``per`` births."""

    rate: Array
    low: Array
    high: Array
    per: float
    level: float
    method: str


def rate_interval(
    deaths: ArrayLike, births: ArrayLike, per: float = 1000, level: float = 0.95, method: str = "exact"
) -> Rate:
    """Rate and its Poisson interval.

    Parameters
    ----------
    deaths, births : array_like, shapes that broadcast
        Counts; births may be any size of population at risk.
    per : float
        Births that the rate is for.
    level : float
        Two-sided level of the interval.
    method : {"exact", "byar", "publisher"}
        Garwood's exact limits; Byar's approximation; or exact below 100 deaths and normal from there on,
        the rule that County Health Rankings prints by.

    Returns
    -------
    Rate
        ``.rate .low .high``, NaN where births are zero or a count is not known.

    Notes
    -----
    Sources: Garwood 1936, Biometrika 28:437; Breslow and Day 1987, Statistical Methods in Cancer Research
    II, eq. 2.13; National Vital Statistics Reports, technical notes (normal limits from 100 deaths).

    Examples
    --------
    >>> found = rate_interval(3, 412)
    >>> round(float(found.low), 2), round(float(found.high), 2)
    (1.5, 21.28)
    """
    if method not in _LIMITS:
        raise ValueError(f"method must be one of {', '.join(_LIMITS)}; it is {method!r}.")
    top, base = read_counts(deaths=deaths, births=births)
    low, high = _LIMITS[method](top, level)
    rate, lower, upper = (divide(per * limit, base) for limit in (top, low, high))
    return Rate(rate, lower, upper, per, level, method)


_LIMITS: Final[Mapping[str, Callable[[Array, float], tuple[Array, Array]]]] = {
    "exact": exact_limits,
    "byar": byar_limits,
    "publisher": publisher_limits,
}


def relative_width(deaths: ArrayLike, births: ArrayLike, level: float = 0.95) -> Array:
    """Width of the exact interval as a percentage of the rate.

    Parameters
    ----------
    deaths, births : array_like, shapes that broadcast
        Counts.
    level : float
        Two-sided level of the interval.

    Returns
    -------
    ndarray
        100 (high - low) / rate in percent: infinite where there were no deaths, NaN where no births.

    Notes
    -----
    Source: National Center for Health Statistics 2023, Data Presentation Standards for Rates and Counts,
    Vital and Health Statistics 2(200).

    Examples
    --------
    >>> round(float(relative_width(20, 2500)), 1)
    93.4
    """
    found = rate_interval(deaths, births, per=1, level=level)
    return divide(100 * (found.high - found.low), found.rate, empty=np.inf)


def relative_standard_error(deaths: ArrayLike, births: ArrayLike) -> Array:
    """Relative standard error of an infant mortality rate, as national reports print it.

    Parameters
    ----------
    deaths, births : array_like, shapes that broadcast
        Counts.

    Returns
    -------
    ndarray
        100 sqrt(1/deaths + 1/births) in percent: infinite without deaths, NaN without births.

    Notes
    -----
    Source: National Vital Statistics Reports, technical notes on linked birth and infant death files.

    Examples
    --------
    >>> round(float(relative_standard_error(20, 2500)), 2)
    22.45
    """
    top, base = read_counts(deaths=deaths, births=births)
    return 100 * np.sqrt(divide(1, top, empty=np.inf) + divide(1, base))


@dataclass(frozen=True)
class PooledRate:
    """One rate over several periods, and whether the periods differ by more than chance."""

    rate: Array
    low: Array
    high: Array
    chi2: Array
    df: NDArray[np.int64]
    p: Array
    per: float
    level: float


def pooled_rate(deaths: ArrayLike, births: ArrayLike, per: float = 1000, level: float = 0.95) -> PooledRate:
    """Pool the last axis (years): all deaths over all births, never the mean of the years' rates.

    Parameters
    ----------
    deaths, births : array_like, shape (..., years)
        Counts by year; a year without births is left out of the test.
    per, level : float
        As in `rate_interval`.

    Returns
    -------
    PooledRate
        ``.rate .low .high`` (exact), and a chi-square test ``.chi2 .df .p`` of one constant rate: a small
        ``p`` warns that the pooled rate hides a change. One year alone has df 0 and p 1.

    Notes
    -----
    Source: sum of (observed - expected)^2 / expected over the years, Breslow and Day 1987, section 3.4.

    Examples
    --------
    >>> round(float(pooled_rate([2, 0, 5], [310, 295, 322]).rate), 3)
    7.551
    """
    top, base = (np.atleast_1d(x) for x in read_counts(deaths=deaths, births=births))
    total = rate_interval(top.sum(-1), base.sum(-1), per=per, level=level)
    expected = base * (total.rate / per)[..., None]
    chi2 = divide((top - expected) ** 2, expected, empty=0.0).sum(-1)
    df = np.maximum((base > 0).sum(-1) - 1, 0)
    p = np.where(df > 0, chdtrc(np.maximum(df, 1), chi2), 1.0)
    return PooledRate(total.rate, total.low, total.high, chi2, df, p, per, level)


@dataclass(frozen=True)
class Proportion:
    """Shares from 0 to 1 and their limits, each an array of the areas' shape."""

    proportion: Array
    low: Array
    high: Array
    level: float
    method: str


def proportion_interval(
    x: ArrayLike, n: ArrayLike, level: float = 0.95, method: str = "wilson"
) -> Proportion:
    """Share of ``n`` that are ``x``, with its interval.

    Parameters
    ----------
    x, n : array_like, shapes that broadcast
        Counts, x at most n (preterm births of births, enrolled of eligible).
    level : float
        Two-sided level.
    method : {"wilson", "exact"}
        Wilson's score limits, or Clopper and Pearson's.

    Returns
    -------
    Proportion
        ``.proportion .low .high``, shares from 0 to 1, NaN where n is zero or a count is not known.

    Notes
    -----
    Sources: Wilson 1927, JASA 22:209; Clopper and Pearson 1934, Biometrika 26:404.

    Examples
    --------
    >>> round(float(proportion_interval(65, 100).low), 4)
    0.5525
    """
    part, whole = read_counts(x=x, n=n)
    if np.any(part > whole):
        raise ValueError("x cannot be more than n: a part is larger than its whole.")
    if method not in ("wilson", "exact"):
        raise ValueError(f"method must be wilson or exact; it is {method!r}.")
    share = divide(part, whole)
    low, high = (wilson_limits if method == "wilson" else clopper_pearson_limits)(part, whole, level)
    known = np.isfinite(share)
    return Proportion(share, np.where(known, low, np.nan), np.where(known, high, np.nan), level, method)


def standardised_rate(
    counts: ArrayLike, population: ArrayLike, standard: ArrayLike, per: float = 1000, level: float = 0.95
) -> Rate:
    """Directly standardised rate with Fay and Feuer's gamma interval.

    Parameters
    ----------
    counts, population : array_like, shape (..., strata)
        Events and people at risk by stratum.
    standard : array_like, shape (strata,)
        Standard population by stratum, in the same order; only its proportions matter.
    per, level : float
        As in `rate_interval`.

    Returns
    -------
    Rate
        ``.rate .low .high``; for one stratum they are Garwood's exact limits. NaN if a count is not known.

    Notes
    -----
    A stratum of the standard with nobody at risk is refused: merge it with its neighbour first.
    Source: Fay and Feuer 1997, Statistics in Medicine 16:791.

    Examples
    --------
    >>> round(float(standardised_rate([8, 63], [30666, 123419], [9, 8], per=100_000).rate), 2)
    37.83
    """
    events, people, model = read_counts(counts=counts, population=population, standard=standard)
    if np.any((people == 0) & (model > 0)) or np.any(model.sum(-1) == 0):
        raise ValueError("A stratum of the standard has nobody at risk here; merge it with its neighbour.")
    weight = divide(model / model.sum(-1, keepdims=True), people, empty=0.0)
    mean, variance, largest = (weight * events).sum(-1), (weight**2 * events).sum(-1), weight.max(-1)
    tail = lower_tail(level)
    known = np.isfinite(mean)
    low = np.where(known, gamma_quantile(tail, mean, variance), np.nan)
    high = np.where(known, gamma_quantile(1 - tail, mean + largest, variance + largest**2), np.nan)
    return Rate(per * mean, per * low, per * high, per, level, "fay_feuer")


@dataclass(frozen=True)
class ReliabilityPolicy:
    """When a rate may be read. Deaths, births in counts; ``largest_width`` in percent of the rate."""

    name: str = "NCHS 2023"
    minimum_deaths: int = 10
    minimum_births: int = 10
    largest_width: float = 160.0
    steady_deaths: int = 20


@dataclass(frozen=True)
class Reliability:
    """Two separate flags, the worse of them as ``status``, and why."""

    meets_standard: NDArray[np.bool_]
    steady: NDArray[np.bool_]
    status: NDArray[np.str_]
    reason: NDArray[np.str_]
    policy: ReliabilityPolicy


def reliability(
    deaths: ArrayLike,
    births: ArrayLike,
    policy: ReliabilityPolicy = ReliabilityPolicy(),
) -> Reliability:
    """Say whether a rate is steady enough to be read. This protects readers; it does not protect people.

    Parameters
    ----------
    deaths, births : array_like, shapes that broadcast
        Counts.
    policy : ReliabilityPolicy
        The thresholds; by default the national standard, and 20 deaths of the older rule.

    Returns
    -------
    Reliability
        ``.meets_standard`` (10 deaths and births, width of the interval at most 160 %), ``.steady`` (20
        deaths), ``.status`` reliable, unstable (standard met, not steady), unreliable or not_applicable,
        and ``.reason``: no_births, not_known, more_deaths_than_births, few_deaths, few_births,
        wide_interval, not_steady or empty.

    Notes
    -----
    Source: National Center for Health Statistics 2023, Vital and Health Statistics 2(200).

    Examples
    --------
    >>> reliability([9, 12, 25], 2500).status.tolist()
    ['unreliable', 'unstable', 'reliable']
    """
    top, base = read_counts(deaths=deaths, births=births)
    checks = _reliability_checks(top, base, policy)
    conditions = [condition for condition, _, _ in checks]
    reason = np.select(conditions, [why for _, why, _ in checks], "")
    status = np.select(conditions, [word for _, _, word in checks], "reliable")
    meets = np.isin(status, ["reliable", "unstable"])
    return Reliability(meets, meets & (top >= policy.steady_deaths), status, reason, policy)


def _reliability_checks(
    top: Array, base: Array, policy: ReliabilityPolicy
) -> list[tuple[NDArray[np.bool_], str, str]]:
    return [
        (np.isnan(top) | np.isnan(base), "not_known", "not_applicable"),
        (base == 0, "no_births", "not_applicable"),
        (top > base, "more_deaths_than_births", "not_applicable"),
        (top < policy.minimum_deaths, "few_deaths", "unreliable"),
        (base < policy.minimum_births, "few_births", "unreliable"),
        (relative_width(top, base) > policy.largest_width, "wide_interval", "unreliable"),
        (top < policy.steady_deaths, "not_steady", "unstable"),
    ]
