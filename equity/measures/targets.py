"""Progress toward a target: how far, how fast it must go from here, how likely, and in one word."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array
from equity.measures.gap_status import GapPair, GapStatus, gap_status
from equity.measures.projection import (
    SLOPE_PRIOR,
    Projection,
    SlopePrior,
    probability_below,
    probability_of_change,
    probability_ratio_reaches,
    probability_reaching,
    project,
)
from equity.measures.status import WORDS, Observed, Status, status

__all__ = [
    "SLOPE_PRIOR",
    "WORDS",
    "GapPair",
    "GapStatus",
    "Observed",
    "Projection",
    "SlopePrior",
    "Status",
    "gap_status",
    "percent_change",
    "percent_of_targeted_change",
    "probability_below",
    "probability_of_change",
    "probability_ratio_reaches",
    "probability_reaching",
    "project",
    "required_annual_change",
    "required_group_change",
    "status",
]


def percent_of_targeted_change(baseline: ArrayLike, recent: ArrayLike, target: ArrayLike) -> Array:
    """Percent of the way from the baseline to the target that has been gone.

    Parameters
    ----------
    baseline, recent, target : array_like, shapes that broadcast
        Values in one unit.

    Returns
    -------
    ndarray
        Percent: 100 at the target, more beyond it. Negative is away from the target; Healthy People then
        prints `percent_change` from the baseline instead.

    Raises
    ------
    ValueError
        If a baseline equals its target.

    Notes
    -----
    Source: Healthy People 2030, progress measurement: 100 (recent - baseline) / (target - baseline).

    Examples
    --------
    >>> float(percent_of_targeted_change(5.8, 5.6, 5.0).round(6))
    25.0
    """
    start, now, goal = (np.asarray(value, float) for value in (baseline, recent, target))
    if np.any(start == goal):
        raise ValueError("The baseline equals the target, so there is no change to be made.")
    return np.asarray(100 * (now - start) / (goal - start))


def percent_change(baseline: ArrayLike, recent: ArrayLike) -> Array:
    """Percent change from the baseline.

    Parameters
    ----------
    baseline, recent : array_like, shapes that broadcast
        Values in one unit; the baseline is not zero.

    Returns
    -------
    ndarray
        Percent; negative is lower than the baseline.

    Notes
    -----
    Source: Healthy People 2030, progress measurement: 100 (recent - baseline) / baseline.

    Examples
    --------
    >>> round(float(percent_change(5.8, 5.6)), 2)
    -3.45
    """
    start, now = np.asarray(baseline, float), np.asarray(recent, float)
    if np.any(start == 0):
        raise ValueError("The baseline is zero, so a change from it has no percent.")
    return np.asarray(100 * (now - start) / start)


def required_annual_change(relative_change: ArrayLike, years: ArrayLike) -> Array:
    """Yearly change that adds up to a total change over some years.

    Parameters
    ----------
    relative_change : array_like
        Total change still to be made as a share: -0.15 is 15 % lower.
    years : array_like
        Years left.

    Returns
    -------
    ndarray
        Percent a year, compounded; negative is a reduction.

    Notes
    -----
    Source: 100 ((1 + change)^(1 / years) - 1).

    Examples
    --------
    >>> round(float(required_annual_change(-0.15, 10)), 3)
    -1.612
    """
    change, left = np.asarray(relative_change, float), np.asarray(years, float)
    if np.any(change <= -1) or np.any(left <= 0):
        raise ValueError("relative_change must be above -1 (-0.15 is 15 % lower) and years above 0.")
    return np.asarray(100 * np.expm1(np.log1p(change) / left))


def required_group_change(
    ratio_now: ArrayLike, ratio_target: ArrayLike, years: ArrayLike, reference_change: ArrayLike = 0.0
) -> Array:
    """Yearly change of a group's rate that brings its ratio to a target in some years.

    Parameters
    ----------
    ratio_now, ratio_target : array_like
        Ratio of the group's rate to the reference's, now and to be reached.
    years : array_like
        Years left.
    reference_change : array_like
        Percent a year by which the reference's rate changes meanwhile.

    Returns
    -------
    ndarray
        Percent a year, compounded; negative is a reduction.

    Notes
    -----
    Source: 100 ((target / now)^(1 / years) (1 + reference / 100) - 1).

    Examples
    --------
    >>> round(float(required_group_change(2.4, 1, 10, -1)), 2)
    -9.3
    """
    now = np.asarray(ratio_now, float)
    if np.any(now <= 0):
        raise ValueError(
            "ratio_now must be above zero: from a ratio of zero no yearly change leads anywhere."
        )
    ratios = np.asarray(ratio_target, float) / now
    ratio_change = required_annual_change(ratios - 1, years)
    return np.asarray((100 + ratio_change) * (1 + np.asarray(reference_change, float) / 100) - 100)
