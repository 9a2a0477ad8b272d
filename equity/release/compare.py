"""Black-to-white comparisons: ratio and difference, only within one basis and one scheme of race."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from equity.measures.disparity import rate_difference, rate_ratio
from equity.release.tables import as_figures, join_sources
from equity.release.vital import PER

#: Marks that a comparison takes over from either rate, the gravest first.
MARKS: Final = ["doubtful_in_print", "under_20_deaths"]
CELL: Final = ["area_kind", "area", "first_year", "last_year", "basis", "scheme"]


def comparisons(rates: pd.DataFrame) -> pd.DataFrame:
    """Ratio and difference of infant mortality, Black against white, for every cell that has both.

    ``rates`` are disclosed figures: only visible ones with counts are compared, so a comparison never
    tells more than the two rates beside it. A cell where either rate is hidden is hidden too.
    """
    rates = rates[rates["measure"].eq("infant_mortality") & rates["group"].isin(["black", "white"])]
    pairs = rates[rates["group"].eq("black")].merge(
        rates[rates["group"].eq("white")], on=CELL, suffixes=("_1", "_0")
    )
    if pairs.empty:
        return as_figures(pairs[CELL])
    visible = pairs["status_1"].isin(["shown", "unstable"]) & pairs["status_0"].isin(["shown", "unstable"])
    counted = visible & pairs["numerator_1"].notna() & pairs["numerator_0"].notna()
    made = [_computed(pairs[counted], name) for name in ("ratio", "difference")]
    hidden = pairs[~visible]
    made += [_hidden(hidden, name) for name in ("ratio", "difference")]
    return pd.concat([part for part in made if len(part)], ignore_index=True)


def _computed(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    deaths1, births1, deaths0, births0 = (
        pairs[column].to_numpy(float)
        for column in ("numerator_1", "denominator_1", "numerator_0", "denominator_0")
    )
    table = pairs[CELL].reset_index(drop=True)
    if name == "ratio":
        found = rate_ratio(deaths1, births1, deaths0, births0, method="exact")
        table = table.assign(value=found.ratio, low=found.low, high=found.high, method="exact")
    else:
        gap = rate_difference(deaths1, births1, deaths0, births0, per=PER)
        table = table.assign(value=gap.difference, low=gap.low, high=gap.high, method="score")
    table["numerator"] = pairs["value_1"].to_numpy(float)
    table["denominator"] = pairs["value_0"].to_numpy(float)
    marks = [pairs["reason_1"].eq(mark) | pairs["reason_0"].eq(mark) for mark in MARKS]
    table["reason"] = np.select(marks, MARKS, "")
    table["status"] = np.where(table["reason"].eq(""), "shown", "unstable")
    return _named(table, pairs, name)


def _hidden(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    table = pairs[CELL].reset_index(drop=True)
    withheld = pairs["reason_1"].eq("withheld_by_publisher") | pairs["reason_0"].eq("withheld_by_publisher")
    reasons = withheld.map({True: "withheld_by_publisher", False: "hidden_part"})
    return _named(table.assign(status="suppressed", reason=reasons.to_numpy(), method=""), pairs, name)


def _named(table: pd.DataFrame, pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    sources = [
        join_sources(pd.Series(both)) for both in zip(pairs["source_1"], pairs["source_0"], strict=True)
    ]
    return as_figures(
        table, measure=f"infant_mortality_{name}", group="all", source=pd.Series(sources, dtype=str)
    )
