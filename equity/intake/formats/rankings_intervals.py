"""The intervals County Health Rankings prints around infant mortality, made again from its own numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Deaths from which the publisher turns from exact Poisson limits to normal ones.
NORMAL_FROM: Final = 100
#: The publisher's normal quantile, rounded as it rounds it.
_Z: Final = 1.96
_TAIL: Final = 0.025


def printed_interval(value: ArrayLike, deaths: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits the publisher prints around a rate of ``deaths``: 95 %, on the scale of ``value``.

    Exact Poisson limits below 100 deaths, from there on value x (1 +/- 1.96/sqrt(deaths)). No deaths have
    no rate to scale and give NaN. The limits of single counts are worked out here because readers stand
    apart from the measures; a test holds both to each other.
    """
    from scipy.special import gammaincinv  # slow to load, and few files need it

    rate, events = np.broadcast_arrays(np.asarray(value, dtype=float), np.asarray(deaths, dtype=float))
    some = np.where(events > 0, events, np.nan)
    half = _Z / np.sqrt(some)
    exact_low, exact_high = gammaincinv(some, _TAIL) / some, gammaincinv(some + 1, 1 - _TAIL) / some
    many = some >= NORMAL_FROM
    low = np.where(many, 1 - half, exact_low)
    high = np.where(many, 1 + half, exact_high)
    return rate * low, rate * high
