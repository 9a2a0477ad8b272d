"""Trends that change pace: log-linear segments that join in whole years, their number chosen by BIC."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, normal_quantile, read_counts
from equity.measures._regression import poisson_deviance
from equity.measures._years import middle_years

#: A joint keeps so many points to either end, and to the next joint.
MARGIN: Final = 2
#: Below so many years, or deaths a year, joints are not looked for.
MINIMUM_YEARS: Final = 10
MINIMUM_DEATHS_A_YEAR: Final = 10


@dataclass(frozen=True)
class Joinpoint:
    """Segments of a trend.

    ``joints``: years where the pace changes; ``apc``: percent a year of each segment; ``aapc`` with
    ``aapc_low aapc_high``: percent a year over the whole time; ``deviance`` and ``bic`` by number of joints
    tried, from none; ``reason``: why no joint was looked for (few_years, few_deaths), or empty.
    """

    joints: tuple[float, ...]
    apc: Array
    aapc: float
    aapc_low: float
    aapc_high: float
    deviance: Array
    bic: Array
    reason: str
    level: float


def joinpoint(
    deaths: ArrayLike, births: ArrayLike, years: ArrayLike, max_joints: int = 1, level: float = 0.95
) -> Joinpoint:
    """Fit log-linear segments to Poisson counts.

    Source: the grid search of Lerman 1980, Applied Statistics 29:77, with counts in place of log rates;
    average annual percent change of Clegg and others 2009, Statistics in Medicine 28:3670. The number of
    joints is the one of lowest BIC, deviance + (2 + 2 joints) ln(years): in about 8 of 100 straight series
    of 14 years it sees a joint that is not there.

    Parameters
    ----------
    deaths, births : array_like, shape (years,)
        Counts by year, or by windows that share none; every year has births.
    years : array_like, shape (years,) or (years, 2)
        In rising order.
    max_joints : int
        Most joints to look for.
    level : float
        Two-sided level of the average change.

    Returns
    -------
    Joinpoint
        ``.joints .apc .aapc`` and what the choice rests on.

    Examples
    --------
    >>> found = joinpoint([80, 82, 81, 79, 82, 80, 70, 61, 53, 46, 40], [7000] * 11, range(2010, 2021))
    >>> found.joints
    (2015.0,)
    """
    top, base = read_counts(deaths=deaths, births=births)
    middle = middle_years(years, top.shape[-1])
    _check(top, base, middle, max_joints)
    reason = _too_small(top)
    fits = [_best(top, base, middle, joints) for joints in range(0 if reason else max_joints, -1, -1)][::-1]
    deviance = np.array([fit[0] for fit in fits])
    bic = deviance + (2 + 2 * np.arange(len(fits))) * np.log(len(middle))
    return _result(fits[int(np.argmin(bic))], middle, deviance, bic, reason, level)


def _check(deaths: Array, births: Array, years: Array, max_joints: int) -> None:
    if max_joints < 0:
        raise ValueError(f"max_joints must be zero or more; it is {max_joints}.")
    if deaths.ndim != 1 or len(years) < 3 or np.any(np.diff(years) <= 0):
        raise ValueError("Segments need one count for each of at least three years, in rising order.")
    if not np.isfinite(deaths).all() or not np.all(births > 0) or not deaths.any():
        raise ValueError("Segments need known deaths and births in every year, and at least one death.")


def _too_small(deaths: Array) -> str:
    if len(deaths) < MINIMUM_YEARS:
        return "few_years"
    return "few_deaths" if deaths.mean() < MINIMUM_DEATHS_A_YEAR else ""


Candidate = tuple[float, tuple[float, ...], Array, Array]


def _best(deaths: Array, births: Array, years: Array, joints: int) -> Candidate:
    """Deviance, joints, coefficients and covariance of the best placing of so many joints."""
    inner = range(MARGIN, len(years) - MARGIN)
    choices = [
        np.array(years)[list(places)]
        for places in combinations(inner, joints)
        if all(after - before > MARGIN for before, after in pairwise(places))
    ]
    if not choices:
        return np.inf, (), np.zeros(2), np.zeros((2, 2))
    taus = np.array(choices).reshape(len(choices), joints)
    design = _design(years, taus)
    beta, covariance = _newton(deaths, births, design)
    deviance = poisson_deviance(deaths, births * np.exp(np.einsum("cnp,cp->cn", design, beta)))
    best = int(np.argmin(deviance))
    return float(deviance[best]), tuple(float(tau) for tau in taus[best]), beta[best], covariance[best]


def _design(years: Array, taus: Array) -> Array:
    """Level in the first year, slope, and change of slope at each joint: (choices, years, 2 + joints)."""
    line = np.broadcast_to(
        np.column_stack([np.ones_like(years), years - years[0]]), (len(taus), len(years), 2)
    )
    return np.concatenate([line, np.maximum(years[None, :, None] - taus[:, None, :], 0.0)], axis=2)


def _newton(deaths: Array, births: Array, design: Array) -> tuple[Array, Array]:
    beta = np.zeros((len(design), design.shape[2]))
    beta[:, 0] = np.log(deaths.sum() / births.sum())
    for _ in range(60):
        mean = births * np.exp(np.clip(np.einsum("cnp,cp->cn", design, beta), -50, 50))
        information = np.einsum("cnp,cn,cnq->cpq", design, mean, design)
        # a whiff on the diagonal keeps a segment without deaths from running away
        information = information + 1e-9 * np.eye(design.shape[2])
        score = np.einsum("cnp,cn->cp", design, deaths - mean)
        step = np.clip(np.linalg.solve(information, score[..., None])[..., 0], -1, 1)
        beta = beta + step
        if np.abs(step).max() < 1e-11:
            break
    return beta, np.linalg.inv(information)


def _result(
    fit: Candidate, years: Array, deviance: Array, bic: Array, reason: str, level: float
) -> Joinpoint:
    _, joints, beta, covariance = fit
    edges = np.array([years[0], *joints, years[-1]])
    # slope of segment s is the first slope and every change before it; segments weigh by length
    to_slopes = np.tril(np.ones((len(joints) + 1,) * 2))
    weight = np.diff(edges) / np.ptp(edges) @ to_slopes
    mean, error = float(weight @ beta[1:]), float(np.sqrt(weight @ covariance[1:, 1:] @ weight))
    z = normal_quantile(level)
    low, average, high = (100 * float(np.expm1(mean + side * error)) for side in (-z, 0, z))
    apc = 100 * np.expm1(to_slopes @ beta[1:])
    return Joinpoint(joints, apc, average, low, high, deviance, bic, reason, level)
