"""Own boundaries: real files in the formats people hold, and the ways such files are wrong."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from geo import own
from geo.boundaries import Layers, load_layers, own_folder, to_geojson
from geo.errors import GeoError
from geo.neighbours import contiguity
from geo.shapes import METRES

REAL = [("STL_ZCTA_City_County.geojson", 65), ("zcta8_combined.geojson", 123)]


def _agreement(layers: Layers, file: Path, column: str) -> float:
    """Share of the file's land that the installed layer gives to the same ZIP."""
    real = geopandas.read_file(file).set_index(column).to_crs(METRES).geometry.make_valid()
    drawn = layers.zips.set_index("geoid").to_crs(METRES).geometry
    both = real.index.intersection(drawn.index)
    return float(real[both].intersection(drawn[both]).area.sum() / real[both].area.sum())


def _overlap(layers: Layers) -> float:
    """Square metres that belong to more than one ZIP."""
    shapes = layers.zips.to_crs(METRES).geometry
    return float(shapes.area.sum() - shapes.union_all().area)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "accepted"), REAL)
def test_real_files_are_taken(zcta: Path, home: Path, name: str, accepted: int) -> None:
    report = own.use(zcta / name, home)
    layers = load_layers(home)
    assert report.kind == "zips"
    assert len(report.accepted) == accepted
    assert len(report.without_shape) == 125 - accepted
    assert report.strangers == ("63304",)
    rough = layers.zips.set_index("geoid")["approximate"]
    assert sorted(rough[rough].index) == list(report.without_shape)
    assert layers.zips.geometry.is_valid.all()
    assert _overlap(layers) < 1.0
    assert not layers.zips.geometry.is_empty.any()
    assert contiguity(layers.zips).islands == ()
    column = "GEOID_ZCTA" if name.startswith("STL") else "zcta"
    assert _agreement(layers, zcta / name, column) > 0.97
    assert report.bytes == report.path.stat().st_size
    documents = [to_geojson(layers.of(kind)) for kind in ("zip", "zip_group", "county")]
    assert sum(len(json.dumps(d, separators=(",", ":"))) for d in documents) < 200_000
    assert layers.hash != load_layers().hash
    assert f"own file {name}" in layers.vintage


@pytest.mark.shared
@pytest.mark.parametrize("ending", ["gpkg", "shp", "zip", "geojson"])
def test_any_format_in_another_projection(zcta: Path, home: Path, tmp_path: Path, ending: str) -> None:
    real = geopandas.read_file(zcta / "STL_ZCTA_City_County.geojson").to_crs("EPSG:26915")
    file = _save(real, tmp_path / "files", ending)
    own.use(file, home)
    assert _agreement(load_layers(home), zcta / "STL_ZCTA_City_County.geojson", "GEOID_ZCTA") > 0.97


