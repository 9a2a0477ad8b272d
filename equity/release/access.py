"""Slots within reach: how many there are near each ZIP code, by straight-line distance from agency sites."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, points_from_xy

from equity.measures.access import catchment
from equity.release.policy import Policy
from equity.release.tables import as_figures, empty_figures

ACCESS: Final = "access"
METHOD: Final = "two-step floating catchment, 15 miles in a straight line"
#: Farthest that counts, in metres: 15 miles. Roads are longer, and home visitors do the travelling.
REACH: Final = 24_140.0
#: Coordinates in metres (UTM zone 15 north, Missouri).
METRES: Final = 26915


def access_figures(
    service: pd.DataFrame,
    slots: pd.DataFrame,
    programs: pd.DataFrame,
    zips: GeoDataFrame,
    policy: Policy,
    source: str,
) -> pd.DataFrame:
    """Slots within reach for every family who could benefit, by ZIP and year.

    ``service``: disclosed figures of need (what is hidden there is hidden here), ``slots``: program_id, year,
    slots; ``programs`` with the site of each agency. Programs without a site are left out.
    """
    sites = programs[programs["latitude"].notna() & programs["longitude"].notna()]
    if sites.empty or zips.empty:
        return empty_figures()
    there = GeoDataFrame(geometry=points_from_xy(sites["longitude"], sites["latitude"]), crs=4326).to_crs(
        METRES
    )
    here = zips.to_crs(METRES).representative_point()
    distance = np.hypot(
        here.x.to_numpy()[:, None] - there.geometry.x.to_numpy(),
        here.y.to_numpy()[:, None] - there.geometry.y.to_numpy(),
    )
    need = service[
        service["measure"].eq("need") & service["area_kind"].eq("zip") & service["group"].eq("all")
    ]
    rows = [
        _of_year(int(str(year)), own, slots, sites, zips, distance) for year, own in need.groupby("last_year")
    ]
    return as_figures(pd.concat(rows, ignore_index=True), basis="demonstration", source=source)


def _of_year(
    year: int,
    need: pd.DataFrame,
    slots: pd.DataFrame,
    sites: pd.DataFrame,
    zips: GeoDataFrame,
    distance: np.ndarray,
) -> pd.DataFrame:
    wanted = need.set_index("area").reindex(zips["geoid"])
    demand = wanted["value"].fillna(0.0).clip(lower=0.0)
    offered = slots[slots["year"].eq(year)].set_index("program_id")["slots"]
    supply = sites["program_id"].map(offered).fillna(0.0)
    reach = catchment(supply, demand, distance, REACH)
    shown = wanted["value"].notna().to_numpy()
    return pd.DataFrame(
        {
            "measure": ACCESS, "area_kind": "zip", "area": zips["geoid"].to_numpy(), "group": "all",
            "first_year": year, "last_year": year, "method": METHOD,
            "value": np.where(shown, np.round(reach, 4), np.nan),
            "status": np.where(shown, "shown", "suppressed"),
            "reason": np.where(shown, "", "hidden_part"),
        }
    )  # fmt: skip
