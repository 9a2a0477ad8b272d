"""Need and service of each ZIP code and year, before any is hidden, and their sums over larger places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from equity.measures.apportion import largest_remainder
from equity.measures.need import (
    NEED_RULES,
    families_who_could_benefit,
    priority_share,
    split_by_group,
    survey_error,
)
from equity.release.policy import Policy

PLACE: Final = ["area_kind", "area", "year"]
#: Groups by which need is split; ``rest`` is everybody else, so that the three make up all.
NEED_GROUPS: Final = ("black", "white", "rest")
#: Kinds of place that share a ZIP code with a neighbour: whole families and slots are dealt out to them.
SHARING: Final = ("county",)


@dataclass(frozen=True)
class ServiceInputs:
    """What service figures are made from; all tables long.

    ``births``: area (ZIP), first_year, last_year, group (all and ``NEED_GROUPS``), births ·
    ``poverty``: zip, county, poverty, population · ``child_poverty``: county (and ``29`` for the state),
    value, error (relative) · ``group_poverty``: Missouri's child poverty by ``NEED_GROUPS`` ·
    ``slots``: program_id, year, slots · ``areas_served``: program_id, zip · ``caseload``: program_id, zip,
    year, caseload · ``caseload_by_group``: zip, group, year, caseload · ``membership``: zip, area_kind,
    area, weight (weights over one kind add to one for each ZIP).
    """

    births: pd.DataFrame
    poverty: pd.DataFrame
    child_poverty: pd.DataFrame
    group_poverty: tuple[float, float, float]
    slots: pd.DataFrame
    areas_served: pd.DataFrame
    caseload: pd.DataFrame
    caseload_by_group: pd.DataFrame
    membership: pd.DataFrame


def zip_births(inputs: ServiceInputs, policy: Policy, years: Sequence[int]) -> pd.DataFrame:
    """Births of each ZIP in the block of each year: ``zip year span births births_black ...``."""
    blocks = pd.DataFrame([(year, *(policy.block_of(year) or (year, year))) for year in years])
    blocks.columns = pd.Index(["year", "first_year", "last_year"])
    wide = inputs.births.pivot_table(
        index=["area", "first_year", "last_year"],
        columns="group",
        values="births",
        aggfunc="sum",
        fill_value=0.0,
    )
    wide = wide.reindex(columns=["all", *NEED_GROUPS], fill_value=0.0).reset_index()
    wide = wide.rename(columns={"area": "zip", "all": "births", **{g: f"births_{g}" for g in NEED_GROUPS}})
    table = wide.merge(blocks, on=["first_year", "last_year"])
    table["span"] = table["last_year"] - table["first_year"] + 1
    return table.drop(columns=["first_year", "last_year"])


def zip_poverty(inputs: ServiceInputs) -> pd.DataFrame:
    """What scales a share to each ZIP, and how far it may be off.

    Columns: zip, poverty, around (its county's mean), children (the county's child poverty),
    zip_error and county_error (relative standard errors).
    """
    table = inputs.poverty.copy()
    known = table[table["poverty"].notna() & table["population"].gt(0)]
    sums = (
        known.assign(top=known["poverty"] * known["population"])
        .groupby("county")[["top", "population"]]
        .sum()
    )
    table["around"] = table["county"].map(sums["top"] / sums["population"])
    spread = known["poverty"].groupby(known["county"]).std(ddof=0) / (sums["top"] / sums["population"])
    own = survey_error(table["poverty"].fillna(0.0), table["population"].fillna(0.0))
    unknown = table["county"].map(spread).fillna(1.0).clip(upper=1.0)
    table["zip_error"] = np.where(table["poverty"].notna(), own, unknown)
    children = inputs.child_poverty.set_index("county")
    table["children"] = table["county"].map(children["value"])
    table["county_error"] = table["county"].map(children["error"]).fillna(0.0)
    return table.drop(columns=["population", "county"])


def zip_needs(inputs: ServiceInputs, births: pd.DataFrame, rule_id: str) -> pd.DataFrame:
    """Need of each ZIP and year by one rule, with the errors of its share and its split by group.

    Columns: zip, year, births, need, zip_error, county_error, need_black, births_black, ...
    """
    rule, state = NEED_RULES[rule_id], inputs.child_poverty.set_index("county")["value"]["29"]
    table = births.merge(zip_poverty(inputs), on="zip")
    share = (
        priority_share(table["children"], float(state), table["poverty"], table["around"], rule.share)
        if rule.follows_poverty
        else rule.share
    )
    table["need"] = families_who_could_benefit(table["births"], table["span"], share, rule.under_six)
    if not rule.follows_poverty:
        table[["zip_error", "county_error"]] = 0.0
    by_group = split_by_group(
        table["need"], table[[f"births_{g}" for g in NEED_GROUPS]].to_numpy(), inputs.group_poverty
    )
    for place, group in enumerate(NEED_GROUPS):
        table[f"need_{group}"] = by_group[:, place]
    return table.drop(columns=["span", "poverty", "around", "children"])


def into_places(zips: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Sum needs into every place by weight, with one relative ``error`` of the share.

    Errors of single ZIPs even out, those of a county's poverty do not.
    """
    joined = membership.merge(zips, on="zip")
    sums = [name for name in map(str, joined) if name.startswith(("births", "need"))]
    joined[sums] = joined[sums].mul(joined["weight"], axis=0)
    joined["zip_part"] = (joined["need"] * joined["zip_error"]) ** 2
    joined["county_part"] = joined["need"] * joined["county_error"]
    places = joined.groupby(PLACE, observed=True)[[*sums, "zip_part", "county_part"]].sum().reset_index()
    some = places["need"].where(places["need"] > 0)
    places["error"] = (np.hypot(np.sqrt(places["zip_part"]), places["county_part"]) / some).fillna(0.0)
    return places.drop(columns=["zip_part", "county_part"])


def whole_into_places(
    counts: pd.DataFrame, membership: pd.DataFrame, value: str, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Sum whole counts of ZIPs into every place; none is lost or gained where a ZIP lies in two counties.

    ``counts``: zip, year, ``value`` and the columns ``by``. Regions are the sums of their counties' parts.
    """
    keys = ["zip", "year", *by]
    joined = membership.merge(counts, on="zip")
    shared = joined["area_kind"].isin([*SHARING, "region"])
    parts = joined[shared].copy()
    for kind in parts["area_kind"].unique():
        own = parts[parts["area_kind"].eq(kind)]
        cell = own[keys].astype(str).agg("/".join, axis=1)
        parts.loc[own.index, value] = largest_remainder(own[value], own["weight"], cell)
    both = pd.concat([joined[~shared], parts], ignore_index=True)
    return both.groupby([*PLACE, *by], observed=True)[value].sum().reset_index()
