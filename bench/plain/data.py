"""What every plain page starts with: the tables and boundaries, read once a session and kept there."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import streamlit as st

from bench.plain.figures import Tables, read_tables
from equity.config import ROOT

BOUNDARIES = ROOT / "data" / "boundaries"


def tables() -> Tables:
    """The working tables."""
    if "tables" not in st.session_state:
        st.session_state.tables = read_tables(Path(os.environ["EQUITY_HOME"]) / "equity.sqlite3")
    return st.session_state.tables


def shapes() -> dict[str, gpd.GeoDataFrame]:
    """Boundaries by kind of place."""
    if "shapes" not in st.session_state:
        zips = gpd.read_file(BOUNDARIES / "zips.geojson")
        parts = tables()["area_part"]
        group = parts[parts["whole_kind"] == "zip_group"].set_index("part")["whole"]
        groups = zips.assign(group=zips["geoid"].map(group)).dissolve("group").reset_index()
        groups["geoid"] = groups["group"]
        counties = gpd.read_file(BOUNDARIES / "counties.geojson")
        st.session_state.shapes = {"zip": zips, "zip_group": groups, "county": counties}
    return st.session_state.shapes


def names() -> dict[tuple[str, str], str]:
    """Names of places by kind and code."""
    areas = tables()["area"]
    return dict(zip(zip(areas["kind"], areas["geoid"], strict=True), areas["name"], strict=True))
