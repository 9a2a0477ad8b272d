"""Need, coverage and gap of a region and year in which both births by ZIP code and service were reported.

Need is an estimate from the reported births by the same rules as elsewhere, coverage and gap are worked out
with it and with what the reports say; all three are *estimated*, and name both files. What may be told of
births is decided in ``reported_births``; families that the reports' figures hide are hidden here too. Need
by race is left out: births of ZIP codes by race are small, and each race would be one more sum.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import pandas as pd

from equity.measures.need import NEED_RULES, need_limits
from equity.release.access import ACCESS
from equity.release.as_of import quarters_part
from equity.release.policy import Policy
from equity.release.reported_births import Cut, ToldBirths, cut_region
from equity.release.reported_service import homes_of, regions_and_years
from equity.release.service import NEED, coverage_rows, gap_rows, need_rows
from equity.release.service_zips import NEED_GROUPS, ServiceInputs, into_places, zip_needs
from equity.release.tables import as_figures, empty_figures, join_sources

PLACE: Final = ["area_kind", "area"]
#: Why slots within reach are not worked out from reports: they do not say where home visitors start.
NO_SITES: Final = "no_sites"


def need_of_reports(
    inputs: ServiceInputs,
    told: ToldBirths,
    handed_in: pd.DataFrame,
    demonstration: pd.DataFrame,
    policy: Policy,
) -> pd.DataFrame:
    """Figures of need, coverage and gap from reports and reported births, to be disclosed yet.

    ``inputs``: what need is made from besides births · ``told``: births from files (`told_births`) ·
    ``handed_in``: disclosed figures of reports (`reported_service`) · ``demonstration``: figures of service
    of the demonstration, which say what rules of need a year has. Families a year; coverage a share. A place
    of which not all births are known has no row: there it stays as it was. Empty where nothing was handed in.
    """
    taken = regions_and_years(handed_in)
    if not taken or told.zips.empty:
        return empty_figures()
    homes, people = _homes(inputs, told), inputs.poverty.groupby("county")["population"].sum()
    made = demonstration[demonstration["area_kind"].eq("zip")]
    found = []
    for region, year in sorted(taken):
        span = policy.block_of(year) or (year, year)
        cut = cut_region(told, span, homes[homes["region"].eq(region)], people, policy)
        if cut is not None:
            known = set(made.loc[made["last_year"].eq(year), "measure"])
            found.append(_of_year(inputs, cut, year, span[1] - span[0] + 1, handed_in, known))
    return pd.concat(found, ignore_index=True) if found else empty_figures()


def _homes(inputs: ServiceInputs, told: ToldBirths) -> pd.DataFrame:
    """Each ZIP code with its county and region, and whether babies are known to be born there."""
    births = inputs.births[inputs.births["group"].eq("all") & inputs.births["births"].gt(0)]
    homes = homes_of(inputs.membership)
    return homes.assign(needed=homes["zip"].isin({*births["area"], *told.zips["zip"]}))


def _of_year(
    inputs: ServiceInputs,
    cut: Cut,
    year: int,
    span: int,
    handed_in: pd.DataFrame,
    known: Collection[str],
) -> pd.DataFrame:
    """All figures of one region and year; ``known``: measures that the demonstration has for the year."""
    rules = [rule for rule in NEED_RULES if rule == NEED or rule in known]
    needs = {rule: _needs(inputs, cut, year, span, rule) for rule in rules}
    parts = [part for rule, places in needs.items() for part in (need_rows(places, rule), _kept(cut, rule))]
    served = _served(needs[NEED], cut, year, handed_in)
    parts += [_dated(_coverage(served), served, "caseload"), _dated(_gap(served), served, "slots")]
    if ACCESS in known:
        zips = served[served["area_kind"].eq("zip")]
        parts.append(_without(zips, ACCESS, "not_applicable", NO_SITES))
    table = pd.concat(parts, ignore_index=True).drop(columns=["year", "source"], errors="ignore")
    table = table.assign(group="all", first_year=year, last_year=year)
    births = cut.sources.rename(columns={"source": "births_source"})
    reports = served[[*PLACE, "source"]]
    table = table.merge(births, how="left", on=PLACE).merge(reports, how="left", on=PLACE)
    both = table["births_source"].fillna("") + ";" + table["source"].fillna("")
    own = table["measure"].isin(NEED_RULES)
    table["source"] = table["births_source"].where(own, both.map(lambda ids: join_sources(pd.Series([ids]))))
    return as_figures(table.drop(columns="births_source"), basis="estimated")


def _needs(inputs: ServiceInputs, cut: Cut, year: int, span: int, rule: str) -> pd.DataFrame:
    """Need of places by a rule with its limits: ``area_kind area year births need low high``."""
    whole = cut.units[cut.units["whole"]]
    # a county stands among the ZIP codes as one of no poverty of its own: it takes its county's
    counties = whole.rename(columns={"unit": "zip"})[["zip", "county"]]
    inputs = replace(inputs, poverty=pd.concat([inputs.poverty, counties], ignore_index=True))
    births = cut.units.rename(columns={"unit": "zip"})[["zip", "births", "whole"]]
    births = births.assign(year=year, span=span, **{f"births_{group}": 0.0 for group in NEED_GROUPS})
    needs = zip_needs(inputs, births, rule)
    # what is made of a county's births alone has the error of the county's poverty, and no ZIP code's
    needs["zip_error"] = needs["zip_error"].mask(needs["whole"], 0.0)
    membership = cut.places.rename(columns={"unit": "zip"}).assign(weight=1.0)
    places = into_places(needs.drop(columns="whole"), membership)
    low, high = need_limits(places["need"], places["births"], places["error"])
    return places.assign(low=low, high=high)


def _kept(cut: Cut, measure: str) -> pd.DataFrame:
    """Need that is hidden."""
    return cut.hidden.assign(measure=measure, status="suppressed")


def _served(needs: pd.DataFrame, cut: Cut, year: int, handed_in: pd.DataFrame) -> pd.DataFrame:
    """Needs, shown or hidden (``need_hidden``), beside families and slots as figures of reports show them."""
    hidden = cut.hidden[PLACE].assign(year=year, need_hidden=True)
    places = pd.concat([needs.assign(need_hidden=False), hidden], ignore_index=True)
    rows = handed_in[handed_in["last_year"].eq(year)]
    for name in ("caseload", "slots"):
        own = rows.loc[rows["measure"].eq(name), [*PLACE, "value", "status", "source", "method"]]
        own = own.assign(method=own["method"].map(quarters_part))
        own = own.rename(columns={"value": name, "status": f"{name}_status", "method": f"{name}_quarters"})
        places = places.merge(own if name == "caseload" else own.drop(columns="source"), how="left", on=PLACE)
    return places


def _coverage(served: pd.DataFrame) -> pd.DataFrame:
    """Coverage, hidden where need or families are."""
    hidden = served["need_hidden"] | served["caseload_status"].eq("suppressed")
    known = ~hidden & served["caseload"].notna()
    return pd.concat([
        coverage_rows(served[known]),
        _without(served[hidden], "coverage", "suppressed", "hidden_part"),
        _without(served[~hidden & ~known], "coverage", "missing", "not_reported"),
    ])  # fmt: skip


def _gap(served: pd.DataFrame) -> pd.DataFrame:
    """Gap, hidden where need is; slots are never hidden."""
    hidden, known = served["need_hidden"], served["slots"].notna()
    return pd.concat([
        gap_rows(served[known & ~hidden]),
        _without(served[hidden], "service_gap", "suppressed", "hidden_part"),
        _without(served[~hidden & ~known], "service_gap", "missing", "not_reported"),
    ])  # fmt: skip


def _dated(figures: pd.DataFrame, served: pd.DataFrame, name: str) -> pd.DataFrame:
    """Figures with the quarters of what they are made with (``name``) in their method, if any."""
    when = figures[PLACE].merge(served[[*PLACE, f"{name}_quarters"]], how="left", on=PLACE)
    part = when[f"{name}_quarters"].fillna("").to_numpy()
    return figures.assign(method=figures["method"] + part)


def _without(places: pd.DataFrame, measure: str, status: str, reason: str) -> pd.DataFrame:
    return places[PLACE].assign(measure=measure, status=status, reason=reason)
