"""Take the time of a function, and say what a list of times comes to."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

from tqdm import tqdm

__all__ = ["in_turns", "median", "p95"]


def in_turns(
    ours: Callable[[], object], plain: Callable[[], object], times: int, name: str, warm_up: bool = True
) -> tuple[list[float], list[float]]:
    """How many seconds both took, ``times`` times over, after once each for warming up, unless not wanted.

    They take turns, so that whatever else the machine does falls on both. Shows its progress.
    """
    found: tuple[list[float], list[float]] = ([], [])
    for work in (ours, plain) if warm_up else ():
        work()
    for _ in tqdm(range(times), desc=name, leave=False):
        for work, seconds in zip((ours, plain), found, strict=True):
            gc.collect()
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
    return found


def p95(values: Sequence[float]) -> float:
    """The 95th percentile, by linear interpolation between the values; of at least two."""
    return quantiles(values, n=20, method="inclusive")[-1]
