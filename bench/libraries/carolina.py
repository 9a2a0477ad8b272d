"""The data that all fit: sudden infant deaths in North Carolina's 100 counties, 1974-78; and our own fit."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equity.measures.smoothing import bym2, icar_scale
from tests.measures.reference import carolina, carolina_touching

Array = NDArray[np.float64]
#: Our fit is timed so often, after one for warming up.
TIMES: Final = 5


@dataclass(frozen=True)
class Counties:
    """Deaths, deaths expected at the state's rate, pairs that touch, and the scale of the spatial effect."""

    names: list[str]
    deaths: NDArray[np.int64]
    expected: Array
    touching: Array
    scale: float

    @property
    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Both ends of every pair, each pair once."""
        first, second = np.nonzero(np.triu(self.touching))
        return first, second


class Taken(NamedTuple):
    """Seconds on the clock, and seconds of the processor, which other work on the machine changes less."""

    clock: float
    processor: float


class Watch:
    """Starts when it is made."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def read(self) -> Taken:
        """What has passed since the start."""
        return Taken(time.perf_counter() - self._clock, time.process_time() - self._processor)


@dataclass(frozen=True)
class Fit:
    """What a method said of each county's relative risk, and what it took.

    ``rhat`` is the largest and ``ess`` the smallest (bulk) over counties and hyperparameters; ``None`` where
    nothing is sampled.
    """

    mean: Array
    above: Array
    compiling: Taken
    sampling: Taken
    draws: int = 0
    seed: int | None = None
    rhat: float | None = None
    ess: float | None = None


def counties() -> Counties:
    """The reference data of ``tests/reference/nc_sids``."""
    table, touching = carolina(), carolina_touching()
    deaths, births = table["SID74"].to_numpy(int), table["BIR74"].to_numpy(float)
    expected = births * deaths.sum() / births.sum()
    return Counties(table["NAME"].tolist(), deaths, expected, touching, float(icar_scale(touching)))


def mean_and_above(data: Counties) -> tuple[Array, Array]:
    """Our model: mean of each relative risk, and probability that it is above 1."""
    found = bym2(data.deaths, data.expected, data.touching)
    return found.mean, found.probability_above(1.0)


def ours(data: Counties) -> Fit:
    """Our nested Laplace fit; its time is the median of ``TIMES``."""
    taken = []
    for _ in range(TIMES + 1):
        start = Watch()
        mean, above = mean_and_above(data)
        taken.append(start.read())
    middle = Taken(*(float(x) for x in np.median(taken[1:], axis=0)))
    return Fit(mean, above, Taken(0.0, 0.0), middle)
