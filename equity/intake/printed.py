"""Checks of printed figures: does a value agree with its own interval and its own counts."""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.intake.checks import RowChecks
from equity.intake.vocabulary import COUNTS, PER, SHARES

NUMBERS: Final = ("value", "low", "high", "numerator", "denominator")
#: Agreement asked of numbers printed with all their digits.
_RELATIVE: Final = 1e-9


def half_unit(text: pd.Series[str]) -> pd.Series[float]:
    """Half a unit of the last digit printed: 0.05 for ``12.0``, 0.5 for ``12``."""
    decimals = text.str.strip().str.partition(".")[2].str.len()
    return pd.Series(0.5 * 0.1 ** decimals.to_numpy(dtype=float), index=text.index)


def check_value(checks: RowChecks) -> None:
    """Value not negative, shares at most 1, and the interval around the value as far as it was rounded."""
    value = checks.number("value", low=0)
    low, high = checks.number("low", low=0), checks.number("high", low=0)
    share = checks.text["measure"].isin(SHARES)
    for column in ("value", "low", "high"):
        above = share & (checks.numbers[column] > 1)
        checks.refuse(above, column, "{value} is more than 1: write a share as 0.12, not as 12.")
    rounding = half_unit(checks.text["value"])
    below = value < low - rounding - half_unit(checks.text["low"])
    over = value > high + rounding + half_unit(checks.text["high"])
    checks.refuse(below | over, "value", "{value} lies outside its own interval; check value, low and high.")
    half = low.isna() != high.isna()
    checks.refuse(half, "low", "only one end of the interval is given; give both ends or none.")


def check_counts(checks: RowChecks) -> None:
    """Numerator, denominator and value must tell the same, to the last digit printed."""
    value = checks.numbers["value"]
    top = checks.number("numerator", whole=True, low=0)
    base = checks.number("denominator", whole=True, low=1)
    measure = checks.text["measure"]
    per = measure.map(PER).astype(float)
    checks.refuse(per.notna() & (top > base), "numerator", "{value} is more than the denominator.")
    allowed = half_unit(checks.text["value"]) + _RELATIVE * value
    apart = (top / base * per - value).abs() > allowed
    checks.refuse(apart, "value", "{value} does not follow from numerator and denominator; check all three.")
    count = measure.isin(COUNTS) & top.notna() & (top != value)
    checks.refuse(count, "numerator", "{value} differs from the value, though the measure is a count.")


def check_status(checks: RowChecks) -> None:
    """A figure that is shown has a value; one that is hidden or missing has no number at all."""
    shown = checks.text["status"].isin(["shown", "unstable"])
    empty = checks.text["value"].str.strip().eq("")
    checks.refuse(shown & empty, "value", "the status says shown, but there is no value.")
    for column in NUMBERS:
        given = ~shown & checks.text[column].str.strip().ne("")
        checks.refuse(given, column, "a hidden or missing figure must not carry a number; empty this cell.")
