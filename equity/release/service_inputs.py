"""Read from the store what figures of service are made from."""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.release.programs import slots_of_year
from equity.release.service_zips import NEED_GROUPS, ServiceInputs
from equity.store.engine import Readable
from equity.store.service import capacity_by_quarter, enrollment_by, service_areas

Z: Final = 1.959963984540054
STATE: Final = "29"


def service_inputs(
    store: Readable, zips: pd.DataFrame, context: pd.DataFrame, parts: pd.DataFrame, basis: str
) -> ServiceInputs:
    """Gather the inputs of one basis; ``zips``: block totals of ZIPs, ``parts``: which area is in which."""
    by_program = of_basis(enrollment_by(store, by=("program_id", "zip", "year")), basis)
    return ServiceInputs(
        births=_births(zips),
        poverty=_zip_poverty(context, parts),
        child_poverty=_child_poverty(context),
        group_poverty=_group_poverty(context),
        slots=slots_of_year(of_basis(capacity_by_quarter(store), basis)),
        areas_served=of_basis(service_areas(store), basis),
        caseload=by_program[["program_id", "zip", "year", "caseload"]],
        caseload_by_group=of_basis(enrollment_by(store, by=("zip", "group", "year")), basis),
        membership=membership(parts),
    )


def of_basis(table: pd.DataFrame, basis: str) -> pd.DataFrame:
    """The rows of one basis alone: submitted facts of service are never mixed with made-up ones."""
    return table[table["basis"].eq(basis)].reset_index(drop=True)


def _births(zips: pd.DataFrame) -> pd.DataFrame:
    """Births of all, and of the groups that make up all."""
    births = zips[zips["event"].eq("births")]
    wide = births.pivot_table(
        index=["area", "first_year", "last_year"], columns="group", values="count", aggfunc="sum"
    )
    wide = wide.reindex(columns=["all", "black", "white"]).fillna(0.0)
    wide["rest"] = (wide["all"] - wide["black"] - wide["white"]).clip(lower=0.0)
    return (
        wide[["all", *NEED_GROUPS]]
        .reset_index()
        .melt(id_vars=["area", "first_year", "last_year"], var_name="group", value_name="births")
    )


def _zip_poverty(context: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Each ZIP with its main county, poverty and people; a ZIP without a survey value keeps an empty one."""
    counties = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    main = counties.sort_values("weight", ascending=False).drop_duplicates("whole")
    table = main.rename(columns={"whole": "zip", "part": "county"})[["zip", "county"]]
    zips = context[context["area_kind"].eq("zip")]
    for measure in ("poverty", "population"):
        values = zips[zips["measure"].eq(measure)].set_index("area")["value"]
        table[measure] = table["zip"].map(values)
    return table


def _child_poverty(context: pd.DataFrame) -> pd.DataFrame:
    """The latest child poverty of counties and Missouri, with its relative standard error as printed."""
    rows = context[context["measure"].eq("child_poverty") & context["group"].eq("all")]
    latest = rows.sort_values("last_year").drop_duplicates(["area_kind", "area"], keep="last")
    latest = latest.assign(error=(latest["high"] - latest["low"]) / (2 * Z * latest["value"]))
    return latest.rename(columns={"area": "county"})[["county", "value", "error"]]


def _group_poverty(context: pd.DataFrame) -> tuple[float, float, float]:
    """Missouri's latest child poverty of Black, white and all children (for the rest)."""
    rows = context[context["measure"].eq("child_poverty") & context["area"].eq(STATE)]
    latest = rows.sort_values("last_year").drop_duplicates("group", keep="last").set_index("group")["value"]
    everyone = float(latest["all"])
    return float(latest.get("black", everyone)), float(latest.get("white", everyone)), everyone


def membership(parts: pd.DataFrame) -> pd.DataFrame:
    """Every ZIP in itself, its ZIP group, its counties (by weight) and its region."""
    counties = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    counties = counties.rename(columns={"whole": "zip", "part": "area"})[["zip", "area", "weight"]]
    total = counties.groupby("zip")["weight"].transform("sum")
    counties = counties.assign(area_kind="county", weight=counties["weight"] / total)
    own = pd.DataFrame({"zip": counties["zip"].unique()})
    own = own.assign(area_kind="zip", area=own["zip"], weight=1.0)
    to_group = members(parts, "zip_group", "zip").rename(columns={"area": "zip", "whole": "area"})
    to_region = members(parts, "region", "county").rename(columns={"area": "county", "whole": "area"})
    regions = counties.rename(columns={"area": "county"}).merge(to_region[["county", "area"]], on="county")
    regions = regions.groupby(["zip", "area"])["weight"].sum().reset_index().assign(area_kind="region")
    both = [own, counties, to_group.assign(area_kind="zip_group"), regions]
    return pd.concat(both, ignore_index=True)[["zip", "area_kind", "area", "weight"]]


def members(parts: pd.DataFrame, whole_kind: str, part_kind: str) -> pd.DataFrame:
    """Which areas make up which larger ones, as ``area, whole, weight``."""
    rows = parts[parts["whole_kind"].eq(whole_kind) & parts["part_kind"].eq(part_kind)]
    return rows.rename(columns={"part": "area"})[["area", "whole", "weight"]].reset_index(drop=True)
