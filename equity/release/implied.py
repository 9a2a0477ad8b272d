"""The count behind a rate or share that is shown without it: what its digits and its interval leave open.

An attacker multiplies a rounded rate by births, and keeps the whole numbers whose exact interval would be
printed as the one that is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from equity.measures.rates import proportion_interval, rate_interval

_TINY: Final = 1e-9
#: Digits that a number is looked at with; more are calculated, not printed.
_DIGITS: Final = 10


def implied_counts(
    value: float, low: float, high: float, denominator: float, per: float
) -> tuple[float, float]:
    """The least and the most whole number behind ``value`` = count / ``denominator`` x ``per``, as printed.

    ``low``, ``high``: the interval in the same unit, NaN where there is none: for rates (``per`` above 1)
    the exact one of a Poisson count (Garwood, Biometrika 28:437, 1936), for shares Wilson's (JASA 22:209,
    1927). An interval of another method is passed over. Where no whole number fits, the nearest do.
    """
    # 6.0 is kept as 6: its digits are those of the numbers beside it
    half_unit = min(_half_unit(each) for each in (value, low, high) if np.isfinite(each))
    exact, half = value * denominator / per, half_unit * denominator / per
    least, most = np.ceil(exact - half - _TINY), np.floor(exact + half + _TINY)
    if least > most:
        return float(np.floor(exact)), float(np.ceil(exact))
    # no more than all of them, unless what is printed says so
    counts = np.arange(max(least, 0.0), min(most, max(least, denominator)) + 1)
    if np.isfinite([low, high]).all() and counts[-1] <= denominator:
        own = rate_interval(counts, denominator, per) if per > 1 else proportion_interval(counts, denominator)
        near = half_unit + _TINY
        fits = (np.abs(own.low - low) <= near) & (np.abs(own.high - high) <= near)
        counts = counts[fits] if fits.any() else counts
    return float(counts[0]), float(counts[-1])


def _half_unit(printed: float) -> float:
    """Half a unit of the last digit that a number is printed with."""
    digits = f"{printed:.{_DIGITS}g}".partition(".")[2]
    return 0.5 * 10.0 ** -len(digits)
