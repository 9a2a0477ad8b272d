"""The risk of a whole place from the model's rows by group: its mean, range and chance to exceed a rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import gammaln, logsumexp

from equity.measures.bym2 import Bym2
from equity.release.vital import PER

LEVEL: Final = 0.95
#: Levels at which a place's distribution is laid out.
_LEVELS: Final = np.linspace(0.0005, 0.9995, 1000)
#: No estimate is certain.
SURE: Final = (0.01, 0.99)


@dataclass(frozen=True)
class Estimate:
    """A place's rate per 1,000 with its credible limits, and the probability that it is above a rate."""

    rate: float
    low: float
    high: float
    above: float

    def rounded(self) -> Estimate:
        """As published: rates to two significant digits, the probability to two decimals and never sure."""
        above = round(min(max(self.above, SURE[0]), SURE[1]), 2)
        return Estimate(two_digits(self.rate), two_digits(self.low), two_digits(self.high), above)


def two_digits(value: float) -> float:
    """The value to two significant digits."""
    return float(f"{value:.2g}")


@dataclass(frozen=True)
class AreaRisk:
    """Log risk of every group of one place (groups, points), with the mass at each point.

    ``births`` and ``deaths`` (groups,) are the place's counts, ``overall`` the rate per birth that the
    risks are relative to, ``standard`` the rate per birth to compare with.
    """

    log_risk: np.ndarray
    mass: np.ndarray
    births: np.ndarray
    deaths: np.ndarray
    overall: float
    standard: float

    def estimate(self) -> Estimate:
        """The rate of all babies of the place.

        The groups are taken to move together, which can widen the range but never narrow it.
        """
        share = self.births / self.births.sum()
        rate = PER * self.overall * np.exp(self.log_risk)
        cumulative = self.mass.cumsum(1) - self.mass / 2
        spread = share @ np.array([np.interp(_LEVELS, c, r) for c, r in zip(cumulative, rate, strict=True)])
        low, high = np.interp([(1 - LEVEL) / 2, (1 + LEVEL) / 2], _LEVELS, spread)
        above = 1 - np.interp(PER * self.standard, spread, _LEVELS)
        return Estimate(float(share @ (self.mass * rate).sum(1)), float(low), float(high), float(above))

    def knowing_only(self, first: int, last: int) -> AreaRisk:
        """The risk as it is when no more is known of the place's deaths than that they lie in a range.

        So the model's settings do not give a hidden count back: for one fit, the place's figures are the
        same whichever count of the range it is. Through what all places share it still moves the fit a
        little; to read it there one would have to know every other hidden count, by race. A Poisson count
        enters a row's posterior as exp(deaths x log risk), so other counts need no new fit; they are
        weighted by how likely the rest of the data makes them. They are counts of the group with most
        births, the other groups' held fixed.
        """
        main = int(self.births.argmax())
        log_risk, mass = self.log_risk[main], self.mass[main]
        expected = self.births[main] * self.overall
        more = np.arange(first, last + 1) - self.deaths.sum()
        more = more[self.deaths[main] + more >= 0]
        with np.errstate(divide="ignore"):
            tilted = np.log(mass) + more[:, None] * (log_risk + np.log(expected))
        tilted -= gammaln(self.deaths[main] + more + 1)[:, None]
        mixed = np.exp(logsumexp(tilted, axis=0) - logsumexp(tilted))
        return replace(self, mass=np.where(np.arange(len(self.mass))[:, None] == main, mixed, self.mass))


def row_masses(fitted: Bym2) -> np.ndarray:
    """Mass (rows, points) of each row's log risk, from the model's cumulative at the middle of each point."""
    middle = fitted.posterior.cumulative
    whole = np.zeros_like(middle)
    before = np.zeros(len(middle))
    for point in range(middle.shape[1]):
        # the mass at a point lies half below and half above its cumulative
        before = whole[:, point] = 2 * middle[:, point] - before
    return np.asarray(np.maximum(np.diff(whole, axis=1, prepend=0.0), 0.0))
