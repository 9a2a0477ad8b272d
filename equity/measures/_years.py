"""Reads the years of a series: single years, or windows that must not overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array


def middle_years(years: ArrayLike, points: int) -> Array:
    """Middle of each year or of each (first, last) window; shape (points,).

    Windows that share a year are refused: their counts are not independent of each other.

    >>> middle_years([[2010, 2016], [2017, 2023]], 2).tolist()
    [2013.0, 2020.0]
    """
    given = np.asarray(years, dtype=np.float64)
    if given.shape not in ((points,), (points, 2)) or not np.isfinite(given).all():
        raise ValueError(f"Give one year, or one first and last year, for each of the {points} counts.")
    first, last = (given, given) if given.ndim == 1 else given.T
    if not points:
        raise ValueError("Give the counts of at least one year.")
    order = np.argsort(first)
    if np.any(last < first):
        raise ValueError("A window's last year lies before its first.")
    if np.any(first[order][1:] <= last[order][:-1]):
        raise ValueError("These windows overlap, or a year is given twice: use windows that share no year.")
    return (first + last) / 2
