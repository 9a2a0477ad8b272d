"""Black-to-white comparisons: ratio and difference, only within one basis and one scheme of race."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from equity.measures.disparity import rate_difference, rate_ratio
from equity.release.tables import as_figures, join_sources
from equity.release.vital import PER

#: Marks that a comparison takes over from either rate, the gravest first.
MARKS: Final = ["doubtful_in_print", "lower_bound", "under_20_deaths"]
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


def changes(rates: pd.DataFrame, blocks: tuple[tuple[int, int], ...]) -> pd.DataFrame:
    """Change of infant mortality from each block to the next, where both are visible and of one basis.

    The value is the rate's ratio less 1 (so -0.1 is a tenth lower) with the exact interval of the ratio;
    it stands under the later block. Blocks do not overlap, so the two rates are independent.
    """
    visible = rates["status"].isin(["shown", "unstable"]) & rates["numerator"].notna()
    rates = rates[visible & rates["measure"].eq("infant_mortality")]
    made = [_change(rates, before, after) for before, after in pairwise(blocks)]
    return pd.concat(made, ignore_index=True)


def _change(rates: pd.DataFrame, before: tuple[int, int], after: tuple[int, int]) -> pd.DataFrame:
    first, last = (
        rates[rates["first_year"].eq(start) & rates["last_year"].eq(end)] for start, end in (before, after)
    )
    place = ["area_kind", "area", "group", "basis"]
    pairs = last.merge(first, on=place, suffixes=("_1", "_0"))
    if pairs.empty:
        return as_figures(pairs[place].assign(first_year=after[0], last_year=after[1]))
    table = _ratio(pairs, place).assign(first_year=after[0], last_year=after[1])
    table[["value", "low", "high"]] -= 1
    differ = (pairs["scheme_1"] != pairs["scheme_0"]).to_numpy()
    table = _marked(table, pairs)
    unmarked = differ & table["reason"].eq("").to_numpy()
    table.loc[unmarked, ["status", "reason"]] = ["unstable", "schemes_differ"]
    return _named(table, pairs, "change").assign(group=pairs["group"])


def _computed(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    if name == "ratio":
        table = _ratio(pairs, CELL)
    else:
        deaths1, births1, deaths0, births0 = _counts(pairs)
        gap = rate_difference(deaths1, births1, deaths0, births0, per=PER)
        table = pairs[CELL].reset_index(drop=True)
        table = table.assign(value=gap.difference, low=gap.low, high=gap.high, method="score")
    return _named(_marked(table, pairs), pairs, name)


def _counts(pairs: pd.DataFrame) -> list[np.ndarray]:
    """Deaths and births of both sides: d1, n1, d0, n0."""
    names = ("numerator_1", "denominator_1", "numerator_0", "denominator_0")
    return [pairs[name].to_numpy(float) for name in names]


def _ratio(pairs: pd.DataFrame, place: list[str]) -> pd.DataFrame:
    deaths1, births1, deaths0, births0 = _counts(pairs)
    found = rate_ratio(deaths1, births1, deaths0, births0, method="exact")
    table = pairs[place].reset_index(drop=True)
    return table.assign(value=found.ratio, low=found.low, high=found.high, method="exact")


def _marked(table: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Take over the marks of both rates, and show the two rates as numerator and denominator."""
    marks = [(pairs["reason_1"].eq(mark) | pairs["reason_0"].eq(mark)).to_numpy() for mark in MARKS]
    reason = np.select(marks, MARKS, "")
    return table.assign(
        numerator=pairs["value_1"].to_numpy(float),
        denominator=pairs["value_0"].to_numpy(float),
        reason=reason,
        status=np.where(reason == "", "shown", "unstable"),
    )


def _hidden(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    table = pairs[CELL].reset_index(drop=True)
    withheld = pairs["reason_1"].eq("not_by_race") | pairs["reason_0"].eq("not_by_race")
    reasons = withheld.map({True: "not_by_race", False: "hidden_part"})
    return _named(table.assign(status="suppressed", reason=reasons.to_numpy(), method=""), pairs, name)


def _named(table: pd.DataFrame, pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    sources = [
        join_sources(pd.Series(both)) for both in zip(pairs["source_1"], pairs["source_0"], strict=True)
    ]
    return as_figures(
        table, measure=f"infant_mortality_{name}", group="all", source=pd.Series(sources, dtype=str)
    )
