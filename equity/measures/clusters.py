"""Do high rates lie together: one number for the whole map, and areas that stand out, corrected for looking.

Give deaths with ``births`` wherever values are rates: raw rates of small areas cluster by size, not by risk.
NaN in an array says that an area has no value: no births, or no neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._arrays import Array, divide
from equity.measures._neighbours import Neighbours
from equity.measures._spatial import Field, false_discovery, read_field, two_sided
from equity.measures.scan import Cluster, Scan, scan

__all__ = [
    "Cluster",
    "GetisOrd",
    "LocalMoran",
    "Moran",
    "Scan",
    "geary",
    "getis_ord",
    "local_moran",
    "moran",
    "scan",
]

#: Rearrangements of the map: fewer could not pass a correction for a hundred areas.
PERMUTATIONS: Final = 9999
#: Numbers held in memory at once while shuffling.
BATCH: Final = 4_000_000


@dataclass(frozen=True)
class Moran:
    """Moran's I; ``z`` and the two-sided ``p`` if values were shuffled over areas, ``z_normal`` if normal.

    ``areas`` compared: those with births and a neighbour.
    """

    i: float
    expected: float
    variance: float
    z: float
    p: float
    z_normal: float
    areas: int


def moran(values: ArrayLike, neighbours: Neighbours, births: ArrayLike | None = None) -> Moran:
    """Moran's I over neighbours that count alike.

    Parameters
    ----------
    values : array_like, shape (areas,)
        Values, or deaths where ``births`` are given: rates are then standardised by empirical Bayes.
    neighbours
        Matrix, pairs, lists, or a libpysal W or Graph.
    births : array_like, shape (areas,), optional
        Births.

    Returns
    -------
    Moran
        ``.i .z .p``.

    Notes
    -----
    Source: Cliff and Ord 1981, Spatial Processes (moments); Assunção and Reis 1999, Statistics in Medicine
    18:2147 (rates).

    Examples
    --------
    >>> line = [[1], *([i - 1, i + 1] for i in range(1, 9)), [8]]
    >>> moran([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], line).i > 0.5
    True
    """
    field = read_field(values, neighbours, births, islands=False)
    weights, x, n = field.row_weights(), field.value, len(field.value)
    s0, s1, s2 = _weight_sums(field)
    index = n / s0 * float(x @ (weights @ x)) / float(x @ x)
    mean = -1 / (n - 1)
    kurtosis = n * float((x**4).sum()) / float(x @ x) ** 2
    shuffled = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    shuffled -= kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    variance = shuffled / ((n - 1) * (n - 2) * (n - 3) * s0**2) - mean**2
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - mean**2
    z = (index - mean) / variance**0.5
    return Moran(index, mean, variance, z, float(two_sided(np.array(z))), (index - mean) / normal**0.5, n)


def _weight_sums(field: Field) -> tuple[float, float, float]:
    weights = field.row_weights()
    both = weights + weights.T
    return (
        float(weights.sum()),
        float((both.multiply(both)).sum() / 2),
        float(((weights.sum(1) + weights.sum(0)) ** 2).sum()),
    )


def geary(values: ArrayLike, neighbours: Neighbours, births: ArrayLike | None = None) -> float:
    """Geary's C: squared differences of neighbours over those of all; below 1 where neighbours are alike.

    Parameters
    ----------
    values, neighbours, births
        As in `moran`.

    Returns
    -------
    float

    Notes
    -----
    Source: Geary 1954, The Incorporated Statistician 5:115.

    Examples
    --------
    >>> line = [[1], *([i - 1, i + 1] for i in range(1, 9)), [8]]
    >>> geary([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], line) < 0.5
    True
    """
    field = read_field(values, neighbours, births, islands=False)
    weights, x = field.row_weights().tocoo(), field.value
    squares = float((weights.data * (x[weights.row] - x[weights.col]) ** 2).sum())
    return (len(x) - 1) * squares / (2 * float(weights.sum()) * float(x @ x))


@dataclass(frozen=True)
class LocalMoran:
    """Each area beside its neighbours, arrays (areas,), NaN (and no quadrant) where there is no value.

    ``i``: with the variance over n - 1; ``z``: by the moments of shuffling; ``p``: two-sided, by shuffling;
    ``p_adjusted``: for looking at every area; ``quadrant``: high-high, low-low, high-low, low-high.
    """

    i: Array
    z: Array
    p: Array
    p_adjusted: Array
    quadrant: NDArray[np.str_]
    permutations: int
    seed: int


def local_moran(
    values: ArrayLike,
    neighbours: Neighbours,
    births: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> LocalMoran:
    """Local Moran statistics: which areas and their neighbours are alike, or unlike.

    Parameters
    ----------
    values, neighbours, births
        As in `moran`.
    permutations, seed : int
        Shuffles of all other areas for each area; start of the random numbers.

    Returns
    -------
    LocalMoran
        ``.i .z .p .p_adjusted .quadrant``; read ``p_adjusted`` before naming an area.

    Notes
    -----
    Source: Anselin 1995, Geographical Analysis 27:93; conditional moments of Sokal and others 1998.

    Examples
    --------
    >>> line = [[1], *([i - 1, i + 1] for i in range(1, 9)), [8]]
    >>> str(local_moran([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], line).quadrant[9])
    'high-high'
    """
    field = read_field(values, neighbours, births, islands=False)
    lag = field.row_weights() @ field.value
    index = field.value * lag * (len(lag) - 1) / float(field.value @ field.value)
    p = _shuffled_p(field, lag, permutations, np.random.default_rng(seed))
    i, z, p, adjusted = (field.spread_out(x) for x in (index, _local_z(field, lag), p, false_discovery(p)))
    return LocalMoran(i, z, p, adjusted, _quadrants(field, lag), permutations, seed)


def _quadrants(field: Field, lag: Array) -> NDArray[np.str_]:
    words = np.select(
        [(field.value > 0) & (lag > 0), (field.value < 0) & (lag < 0), field.value > 0],
        ["high-high", "low-low", "high-low"],
        "low-high",
    )
    quadrant = np.full(field.areas, "", dtype=words.dtype)
    quadrant[field.kept] = words
    return quadrant


def _local_z(field: Field, lag: Array) -> Array:
    """Lag of each area against the other areas' values dealt to its neighbours at random."""
    x, others = field.value, len(lag) - 1
    degree = field.touching.sum(1)
    mean = -x / others
    variance = ((x @ x - x**2) / others - mean**2) * others / (others - 1) * (1 / degree - 1 / others)
    # where all others are alike nothing varies, but for what rounding makes of it
    spread = np.sqrt(np.where(variance > 1e-12 * (x @ x), variance, 0.0))
    return divide(np.sign(x) * (lag - mean), spread)


