"""Hide what would give a hidden count away by subtraction, among figures made from submitted counts.

All or none: figures that add up to a larger one (the ZIP codes of a region, its counties, the years of a
block) are shown only where none of them had to be hidden. That hides more than it must, and leaves nothing
to work out: where a sum's parts are all hidden or all shown, no subtraction ends at a single hidden part.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.release.counted import SUBMITTED
from equity.release.disclose import hide
from equity.release.policy import Policy

#: Measures by the count behind them; hidden counts of one family tell nothing of another.
FAMILY: Final = {
    "births": "births",
    "infant_deaths": "deaths",
    "infant_mortality": "deaths",
    "neonatal_mortality": "deaths",
    "postneonatal_mortality": "deaths",
    "preterm": "preterm",
    "low_birthweight": "low_birthweight",
    "very_low_birthweight": "very_low_birthweight",
}
#: Reasons of figures that were hidden because the count behind them is small.
SMALL: Final = ("small_count", "few_cases")


def hide_companions(figures: pd.DataFrame, areas: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Hide the companions of hidden figures; ``areas`` says in which region each place lies."""
    submitted = figures["source"].str.contains(SUBMITTED, regex=False) & figures["measure"].isin(FAMILY)
    if not submitted.any():
        return figures
    rows, table = figures[submitted], figures
    for family in (_places(rows, areas), _years(rows, policy)):
        small = rows["status"].eq("suppressed") & rows["reason"].isin(SMALL)
        struck = set(family[small & family.notna()])
        table = hide(table, table.index.isin(rows.index[family.isin(struck)]))
    return hide(table, table.index.isin(_above_hidden_births(table[submitted])))


def _above_hidden_births(rows: pd.DataFrame) -> pd.Index:
    """Rates and shares whose denominator are births that are hidden."""
    cell = ["area_kind", "area", "group", "first_year", "last_year"]
    births = rows[rows["measure"].eq("births") & rows["status"].eq("suppressed")]
    above = pd.MultiIndex.from_frame(rows[cell]).isin(pd.MultiIndex.from_frame(births[cell]))
    return rows.index[above & rows["denominator"].notna().to_numpy()]


def _places(rows: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Figures of one period that add up over a region: counties with the region itself, ZIPs, ZIP groups."""
    regions = areas.set_index(["kind", "geoid"])["region"]
    keys = pd.MultiIndex.from_frame(rows[["area_kind", "area"]])
    region = pd.Series(regions.reindex(keys).to_numpy(), rows.index).where(
        rows["area_kind"].ne("region"), rows["area"]
    )
    level = rows["area_kind"].replace({"region": "county"})
    parts = [level, region, rows["first_year"].astype(str), rows["last_year"].astype(str)]
    return _key(rows, parts).where(region.notna() & region.ne(""))


def _years(rows: pd.DataFrame, policy: Policy) -> pd.Series:
    """Single years of one place, which add up to their block."""
    single = rows["first_year"].eq(rows["last_year"])
    block = rows["first_year"].map(lambda year: str(policy.block_of(int(year))))
    return _key(rows, [rows["area_kind"], rows["area"], block]).where(single)


def _key(rows: pd.DataFrame, parts: list[pd.Series]) -> pd.Series:
    columns = [rows["measure"].map(FAMILY), rows["group"], *parts]
    return pd.concat(columns, axis=1).astype(str).agg("/".join, axis=1)
