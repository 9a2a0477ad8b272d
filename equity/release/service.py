"""Figures of need and service by place and year: slots, families enrolled, coverage, gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from equity.measures.apportion import largest_remainder
from equity.measures.need import families_who_could_benefit, priority_share
from equity.measures.rates import proportion_interval, rate_interval
from equity.release.policy import Policy
from equity.release.tables import as_figures

PLACE: Final = ["area_kind", "area", "year"]
NEED_METHOD: Final = "births x priority share"
SLOTS_METHOD: Final = "split by share of births"


@dataclass(frozen=True)
class ServiceInputs:
    """What service figures are made from; all tables long.

    ``births``: area (ZIP), first_year, last_year, births · ``poverty``: zip, county, poverty, population ·
    ``child_poverty``: county (and ``29`` for the state), value · ``slots``: program_id, year, slots ·
    ``areas_served``: program_id, zip · ``caseload``: zip, group, year, caseload ·
    ``membership``: zip, area_kind, area, weight (weights over one kind add to one for each ZIP).
    """

    births: pd.DataFrame
    poverty: pd.DataFrame
    child_poverty: pd.DataFrame
    slots: pd.DataFrame
    areas_served: pd.DataFrame
    caseload: pd.DataFrame
    membership: pd.DataFrame


def service_figures(inputs: ServiceInputs, policy: Policy, source: str) -> pd.DataFrame:
    """Need, slots, families enrolled, use, coverage and gap for every place and year."""
    years = sorted(inputs.slots["year"].unique())
    need = _need_by_zip(inputs, policy, years)
    slots = _slots_by_zip(inputs, need)
    enrolled = inputs.caseload.groupby(["zip", "year"])["caseload"].sum().reset_index()
    zips = need.merge(slots, how="left", on=["zip", "year"]).merge(enrolled, how="left", on=["zip", "year"])
    zips = zips.fillna({"slots": 0.0, "caseload": 0.0})
    places = _into_places(zips, inputs.membership)
    parts = [_need(places), _slots(places), _caseload(places), _saturation(places), _coverage(places)]
    parts += [_gap(places), _caseload_by_group(inputs)]
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(first_year=table["year"], last_year=table["year"]).drop(columns="year")
    return as_figures(table, basis="demonstration", source=source)


def _need_by_zip(inputs: ServiceInputs, policy: Policy, years: list[int]) -> pd.DataFrame:
    """Need of each ZIP and year: its births in the year's block, spread evenly, times its share."""
    share = _share_by_zip(inputs)
    blocks = pd.DataFrame([(year, *(policy.block_of(year) or (year, year))) for year in years])
    blocks.columns = pd.Index(["year", "first_year", "last_year"])
    table = inputs.births.rename(columns={"area": "zip"}).merge(blocks, on=["first_year", "last_year"])
    table = table.merge(share, on="zip")
    table["span"] = table["last_year"] - table["first_year"] + 1
    table["need"] = families_who_could_benefit(table["births"], table["span"], table["share"])
    return table[["zip", "year", "births", "need"]]


def _share_by_zip(inputs: ServiceInputs) -> pd.DataFrame:
    table = inputs.poverty.copy()
    known = table[table["poverty"].notna() & table["population"].gt(0)]
    weighted = (known["poverty"] * known["population"]).groupby(known["county"]).sum()
    mean = weighted / known.groupby("county")["population"].sum()
    children = inputs.child_poverty.set_index("county")["value"]
    table["share"] = priority_share(
        table["county"].map(children), float(children["29"]), table["poverty"], table["county"].map(mean)
    )
    return table[["zip", "share"]]


def _slots_by_zip(inputs: ServiceInputs, need: pd.DataFrame) -> pd.DataFrame:
    """Split each program's slots over its service area by births, in whole slots, none lost.

    Whole numbers also keep the split from telling the births of a place whose births are hidden.
    """
    served = inputs.slots.merge(inputs.areas_served, on="program_id")
    served = served.merge(need[["zip", "year", "births"]], how="left", on=["zip", "year"])
    program_year = served["program_id"].astype(str) + "/" + served["year"].astype(str)
    served["slots"] = largest_remainder(served["slots"], served["births"].fillna(0.0), program_year)
    return served.groupby(["zip", "year"])["slots"].sum().reset_index()


