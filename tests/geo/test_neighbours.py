"""Contiguity against a published neighbour list, and on the shipped layers."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

from geo.boundaries import Layers
from geo.neighbours import contiguity


@pytest.mark.shared
def test_north_carolina_has_its_245_pairs() -> None:
    """The neighbour list of R's spData for the 100 counties."""
    folder = Path(os.environ["EQUITY_SHARED_DATA"]) / "nc_sids"
    counties = geopandas.read_file(folder / "sids2.geojson").rename(columns={"NAME": "geoid"})
    names = pd.read_csv(folder / "ncsids.csv")["NAME"]
    edges = pd.read_csv(folder / "ncsids_edges.csv").to_numpy() - 1
    found = contiguity(counties)
    assert set(found.pairs) == {tuple(sorted((names[i], names[j]))) for i, j in edges}
    assert len(found.pairs) == 245
    assert found.islands == ()
    assert len(found.components) == 1


@pytest.mark.parametrize(("kind", "sizes"), [("zip", [65, 60]), ("zip_group", [25, 5]), ("county", [6, 2])])
def test_the_two_regions_never_touch(shipped: Layers, kind: str, sizes: list[int]) -> None:
    layer = shipped.of(kind)
    found = contiguity(layer)
    assert [len(part) for part in found.components] == sizes
    region = layer.set_index("geoid")["region"]
    assert all(region[list(part)].nunique() == 1 for part in found.components)
    assert found.islands == ()


def test_city_and_county_are_neighbours(shipped: Layers) -> None:
    found = contiguity(shipped.counties)
    assert found.as_dict()["29510"] == ("29189",)
    assert found.index_pairs() == [(found.geoids.index(a), found.geoids.index(b)) for a, b in found.pairs]


def test_a_corner_counts_and_an_island_is_named() -> None:
    squares = geopandas.GeoDataFrame(
        {"geoid": ["a", "b", "c"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6)],
        crs="EPSG:4326",
    )
    found = contiguity(squares)
    assert found.pairs == (("a", "b"),)
    assert found.islands == ("c",)
    assert found.as_dict() == {"a": ("b",), "b": ("a",), "c": ()}
