"""What can be chosen on the pages, by code: regions, layers, levels, periods, places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from equity.release.figure import VISIBLE, period_code
from equity.release.load import Release
from equity.words import say

REGIONS: Final = ("stl", "bootheel")
ALL_REGIONS: Final = "both"
LEVELS: Final = ("zip", "zip_group", "county")
#: Map layers, the first of which the Map opens on: it has a value nearly everywhere.
LAYERS: Final = (
    "service_gap",
    "births",
    "need",
    "slots",
    "caseload",
    "coverage",
    "access",
    "infant_mortality",
    "infant_mortality_smoothed",
    "infant_mortality_excess",
    "infant_mortality_cluster",
    "preterm",
    "low_birthweight",
    "very_low_birthweight",
    "poverty",
    "infant_mortality_pattern",
)
#: Kinds of place that have a profile.
PROFILE_KINDS: Final = ("county", "region", "zip_group", "zip")


def region_names(both_first: bool = False) -> dict[str, str]:
    """Each region and both by code, the latter first or last: choices open on the first."""
    names = {code: say(f"map.region.{code}") for code in REGIONS}
    both = {ALL_REGIONS: say("map.all_regions")}
    return both | names if both_first else names | both


def levels_of(release: Release, layer: str) -> list[str]:
    """The kinds of place a layer can be shown by."""
    return [level for level in LEVELS if release.periods(layer, level)]


Periods = list[tuple[int, int]]


def periods_by_region(release: Release, layer: str, level: str) -> dict[str, Periods]:
    """The periods a layer can be shown for in each region, and in all of them at once, newest first.

    Where a layer has blocks of years, those that lie inside or beside no other come first, then the single
    years of which somebody reported a figure: made-up years beside a block would say nothing more. A layer
    without blocks has all its periods.
    """
    areas = release.areas[release.areas["kind"].eq(level)]
    homes = dict(zip(areas["geoid"], areas["region"], strict=True))
    rows = release.select(layer, level)
    reported = rows["status"].isin(VISIBLE) & rows["basis"].eq("reported")
    single = reported & rows["first_year"].eq(rows["last_year"])
    known = _by_region(rows, homes)
    years = _by_region(rows[single], homes)
    blocks = {(first, last) for first, last in release.manifest["blocks"]}
    offered = {}
    for code, periods in known.items():
        found = periods or set(release.periods(layer, level))
        whole = found & blocks
        offered[code] = _newest_first(whole) + _newest_first(years[code]) if whole else _newest_first(found)
    return offered


def _by_region(rows: pd.DataFrame, homes: Mapping[str, str]) -> dict[str, set[tuple[int, int]]]:
    """The periods that rows speak of in each region, and those that they have in every region."""
    spans = rows[["area", "first_year", "last_year"]].itertuples(index=False)
    known = {(homes.get(area), first, last) for area, first, last in spans}
    own = {code: {(first, last) for home, first, last in known if home == code} for code in REGIONS}
    return own | {ALL_REGIONS: set.intersection(*own.values())}


def _newest_first(periods: set[tuple[int, int]]) -> Periods:
    return sorted(periods, key=lambda period: (-period[1], period[0]))


def hung_on_region(offered: Mapping[str, Periods]) -> tuple[str, ...]:
    """Keys whose choices hang on the region: the place, and the period where regions have other ones."""
    differ = len({tuple(periods) for periods in offered.values()}) > 1
    return ("area", "period") if differ else ("area",)


def places(release: Release, kind: str, region: str = ALL_REGIONS) -> pd.DataFrame:
    """Places of a kind in a region (or all), by name: ``geoid, name, region``."""
    areas = release.areas
    rows = areas[areas["kind"].eq(kind)]
    if region != ALL_REGIONS:
        rows = rows[rows["region"].eq(region)]
    return rows.sort_values("name")[["geoid", "name", "region"]]


def place_codes(release: Release, kinds: tuple[str, ...] = PROFILE_KINDS) -> dict[str, tuple[str, str]]:
    """Codes of all places that can be opened, as URL code → (kind, geoid). Codes are unique.

    A code is the geoid, but for a ZIP code whose five digits are also a county's: it gets a ``zip-``.
    """
    areas = release.areas[release.areas["kind"].isin(kinds)]
    codes: dict[str, tuple[str, str]] = {}
    for kind in kinds:
        for geoid in areas.loc[areas["kind"].eq(kind)].sort_values("name")["geoid"]:
            codes[geoid if geoid not in codes else f"{kind}-{geoid}"] = (kind, str(geoid))
    return codes


def period_codes(periods: list[tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Periods by their URL code."""
    return {period_code(*period): period for period in periods}
