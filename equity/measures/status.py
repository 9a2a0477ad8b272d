"""One word for progress toward a target, by stated thresholds, with its reason.

A word of praise must not come from chance: with nothing changed, "met" and "on track" together are said
in at most 1 of 20 cases. "Met" asks for a latest period below the target by more than chance, "on track"
for a fall beyond chance. Where four or more periods vary more than chance lets them, that scatter counts as
chance too. Two periods cannot show it, and three show it so roughly that where they vary by 10 to 20 % beyond
chance praise may come in 1 of 12 cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equity.measures._judging import (
    CANNOT_BE_JUDGED,
    CHANCE,
    MET_PROBABILITY,
    MINIMUM_DEATHS,
    ON_TRACK_PROBABILITY,
    WORDS,
    Evidence,
    Observed,
    cannot_judge,
    change_over,
    choose_word,
    columns,
)
from equity.measures._pace import SlopePrior, learn_pace
from equity.measures.projection import SLOPE_PRIOR, probability_below

__all__ = [
    "CHANCE",
    "MET_PROBABILITY",
    "MINIMUM_DEATHS",
    "ON_TRACK_PROBABILITY",
    "WORDS",
    "Evidence",
    "Observed",
    "Status",
    "status",
]


@dataclass(frozen=True)
class Status:
    """One of ``WORDS``, the code of its reason, and the evidence (None where it cannot be judged).

    Reasons: latest_surely_at_target, real_progress_fast_enough, real_progress_not_fast_enough,
    due_and_not_reached, due_and_too_close_to_call, change_within_chance, worse_than_chance, few_deaths,
    no_births, periods_out_of_order.
    """

    word: str
    reason: str
    evidence: Evidence | None = None


def status(
    baseline: Observed,
    latest: Observed,
    target: float,
    due: int,
    between: Sequence[Observed] = (),
    per: float = 1000,
    prior: SlopePrior = SLOPE_PRIOR,
) -> Status:
    """Progress of a rate toward a lower target, in one word.

    Source: status by statistical significance, as Healthy People 2030 does it; thresholds of this module.

    Parameters
    ----------
    baseline, latest : Observed
        Counts of the first and of the last period; `Observed.stated` takes a printed rate.
    target, due
        Rate for every ``per`` births, at or below which the target is met; year by whose end.
    between : sequence of Observed
        Further periods, overlapping none, that show the pace and the scatter (single years, for example).
    per, prior
        Births that the target is for; prior of the yearly change, for the probability of reaching it.

    Returns
    -------
    Status
        ``.word``, ``.reason`` and ``.evidence``.

    Examples
    --------
    >>> status(Observed(250, 27_000, 2010, 2016), Observed(170, 26_000, 2017, 2023), 7.0, 2033).word
    'on_track'
    """
    periods = [baseline, *between, latest]
    if reason := cannot_judge(periods):
        return Status(CANNOT_BE_JUDGED, reason)
    evidence = _evidence(periods, target / per, due, prior)
    return Status(*choose_word(evidence, latest.last_year >= due), evidence)


def _evidence(periods: Sequence[Observed], target: float, due: int, prior: SlopePrior) -> Evidence:
    deaths, births, years = columns(periods)
    change = change_over(deaths, births, years)
    # a count that varies so many times more than chance tells as much as a count so many times smaller
    deaths, births = deaths / change.scatter.factor, births / change.scatter.factor
    met = float(probability_below(deaths[-1], births[-1], target))
    pace = learn_pace(deaths, births, years, prior)
    return Evidence(
        p_better=change.p_better,
        p_worse=change.p_worse,
        probability_met=change.scatter.doubt(met),
        probability_when_due=float(pace.probability_rate_below(target, due)),
    )
