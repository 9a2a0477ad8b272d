"""The yearly pace of infant mortality, where it may have turned, and which count next year is ordinary.

Yearly counts are fitted only where every year is visible and of one basis; printed windows of several
years overlap and are never fitted. The next year's count is judged from the latest block.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from equity.measures.trend import joinpoint, loglinear, next_count_interval, trend_marker
from equity.release.figure import VISIBLE
from equity.release.policy import Policy

RATE: Final = "infant_mortality"
PLACES: Final = ("region", "county")
#: Below this p-value counts scatter more than Poisson counts do, and the negative binomial is fitted.
EXTRA_SCATTER: Final = 0.05
#: More joints would describe chance in series as short as these.
MAX_JOINTS: Final = 1
PLACE: Final = ["area_kind", "area", "group"]
NO_FIT: Final = {
    **dict.fromkeys(("family", "joints", "joints_reason", "marker", "basis", "source"), ""),
    **dict.fromkeys(("apc", "low", "high", "aapc", "aapc_low", "aapc_high", "extra_p"), np.nan),
}
NO_NEXT: Final = {
    **dict.fromkeys(("next_low", "next_high", "next_expected", "next_births"), np.nan),
    **dict.fromkeys(("next_basis", "next_source"), ""),
}


def trends(figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """One row a region or county and group: its yearly pace, or ``reason``, and the next year's range.

    ``figures`` are disclosed. ``apc low high`` in percent a year; ``joints`` the years where the pace
    turned, joined by ``;``; ``next_low next_high`` whole deaths in a year with the block's mean births.
    """
    rates = figures[figures["measure"].eq(RATE) & figures["area_kind"].isin(PLACES)]
    first, last = policy.blocks[0][0], policy.blocks[-1][1]
    rows = []
    for place, own in rates.groupby(PLACE, observed=True):
        years = own[own["first_year"].eq(own["last_year"])].sort_values("first_year")
        years = years[years["first_year"].between(first, last)]
        row = dict(zip(PLACE, place, strict=True)) | {"first_year": first, "last_year": last}
        row |= _fit(years, last - first + 1) | _next(own, policy.blocks[-1])
        if row["reason"] == "" or row["next_basis"]:
            rows.append(row)
    return pd.DataFrame(rows)


def _fit(years: pd.DataFrame, wanted: int) -> dict[str, Any]:
    """The yearly pace of a whole visible series; else the reason why there is none."""
    visible = years[years["status"].isin(VISIBLE) & years["numerator"].notna()]
    if visible.empty:
        return {**NO_FIT, "reason": "no_years"}
    if len(visible) < wanted:
        return {**NO_FIT, "reason": "hidden_years"}
    if visible["basis"].nunique() > 1:
        return {**NO_FIT, "reason": "bases_differ"}
    deaths, births = (visible[name].to_numpy(float) for name in ("numerator", "denominator"))
    when = visible["first_year"].to_numpy(float)
    family, fit = "poisson", loglinear(deaths, births, when)
    extra = float(fit.extra_p)
    if extra < EXTRA_SCATTER:
        family, fit = "negative_binomial", loglinear(deaths, births, when, "negative_binomial")
    turns = joinpoint(deaths, births, when, MAX_JOINTS)
    limits = (visible[name].to_numpy(float) for name in ("value", "low", "high"))
    return {
        "family": family,
        "apc": float(fit.apc),
        "low": float(fit.low),
        "high": float(fit.high),
        "extra_p": extra,
        "joints": ";".join(f"{year:.0f}" for year in turns.joints),
        "joints_reason": turns.reason,
        "aapc": turns.aapc,
        "aapc_low": turns.aapc_low,
        "aapc_high": turns.aapc_high,
        "marker": str(trend_marker(*limits).marker),
        "reason": "",
        "basis": str(visible["basis"].iloc[0]),
        "source": str(visible["source"].iloc[0]),
    }


def _next(own: pd.DataFrame, block: tuple[int, int]) -> dict[str, Any]:
    """The counts that would be ordinary in the year after the block, at its rate and mean births."""
    rows = own[own["first_year"].eq(block[0]) & own["last_year"].eq(block[1])]
    rows = rows[rows["status"].isin(VISIBLE) & rows["numerator"].notna()]
    if rows.empty:
        return NO_NEXT
    row = rows.iloc[0]
    births = round(row["denominator"] / (block[1] - block[0] + 1))
    found = next_count_interval(row["numerator"], row["denominator"], births)
    return {
        "next_low": float(found.low),
        "next_high": float(found.high),
        "next_expected": float(found.expected),
        "next_births": float(births),
        "next_basis": str(row["basis"]),
        "next_source": str(row["source"]),
    }
