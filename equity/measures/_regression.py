"""Fits of a log-linear trend, one function for each family; x is years from the centre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, gammaln, xlogy

from equity.measures._arrays import Array, divide
from equity.measures._poisson import log_slope

#: Extra variance of the negative binomial is looked for between these, on the log scale.
LOG_ALPHA = (-16.0, 6.0)
#: Smaller gains are rounding: near no extra variance the likelihood is a difference of huge terms.
ROUNDING = 1e-5


@dataclass(frozen=True)
class Fit:
    """What a family gives back, arrays over series; ``df`` where the interval is Student's."""

    slope: Array
    se: Array
    intercept: Array
    deviance: Array
    scatter: Array
    extra_p: Array
    df: int | None = None
    profile: Callable[[float], tuple[Array, Array]] | None = None


def fit_poisson(deaths: Array, births: Array, x: Array) -> Fit:
    """Poisson counts; the extra-variance test is Pearson's chi-square."""
    slope, se = log_slope(deaths, births, x)
    weight = births * np.exp(slope[..., None] * x)
    total = deaths.sum(-1)
    level = divide(total, weight.sum(-1))
    mean = level[..., None] * weight
    pearson = divide((deaths - mean) ** 2, mean, empty=0.0).sum(-1)
    df = np.maximum((births > 0).sum(-1) - 2, 0)
    return Fit(
        slope=slope,
        se=se,
        intercept=np.log(np.where(level > 0, level, np.nan)),
        deviance=poisson_deviance(deaths, mean),
        scatter=divide(pearson, df, empty=1.0),
        extra_p=np.where(df > 0, chdtrc(np.maximum(df, 1), pearson), 1.0),
        profile=lambda drop: _profile(deaths, births, x, slope, se, drop),
    )


def poisson_deviance(deaths: Array, mean: Array) -> Array:
    """Twice the log likelihood ratio against a perfect fit, summed over the last axis."""
    safe = np.where(mean > 0, mean, 1.0)
    return 2 * (xlogy(deaths, np.where(deaths > 0, deaths, 1.0) / safe) - (deaths - mean)).sum(-1)


def _profile(
    deaths: Array, births: Array, x: Array, slope: Array, se: Array, drop: float
) -> tuple[Array, Array]:
    """Slopes at which twice the log likelihood has dropped by ``drop``."""
    weight = births * np.exp(slope[..., None] * x)
    weight = weight / weight.sum(-1, keepdims=True)

    def loss(guess: Array) -> Array:
        away = guess - slope
        log_sum = np.log((weight * np.exp(away[..., None] * x)).sum(-1))
        return -2 * (away * (deaths * x).sum(-1) - deaths.sum(-1) * log_sum)

    ends = []
    for side in (-1, 1):
        near, far = slope, slope + side * 10 * se
        for _ in range(60):
            guess = (near + far) / 2
            inside = loss(guess) < drop
            near, far = np.where(inside, guess, near), np.where(inside, far, guess)
        ends.append((near + far) / 2)
    return ends[0], ends[1]


def fit_negative_binomial(deaths: Array, births: Array, x: Array) -> Fit:
    """Counts with variance mean + alpha mean^2, alpha by profile likelihood, one series after the other."""
    series = deaths.reshape(-1, deaths.shape[-1]), births.reshape(-1, births.shape[-1])
    rows = np.array([_one_negative_binomial(d, b, x) for d, b in zip(*series, strict=True)])
    slope, se, level, deviance, scatter, extra_p = (
        column.reshape(deaths.shape[:-1]) for column in rows.reshape(-1, 6).T
    )
    return Fit(slope, se, level, deviance, scatter, extra_p)


def _one_negative_binomial(deaths: Array, births: Array, x: Array) -> tuple[float, ...]:
    from scipy.optimize import minimize_scalar  # slow to load, and no page fits this family

    plain = fit_poisson(deaths, births, x)
    if np.isnan(plain.slope):
        return (np.nan,) * 6
    start = (float(plain.intercept), float(plain.slope))

    def loss(log_alpha: float) -> float:
        return -_nb_likelihood(deaths, births, x, float(np.exp(log_alpha)), start)[0]

    best = minimize_scalar(loss, bounds=LOG_ALPHA, method="bounded", options={"xatol": 1e-8})
    alpha = float(np.exp(best.x))
    likelihood, (level, slope), se = _nb_likelihood(deaths, births, x, alpha, start)
    gain = 2 * (likelihood - _nb_likelihood(deaths, births, x, float(np.exp(LOG_ALPHA[0])), start)[0])
    # alpha cannot be negative, so half the chance lies at zero: the p-value is halved
    extra_p = float(chdtrc(1, gain if gain > ROUNDING else 0.0) / 2)
    mean = births * np.exp(level + slope * x)
    scatter = divide((deaths - mean) ** 2, mean * (1 + alpha * mean), empty=0.0).sum() / max(len(x) - 2, 1)
    deviance = (
        poisson_deviance(deaths, mean)
        - 2 * (xlogy(deaths + 1 / alpha, (1 + alpha * deaths) / (1 + alpha * mean)) - (deaths - mean)).sum()
    )
    return slope, se, level, float(deviance), float(scatter), extra_p


def _nb_likelihood(
    deaths: Array, births: Array, x: Array, alpha: float, start: tuple[float, float]
) -> tuple[float, tuple[float, float], float]:
    """Log likelihood at the best level and slope for this alpha, those two, and the slope's error."""
    design, beta = np.column_stack([np.ones_like(x), x]), np.array(start)
    for _ in range(100):
        mean = births * np.exp(design @ beta)
        weight = mean / (1 + alpha * mean)
        information = design.T @ (weight[:, None] * design)
        step = np.linalg.solve(information, design.T @ ((deaths - mean) / (1 + alpha * mean)))
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-12:
            break
    mean, size = births * np.exp(design @ beta), 1 / alpha
    likelihood = (
        gammaln(deaths + size) - gammaln(size) - gammaln(deaths + 1)
        + xlogy(deaths, alpha * mean) - (deaths + size) * np.log1p(alpha * mean)
    ).sum()  # fmt: skip
    covariance = np.linalg.inv(information)
    return float(likelihood), (float(beta[0]), float(beta[1])), float(np.sqrt(covariance[1, 1]))


def fit_log_rates(deaths: Array, births: Array, x: Array) -> Fit:
    """Least squares of log rates weighted by deaths; a year without deaths has no logarithm."""
    if np.any(deaths <= 0) or np.any(births <= 0):
        raise ValueError("A year without deaths has no log rate: use the poisson family.")
    if len(x) < 3:
        raise ValueError("Least squares of log rates needs at least three years.")
    y, total = np.log(deaths / births), deaths.sum(-1, keepdims=True)
    centred = x - (deaths * x).sum(-1, keepdims=True) / total
    information = (deaths * centred**2).sum(-1)
    slope = (deaths * centred * y).sum(-1) / information
    level = (deaths * y).sum(-1) / total[..., 0]
    residual = y - level[..., None] - slope[..., None] * centred
    df = len(x) - 2
    scatter = (deaths * residual**2).sum(-1) / df
    mean = births * np.exp(level[..., None] + slope[..., None] * centred)
    intercept = level - slope * (x - centred)[..., 0]
    return Fit(
        slope=slope,
        se=np.sqrt(scatter / information),
        intercept=intercept,
        deviance=poisson_deviance(deaths, mean),
        scatter=scatter,
        extra_p=chdtrc(df, scatter * df),
        df=df,
    )
