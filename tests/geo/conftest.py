"""Layers as shipped, and the real ZCTA files of the shared folder."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas
import pytest

from geo.boundaries import Layers, load_layers


@pytest.fixture(scope="session")
def shipped() -> Layers:
    return load_layers()


@pytest.fixture
def zcta() -> Path:
    """Folder of real files; tests that ask for it carry the marker ``shared``."""
    return Path(os.environ["EQUITY_SHARED_DATA"]) / "zcta"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def city(shipped: Layers) -> geopandas.GeoDataFrame:
    """A small stand-in for a user's file: the City's cells, with the column name of Census 2020 files."""
    cells = shipped.zips[shipped.zips["county"] == "29510"]
    return cells[["geoid", "geometry"]].rename(columns={"geoid": "ZCTA5CE20"}).reset_index(drop=True)
