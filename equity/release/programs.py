"""What each program offers and holds, year by year, with marks for what does not add up."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from equity.release.policy import Policy

#: A slot for a year that costs more than this, or nothing, is a slip of the keyboard.
COST_RANGE: Final = (100.0, 100_000.0)
YEAR: Final = ["program_id", "year"]
COUNTS: Final = ("caseload", "new", "exits")
#: A program's families, as a row beside figures; never published as one.
PROGRAM_CASELOAD: Final = "program_caseload"


def slots_of_year(capacity: pd.DataFrame) -> pd.DataFrame:
    """Slots at the end of each year: ``program_id year slots home_visitor_fte quarters last_quarter``.

    The last quarter reported stands for the year, so that a missing one is not taken for no slots.
    ``quarters`` counts those reported.
    """
    rows = capacity.assign(year=capacity["quarter"].str[:4].astype(int)).sort_values("quarter")
    last = rows.drop_duplicates(YEAR, keep="last").rename(columns={"quarter": "last_quarter"})
    counted = rows.groupby(YEAR)["quarter"].nunique().reset_index(name="quarters")
    columns = [*YEAR, "slots", "home_visitor_fte", "last_quarter"]
    return last[columns].merge(counted, on=YEAR).sort_values(YEAR, ignore_index=True)


def program_years(
    slots: pd.DataFrame,
    caseload: pd.DataFrame,
    flows: pd.DataFrame,
    areas_served: pd.DataFrame,
    programs: pd.DataFrame,
    policy: Policy,
    beside: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a program and year: slots, families enrolled, new and leaving, use, and marks.

    Counts of the hidden range are empty, and caseloads that ``beside`` names (program_id, year); families
    that came and left are empty too where a caseload from which one of them could be worked out is hidden.
    ``marks`` joined by ``;``: over_capacity, no_service_area, quarter_missing, cost_unclear.
    """
    table = slots.merge(_enrolled(caseload), how="left", on=YEAR).merge(
        flows[[*YEAR, "new", "exits"]], how="left", on=YEAR
    )
    table[list(COUNTS)] = table[list(COUNTS)].astype(float)
    # nobody enrolled leaves no row behind, as the report's zero does
    table[list(COUNTS)] = table[list(COUNTS)].fillna(0.0)
    table["marks"] = _marks(table, areas_served, programs)
    small = {name: table[name].between(policy.hide_from, policy.hide_to) for name in COUNTS}
    if beside is not None:
        named = pd.MultiIndex.from_frame(beside[YEAR])
        small["caseload"] |= pd.MultiIndex.from_frame(table[YEAR]).isin(named)
    before = small["caseload"].groupby(table["program_id"]).shift(fill_value=False)
    moved = small["new"] | small["exits"] | small["caseload"] | before
    table.loc[small["caseload"], "caseload"] = np.nan
    table.loc[moved, ["new", "exits"]] = np.nan
    table["saturation"] = (table["caseload"] / table["slots"].where(table["slots"] > 0)).round(4)
    return table


def program_caseloads(caseload: pd.DataFrame) -> pd.DataFrame:
    """Families enrolled of each program and year, as rows of figures that the protection looks at.

    Programs of a region make up its families: with one of them hidden, the others would tell it.
    """
    table = _enrolled(caseload).rename(columns={"program_id": "area", "caseload": "numerator"})
    table = table.assign(measure=PROGRAM_CASELOAD, area_kind="program", group="all", method="count")
    table = table.assign(first_year=table["year"], last_year=table["year"], value=table["numerator"])
    return table.drop(columns="year")


def _enrolled(caseload: pd.DataFrame) -> pd.DataFrame:
    """Families of each program and year, over its ZIP codes."""
    return caseload.groupby(YEAR)["caseload"].sum().reset_index()


def _marks(table: pd.DataFrame, areas_served: pd.DataFrame, programs: pd.DataFrame) -> pd.Series:
    first = table.groupby("program_id")["year"].transform("min")
    cost = table["program_id"].map(programs.set_index("program_id")["cost_per_slot"]).astype(float)
    tests = {
        "over_capacity": table["caseload"] > table["slots"],
        "no_service_area": ~table["program_id"].isin(areas_served["program_id"]),
        # a program may open in the middle of its first year
        "quarter_missing": ~table["last_quarter"].str.endswith("Q4")
        | ((table["quarters"] < 4) & (table["year"] > first)),
        "cost_unclear": ~cost.between(*COST_RANGE),
    }
    found = pd.Series("", index=table.index)
    for mark, test in tests.items():
        found = found.where(~test, found + ";" + mark)
    return found.str.lstrip(";")
