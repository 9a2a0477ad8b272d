"""Take the time of a function, and say what a list of times comes to."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

from tqdm import tqdm

__all__ = ["median", "p95", "seconds"]


def seconds(work: Callable[[], object], times: int, name: str) -> list[float]:
    """How long ``work`` took, ``times`` times over, after once for warming up. Shows its progress."""
    work()
    found = []
    for _ in tqdm(range(times), desc=name, leave=False):
        gc.collect()
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found


def p95(values: Sequence[float]) -> float:
    """The 95th percentile, by linear interpolation between the values; of at least two."""
    return quantiles(values, n=20, method="inclusive")[-1]
