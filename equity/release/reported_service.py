"""Figures of home visiting from reports that were handed in, and what of the demonstration they replace.

A region and year belong to the reports as soon as one program reports for them: the made-up programs have
no place beside real ones. Other places are then *not reported*, never zero. Need stays an estimate from
made-up births, so nothing is computed from the two together.

A ZIP code counts whole for the county in which the larger part of it lies, so that totals are plain sums.
Counts of 1 to 9 families are hidden; a total is shown only where no hidden count can be narrowed by it to
fewer than ``policy.room`` values (``totals_are_safe``).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from equity.measures.apportion import largest_remainder
from equity.release.as_of import with_quarters
from equity.release.figure import NUMBER_COLUMNS
from equity.release.policy import Policy
from equity.release.programs import slots_of_year
from equity.release.service_inputs import of_basis
from equity.release.tables import as_figures, empty_figures, join_sources
from equity.store.engine import Readable
from equity.store.service import (
    capacity_by_quarter,
    enrollment_by,
    programs,
    reported_quarters,
    service_areas,
)

REPORTED: Final = "reported"
#: Figures of the demonstration that leave where there are reports; the second kind needs both.
COUNTED: Final = ("slots", "caseload", "saturation", "caseload_least")
OF_BOTH: Final = ("coverage", "service_gap", "access")
#: Why a figure that needs births beside reports is not computed.
MIXED: Final = "mixed_bases"
#: Published for these kinds of place. ZIP groups and groups of families are not: each is one more sum.
KINDS: Final = ("zip", "county", "region")
#: What a hidden count weighs where slots are split: the middle of 1 to 9, so that slots tell nothing.
HIDDEN_WEIGHT: Final = 5.0
#: Why the use of a ZIP code's slots is not said: they are split by the very families that would fill them.
USE_BY_SPLIT: Final = "use_by_split"
SPLIT: Final = "split by families enrolled"
PLACE: Final = ["area_kind", "area", "year"]
#: The earliest and the latest of the last quarters that programs of a place reported in a year.
LAST_QUARTERS: Final = ("families_first", "families_last", "slots_first", "slots_last")


def reported_service(
    store: Readable, belongs: pd.DataFrame, areas: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Figures of slots, families and use from reports, hidden where they must be.

    ``belongs``: zip, area_kind, area, weight (`membership`); ``areas``: kind, geoid, region. Every place of
    a region and year with a report has its row. Empty where nobody has reported.
    """
    homes = homes_of(belongs)
    families = of_basis(enrollment_by(store, ("program_id", "zip", "year")), REPORTED).merge(homes, on="zip")
    slots = slots_of_year(of_basis(capacity_by_quarter(store), REPORTED))
    served = of_basis(service_areas(store), REPORTED)[["program_id", "zip"]].merge(homes, on="zip")
    years = _program_years(store, families, slots)
    pairs = served.merge(years, on="program_id")
    if pairs.empty:
        return empty_figures()
    return figures_of_reports(_zips(store, pairs, families, slots, policy), areas, policy)


