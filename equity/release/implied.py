"""The count behind a rate or share that is shown without it: what its digits and its interval leave open.

An attacker multiplies a rounded rate by births, and keeps the whole numbers whose exact interval would be
printed as the one that is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

Floats = NDArray[np.float64]
_TAIL: Final = 0.025
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
    counts = np.arange(max(least, 0.0), most + 1)
    if np.isfinite([low, high]).all():
        ends = _garwood(counts) if per > 1 else _wilson(counts, denominator)
        unit = per / denominator if per > 1 else 1.0
        fits = np.ones(len(counts), bool)
        for printed, own in zip((low, high), ends, strict=True):
            fits &= np.abs(own * unit - printed) <= half_unit + _TINY
        counts = counts[fits] if fits.any() else counts
    return float(counts[0]), float(counts[-1])


def _half_unit(printed: float) -> float:
    """Half a unit of the last digit that a number is printed with."""
    digits = f"{printed:.{_DIGITS}g}".partition(".")[2]
    return 0.5 * 10.0 ** -len(digits)


def _garwood(counts: Floats) -> tuple[Floats, Floats]:
    low = np.where(counts > 0, chi2.ppf(_TAIL, 2 * np.maximum(counts, 0.5)) / 2, 0.0)
    return low, chi2.ppf(1 - _TAIL, 2 * counts + 2) / 2


def _wilson(counts: Floats, total: float) -> tuple[Floats, Floats]:
    share, z = counts / total, norm.ppf(1 - _TAIL)
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    width = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    return middle - width, middle + width
