"""One word for progress in closing a gap between two groups, with the levelling-down guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from equity.measures._arrays import Array
from equity.measures._judging import (
    CANNOT_BE_JUDGED,
    CHANCE,
    MET,
    ON_TRACK,
    TOO_SLOW,
    WRONG_WAY,
    Change,
    Evidence,
    Observed,
    Scatter,
    cannot_judge,
    change_over,
    choose_word,
    columns,
)
from equity.measures._pace import SlopePrior, learn_pace, ratio_below
from equity.measures.gaps import GapChange, levelling_down
from equity.measures.projection import SLOPE_PRIOR

Series = tuple[Array, Array, Array]

#: A ratio this near to 1 counts as no gap: no finite count can prove an exact 1.
CLOSED_RATIO: Final = 1.1


@dataclass(frozen=True)
class GapPair:
    """The group that fares worse and the reference, over the same years."""

    group: Observed
    reference: Observed


@dataclass(frozen=True)
class GapStatus:
    """One of ``WORDS``, its reason, the evidence about the ratio, and what happened to both rates.

    Reasons: those of `Status`, ``levelled_down`` (the ratio narrowed while the reference's rate surely
    rose) and ``different_years``.
    """

    word: str
    reason: str
    evidence: Evidence | None = None
    guard: GapChange | None = None


def gap_status(
    baseline: GapPair,
    latest: GapPair,
    due: int,
    ratio: float = 1.0,
    between: Sequence[GapPair] = (),
    prior: SlopePrior = SLOPE_PRIOR,
) -> GapStatus:
    """Progress of a ratio of two rates toward a lower one, in one word.

    Source: as `status`; change and scatter are those of the log ratio (chance variance: sum of 1 / deaths).

    Parameters
    ----------
    baseline, latest : GapPair
        Counts of both groups in the first and in the last period.
    due, ratio
        Year by whose end this ratio is to be reached; 1 is no gap, the same event as a difference of 0.
    between : sequence of GapPair
        Further periods, overlapping none, that show the pace and the scatter.
    prior : SlopePrior
        Prior of each group's yearly change.

    Returns
    -------
    GapStatus
        ``.word .reason .evidence .guard``.

    Examples
    --------
    >>> before = GapPair(Observed(300, 20_000, 2010, 2016), Observed(100, 20_000, 2010, 2016))
    >>> after = GapPair(Observed(200, 20_000, 2017, 2023), Observed(105, 20_000, 2017, 2023))
    >>> gap_status(before, after, 2033).word
    'on_track'
    """
    pairs = [baseline, *between, latest]
    sides = [[pair.group for pair in pairs], [pair.reference for pair in pairs]]
    if reason := cannot_judge(sides[0]) or cannot_judge(sides[1]) or _different_years(pairs):
        return GapStatus(CANNOT_BE_JUDGED, reason)
    return _judge(columns(sides[0]), columns(sides[1]), ratio, due, latest.group.last_year >= due, prior)


def _judge(
    group: Series, reference: Series, ratio: float, due: int, due_passed: bool, prior: SlopePrior
) -> GapStatus:
    evidence = _evidence(group, reference, max(ratio, CLOSED_RATIO), due, prior)
    word, reason = choose_word(evidence, due_passed)
    first, last = ([float(d[i] / b[i]) for d, b, _ in (group, reference)] for i in (0, -1))
    reference_rose = change_over(*reference).p_worse <= CHANCE
    if word in (MET, ON_TRACK, TOO_SLOW) and reference_rose:
        word, reason = WRONG_WAY, "levelled_down"
    return GapStatus(word, reason, evidence, levelling_down(first, last))


def _different_years(pairs: Sequence[GapPair]) -> str:
    same = all(
        (pair.group.first_year, pair.group.last_year) == (pair.reference.first_year, pair.reference.last_year)
        for pair in pairs
    )
    return "" if same else "different_years"


def _evidence(group: Series, reference: Series, ratio: float, due: int, prior: SlopePrior) -> Evidence:
    change = _ratio_change(group, reference)
    # as for a rate: scatter beyond chance makes every count tell less
    worth = 1 / change.scatter.factor
    sides = [(deaths * worth, births * worth, years) for deaths, births, years in (group, reference)]
    # a flat pace: what the latest period alone says about the ratio
    still = SlopePrior(0.0, 1e-6)
    now1, now0 = (learn_pace(d[-1:], b[-1:], years[-1:], still) for d, b, years in sides)
    pace1, pace0 = (learn_pace(*side, prior) for side in sides)
    return Evidence(
        p_better=change.p_better,
        p_worse=change.p_worse,
        probability_met=change.scatter.doubt(float(ratio_below(now1, now0, ratio, group[2][-1]))),
        probability_when_due=float(ratio_below(pace1, pace0, ratio, due)),
    )


def _ratio_change(group: Series, reference: Series) -> Change:
    """How surely the ratio fell and rose over the periods, by the slope of its logarithm."""
    (d1, n1, years), (d0, n0, _) = group, reference
    # half a death keeps the logarithm of a quiet year finite
    log_ratio = np.log((d1 + 0.5) / n1) - np.log((d0 + 0.5) / n0)
    weight = 1 / (1 / (d1 + 0.5) + 1 / (d0 + 0.5))
    x = years - (weight * years).sum() / weight.sum()
    information = (weight * x**2).sum()
    slope = (weight * x * log_ratio).sum() / information
    level = (weight * log_ratio).sum() / weight.sum()
    squares = float((weight * (log_ratio - level - slope * x) ** 2).sum())
    return Change.by_score(slope * np.sqrt(information), Scatter.beyond_chance(squares, len(years) - 2))
