"""The spatial scan: the circle on the map that holds the most deaths beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from equity.measures._arrays import Array, divide, read_counts

#: Below so many deaths a cluster is not named.
MINIMUM_DEATHS: Final = 10
#: Clusters after the first are listed while their p-value is at most this.
LISTED: Final = 0.05
#: Numbers held in memory at once while simulating.
BATCH: Final = 4_000_000


@dataclass(frozen=True)
class Cluster:
    """One circle: ``members`` are area numbers, nearest to the centre first.

    ``relative_risk`` compares inside with outside; ``reportable`` is False below 10 deaths.
    """

    members: NDArray[np.int64]
    observed: float
    expected: float
    relative_risk: float
    llr: float
    p: float

    @property
    def reportable(self) -> bool:
        """True where the cluster holds enough deaths to be named."""
        return self.observed >= MINIMUM_DEATHS


@dataclass(frozen=True)
class Scan:
    """Clusters that share no area, the most likely first, and the settings that shaped them."""

    clusters: tuple[Cluster, ...]
    max_share: float
    simulations: int
    seed: int

    @property
    def most_likely(self) -> Cluster:
        """The first cluster, whatever its p-value."""
        return self.clusters[0]


def scan(
    deaths: ArrayLike,
    births: ArrayLike,
    coordinates: ArrayLike,
    max_share: float = 0.5,
    simulations: int = 999,
    seed: int = 0,
) -> Scan:
    """Kulldorff's circular scan for high rates. Source: Kulldorff 1997, Communications in Statistics 26:1481.

    Parameters
    ----------
    deaths, births : array_like, shape (areas,)
        Counts.
    coordinates : array_like, shape (areas, 2)
        Centroids on a plane (projected): distances are straight lines.
    max_share : float
        Largest share of births a circle may hold; the answer depends on it, so print it.
    simulations, seed : int
        Random maps with the same deaths, for the p-value; start of the random numbers.

    Returns
    -------
    Scan
        ``.clusters``, each with ``.members .observed .expected .llr .p``, p for every circle tried.

    Examples
    --------
    >>> places = [[x, y] for x in range(4) for y in range(4)]
    >>> found = scan([9, 8, 1, 1, 9, 9, 1, 1] + [1] * 8, [100] * 16, places, simulations=99)
    >>> sorted(found.most_likely.members.tolist())
    [0, 1, 4, 5]
    """
    top, base = read_counts(deaths=deaths, births=births)
    places = np.asarray(coordinates, float)
    _check(top, base, places, max_share)
    circles = _circles(base, places, max_share)
    best = _simulated(base, circles, top.sum(), simulations, np.random.default_rng(seed))
    return Scan(_apart(top, base, circles, best), max_share, simulations, seed)


@dataclass(frozen=True)
class _Circles:
    """Areas by distance from each centre (areas, reach), and which prefixes are circles to try."""

    order: NDArray[np.int64]
    tried: NDArray[np.bool_]


def _check(top: Array, base: Array, places: Array, max_share: float) -> None:
    if top.ndim != 1 or places.shape != (len(top), 2) or not np.isfinite(places).all():
        raise ValueError("A scan needs deaths, births and two known coordinates for every area.")
    if not np.isfinite(top + base).all() or np.any((top > 0) & (base == 0)) or not top.any():
        raise ValueError("A scan needs known counts, some deaths, and births wherever there are deaths.")
    if not 0 < max_share <= 1:
        raise ValueError(f"max_share is a share of births above 0 and at most 1; it is {max_share}.")


def _circles(base: Array, places: Array, max_share: float) -> _Circles:
    distance = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    order = distance.argsort(axis=1, kind="stable")
    sorted_distance = np.take_along_axis(distance, order, axis=1)
    # areas at one distance enter together
    whole = np.diff(sorted_distance, axis=1, append=np.inf) > 0
    share = base[order].cumsum(1) / base.sum()
    tried = whole & (share <= max_share + 1e-12)
    if not tried.any():
        raise ValueError("Every area holds more births than max_share allows: raise it.")
    reach = int(np.flatnonzero(tried.any(0)).max()) + 1
    return _Circles(order[:, :reach], tried[:, :reach])


def _gather(counts: Array, circles: _Circles) -> Array:
    """Sum of counts (..., areas) in every prefix: (..., areas, reach)."""
    return counts[..., circles.order].cumsum(-1)


def _log_likelihood_ratio(observed: Array, expected: Array, total: float) -> Array:
    safe_in, safe_out = (
        np.where(expected > 0, expected, 1.0),
        np.where(expected < total, total - expected, 1.0),
    )
    ratio = xlogy(observed, observed / safe_in) + xlogy(total - observed, (total - observed) / safe_out)
    return np.where(observed > expected, ratio, 0.0)


def _simulated(
    base: Array, circles: _Circles, total: float, simulations: int, rng: np.random.Generator
) -> Array:
    """Largest ratio of each random map (simulations,)."""
    inside = _gather(base * total / base.sum(), circles)
    share, size = base / base.sum(), max(1, BATCH // circles.order.size)
    best = []
    for first in range(0, simulations, size):
        drawn = rng.multinomial(round(total), share, min(size, simulations - first)).astype(float)
        ratio = _log_likelihood_ratio(_gather(drawn, circles), inside, float(round(total)))
        best.append(np.where(circles.tried, ratio, 0.0).max((-1, -2)))
    return np.concatenate(best) if best else np.zeros(0)


def _apart(top: Array, base: Array, circles: _Circles, best: Array) -> tuple[Cluster, ...]:
    """Clusters from the largest ratio down that share no area."""
    expected = base * top.sum() / base.sum()
    llr = _log_likelihood_ratio(_gather(top, circles), _gather(expected, circles), top.sum())
    found: list[Cluster] = []
    free = np.ones(len(top), dtype=bool)
    height = np.where(circles.tried, llr, -1.0)
    while True:
        # a circle is open while every area in it is free
        height = np.where(np.logical_and.accumulate(free[circles.order], axis=1), height, -1.0)
        centre, last = np.unravel_index(int(height.argmax()), height.shape)
        ratio = float(height[centre, last])
        p = (1 + int((best >= ratio - 1e-12).sum())) / (1 + len(best))
        if found and (ratio <= 0 or p > LISTED):
            return tuple(found)
        members = circles.order[centre, : last + 1]
        inside, total = (float(x[members].sum()) for x in (top, expected)), float(top.sum())
        observed, wanted = inside
        outside = divide(total - observed, total - wanted, empty=np.nan)
        risk = float(divide(observed / wanted if wanted else np.nan, outside, empty=np.inf))
        found.append(Cluster(members, observed, wanted, risk, max(ratio, 0.0), p))
        free[members] = False
