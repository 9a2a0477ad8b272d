"""The shipped layers: sound geometry, true to the Census, small enough to send."""

from __future__ import annotations

import json
import os
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

from geo.boundaries import Layers, label_points, load_layers, read_layer, to_geojson
from geo.crosswalk import known_zips, load_zip_county
from geo.errors import GeoError
from geo.places import COUNTY_NAMES, SHIPPED
from geo.shapes import METRES

KINDS = ("zip", "zip_group", "county")
# land and water in km², from the ALAND and AWATER attributes of the Census 2016 county file
CENSUS_AREA = {
    "29069": 1417.2,
    "29133": 1110.5,
    "29143": 1804.1,
    "29155": 1329.8,
    "29189": 1354.5,
    "29201": 1103.0,
    "29207": 2147.2,
    "29510": 171.1,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_has_one_valid_shape(shipped: Layers, kind: str) -> None:
    layer = shipped.of(kind)
    assert layer["geoid"].is_unique
    assert layer["geoid"].is_monotonic_increasing
    assert layer.geometry.is_valid.all()
    assert not layer.geometry.is_empty.any()
    assert set(layer.geom_type) <= {"Polygon", "MultiPolygon"}
    assert layer.crs == "EPSG:4326"
    assert layer["name"].str.len().gt(0).all()
    assert layer["region"].isin(["stl", "bootheel"]).all()


def test_all_zips_and_counties_are_there(shipped: Layers) -> None:
    assert len(shipped.zips) == 125
    assert set(shipped.zips["geoid"]) == known_zips()
    assert dict(zip(shipped.counties["geoid"], shipped.counties["name"], strict=True)) == COUNTY_NAMES
    assert shipped.zips["approximate"].all()
    assert shipped.zip_groups["approximate"].all()
    assert not shipped.counties["approximate"].any()


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_meet_without_overlap_or_gap(shipped: Layers, kind: str) -> None:
    shapes = shipped.of(kind).to_crs(METRES).geometry
    counties = shipped.counties.to_crs(METRES).union_all()
    assert shapely.coverage_is_valid(shipped.of(kind).geometry.to_numpy())
    assert shapes.area.sum() == pytest.approx(counties.area, rel=1e-6)
    assert shapes.union_all().symmetric_difference(counties).area < 1.0


def test_county_areas_are_those_of_the_census(shipped: Layers) -> None:
    area = shipped.counties.to_crs(METRES).set_index("geoid").area / 1e6
    assert area.to_dict() == pytest.approx(CENSUS_AREA, rel=0.006)


def test_cells_stay_inside_the_counties_a_zip_touches(shipped: Layers) -> None:
    """A cell reaches its primary county, and never one where the ZIP has no address at all."""
    counties = shipped.counties.to_crs(METRES).set_index("geoid").geometry
    for cell in shipped.zips.to_crs(METRES).itertuples():
        assert cell.geometry.intersection(counties[cell.county]).area > 0
        region = counties[shipped.counties.set_index("geoid")["region"] == cell.region].union_all()
        assert cell.geometry.difference(region).area < 1.0


@pytest.mark.shared
def test_cells_lie_only_in_counties_of_the_crosswalk(shipped: Layers, zcta: Path) -> None:
    crosswalk = pd.read_csv(zcta / "zcta_county8_crosswalk.csv", dtype="str").set_index("zcta")
    counties = shipped.counties.to_crs(METRES).set_index("geoid").geometry
    for cell in shipped.zips.to_crs(METRES).itertuples():
        touched = crosswalk.at[cell.geoid, "counties8_2020"].split(";")
        assert cell.geometry.difference(counties[touched].union_all()).area < 1.0


@pytest.mark.shared
def test_cells_are_near_the_real_zctas(shipped: Layers, zcta: Path) -> None:
    """Most of the land falls to the right ZIP: the share stated in ``geo.cells`` (plain Voronoi: 0.63)."""
    real = geopandas.read_file(zcta / "zcta8_combined.geojson").set_index("zcta").to_crs(METRES)
    real = real.geometry.make_valid().intersection(shipped.counties.to_crs(METRES).union_all())
    cells = shipped.zips.to_crs(METRES).set_index("geoid").geometry
    both = real.index.intersection(cells.index)
    right = cells[both].intersection(real[both]).area.sum()
    assert right / real[both].area.sum() == pytest.approx(0.83, abs=0.01)


def test_the_whole_map_is_small(shipped: Layers) -> None:
    sizes = {kind: len(json.dumps(to_geojson(shipped.of(kind)), separators=(",", ":"))) for kind in KINDS}
    assert sum(sizes.values()) < 200_000, sizes


def test_geojson_is_compact_rounded_and_turns_the_standard_way(shipped: Layers) -> None:
    document = to_geojson(shipped.zips, properties=("geoid", "name", "approximate"))
    feature = document["features"][0]
    assert feature["id"] == "63005"
    assert feature["properties"] == {
        "geoid": "63005",
        "name": "ZIP 63005 (Chesterfield)",
        "approximate": True,
    }
    ring = feature["geometry"]["coordinates"][0]
    assert all(number == round(number, 4) for point in ring for number in point)
    assert shapely.LinearRing(ring).is_ccw
    again = geopandas.GeoDataFrame.from_features(document["features"], crs="EPSG:4326")
    assert shapely.equals(
        shapely.normalize(again.geometry.to_numpy()), shapely.normalize(shipped.zips.geometry.to_numpy())
    ).all()


def test_fewer_decimals_make_a_smaller_file(shipped: Layers) -> None:
    texts = [len(json.dumps(to_geojson(shipped.counties, decimals=n))) for n in (2, 3, 4)]
    assert texts == sorted(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_labels_stand_inside_their_place(shipped: Layers, kind: str) -> None:
    points = label_points(shipped.of(kind))
    shapes = shipped.of(kind).set_index("geoid").geometry
    assert list(points) == list(shapes.index)
    assert all(shapes[geoid].buffer(1e-4).covers(shapely.Point(point)) for geoid, point in points.items())


def test_primary_county_holds_most_addresses(shipped: Layers) -> None:
    county = shipped.zips.set_index("geoid")["county"]
    weights = load_zip_county().set_index(["zip", "county"])["weight"]
    assert all(weights[code, fips] == weights[code].max() for code, fips in county.items())
    assert county["63120"] == "29510"
    assert county["63136"] == "29189"


def test_hash_says_whether_the_layers_are_the_same(shipped: Layers) -> None:
    assert load_layers().hash == shipped.hash
    assert len(shipped.hash) == 64
    assert "approximate cells" in shipped.vintage
    assert "2016" in shipped.vintage


def test_a_damaged_own_file_is_said_in_a_sentence(home: Path) -> None:
    folder = home / "boundaries"
    folder.mkdir(parents=True)
    for text in ("{", '{"features": []}', '{"vintage": "x", "features": [{"type": "Feature"}]}'):
        (folder / "zips.geojson").write_text(text, encoding="utf-8")
        with pytest.raises(GeoError, match=r"cannot be read .* `python -m geo reset`"):
            load_layers(home)


def test_an_empty_home_draws_what_is_shipped(shipped: Layers, home: Path) -> None:
    assert load_layers(home).hash == shipped.hash


@pytest.mark.shared
def test_the_build_writes_the_shipped_bytes(tmp_path: Path) -> None:
    from geo.build import build

    for path in build(Path(os.environ["EQUITY_SHARED_DATA"]), tmp_path):
        assert path.read_bytes() == (SHIPPED / path.name).read_bytes(), path.name


def test_the_build_names_a_missing_source(tmp_path: Path) -> None:
    from geo.build import build

    with pytest.raises(GeoError, match=r"zcta_county8_crosswalk\.csv is missing: set EQUITY_SHARED_DATA"):
        build(tmp_path, tmp_path / "out")


def test_layer_files_hold_one_feature_a_line() -> None:
    """So that a changed shape is one changed line."""
    frame, vintage = read_layer(SHIPPED / "counties.geojson")
    lines = (SHIPPED / "counties.geojson").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(frame) + 2
    assert "Census Bureau" in vintage
