"""Need and service for the same place: saturation, coverage, gap, and whether slots follow need."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide, read_counts
from equity.measures._limits import exact_limits, wilson_limits
from equity.measures.access import catchment
from equity.measures.allocation import Allocation, allocate
from equity.measures.rates import Proportion

__all__ = [
    "Allocation",
    "allocate",
    "catchment",
    "concentration_curve",
    "concentration_index",
    "coverage",
    "gap",
    "gini",
    "hoover",
    "saturation",
]


def saturation(caseload: ArrayLike, slots: ArrayLike) -> Array:
    """Share of the maximum service capacity that is in use.

    Parameters
    ----------
    caseload : array_like
        Households enrolled now, new and continuing.
    slots : array_like
        Maximum service capacity in households; shapes broadcast.

    Returns
    -------
    ndarray
        Share; above 1 where the caseload exceeds capacity, NaN where there are no slots.

    Notes
    -----
    Source: Health Resources and Services Administration, MIECHV Form 4, capacity percentage.

    Examples
    --------
    >>> saturation([45, 12], [50, 10]).tolist()
    [0.9, 1.2]
    """
    enrolled, capacity = read_counts(caseload=caseload, slots=slots)
    return divide(enrolled, capacity)


def coverage(served: ArrayLike, eligible: ArrayLike, level: float = 0.95) -> Proportion:
    """Share of the households who could benefit that are served.

    Parameters
    ----------
    served, eligible : array_like, shapes that broadcast
        Households served, each counted once, and households who could benefit.
    level : float
        Two-sided level.

    Returns
    -------
    Proportion
        ``.proportion .low .high``: Wilson limits. Above 1 (turnover, families from elsewhere, estimates of
        need) the share is kept as it is, with exact Poisson limits. NaN where nobody is eligible.

    Notes
    -----
    Source: National Home Visiting Resource Center: families served over potential beneficiaries.

    Examples
    --------
    >>> round(100 * float(coverage(629, 326_400).proportion), 4)
    0.1927
    """
    part, whole = read_counts(served=served, eligible=eligible)
    share, above = divide(part, whole), part > whole
    within = wilson_limits(np.where(above, 0.0, part), whole, level)
    poisson = (divide(limit, whole) for limit in exact_limits(part, level))
    low, high = (np.where(above, p, w) for p, w in zip(poisson, within, strict=True))
    known = np.isfinite(share)
    return Proportion(share, np.where(known, low, np.nan), np.where(known, high, np.nan), level, "wilson")


def gap(need: ArrayLike, service: ArrayLike) -> Array:
    """Households who could benefit beyond those that are, or could be, served.

    Parameters
    ----------
    need, service : array_like, shapes that broadcast
        Households who could benefit; slots, or households enrolled.

    Returns
    -------
    ndarray
        Households; negative where there is more service than need.

    Notes
    -----
    Source: definition of this project: need minus slots (or caseload).

    Examples
    --------
    >>> gap([120, 30], [80, 40]).tolist()
    [40.0, -10.0]
    """
    wanted, given = read_counts(need=need, service=service)
    return wanted - given


def concentration_curve(need: ArrayLike, births: ArrayLike, slots: ArrayLike) -> tuple[Array, Array]:
    """Cumulative shares of births and of slots, from the neediest place to the least needy.

    Parameters
    ----------
    need, births, slots : array_like, shape (places,)
        Need as a rate or score that ranks places, births that weigh them, slots they hold.

    Returns
    -------
    tuple of ndarray
        Births and slots from (0, 0) to (1, 1); places of equal need are one step.

    Notes
    -----
    Source: Kakwani, Wagstaff and van Doorslaer 1997, Journal of Econometrics 77:87.

    Examples
    --------
    >>> [share.round(2).tolist() for share in concentration_curve([9, 5], [100, 300], [30, 10])]
    [[0.0, 0.25, 1.0], [0.0, 0.75, 1.0]]
    """
    rank, weight, held = _places(need=need, births=births, slots=slots)
    _, step = np.unique(-rank, return_inverse=True)
    curves = (np.bincount(step, weights=count).cumsum() for count in (weight, held))
    births_curve, slots_curve = (np.concatenate([[0.0], curve / curve[-1]]) for curve in curves)
    return births_curve, slots_curve


def concentration_index(need: ArrayLike, births: ArrayLike, slots: ArrayLike) -> float:
    """Concentration index of slots against need: do slots go where need is?

    Parameters
    ----------
    need, births, slots : array_like, shape (places,)
        Need as a rate or score that ranks places, births that weigh them, slots they hold.

    Returns
    -------
    float
        From -1 to 1: negative when slots favour the places of greater need, 0 when they follow births.

    Notes
    -----
    Source: as `concentration_curve`: one minus twice the area under it; equal needs share a rank.

    Examples
    --------
    >>> round(concentration_index([9, 5], [100, 300], [30, 10]), 2)
    -0.5
    """
    x, y = concentration_curve(need, births, slots)
    return float(1 - (np.diff(x) * (y[1:] + y[:-1])).sum())


def gini(births: ArrayLike, slots: ArrayLike) -> float:
    """Gini coefficient of slots per birth, places weighted by births.

    Parameters
    ----------
    births, slots : array_like, shape (places,)
        Births and slots by place.

    Returns
    -------
    float
        0 when slots follow births everywhere, toward 1 when few places hold all.

    Notes
    -----
    Source: area between the Lorenz curve and the diagonal, doubled.

    Examples
    --------
    >>> gini([100, 300], [25, 75])
    0.0
    """
    weight, held = _places(births=births, slots=slots)
    per_birth = divide(held, weight, empty=np.inf)
    # from most to least slots per birth the curve bends the other way
    return -concentration_index(np.where(np.isinf(per_birth), 1e300, per_birth), weight, held) + 0.0


def hoover(births: ArrayLike, slots: ArrayLike) -> float:
    """Share of slots that would have to move for slots to follow births (or another weight, as need).

    Parameters
    ----------
    births, slots : array_like, shape (places,)
        Births, or households who could benefit; slots.

    Returns
    -------
    float
        From 0 to 1.

    Notes
    -----
    Source: Hoover 1936, Review of Economics and Statistics 18:162: half the sum of absolute differences
    of shares.

    Examples
    --------
    >>> hoover([100, 300], [50, 50])
    0.25
    """
    weight, held = _places(births=births, slots=slots)
    return float(np.abs(weight / weight.sum() - held / held.sum()).sum() / 2)


def _places(**given: ArrayLike) -> list[Array]:
    columns = read_counts(**given)
    if columns[0].ndim != 1 or not all(np.isfinite(column).all() for column in columns):
        raise ValueError(f"Give one known {', '.join(given)} for every place.")
    if not columns[-1].any() or not columns[-2].any():
        raise ValueError(f"All {' or all '.join(list(given)[-2:])} are zero, so shares cannot be compared.")
    return columns
