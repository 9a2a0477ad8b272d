"""What can be chosen on the pages, by code: regions, layers, levels, periods, places."""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.release.figure import period_code
from equity.release.load import Release

REGIONS: Final = ("stl", "bootheel")
ALL_REGIONS: Final = "both"
LEVELS: Final = ("zip", "zip_group", "county")
#: Map layers, the first of which the Map opens on: it has a value nearly everywhere.
LAYERS: Final = (
    "service_gap",
    "births",
    "need",
    "slots",
    "coverage",
    "infant_mortality",
    "infant_mortality_smoothed",
    "infant_mortality_excess",
    "infant_mortality_cluster",
    "low_birthweight",
    "poverty",
)
#: Kinds of place that have a profile.
PROFILE_KINDS: Final = ("county", "region", "zip_group", "zip")


def levels_of(release: Release, layer: str) -> list[str]:
    """The kinds of place a layer can be shown by."""
    return [level for level in LEVELS if release.periods(layer, level)]


def periods_of(release: Release, layer: str, level: str) -> list[tuple[int, int]]:
    """The periods a layer can be shown for, newest first.

    Where a layer has blocks of years, those that lie inside or beside no other are offered; single
    years only for layers that have nothing else.
    """
    found = release.periods(layer, level)
    blocks = [tuple(block) for block in release.manifest["blocks"]]
    wanted = [period for period in found if period in blocks]
    return sorted(wanted or found, key=lambda period: (-period[1], period[0]))


def parse_period(code: str) -> tuple[int, int] | None:
    """``2017-2023`` or ``2023`` as years; ``None`` where it is neither."""
    first, _, last = code.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        return None
    return int(first), int(last or first)


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
