"""Split whole things over places in proportion to a weight, without losing or gaining any."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def largest_remainder(total: ArrayLike, weight: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Split ``total`` over the rows of each ``whole`` in whole numbers (Hamilton's method).

    ``total`` (n,): the number to split, the same on every row of a whole, itself a whole number;
    ``weight`` (n,): non-negative, in any unit; equal shares where a whole's weights are all zero;
    ``whole`` (n,): labels. Returns (n,) whole numbers that add up to ``total`` within each whole. Ties
    go to the row that stands first. Method: Hamilton 1792, as used by the HUD-USPS crosswalk's users.

    >>> largest_remainder([10, 10, 10], [1, 1, 1], ["a", "a", "a"]).tolist()
    [4.0, 3.0, 3.0]
    """
    table = pd.DataFrame({"total": np.asarray(total, float), "weight": np.asarray(weight, float)})
    if (table["weight"] < 0).any() or table.isna().any(axis=None):
        raise ValueError("Weights and totals must be numbers, and weights must not be below zero.")
    keys = pd.Series(np.asarray(whole))
    grouped = table.groupby(keys)
    sums, sizes = grouped["weight"].transform("sum"), grouped["weight"].transform("size")
    share = np.where(sums > 0, table["weight"] / sums.where(sums > 0, 1.0), 1.0 / sizes)
    exact = table["total"] * share
    floor = np.floor(exact + 1e-9)
    left = (table["total"] - floor.groupby(keys).transform("sum")).round()
    order = (floor - exact).groupby(keys).rank(method="first")
    return (floor + (order <= left)).to_numpy(float)
