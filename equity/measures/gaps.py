"""Reading a gap: shares of births and deaths, the city's printed score, what a change of the gap means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide, read_counts

#: The printed score is known between these ratios: 40 points at 2, one point less for each 0.15.
SCORE_RATIOS: Final = (2.0, 5.0)


@dataclass(frozen=True)
class Shares:
    """Each group's share of all births and of all deaths, from 0 to 1, along the last axis."""

    births: Array
    deaths: Array


def shares(deaths: ArrayLike, births: ArrayLike) -> Shares:
    """Each group's share of births beside its share of deaths.

    Parameters
    ----------
    deaths, births : array_like, shape (..., groups)
        Counts of groups that do not overlap and together are everybody.

    Returns
    -------
    Shares
        ``.births .deaths``, NaN where there are none at all.

    Notes
    -----
    Source: arithmetic.

    Examples
    --------
    >>> shares([174, 58], [12865, 10752]).deaths.tolist()
    [0.75, 0.25]
    """
    top, base = read_counts(deaths=deaths, births=births)
    return Shares(*(divide(count, count.sum(-1, keepdims=True)) for count in (base, top)))


def equity_score(ratio: ArrayLike) -> Array:
    """Score out of 100 that the City of St. Louis prints for a ratio of two groups.

    Parameters
    ----------
    ratio : array_like
        Rate of the group that fares worse over the rate of the other.

    Returns
    -------
    ndarray
        40 - floor((ratio - 2) / 0.15) from a ratio of 2 to below 5; NaN elsewhere, as the table used
        there was not found in print.

    Notes
    -----
    Source: Equality Indicators (City University of New York, Institute for State and Local Governance):
    ratio 2 scores 40, ratio 5 scores 20; the step between is inferred from printed scores.

    Examples
    --------
    >>> float(equity_score(3.041))
    34.0
    """
    value = np.asarray(ratio, dtype=np.float64)
    low, high = SCORE_RATIOS
    # a hair is added so that a ratio written 2.15 falls into the step that starts there
    score = 40 - np.floor((value - low) / 0.15 + 1e-9)
    return np.where((value >= low) & (value < high), score, np.nan)


@dataclass(frozen=True)
class GapChange:
    """How the gap between the group that fared worst and the one that fared best has changed.

    Differences in the unit of the rates given. ``share_from_better_off`` is the part of a narrower
    difference that comes from the better-off group getting worse, 0 to 1.
    """

    verdict: str
    levelled_down: bool
    difference_before: float
    difference_after: float
    ratio_before: float
    ratio_after: float
    better_off_change: float
    worse_off_change: float
    share_from_better_off: float


Rates = Mapping[str, float] | Sequence[float]


def levelling_down(before: Rates, after: Rates) -> GapChange:
    """Say whether a gap narrowed for a good reason.

    Parameters
    ----------
    before, after : mapping of group to rate, or sequence of rates in one order of groups
        At least two groups' rates, where lower is better. The groups that fared worst and best before are
        followed.

    Returns
    -------
    GapChange
        ``.verdict`` is one of ``levelled_down`` (difference or ratio narrowed while the better-off group
        got worse), ``ratio_grew_while_both_fell``, ``narrowed`` (difference and ratio, the better-off
        group no worse), ``difference_narrowed_ratio_grew``, ``widened``, ``unchanged``.

    Notes
    -----
    Rates are compared as they stand: whether a change is more than chance is for `rate_ratio` to say.
    Source: the levelling-down objection (Parfit 1997, Ratio 10:202), as a rule.

    Examples
    --------
    >>> levelling_down({"black": 15.0, "white": 5.0}, {"black": 15.0, "white": 7.5}).verdict
    'levelled_down'
    """
    return _gap_change(*_in_one_order(before, after))


def _gap_change(first: Array, last: Array) -> GapChange:
    worst, best = int(np.argmax(first)), int(np.argmin(first))
    gaps = [float(rates[worst] - rates[best]) for rates in (first, last)]
    ratios = [float(divide(rates[worst], rates[best], empty=np.inf)) for rates in (first, last)]
    better_off, worse_off = (float(last[group] - first[group]) for group in (best, worst))
    narrowed = gaps[0] - gaps[1]
    verdict = _verdict(_direction(*gaps), _direction(*ratios), better_off, worse_off)
    return GapChange(
        verdict=verdict,
        levelled_down=verdict == "levelled_down",
        difference_before=gaps[0],
        difference_after=gaps[1],
        ratio_before=ratios[0],
        ratio_after=ratios[1],
        better_off_change=better_off,
        worse_off_change=worse_off,
        share_from_better_off=min(max(better_off, 0.0) / narrowed, 1.0) if narrowed > 0 else 0.0,
    )


def _in_one_order(before: Rates, after: Rates) -> tuple[Array, Array]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if set(before) != set(after):
            raise ValueError("Rates before and after must be of the same groups.")
        return _in_one_order(list(before.values()), [after[group] for group in before])
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        raise ValueError("Give the rates before and after in the same form, both by name or both in order.")
    first, last = read_counts(before=before, after=after)
    if first.ndim != 1 or first.size < 2:
        raise ValueError("A gap needs the rates of at least two groups.")
    if not np.isfinite(first + last).all():
        raise ValueError("Every group needs a rate before and after.")
    return first, last


def _direction(before: float, after: float) -> int:
    """-1 smaller, 0 the same but for rounding, 1 larger."""
    return 0 if np.isclose(before, after, rtol=1e-9, atol=1e-12) else int(np.sign(after - before))


def _verdict(difference: int, ratio: int, better_off: float, worse_off: float) -> str:
    if better_off > 0 and (difference < 0 or ratio < 0):
        return "levelled_down"
    if ratio > 0 and better_off < 0 and worse_off < 0:
        return "ratio_grew_while_both_fell"
    words = {
        (-1, -1): "narrowed", (-1, 0): "narrowed", (0, -1): "narrowed", (0, 0): "unchanged",
        (-1, 1): "difference_narrowed_ratio_grew",
    }  # fmt: skip
    return words.get((difference, ratio), "widened")
