"""Do slots go where need is: concentration curve and index, and the share of slots that would have to move.

From published figures of places; the ranges come from needs drawn within their published intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from equity.measures.service import concentration_curve, concentration_index, hoover
from equity.release.figure import Basis, Figure
from equity.release.load import Release
from equity.release.places_served import PlaceService, mixed

Array = NDArray[np.float64]

DRAWS: Final = 500
SEED: Final = 20_330_101
Z: Final = 1.959963984540054
NEWBORN: Final = "need_newborn"
SMOOTHED: Final = "infant_mortality_smoothed"


@dataclass(frozen=True)
class FollowNeed:
    """How slots follow a ranking of places, with 95 % ranges.

    ``index`` from -1 to 1, below zero where slots favour the places ranked first; ``moved``: share of slots
    that would have to move to follow ``weight``; ``curve``: cumulative shares of weight and of slots from the
    first place on; ``places`` compared and ``left_out`` (a part of theirs is hidden).
    """

    by: str
    index: float
    index_range: tuple[float, float]
    moved: float
    moved_range: tuple[float, float]
    curve: tuple[Array, Array]
    places: int
    left_out: int
    basis: Basis


def follow_need(release: Release, places: Sequence[PlaceService]) -> list[FollowNeed]:
    """Slots against need, then against smoothed infant mortality where the release has it for the places.

    Places are ranked by need for each newborn family, and by the smoothed rate; they weigh by their need, and
    by newborn families. Empty where fewer than two places, or no slots, can be compared, and where the places
    are of two kinds, made up and reported: no share is worked out across both.
    """
    slots = np.array([np.nan if place.slots.value is None else place.slots.value for place in places], float)
    need, error = _numbers([place.need for place in places], places)
    babies, _ = _numbers([_latest(release, NEWBORN, place) for place in places], places)
    rates, rate_error = _numbers([_latest(release, SMOOTHED, place) for place in places], places)
    known = np.isfinite(need) & np.isfinite(slots)
    kinds = {place.need.basis for place, is_known in zip(places, known, strict=True) if is_known}
    if len(kinds) > 1:
        return []
    each = np.divide(need, babies, out=np.full_like(need, np.nan), where=babies > 0)
    basis: Basis = "demonstration" if any(p.slots.basis == "demonstration" for p in places) else "estimated"
    found = [
        _follow("need", each, need, slots, (error, error), basis),
        _follow("mortality", rates, babies, slots, (rate_error, np.zeros_like(error)), basis),
    ]
    return [one for one in found if one is not None]


def _follow(
    by: str, rank: Array, weight: Array, slots: Array, errors: tuple[Array, Array], basis: Basis
) -> FollowNeed | None:
    """``errors`` of rank and weight on the log scale: one draw moves both, as more need is more of each."""
    known = np.isfinite(rank) & np.isfinite(weight) & np.isfinite(slots) & (weight > 0)
    if known.sum() < 2 or not slots[known].sum() > 0:
        return None
    rank, weight, slots = rank[known], weight[known], slots[known]
    noise = np.random.default_rng(SEED).normal(size=(DRAWS, len(weight)))
    ranks, weights = (x * np.exp(noise * e[known]) for x, e in zip((rank, weight), errors, strict=True))
    index = [concentration_index(r, w, slots) for r, w in zip(ranks, weights, strict=True)]
    return FollowNeed(
        by=by,
        index=concentration_index(rank, weight, slots),
        index_range=_range(index),
        moved=hoover(weight, slots),
        moved_range=_range([hoover(w, slots) for w in weights]),
        curve=concentration_curve(rank, weight, slots),
        places=int(known.sum()),
        left_out=int((~known).sum()),
        basis=basis,
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _numbers(figures: Sequence[Figure], places: Sequence[PlaceService]) -> tuple[Array, Array]:
    """Values of places, NaN where none can stand beside their slots, and standard errors on the log scale."""
    values = [
        np.nan if figure.value is None or mixed(figure, place.slots) else figure.value
        for figure, place in zip(figures, places, strict=True)
    ]
    return np.array(values, dtype=float), np.array([log_error(figure) for figure in figures])


def log_error(figure: Figure) -> float:
    """Standard error of the logarithm of a figure, from its interval; 0 where it has none."""
    if not figure.low or not figure.high:
        return 0.0
    return float(np.log(figure.high / figure.low) / (2 * Z))


def _latest(release: Release, measure: str, place: PlaceService) -> Figure:
    """A place's figure of the last period that its kind has for the measure."""
    like = place.need
    periods = release.periods(measure, like.area_kind) or [(like.first_year, like.last_year)]
    return release.figure(measure, like.area_kind, place.area, "all", periods[-1])
