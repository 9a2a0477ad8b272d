"""What the cluster statistics share: areas that can be compared, their values, weights and p-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.special import ndtr

from equity.measures._arrays import Array, divide, read_counts
from equity.measures._neighbours import Neighbours, adjacency

#: With fewer areas there are too few arrangements for chance to be told from pattern (6 areas: 720).
MINIMUM_AREAS: Final = 8


@dataclass(frozen=True)
class Field:
    """Areas with a value: ``value`` deviations from the mean (kept,), ``kept`` their numbers of ``areas``."""

    value: Array
    touching: csr_array
    kept: NDArray[np.int64]
    areas: int

    def row_weights(self) -> csr_array:
        """Weights of one for each area's neighbours together."""
        degree = self.touching.sum(1)
        return csr_array(self.touching.multiply(divide(1, degree, empty=0.0)[:, None]))

    def spread_out(self, found: Array) -> Array:
        """Results of the kept areas at their places, NaN elsewhere."""
        full = np.full(self.areas, np.nan)
        full[self.kept] = found
        return full


def read_field(values: ArrayLike, neighbours: Neighbours, births: ArrayLike | None, islands: bool) -> Field:
    """Values, or deaths over births standardised by empirical Bayes, of the areas that can be compared.

    Areas without births are left out, and areas without a neighbour unless ``islands``.
    """
    given = np.asarray(values, float)
    if given.ndim != 1 or not np.isfinite(given).all():
        raise ValueError("Clusters need one known value for every area.")
    touching = adjacency(neighbours, len(given))
    usable = np.ones(len(given), dtype=bool)
    if births is not None:
        given, usable = _standardised(given, births)
    if not islands:
        usable = usable & (touching[:, np.flatnonzero(usable)].sum(1) > 0)
    kept = np.flatnonzero(usable)
    if len(kept) < MINIMUM_AREAS:
        raise ValueError(
            f"Only {len(kept)} areas can be compared: at least {MINIMUM_AREAS} are needed to see a pattern."
        )
    value = given[kept] - given[kept].mean()
    if np.allclose(value, 0):
        raise ValueError("All areas have the same value, so there is no pattern to look for.")
    return Field(value, csr_array(touching[kept][:, kept]), kept, len(given))


def _standardised(deaths: Array, births: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    """Rates in standard deviations that allow for each area's births (Assunção and Reis 1999)."""
    top, base = read_counts(deaths=deaths, births=births)
    if np.any((top > 0) & (base == 0)):
        raise ValueError("An area has deaths but no births: correct it or leave it out.")
    total = base.sum()
    if total == 0 or not top.any():
        raise ValueError("There are no births or no deaths, so rates cannot be compared.")
    mean, raw = top.sum() / total, divide(top, base, empty=0.0)
    extra = max((base * (raw - mean) ** 2).sum() / total - mean * (base > 0).sum() / total, 0.0)
    return (raw - mean) / np.sqrt(extra + divide(mean, base, empty=np.inf)), base > 0


def two_sided(z: Array) -> Array:
    """Two-sided p-value of a normal score."""
    return 2 * ndtr(-np.abs(z))


def false_discovery(p: Array) -> Array:
    """P-values adjusted for looking at many areas at once (Benjamini and Hochberg 1995); NaN stays."""
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