def _into_places(zips: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Add ZIPs up into every larger place by its weights; totals are preserved."""
    numbers = ["births", "need", "slots", "caseload"]
    joined = membership.merge(zips, on="zip")
    joined[numbers] = joined[numbers].mul(joined["weight"], axis=0)
    places = joined.groupby(PLACE, observed=True)[numbers].sum().reset_index()
    # families and slots are whole numbers, also where a ZIP lies in two counties
    places[["caseload", "slots"]] = places[["caseload", "slots"]].round()
    return places


def _need(places: pd.DataFrame) -> pd.DataFrame:
    low, high = _need_interval(places)
    return places[PLACE].assign(
        measure="need", group="all", value=places["need"], low=low, high=high,
        numerator=places["births"], method=NEED_METHOD,
    )  # fmt: skip


def _need_interval(places: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Chance variation of the births alone, carried to the need in proportion."""
    births, need = places["births"].to_numpy(float), places["need"].to_numpy(float)
    some = births > 0
    low, high = np.zeros(len(places)), np.zeros(len(places))
    found = rate_interval(births[some], births[some], per=1, method="byar")
    low[some], high[some] = need[some] * found.low, need[some] * found.high
    return low, high


def _slots(places: pd.DataFrame) -> pd.DataFrame:
    return places[PLACE].assign(measure="slots", group="all", value=places["slots"], method=SLOTS_METHOD)


def _caseload(places: pd.DataFrame) -> pd.DataFrame:
    families = places["caseload"]
    return places[PLACE].assign(
        measure="caseload", group="all", value=families, numerator=families, method="count"
    )


def _saturation(places: pd.DataFrame) -> pd.DataFrame:
    some = places[places["slots"] > 0]
    used = some[PLACE].assign(
        measure="saturation", group="all", value=some["caseload"] / some["slots"],
        numerator=some["caseload"], method=SLOTS_METHOD,
    )  # fmt: skip
    return pd.concat([used, _not_applicable(places[places["slots"] <= 0], "saturation", "no_slots")])


def _not_applicable(places: pd.DataFrame, measure: str, reason: str) -> pd.DataFrame:
    return places[PLACE].assign(measure=measure, group="all", status="not_applicable", reason=reason)


def _coverage(places: pd.DataFrame) -> pd.DataFrame:
    some = places[places["need"] > 0]
    base = some["need"].to_numpy(float)
    # more families enrolled than were estimated to need it: the share stops at all of them
    top = np.minimum(some["caseload"].to_numpy(float), base)
    found = proportion_interval(top, base, method="wilson")
    reached = some[PLACE].assign(
        measure="coverage", group="all", value=found.proportion, low=found.low, high=found.high,
        numerator=some["caseload"], denominator=base, method="wilson",
    )  # fmt: skip
    return pd.concat([reached, _not_applicable(places[places["need"] <= 0], "coverage", "no_need")])


def _gap(places: pd.DataFrame) -> pd.DataFrame:
    low, high = _need_interval(places)
    slots = places["slots"]
    return places[PLACE].assign(
        measure="service_gap", group="all", value=places["need"] - slots, low=low - slots,
        high=high - slots, numerator=places["births"], method=NEED_METHOD,
    )  # fmt: skip


def _caseload_by_group(inputs: ServiceInputs) -> pd.DataFrame:
    """Families enrolled by race for counties and regions, where the margins of the release allow it."""
    wanted = inputs.membership[inputs.membership["area_kind"].isin(["county", "region"])]
    groups = inputs.caseload[inputs.caseload["group"].isin(["black", "white"])]
    joined = wanted.merge(groups, on="zip")
    joined["caseload"] = joined["caseload"] * joined["weight"]
    summed = joined.groupby([*PLACE, "group"], observed=True)["caseload"].sum().round().reset_index()
    families = summed.pop("caseload")
    return summed.assign(
        measure="caseload", value=families, numerator=families, method="count", scheme="demonstration"
    )
