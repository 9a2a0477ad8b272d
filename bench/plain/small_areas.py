"""Smoothed rates and intervals, one area after the other: the formulas as they stand in a textbook."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.optimize import minimize_scalar
from scipy.special import gammaincinv
from scipy.stats import chi2, gamma

Limits = list[tuple[float, float]]


def exact_limits(deaths: Sequence[float], births: Sequence[float]) -> Limits:
    """Garwood's limits for every 1,000 births by the chi-square quantiles of ``scipy.stats``."""
    found = []
    for count, base in zip(deaths, births, strict=True):
        low = chi2.ppf(0.025, 2 * count) / 2 if count > 0 else 0.0
        high = chi2.ppf(0.975, 2 * (count + 1)) / 2
        found.append((float(low) * 1000 / base, float(high) * 1000 / base))
    return found


def lean_exact_limits(deaths: Sequence[float], births: Sequence[float]) -> Limits:
    """The same by the bare special function, as one writes a loop who knows what ``scipy.stats`` costs."""
    found = []
    for count, base in zip(deaths, births, strict=True):
        low = gammaincinv(count, 0.025) if count > 0 else 0.0
        found.append((float(low) * 1000 / base, float(gammaincinv(count + 1, 0.975)) * 1000 / base))
    return found


def marshall(deaths: Sequence[float], births: Sequence[float]) -> list[float]:
    """Marshall's global empirical Bayes rates for every 1,000 births."""
    total = sum(births)
    mean = sum(deaths) / total
    spread = 0.0
    for count, base in zip(deaths, births, strict=True):
        spread += base * (count / base - mean) ** 2
    variance = max(spread / total - mean * len(births) / total, 0.0)
    found = []
    for count, base in zip(deaths, births, strict=True):
        own = variance / (variance + mean / base) if mean > 0 else 0.0
        found.append(1000 * (mean + own * (count / base - mean)))
    return found


def gamma_poisson(
    deaths: Sequence[float], expected: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """Clayton and Kaldor's relative risks and their limits, the prior by maximum likelihood."""

    def loss(log_shape: float) -> float:
        shape = math.exp(log_shape)
        rate = shape / _prior_mean(deaths, expected, shape)
        found = 0.0
        for count, base in zip(deaths, expected, strict=True):
            known = math.lgamma(count + shape) - math.lgamma(shape) + shape * math.log(rate)
            found -= known - (count + shape) * math.log(base + rate)
        return found

    best = minimize_scalar(loss, bounds=(-6.0, 14.0), method="bounded", options={"xatol": 1e-9})
    shape = math.exp(best.x)
    rate = shape / _prior_mean(deaths, expected, shape)
    mean, low, high = [], [], []
    for count, base in zip(deaths, expected, strict=True):
        mean.append((count + shape) / (base + rate))
        low.append(float(gamma.ppf(0.025, count + shape)) / (base + rate))
        high.append(float(gamma.ppf(0.975, count + shape)) / (base + rate))
    return mean, low, high


def _prior_mean(deaths: Sequence[float], expected: Sequence[float], shape: float) -> float:
    log_mean = math.log(sum(deaths) / sum(expected))
    for _ in range(100):
        score = slope = 0.0
        for count, base in zip(deaths, expected, strict=True):
            share = base * math.exp(log_mean) / (shape + base * math.exp(log_mean))
            score += count - (count + shape) * share
            slope += (count + shape) * share * (1 - share)
        log_mean += max(-1.0, min(1.0, score / slope))
        if abs(score / slope) < 1e-13:
            break
    return math.exp(log_mean)
