"""The thresholds and rules by which progress is put in one word, shared by rates and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.special import ndtri, stdtr

from equity.measures._arrays import Array
from equity.measures._limits import binomial_tails
from equity.measures._poisson import log_slope
from equity.measures._years import middle_years

MET: Final = "met"
ON_TRACK: Final = "on_track"
TOO_SLOW: Final = "progress_too_slow"
NO_CLEAR_CHANGE: Final = "no_clear_change"
WRONG_WAY: Final = "wrong_way"
CANNOT_BE_JUDGED: Final = "cannot_be_judged"
WORDS: Final = (MET, ON_TRACK, TOO_SLOW, NO_CLEAR_CHANGE, WRONG_WAY, CANNOT_BE_JUDGED)

#: A period with fewer deaths than this is not judged.
MINIMUM_DEATHS: Final = 10
#: One-sided chance at which a change is called one; better and worse together 5 %.
CHANCE: Final = 0.025
#: Probability that the latest true rate is at or below the target, from which the target is called met.
MET_PROBABILITY: Final = 0.975
#: Probability of reaching the target when due, from which real progress is called on track.
ON_TRACK_PROBABILITY: Final = 0.5


@dataclass(frozen=True)
class Observed:
    """Counts of one period, first and last year inclusive."""

    deaths: float
    births: float
    first_year: int
    last_year: int

    @property
    def year(self) -> float:
        """Middle of the period."""
        return (self.first_year + self.last_year) / 2

    @classmethod
    def stated(cls, rate: float, first_year: int, last_year: int, per: float = 1000) -> Observed:
        """A baseline printed without counts, taken as exactly known."""
        births = 1e9
        return cls(rate / per * births, births, first_year, last_year)


@dataclass(frozen=True)
class Evidence:
    """What a word rests on. Probabilities 0 to 1; ``p_better`` and ``p_worse`` are one-sided p-values."""

    p_better: float
    p_worse: float
    probability_met: float
    probability_when_due: float


@dataclass(frozen=True)
class Scatter:
    """How much more than chance alone the periods vary around their trend.

    ``factor`` multiplies the variance of a count and is never below 1. ``degrees`` of freedom say how well
    it is known: without end where nothing beyond chance is seen, and always for two periods.
    """

    factor: float = 1.0
    degrees: float = np.inf

    @classmethod
    def beyond_chance(cls, squares: float, degrees: int) -> Scatter:
        """From the sum of squared residuals, each over its variance by chance. Source: quasi-Poisson."""
        factor = squares / degrees if degrees else 1.0
        return cls(factor, degrees) if factor > 1 else cls()

    def doubt(self, probability: float) -> float:
        """A probability that took ``factor`` as exactly known, its normal score now read from Student's t."""
        return probability if self.factor == 1 else float(stdtr(self.degrees, ndtri(probability)))


@dataclass(frozen=True)
class Change:
    """One-sided p-values that a rate or ratio fell and that it rose, and the scatter they allow for."""

    p_better: float
    p_worse: float
    scatter: Scatter = Scatter()

    @classmethod
    def by_score(cls, score: float, scatter: Scatter) -> Change:
        """From a slope over its error by chance alone: normal, or Student's t with an estimated scatter."""
        wide = score / np.sqrt(scatter.factor)
        return cls(float(stdtr(scatter.degrees, wide)), float(stdtr(scatter.degrees, -wide)), scatter)


def cannot_judge(periods: Sequence[Observed]) -> str:
    """Code of the reason why these periods cannot be judged, or nothing. Source: MINIMUM_DEATHS."""
    if any(not period.births > 0 for period in periods):
        return "no_births"
    if any(not period.deaths >= MINIMUM_DEATHS for period in (periods[0], periods[-1])):
        return "few_deaths"
    order = sorted(periods, key=lambda period: period.first_year)
    if order[0] is not periods[0] or order[-1] is not periods[-1]:
        return "periods_out_of_order"
    if any(after.first_year <= before.last_year for before, after in pairwise(order)):
        return "periods_out_of_order"
    return ""


def choose_word(evidence: Evidence, due_passed: bool) -> tuple[str, str]:
    """Word and reason by the thresholds of this module, first rule that holds."""
    better = evidence.p_better <= CHANCE
    if evidence.probability_met >= MET_PROBABILITY:
        return MET, "latest_surely_at_target"
    if evidence.p_worse <= CHANCE:
        return WRONG_WAY, "worse_than_chance"
    if not better:
        return NO_CLEAR_CHANGE, "change_within_chance"
    if due_passed and evidence.probability_met > 1 - MET_PROBABILITY:
        return CANNOT_BE_JUDGED, "due_and_too_close_to_call"
    if due_passed:
        return TOO_SLOW, "due_and_not_reached"
    if evidence.probability_when_due >= ON_TRACK_PROBABILITY:
        return ON_TRACK, "real_progress_fast_enough"
    return TOO_SLOW, "real_progress_not_fast_enough"


def columns(periods: Sequence[Observed]) -> tuple[Array, Array, Array]:
    """Deaths, births and middle years of the periods, each of shape (periods,)."""
    deaths = np.array([period.deaths for period in periods], float)
    births = np.array([period.births for period in periods], float)
    windows = [(period.first_year, period.last_year) for period in periods]
    return deaths, births, middle_years(windows, len(periods))


def change_over(deaths: Array, births: Array, years: Array) -> Change:
    """How surely the rate fell and rose, and how the periods scatter.

    Two periods: exact, the latest count given the total is binomial. More: the log-linear slope, its error
    widened where periods scatter more than Poisson counts do, never narrowed.
    """
    total = deaths.sum()
    if len(deaths) == 2:
        at_most, at_least = binomial_tails(deaths[1], total, births[1] / births.sum())
        return Change(float(at_most), float(at_least))
    slope, se = (float(x) for x in log_slope(deaths, births, years))
    if np.isnan(slope):
        return Change(1.0, 1.0)
    weight = births * np.exp(slope * (years - years.mean()))
    expected = total * weight / weight.sum()
    scatter = Scatter.beyond_chance(float(((deaths - expected) ** 2 / expected).sum()), len(deaths) - 2)
    return Change.by_score(slope / se, scatter)