def _shuffled_p(field: Field, lag: Array, permutations: int, rng: np.random.Generator) -> Array:
    x, touching = field.value, field.touching
    degree = np.diff(touching.indptr)
    draws = _places_drawn(len(x) - 1, int(degree.max()), permutations, rng)
    p = np.empty(len(x))
    for area, count in enumerate(degree):
        others = np.delete(x, area)
        dealt = others[draws[:, :count]].mean(1)
        high = (dealt >= lag[area] - 1e-12).sum()
        low = (dealt <= lag[area] + 1e-12).sum()
        p[area] = min(2 * (min(high, low) + 1) / (permutations + 1), 1.0)
    return p


def _places_drawn(places: int, most: int, permutations: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Distinct places (permutations, most) in random order; the same draws serve every area."""
    at_once = max(1, BATCH // places)
    batches = []
    for first in range(0, permutations, at_once):
        ranks = rng.random((min(at_once, permutations - first), places))
        batches.append(rng.permuted(ranks.argpartition(most - 1, axis=1)[:, :most], axis=1))
    return np.concatenate(batches)


@dataclass(frozen=True)
class GetisOrd:
    """Each area together with its neighbours against all, arrays (areas,), NaN where there is no value."""

    z: Array
    p: Array
    p_adjusted: Array


def getis_ord(values: ArrayLike, neighbours: Neighbours, births: ArrayLike | None = None) -> GetisOrd:
    """Getis and Ord's Gi*: hot (positive) and cold (negative) surroundings, the area itself included.

    Parameters
    ----------
    values, neighbours, births
        As in `moran`; an island is its own surroundings.

    Returns
    -------
    GetisOrd
        ``.z .p .p_adjusted``, p two-sided and normal.

    Notes
    -----
    Source: Ord and Getis 1995, Geographical Analysis 27:286.

    Examples
    --------
    >>> line = [[1], *([i - 1, i + 1] for i in range(1, 9)), [8]]
    >>> getis_ord([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], line).z[9].round(2)
    np.float64(2.09)
    """
    field = read_field(values, neighbours, births, islands=True)
    x, n = field.value, len(field.value)
    count = field.touching.sum(1) + 1
    deviation = np.sqrt((x**2).mean() * (n * count - count**2) / (n - 1))
    z = (field.touching @ x + x) / np.where(deviation > 0, deviation, np.inf)
    p = two_sided(z)
    return GetisOrd(*(field.spread_out(found) for found in (z, p, false_discovery(p))))
