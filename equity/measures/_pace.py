"""What counts over some years say about a level and a yearly pace, by exact integration.

Deaths are Poisson with rate ``level * exp(slope * (year - centre))``. The level has Jeffreys' prior, the
slope a normal one. Given the slope the level is gamma; the slope is summed over a fine grid. Everything
is vectorised over leading axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betainc, gammainc, gammaincinv

from equity.measures._arrays import Array, divide

#: Points of the slope's grid and how many standard deviations it reaches to either side.
NODES: Final = 81
REACH: Final = 6.5


@dataclass(frozen=True)
class SlopePrior:
    """Normal prior of a yearly change of the log rate.

    The default says: most places change by less than 5 % a year in either direction, and neither direction
    is favoured.
    """

    mean: float = 0.0
    sd: float = 0.025


@dataclass(frozen=True)
class Pace:
    """Posterior of level and slope: ``slope``, ``weight`` (..., nodes); the level is gamma given it."""

    slope: Array
    weight: Array
    shape: Array
    exposure: Array
    centre: float

    def probability_rate_below(self, target: Array | float, year: float) -> Array:
        """Probability that the rate (per one birth) is at or below ``target`` in ``year``."""
        goal = np.asarray(target, float)[..., None] * np.exp(-self.slope * (year - self.centre))
        return (self.weight * gammainc(self.shape[..., None], goal * self.exposure)).sum(-1)

    def probability_change_below(self, log_change: float, horizon: float) -> Array:
        """Probability that the log rate changes by ``log_change`` or less over ``horizon`` years."""
        # half a step on either side of a node, so that the sum is the area up to the limit
        step = np.diff(self.slope, axis=-1)[..., :1]
        share = np.clip((log_change / horizon - self.slope) / step + 0.5, 0.0, 1.0)
        return (self.weight * share).sum(-1)

    def rate_quantile(self, probability: float, year: float) -> Array:
        """Rate per one birth below which the true one lies with this probability."""
        growth = self.slope * (year - self.centre)
        middle = np.log(gammaincinv(self.shape, probability)) - np.log((self.weight * self.exposure).sum(-1))
        spread = 3 + np.ptp(growth, axis=-1)
        low, high = middle - spread, middle + spread
        for _ in range(60):
            guess = (low + high) / 2
            below = self.probability_rate_below(np.exp(guess), year) < probability
            low, high = np.where(below, guess, low), np.where(below, high, guess)
        return np.exp((low + high) / 2)


def learn_pace(deaths: Array, births: Array, years: Array, prior: SlopePrior) -> Pace:
    """Posterior of level and slope from counts of shape (..., years)."""
    centre = float(divide((births * years).sum(), births.sum(), empty=float(years.mean())))
    x, shape = years - centre, deaths.sum(-1) + 0.5
    mode, sd = _mode(deaths, births, x, shape, prior)
    slope = mode[..., None] + sd[..., None] * np.linspace(-REACH, REACH, NODES)
    exposure = (births[..., None, :] * np.exp(slope[..., None] * x)).sum(-1)
    log_weight = (
        slope * (deaths * x).sum(-1)[..., None]
        - shape[..., None] * np.log(exposure)
        - ((slope - prior.mean) / prior.sd) ** 2 / 2
    )
    weight = np.exp(log_weight - log_weight.max(-1, keepdims=True))
    return Pace(slope, weight / weight.sum(-1, keepdims=True), shape, exposure, centre)


def _mode(deaths: Array, births: Array, x: Array, shape: Array, prior: SlopePrior) -> tuple[Array, Array]:
    total, slope = (deaths * x).sum(-1), np.full(shape.shape, prior.mean)
    curve = np.full(shape.shape, 1.0)
    for _ in range(50):
        weight = births * np.exp(slope[..., None] * x)
        weight = weight / weight.sum(-1, keepdims=True)
        mean = (weight * x).sum(-1)
        curve = shape * (weight * (x - mean[..., None]) ** 2).sum(-1) + prior.sd**-2
        step = (total - shape * mean - (slope - prior.mean) / prior.sd**2) / curve
        slope = slope + np.clip(step, -0.5, 0.5)
        if np.all(np.abs(step) < 1e-12):
            break
    return slope, curve**-0.5


def ratio_below(group: Pace, reference: Pace, ratio: float, year: float) -> Array:
    """Probability that the group's rate over the reference's is at or below ``ratio`` in ``year``.

    Given both slopes the two levels are independent gammas, and their ratio has a beta distribution.
    """
    grow1, grow0 = (pace.slope * (year - pace.centre) for pace in (group, reference))
    odds = (
        ratio
        * np.exp(grow0[..., None, :] - grow1[..., :, None])
        * group.exposure[..., :, None]
        / reference.exposure[..., None, :]
    )
    chance = betainc(group.shape[..., None, None], reference.shape[..., None, None], odds / (1 + odds))
    return (group.weight[..., :, None] * reference.weight[..., None, :] * chance).sum((-1, -2))
