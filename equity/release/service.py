"""Figures of need and service by place and year: slots, families enrolled, coverage, gap, access."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from equity.measures.need import NEED_RULES, need_limits, reached_limits
from equity.measures.rates import proportion_interval
from equity.release.policy import Policy
from equity.release.service_zips import (
    PLACE,
    ServiceInputs,
    into_places,
    whole_into_places,
    zip_births,
    zip_needs,
)
from equity.release.slot_rules import DEFAULT_RULE
from equity.release.tables import as_figures

NEED: Final = "need"
NEED_METHOD: Final = "births x priority share"
SLOTS_METHOD: Final = "split by share of births"
#: Groups by which service is published, for these kinds of place only.
GROUPS: Final = ("black", "white")
BY_GROUP: Final = ("county", "region")


def service_figures(
    inputs: ServiceInputs, allocated: pd.DataFrame, policy: Policy, source: str
) -> pd.DataFrame:
    """Need by every rule, slots, families enrolled, use, coverage and gap of every place and year.

    ``allocated`` as `split_slots` makes it. Other rules than the first are for the latest year only.
    """
    years = sorted(inputs.slots["year"].unique())
    births = zip_births(inputs, policy, years)
    places = into_places(zip_needs(inputs, births, NEED), inputs.membership)
    places["low"], places["high"] = need_limits(places["need"], places["births"], places["error"])
    places = _with_service(places, inputs, allocated)
    parts = [need_rows(places, NEED), _slots(places), _caseload(places), _least(inputs, places)]
    parts += [_saturation(places), coverage_rows(places), gap_rows(places), *_by_group(inputs, places)]
    latest = births[births["year"].eq(years[-1])]
    parts += [_other_need(inputs, latest, rule) for rule in NEED_RULES if rule != NEED]
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(first_year=table["year"], last_year=table["year"]).drop(columns="year")
    return as_figures(table, basis="demonstration", source=source)


def _with_service(places: pd.DataFrame, inputs: ServiceInputs, allocated: pd.DataFrame) -> pd.DataFrame:
    """Add slots and families; a place that nobody serves has none of either."""
    slots = (
        allocated[allocated["rule"].eq(DEFAULT_RULE)].groupby(["zip", "year"])["slots"].sum().reset_index()
    )
    enrolled = inputs.caseload.groupby(["zip", "year"])["caseload"].sum().reset_index()
    for counts, name in ((slots, "slots"), (enrolled, "caseload")):
        summed = whole_into_places(counts, inputs.membership, name)
        places = places.merge(summed, how="left", on=PLACE)
    return places.fillna({"slots": 0.0, "caseload": 0.0})


def need_rows(places: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Need of places by one rule, as figures: ``PLACE``, need, low, high (families) and births behind it."""
    return places[PLACE].assign(
        measure=measure, group="all", value=places["need"], low=places["low"], high=places["high"],
        numerator=places["births"], method=NEED_METHOD,
    )  # fmt: skip


def _other_need(inputs: ServiceInputs, births: pd.DataFrame, rule: str) -> pd.DataFrame:
    places = into_places(zip_needs(inputs, births, rule), inputs.membership)
    places["low"], places["high"] = need_limits(places["need"], places["births"], places["error"])
    return need_rows(places, rule)


def _slots(places: pd.DataFrame) -> pd.DataFrame:
    return places[PLACE].assign(measure="slots", group="all", value=places["slots"], method=SLOTS_METHOD)


def _caseload(places: pd.DataFrame) -> pd.DataFrame:
    families = places["caseload"]
    return places[PLACE].assign(
        measure="caseload", group="all", value=families, numerator=families, method="count"
    )


def _least(inputs: ServiceInputs, places: pd.DataFrame) -> pd.DataFrame:
    """The largest program's families: a family in two programs is counted in each, so there are no fewer."""
    each = whole_into_places(inputs.caseload, inputs.membership, "caseload", by=["program_id"])
    largest = each.groupby(PLACE, observed=True)["caseload"].max().reset_index(name="largest")
    found = places[PLACE].merge(largest, how="left", on=PLACE).fillna({"largest": 0.0})
    return found[PLACE].assign(
        measure="caseload_least", group="all", value=found["largest"], numerator=found["largest"],
        method="largest program",
    )  # fmt: skip


def _saturation(places: pd.DataFrame) -> pd.DataFrame:
    some = places[places["slots"] > 0]
    used = some[PLACE].assign(
        measure="saturation", group="all", value=some["caseload"] / some["slots"],
        numerator=some["caseload"], method=SLOTS_METHOD,
    )  # fmt: skip
    return pd.concat([used, _not_applicable(places[places["slots"] <= 0], "saturation", "no_slots")])


def _not_applicable(places: pd.DataFrame, measure: str, reason: str, group: str = "all") -> pd.DataFrame:
    return places[PLACE].assign(measure=measure, group=group, status="not_applicable", reason=reason)


def coverage_rows(places: pd.DataFrame, group: str = "all") -> pd.DataFrame:
    """Families enrolled (``caseload``) for each family in need, with an interval of both; 1 at most.

    ``places`` as of `need_rows`, with caseload. It does not apply where there is no need.
    """
    some = places[places["need"] > 0]
    base = some["need"].to_numpy(float)
    # more families enrolled than were estimated to need it: the share stops at all of them
    top = np.minimum(some["caseload"].to_numpy(float), base)
    found = proportion_interval(top, base, method="wilson")
    low, high = reached_limits(found.proportion, (found.low, found.high), base, (some["low"], some["high"]))
    reached = some[PLACE].assign(
        measure="coverage", group=group, value=found.proportion, low=low, high=np.minimum(high, 1.0),
        numerator=some["caseload"], denominator=base, method="wilson",
    )  # fmt: skip
    return pd.concat([reached, _not_applicable(places[places["need"] <= 0], "coverage", "no_need", group)])


def gap_rows(places: pd.DataFrame) -> pd.DataFrame:
    """Families in need less ``slots``, with the interval of the need; ``places`` as of `need_rows`."""
    slots = places["slots"]
    return places[PLACE].assign(
        measure="service_gap", group="all", value=places["need"] - slots, low=places["low"] - slots,
        high=places["high"] - slots, numerator=places["births"], method=NEED_METHOD,
    )  # fmt: skip


def _by_group(inputs: ServiceInputs, places: pd.DataFrame) -> list[pd.DataFrame]:
    """Need, families enrolled and coverage by race for counties and regions, as the margins allow."""
    counts = inputs.caseload_by_group
    summed = whole_into_places(counts[counts["group"].isin(GROUPS)], inputs.membership, "caseload", ["group"])
    wanted = places[places["area_kind"].isin(BY_GROUP)]
    found = []
    for group in GROUPS:
        own = wanted[PLACE].assign(
            need=wanted[f"need_{group}"], births=wanted[f"births_{group}"], error=wanted["error"]
        )
        own["low"], own["high"] = need_limits(own["need"], own["births"], own["error"])
        enrolled = summed[summed["group"].eq(group)].drop(columns="group")
        own = own.merge(enrolled, how="left", on=PLACE).fillna({"caseload": 0.0})
        for part in (need_rows(own, NEED), _caseload(own), coverage_rows(own)):
            found.append(part.assign(group=group, scheme="demonstration"))
    return found
