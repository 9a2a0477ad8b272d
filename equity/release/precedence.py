"""Which figure holds a cell when several could: reported, then withheld, then demonstration.

A number that a publisher withheld is never filled with a made-up one, nor are the years and the finer
measures inside it: someone could take the demonstration for the withheld truth.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.release.figure import KEY_COLUMNS

#: Measures that a withheld infant mortality rate covers.
COVERED: Final = (
    "infant_mortality",
    "infant_deaths",
    "neonatal_mortality",
    "postneonatal_mortality",
    "infant_mortality_ratio",
    "infant_mortality_difference",
)
#: Reasons of a cell that somebody else's rules, or our care for theirs, keep empty.
WITHHELD: Final = ("withheld_by_publisher", "not_by_race")


def resolve(reported: pd.DataFrame, demonstration: pd.DataFrame) -> pd.DataFrame:
    """Join both tables so that each key stands once; ``reported`` includes what publishers withheld."""
    demonstration = _withhold(demonstration, _withheld_cells(reported))
    demonstration = demonstration[~_in_a_printed_series(demonstration, reported)]
    both = pd.concat([reported, demonstration], ignore_index=True)
    return both.drop_duplicates(list(KEY_COLUMNS), keep="first", ignore_index=True)


def _in_a_printed_series(demonstration: pd.DataFrame, reported: pd.DataFrame) -> pd.Series:
    """Births by year of places whose births by year are printed: a gap in that series stays a gap."""
    printed = reported[reported["measure"].eq("births") & reported["first_year"].eq(reported["last_year"])]
    places = set(zip(printed["area_kind"], printed["area"], strict=True))
    yearly = demonstration["measure"].eq("births") & demonstration["first_year"].eq(
        demonstration["last_year"]
    )
    mine = pd.Series(
        list(zip(demonstration["area_kind"], demonstration["area"], strict=True)), demonstration.index
    )
    return yearly & mine.isin(places)


def _withheld_cells(reported: pd.DataFrame) -> pd.DataFrame:
    """County cells with a withheld rate, one row a place, group and period."""
    withheld = reported["reason"].isin(WITHHELD) & reported["measure"].eq("infant_mortality")
    columns = ["area_kind", "area", "group", "first_year", "last_year", "scheme", "source"]
    return reported.loc[withheld, columns].drop_duplicates()


def _withhold(demonstration: pd.DataFrame, withheld: pd.DataFrame) -> pd.DataFrame:
    """Turn made-up figures that fall inside a withheld cell into withheld ones."""
    table = demonstration.reset_index(drop=True).copy()
    if withheld.empty or table.empty:
        return table
    rows = table.reset_index(names="row")
    pairs = rows.loc[
        rows["measure"].isin(COVERED), ["row", "area_kind", "area", "group", "first_year", "last_year"]
    ]
    pairs = pairs.merge(withheld, on=["area_kind", "area"], suffixes=("", "_cell"))
    same_group = (pairs["group"] == pairs["group_cell"]) | pairs["group_cell"].eq("all")
    inside = (pairs["first_year"] >= pairs["first_year_cell"]) & (
        pairs["last_year"] <= pairs["last_year_cell"]
    )
    hits = pairs[same_group & inside].drop_duplicates("row").set_index("row")
    table.loc[hits.index, ["value", "low", "high", "numerator", "denominator"]] = float("nan")
    table.loc[hits.index, "status"] = "suppressed"
    table.loc[hits.index, "reason"] = "inside_withheld"
    table.loc[hits.index, "basis"] = "reported"
    table.loc[hits.index, "source"] = hits["source"]
    return table
