"""Sharing whole numbers out at random so that every total is met exactly.

Cells stand in runs: ``owner[i]`` is the number of the run (stratum) that cell ``i`` belongs to, in
ascending order. All runs are drawn at once; work grows with the number of cells, not of people.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def split(totals: Ints, owner: Ints, weights: Floats, rng: np.random.Generator) -> Ints:
    """Draw one multinomial per run: ``totals[run]`` items over its cells in proportion to ``weights``.

    Returns counts per cell that add up to ``totals`` exactly. A multinomial is drawn as a chain of
    binomials (Devroye 1986, ch. XI.1.4): each cell takes its share of what the earlier cells left.
    Raises ``ValueError`` when a run has items to place and no cell with a positive weight.
    """
    counts = np.zeros(len(weights), dtype=np.int64)
    used = np.flatnonzero(weights > 0)
    run = owner[used]
    missing = (totals > 0) & (np.bincount(run, minlength=len(totals)) == 0)
    if missing.any():
        raise ValueError(
            f"{int(missing.sum())} stratum(s) have a total but no cell with people to share it over: "
            "give each county at least one ZIP with a population."
        )
    if not len(used):
        return counts
    share, place = _chances(run, weights[used], len(totals))
    order = np.argsort(place, kind="stable")
    edges = np.searchsorted(place[order], np.arange(int(place.max()) + 2))
    left = totals.astype(np.int64).copy()
    for start, stop in pairwise(edges):
        cell = order[start:stop]
        drawn = rng.binomial(left[run[cell]], share[cell])
        counts[used[cell]] = drawn
        left[run[cell]] -= drawn
    return counts


def _chances(run: Ints, weights: Floats, runs: int) -> tuple[Floats, Ints]:
    """Chance of each cell among itself and the later cells of its run, and its place in the run."""
    # Runs are scaled to 1 first, so that one cumulative sum over all of them stays precise.
    scaled = weights / np.bincount(run, weights, minlength=runs)[run]
    tail = np.cumsum(scaled[::-1])[::-1]
    after = np.append(tail[1:], 0.0)
    last = np.append(run[1:] != run[:-1], True)
    end = np.zeros(runs)
    end[run[last]] = after[last]
    rest = np.maximum(tail - end[run], scaled)
    chance = np.divide(scaled, rest, out=np.ones_like(rest), where=~last & (rest > 0))
    first = np.flatnonzero(np.append(True, run[1:] != run[:-1]))
    length = np.diff(np.append(first, len(run)))
    return np.minimum(chance, 1.0), np.arange(len(run)) - np.repeat(first, length)


def split_within(totals: Ints, owner: Ints, risk: Floats, size: Ints, rng: np.random.Generator) -> Ints:
    """Pick ``totals[run]`` members out of cells of ``size`` members, each with relative ``risk``.

    No cell gives more than it has. What falls on a full cell is drawn again among the members left.
    Raises ``ValueError`` when a run has fewer members than it must give.
    """
    held = np.bincount(owner, size * (risk > 0), minlength=len(totals))
    if (held < totals).any():
        run = int(np.flatnonzero(held < totals)[0])
        raise ValueError(f"stratum {run} must give {int(totals[run])} members but holds {int(held[run])}.")
    picked = np.zeros(len(size), dtype=np.int64)
    left = totals.astype(np.int64).copy()
    while left.any():
        open_cells = np.flatnonzero((left[owner] > 0) & (picked < size))
        room = size[open_cells] - picked[open_cells]
        drawn = split(left, owner[open_cells], risk[open_cells] * room, rng)
        drawn = np.minimum(drawn, room)
        picked[open_cells] += drawn
        left -= np.bincount(owner[open_cells], drawn, minlength=len(left)).astype(np.int64)
    return picked


def pick_rows(counts: Ints, chances: Floats, rng: np.random.Generator) -> Ints:
    """Split each count over the last axis of ``chances`` (rows need not sum to 1)."""
    shares = chances / chances.sum(axis=-1, keepdims=True)
    return rng.multinomial(counts, np.broadcast_to(shares, (*counts.shape, shares.shape[-1])))