def _save(frame: geopandas.GeoDataFrame, folder: Path, ending: str) -> Path:
    folder.mkdir()
    if ending != "zip":
        frame.to_file(folder / f"zctas.{ending}")
        return folder / f"zctas.{ending}"
    frame.to_file(folder / "zctas.shp")
    with zipfile.ZipFile(folder / "zctas.zip", "w") as archive:
        for part in folder.glob("zctas.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    return folder / "zctas.zip"


@pytest.mark.parametrize(
    ("column", "prefix"),
    [
        *[(name, "") for name in ("GEOID", "GEOID10", "GEOID20", "ZCTA5CE10", "ZCTA5CE20", "zcta5")],
        *[(name, "") for name in ("GEOID_ZCTA", "geoid_zcta20", "ZIP", "ZIP_CODE", "zipcode", "ZCTA")],
        ("AFFGEOID20", "860Z200US"),
        ("GEOIDFQ20", "8600000US"),
    ],
)
def test_identifier_columns(
    city: geopandas.GeoDataFrame, home: Path, tmp_path: Path, column: str, prefix: str
) -> None:
    frame = city.rename(columns={"ZCTA5CE20": column})
    frame[column] = prefix + frame[column]
    frame.insert(0, "NAME", "x")
    frame.to_file(tmp_path / "city.gpkg")
    assert len(own.use(tmp_path / "city.gpkg", home).accepted) == len(city)


def test_codes_kept_as_numbers(city: geopandas.GeoDataFrame, home: Path, tmp_path: Path) -> None:
    for number in (int, float):
        city.assign(ZCTA5CE20=city["ZCTA5CE20"].astype(number)).to_file(tmp_path / "city.gpkg")
        assert len(own.use(tmp_path / "city.gpkg", home).accepted) == len(city)


def test_county_files_are_recognised(shipped: Layers, home: Path, tmp_path: Path) -> None:
    squares = shipped.counties[["geoid", "geometry"]].rename(columns={"geoid": "GEOID"})
    squares["geometry"] = squares.geometry.envelope
    far = geopandas.GeoDataFrame({"GEOID": ["29001"]}, geometry=[shapely.box(-92, 40, -91, 41)], crs=4326)
    pair = squares[squares["GEOID"].isin(["29069", "29510"])]
    geopandas.pd.concat([pair, far]).to_file(tmp_path / "counties.gpkg")
    report = own.use(tmp_path / "counties.gpkg", home)
    assert report.kind == "counties"
    assert report.accepted == ("29069", "29510")
    assert report.strangers == ("29001",)
    assert len(report.without_shape) == 6
    layers = load_layers(home)
    assert len(layers.counties) == 8
    assert layers.zips.equals(shipped.zips)


def test_a_bow_tie_is_repaired(city: geopandas.GeoDataFrame, home: Path, tmp_path: Path) -> None:
    west, south, east, north = city.geometry.iloc[0].bounds
    tie = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    broken = city.set_geometry([tie, *city.geometry.iloc[1:]], crs="EPSG:4326")
    assert not broken.geometry.is_valid.all()
    broken.to_file(tmp_path / "city.geojson")
    report = own.use(tmp_path / "city.geojson", home)
    assert report.repaired == (city["ZCTA5CE20"].iloc[0],)
    layer = load_layers(home).zips
    assert layer.geometry.is_valid.all()
    assert set(layer.geom_type) <= {"Polygon", "MultiPolygon"}


def test_rows_of_one_zip_are_joined(city: geopandas.GeoDataFrame, home: Path, tmp_path: Path) -> None:
    west, south, east, north = city.geometry.iloc[0].bounds
    halves = [shapely.box(west, south, (west + east) / 2, north), shapely.box(west, south, east, north)]
    code = city["ZCTA5CE20"].iloc[0]
    twice = geopandas.GeoDataFrame({"ZCTA5CE20": [code, code]}, geometry=halves, crs="EPSG:4326")
    twice.to_file(tmp_path / "city.geojson")
    report = own.use(tmp_path / "city.geojson", home)
    assert report.dissolved == report.accepted == (code,)
    assert f"    1  given in several rows, joined: {code}" in str(report)


def test_places_the_file_lacks_keep_their_cell(
    city: geopandas.GeoDataFrame, shipped: Layers, home: Path, tmp_path: Path
) -> None:
    """63155, a post office, is newer than many files: its cell is cut out of the shape around it."""
    others = city[city["ZCTA5CE20"] != "63155"]
    cell = city.loc[city["ZCTA5CE20"] == "63155", "geometry"].iloc[0]
    grown = others.set_geometry(
        others.geometry.where(others["ZCTA5CE20"] != "63103", others.geometry.union(cell).buffer(0))
    )
    grown.to_file(tmp_path / "city.gpkg")
    own.use(tmp_path / "city.gpkg", home)
    zips = load_layers(home).zips.set_index("geoid")
    assert zips.at["63155", "approximate"]
    assert not zips.at["63103", "approximate"]
    before = shipped.zips.set_index("geoid").to_crs(METRES).area["63155"]
    assert zips.to_crs(METRES).area["63155"] == pytest.approx(before, rel=0.1)
    assert shapely.coverage_is_valid(zips.geometry.to_numpy())


def test_detail_is_dropped_until_it_fits(city: geopandas.GeoDataFrame, home: Path, tmp_path: Path) -> None:
    wavy = city.set_geometry(city.to_crs(METRES).buffer(20, quad_segs=64).to_crs("EPSG:4326"))
    wavy = wavy.set_geometry(shapely.segmentize(wavy.geometry.to_numpy(), 5e-5), crs="EPSG:4326")
    wavy.to_file(tmp_path / "city.gpkg")
    report = own.use(tmp_path / "city.gpkg", home)
    assert report.bytes <= own.BUDGET["zips"]
    assert (tmp_path / "city.gpkg").stat().st_size > 4 * report.bytes


def _points(frame: geopandas.GeoDataFrame, file: Path) -> None:
    frame.set_geometry(frame.geometry.representative_point()).to_file(file)


def _without_crs(frame: geopandas.GeoDataFrame, file: Path) -> None:
    frame.to_crs("EPSG:26915").set_crs(None, allow_override=True).to_file(file)


WRONG = {
    "no id column": (
        lambda frame, file: frame.rename(columns={"ZCTA5CE20": "place"}).assign(b=1).to_file(file),
        r"no column of ZIP or county codes. Its columns are: place, b\. Name one of them GEOID",
    ),
    "no CRS": (_without_crs, r"does not say which coordinate system .* --crs EPSG:4326"),
    "empty": (lambda frame, file: frame.head(0).to_file(file), r"is empty: it has no shapes"),
    "points": (_points, r"holds points or lines, not polygons"),
    "other ids": (
        lambda frame, file: frame.assign(ZCTA5CE20="10001").to_file(file),
        r"Column ZCTA5CE20 of wrong.gpkg holds none of the 125 ZIPs .* It begins: 10001",
    ),
    "wrong CRS": (
        lambda frame, file: frame.to_crs(26915).set_crs(26910, allow_override=True).to_file(file),
        r"do not lie in eastern Missouri: its coordinate system is probably not what it says",
    ),
    "no geometry": (
        lambda frame, file: frame.set_geometry([None] * len(frame), crs=4326).to_file(file),
        r"no polygon for any of our ZIPs or counties",
    ),
    "one under another": (
        lambda frame, file: frame.head(2).set_geometry([frame.geometry.iloc[0]] * 2, crs=4326).to_file(file),
        r"Nothing is left of 6310\d: the shape lies wholly under another",
    ),
    "text": (
        lambda frame, file: file.write_text("ZIP,births"),
        r"cannot be read as boundaries: it must be a",
    ),
    "cut off": (
        lambda frame, file: (frame.to_file(file), file.write_bytes(file.read_bytes()[:5000])),
        r"cannot be read as boundaries: it must be a",
    ),
    "missing": (lambda frame, file: None, r"There is no file .*wrong.gpkg"),
}


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_gets_one_sentence_and_changes_nothing(
    city: geopandas.GeoDataFrame, home: Path, tmp_path: Path, case: str
) -> None:
    spoil, sentence = WRONG[case]
    city.to_file(tmp_path / "right.gpkg")
    own.use(tmp_path / "right.gpkg", home)
    before = load_layers(home).hash
    spoil(city, tmp_path / "wrong.gpkg")
    with pytest.raises(GeoError, match=sentence):
        own.use(tmp_path / "wrong.gpkg", home)
    assert load_layers(home).hash == before
    assert [path.name for path in own_folder(home).iterdir()] == ["zips.geojson"]


def test_a_file_without_crs_is_taken_when_told(
    city: geopandas.GeoDataFrame, home: Path, tmp_path: Path
) -> None:
    city.to_crs("EPSG:26915").to_file(tmp_path / "city.shp")
    (tmp_path / "city.prj").unlink()
    with pytest.raises(GeoError, match="does not say which coordinate system"):
        own.use(tmp_path / "city.shp", home)
    with pytest.raises(GeoError, match="'EPSG:nothing' is not a coordinate system"):
        own.use(tmp_path / "city.shp", home, crs="EPSG:nothing")
    with pytest.raises(GeoError, match="do not lie in eastern Missouri"):
        own.use(tmp_path / "city.shp", home, crs="EPSG:4326")
    assert len(own.use(tmp_path / "city.shp", home, crs="EPSG:26915").accepted) == len(city)


def test_a_shapefile_without_its_companions(city: geopandas.GeoDataFrame, home: Path, tmp_path: Path) -> None:
    city.to_file(tmp_path / "city.shp")
    (tmp_path / "alone").mkdir()
    shutil.copy(tmp_path / "city.shp", tmp_path / "alone" / "city.shp")
    with pytest.raises(GeoError, match=r"city.shp .*(cannot be read|no column of ZIP)"):
        own.use(tmp_path / "alone" / "city.shp", home)


def test_a_home_that_cannot_be_written(city: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    city.to_file(tmp_path / "city.gpkg")
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(GeoError, match=r"boundaries cannot be written to"):
        own.use(tmp_path / "city.gpkg", tmp_path / "home")
