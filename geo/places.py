"""The eight counties, their two regions, and where the shipped boundary files lie."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "boundaries"

DEGREES = "EPSG:4326"
"""Longitude and latitude: the coordinate system of every stored layer."""

COUNTY_NAMES = {
    "29069": "Dunklin County",
    "29133": "Mississippi County",
    "29143": "New Madrid County",
    "29155": "Pemiscot County",
    "29189": "St. Louis County",
    "29201": "Scott County",
    "29207": "Stoddard County",
    "29510": "St. Louis City",
}
"""County FIPS code to plain name; St. Louis City is a county of its own."""

REGION_OF_COUNTY = {fips: "stl" if fips in {"29510", "29189"} else "bootheel" for fips in COUNTY_NAMES}
"""County FIPS code to region code."""

GROUP_OF_COUNTY = {fips: {"29510": "city", "29189": "county"}.get(fips, "bootheel") for fips in COUNTY_NAMES}
"""County FIPS code to the county group inside which ZIP groups are formed (the prefix of their ids)."""

REGION_OF_GROUP = {"city": "stl", "county": "stl", "bootheel": "bootheel"}
"""County group (the part of a ZIP group's id before the dash) to region code."""
