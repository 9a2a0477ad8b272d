"""Limits and slopes worked out anew by their formulas, to hold the pages' numbers against."""

from __future__ import annotations

from math import exp, sqrt
from typing import Final

import numpy as np
from scipy.stats import beta, chi2, nbinom

#: Half of the width of a 95 % interval, in standard errors.
Z: Final = 1.959964


def exact(deaths: float) -> tuple[float, float]:
    """Garwood's limits of a count."""
    return chi2.ppf(0.025, 2 * deaths) / 2, chi2.ppf(0.975, 2 * deaths + 2) / 2


def byar(deaths: float) -> tuple[float, float]:
    """Byar's limits of a count."""
    low = deaths * (1 - 1 / (9 * deaths) - Z / (3 * sqrt(deaths))) ** 3
    more = deaths + 1
    return low, more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3


def wilson(part: float, whole: float) -> tuple[float, float]:
    middle = (part + Z**2 / 2) / (whole + Z**2)
    half = Z / (whole + Z**2) * sqrt(part * (whole - part) / whole + Z**2 / 4)
    return 100 * (middle - half), 100 * (middle + half)


def exact_ratio(d1: float, n1: float, d0: float, n0: float) -> tuple[float, float]:
    """Limits of a ratio of rates from those of the share of the deaths."""
    shares = beta.ppf(0.025, d1, d0 + 1), beta.ppf(0.975, d1 + 1, d0)
    low, high = (share / (1 - share) * n0 / n1 for share in shares)
    return low, high


def ordinary(deaths: float, years: float) -> tuple[int, int]:
    """The counts of one more year that chance explains, after deaths in some years of as many births."""
    found = nbinom(deaths + 0.5, years / (years + 1))
    return int(found.ppf(0.025)), int(found.ppf(0.975))


def fitted_pace(deaths: np.ndarray, births: np.ndarray) -> tuple[float, float, float]:
    """Percent a year and its limits, by Newton's method on the log-linear Poisson likelihood."""
    x = np.column_stack([np.ones(len(deaths)), np.arange(len(deaths)) - (len(deaths) - 1) / 2])
    found = np.array([np.log(deaths.sum() / births.sum()), 0.0])
    for _ in range(30):
        mean = births * np.exp(x @ found)
        information = x.T @ (mean[:, None] * x)
        found = found + np.linalg.solve(information, x.T @ (deaths - mean))
    error = Z * sqrt(np.linalg.inv(information)[1, 1])
    low, value, high = (100 * (exp(found[1] + side * error) - 1) for side in (-1, 0, 1))
    return value, low, high