def figures_of_reports(zips: pd.DataFrame, areas: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The same from the sums of all reports: zip, county, region, year, caseload, slots, source.

    And the quarters they are of, where those are known (``LAST_QUARTERS``).
    """
    zips = zips.assign(**{name: "" for name in LAST_QUARTERS if name not in zips})
    places = _every_place(zips, areas).merge(_summed(zips, policy), how="left", on=PLACE)
    return pd.concat([_families(places), _slots(places), _use(places)], ignore_index=True)


def without_demonstration(service: pd.DataFrame, reported: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """``service`` (figures of the demonstration) less what reports replace, by region and year.

    What needs reported and made-up parts together stays as *does not apply*.
    """
    taken = regions_and_years(reported)
    if not taken:
        return service
    inside = _inside(service, areas, taken)
    kept = service[~(inside & service["measure"].isin(COUNTED))].copy()
    both = inside[kept.index] & kept["measure"].isin(OF_BOTH)
    kept.loc[both, list(NUMBER_COLUMNS)] = np.nan
    kept.loc[both, ["status", "reason", "method"]] = ["not_applicable", MIXED, ""]
    return kept.reset_index(drop=True)


def reports_table(store: Readable) -> pd.DataFrame:
    """Which real program reported which quarter: ``agency program_id quarter``; no count of anybody."""
    listed = of_basis(programs(store), REPORTED)[["agency", "program_id"]]
    rows = listed.merge(_quarters(store), how="left", on="program_id")
    rows["quarter"] = rows["quarter"].fillna("")
    return rows[["agency", "program_id", "quarter"]].drop_duplicates(ignore_index=True)


def totals_are_safe(total: float, hidden: int, policy: Policy) -> bool:
    """True where the sum ``total`` of so many hidden counts leaves each of them ``policy.room`` values.

    Each is known to lie in the hidden range. None hidden is safe; one alone is given away.
    """
    if not hidden:
        return True
    low = max(policy.hide_from, total - policy.hide_to * (hidden - 1))
    high = min(policy.hide_to, total - policy.hide_from * (hidden - 1))
    return high - low + 1 >= policy.room


def _quarters(store: Readable) -> pd.DataFrame:
    """Which source reports which quarter of which program, of slots or of families."""
    return pd.concat([reported_quarters(store, "capacity"), reported_quarters(store, "enrollment")])


def homes_of(belongs: pd.DataFrame) -> pd.DataFrame:
    """Each ZIP with the county and the region of its larger part: ``zip county region``.

    ``belongs``: zip, area_kind, area, weight (`membership`).
    """
    order = belongs.sort_values(["weight", "area"], ascending=[False, True])
    first = order.drop_duplicates(["zip", "area_kind"])
    wide = first.pivot(index="zip", columns="area_kind", values="area")
    return wide[["county", "region"]].dropna().reset_index()


def _program_years(store: Readable, families: pd.DataFrame, slots: pd.DataFrame) -> pd.DataFrame:
    """Years for which each program reported anything, with the sources: ``program_id year source``."""
    quarters = _quarters(store)
    quarters["year"] = quarters["quarter"].str[:4].astype(int)
    told = pd.concat([families, slots])[["program_id", "year"]].drop_duplicates()
    rows = quarters.merge(told, on=["program_id", "year"])
    return rows.groupby(["program_id", "year"])["source_id"].agg(join_sources).reset_index(name="source")


def _zips(
    store: Readable, pairs: pd.DataFrame, families: pd.DataFrame, slots: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Families and slots of each ZIP and year that a program which reported names, before any is hidden.

    A program that reported families, but none of a ZIP that it names, has zero there.
    """
    cell = ["program_id", "zip", "year"]
    rows = pairs.merge(families[[*cell, "caseload"]], how="left", on=cell)
    rows = rows.merge(_last_families(store, families), how="left", on=["program_id", "year"])
    rows["caseload"] = rows["caseload"].fillna(0.0).astype(float).where(rows["families_quarter"].notna())
    total = rows.groupby(["zip", "year"])["caseload"].transform("sum")
    weight = total.mask(_few(total, policy), HIDDEN_WEIGHT)
    whole = rows["program_id"] + "/" + rows["year"].astype(str)
    offered = rows[["program_id", "year"]].merge(slots, how="left", on=["program_id", "year"])
    given = offered["slots"].fillna(0.0).to_numpy(float)
    rows["slots"] = largest_remainder(given, weight.to_numpy(float), whole)
    rows["slots"] = rows["slots"].where(offered["slots"].notna().to_numpy())
    rows["slots_quarter"] = offered["last_quarter"].to_numpy()
    for name in ("families", "slots"):
        rows[f"{name}_first"] = rows[f"{name}_last"] = rows[f"{name}_quarter"]
    return rows.groupby(["zip", "county", "region", "year"]).agg(**_SUMS).reset_index()


def _few(counts: pd.Series, policy: Policy) -> pd.Series:
    return counts.between(policy.hide_from, policy.hide_to)


def _known_sum(values: pd.Series) -> float:
    """The sum of what is known; nothing where nothing is."""
    return float(values.sum(min_count=1))


def _earliest(quarters: pd.Series) -> str | None:
    return min(quarters.dropna(), default=None)


def _latest(quarters: pd.Series) -> str | None:
    return max(quarters.dropna(), default=None)


#: How rows of one place and year are put together.
_SUMS: Final[dict[str, Any]] = {
    "caseload": ("caseload", _known_sum),
    "slots": ("slots", _known_sum),
    "source": ("source", join_sources),
    **{name: (name, _earliest if name.endswith("first") else _latest) for name in LAST_QUARTERS},
}


def _last_families(store: Readable, families: pd.DataFrame) -> pd.DataFrame:
    """The last quarter of families of each program and year: ``program_id year families_quarter``."""
    quarters = reported_quarters(store, "enrollment")
    quarters["year"] = quarters["quarter"].str[:4].astype(int)
    rows = quarters.merge(families[["program_id", "year"]].drop_duplicates(), on=["program_id", "year"])
    return rows.groupby(["program_id", "year"])["quarter"].max().reset_index(name="families_quarter")


def _every_place(zips: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Every place of each region and year with a report."""
    taken = zips[["region", "year"]].drop_duplicates()
    found = areas[areas["kind"].isin(KINDS)].rename(columns={"kind": "area_kind", "geoid": "area"})
    found = found.assign(region=found["region"].mask(found["area_kind"].eq("region"), found["area"]))
    return found[["area_kind", "area", "region"]].merge(taken, on="region")


def _summed(zips: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """ZIPs, counties, regions: ``caseload slots source``, and ``hide`` where a total tells too much."""
    small = _few(zips["caseload"], policy)
    zips = zips.assign(small=small, few=zips["caseload"].where(small, 0.0))
    levels = [zips.rename(columns={"zip": "area"}).assign(area_kind="zip", hide=False)]
    for kind in KINDS[1:]:
        total = zips.groupby([kind, "year"] if kind == "region" else [kind, "region", "year"]).agg(
            **_SUMS, small=("small", "sum"), few=("few", "sum"),
        ).reset_index()  # fmt: skip
        hidden = zip(total["few"], total["small"], strict=True)
        safe = [totals_are_safe(few, int(count), policy) for few, count in hidden]
        total["hide"] = ~np.array(safe, dtype=bool) | _few(total["caseload"], policy)
        levels.append(total.assign(area_kind=kind, area=total[kind]))
    counties, regions = levels[1], levels[2]
    # all counties of a region or none: what one of them hides, the region less the others would tell
    counties["hide"] = counties.groupby(["region", "year"])["hide"].transform("any")
    columns = [*PLACE, *_SUMS, "hide"]
    return pd.concat([levels[0][columns], counties[columns], regions[columns]], ignore_index=True)


def _families(places: pd.DataFrame) -> pd.DataFrame:
    hide = places["hide"].eq(True)
    return _figures(
        places, "caseload", value=places["caseload"].mask(hide), numerator=places["caseload"].mask(hide),
        method=_method(places, "count", "families"), basis=REPORTED, status=np.where(hide, "suppressed", ""),
        reason=np.where(hide, "beside_hidden", ""),
    )  # fmt: skip


def _slots(places: pd.DataFrame) -> pd.DataFrame:
    split = places["area_kind"].ne("region")
    return _figures(
        places, "slots", value=places["slots"],
        method=_method(places, np.where(split, SPLIT, "count"), "slots"),
        basis=np.where(split, "allocated", REPORTED),
    )  # fmt: skip


def _use(places: pd.DataFrame) -> pd.DataFrame:
    """Slots in use of counties and regions; for a ZIP the split would say nothing of its own."""
    known = places[places["slots"].notna()]
    split, none = known["area_kind"].eq("zip"), known["slots"].eq(0)
    some = known[~split & ~none & known["caseload"].notna()]
    hide = some["hide"].eq(True)
    used = _figures(
        some, "saturation", value=(some["caseload"] / some["slots"]).mask(hide),
        numerator=some["caseload"].mask(hide), method=_method(some, SPLIT, "families"), basis="allocated",
        status=np.where(hide, "suppressed", ""), reason=np.where(hide, "hidden_part", ""),
    )  # fmt: skip
    no_use = [
        _figures(rows, "saturation", basis="allocated", status="not_applicable", reason=reason)
        for rows, reason in ((known[none], "no_slots"), (known[split & ~none], USE_BY_SPLIT))
    ]
    return pd.concat([used, *no_use], ignore_index=True)


def _method(places: pd.DataFrame, how: Any, counted: str) -> pd.Series:
    """How a figure was made, with the quarter of its count (``families`` or ``slots``) where it is early."""
    made = pd.Series(how, index=places.index, dtype="str")
    return with_quarters(made, places[f"{counted}_first"], places[f"{counted}_last"])


def _figures(places: pd.DataFrame, measure: str, **columns: Any) -> pd.DataFrame:
    table = places[[*PLACE, "source"]].assign(measure=measure, group="all", **columns)
    table = table.assign(first_year=table["year"], last_year=table["year"], source=table["source"].fillna(""))
    return as_figures(table.drop(columns="year"))


def regions_and_years(reported: pd.DataFrame) -> set[tuple[str, int]]:
    """Which regions and years belong to reports (``reported``: figures of reports)."""
    regions = reported[reported["area_kind"].eq("region")]
    return set(zip(regions["area"], regions["last_year"].astype(int), strict=True))


def _inside(figures: pd.DataFrame, areas: pd.DataFrame, taken: set[tuple[str, int]]) -> pd.Series:
    """Which figures are of a region and year with reports."""
    regions = areas.set_index(["kind", "geoid"])["region"].to_dict()
    regions |= {("region", region): region for region, _ in taken}
    keys = zip(figures["area_kind"], figures["area"], figures["last_year"], strict=True)
    found = [(regions.get((kind, area)), int(year)) in taken for kind, area, year in keys]
    return pd.Series(found, index=figures.index, dtype=bool)
