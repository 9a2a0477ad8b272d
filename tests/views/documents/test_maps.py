"""Maps as GeoJSON and as a picture, read back."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import geopandas
import numpy as np
import pytest
from PIL import Image

from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.classes import NO_VALUE, SEQUENCE
from equity.views.documents.geo_files import map_geojson, map_png
from equity.views.documents.tables import COLUMNS
from equity.views.place_map import PlaceMap, build_map
from tests.views.documents.conftest import CITY, DUNKLIN, HIDDEN, NOW, PLAIN, UNREPORTED, UNSTABLE, ZERO


@pytest.fixture(scope="module")
def zip_map(release: Release) -> PlaceMap:
    return build_map(release, "infant_mortality", "zip", "both", NOW)


def picture(view: PlaceMap) -> Image.Image:
    found = Image.open(io.BytesIO(map_png(view)))
    found.load()
    return found


def pixels(found: Image.Image, colour: str) -> int:
    """How many pixels have exactly this colour."""
    wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return int((np.asarray(found.convert("RGB")) == wanted).all(axis=2).sum())


def test_geojson_opens_as_places_with_figures(release: Release, zip_rates: list[Figure]) -> None:
    frame = geopandas.read_file(io.BytesIO(map_geojson(release, "zip", zip_rates)))
    assert frame.crs is not None
    assert frame.crs.to_epsg() == 4326
    assert set(COLUMNS) <= set(frame.columns)
    frame = frame.set_index("area")
    assert frame.loc[PLAIN].geometry.bounds == pytest.approx((-90.30, 38.60, -90.25, 38.65))
    assert frame.loc[PLAIN, "value"] == 16.5
    assert frame.loc[ZERO, "value"] == 0
    assert frame.loc[UNSTABLE, "status"] == "unstable"
    assert frame.loc[[HIDDEN, UNREPORTED], "value"].isna().all()
    assert frame.loc[[HIDDEN, UNREPORTED], "status"].tolist() == ["suppressed", "missing"]


def test_geojson_is_plain_json_that_names_its_release(release: Release, zip_rates: list[Figure]) -> None:
    content = map_geojson(release, "zip", zip_rates)
    found = json.loads(content, parse_constant=pytest.fail)
    assert release.id in found["release"]
    assert "DEMONSTRATION" in found["notice"]
    assert [feature["id"] for feature in found["features"]] == [figure.area for figure in zip_rates]
    assert content == map_geojson(release, "zip", zip_rates)


def test_geojson_says_why_a_county_is_withheld(release: Release) -> None:
    figures = [release.figure("infant_mortality", *place, "all", NOW) for place in (CITY, DUNKLIN)]
    features = json.loads(map_geojson(release, "county", figures))["features"]
    city, dunklin = (feature["properties"] for feature in features)
    assert (city["numerator"], city["denominator"]) == (238, 26307)
    assert [dunklin[name] for name in ("value", "low", "high", "numerator", "denominator")] == [None] * 5
    assert "Last printed: 7.6" in dunklin["note"]


def test_a_place_without_a_shape_keeps_its_figure(release: Release) -> None:
    figure = release.figure("infant_mortality", "state", "29", "all", NOW)
    (feature,) = json.loads(map_geojson(release, "state", [figure]))["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["numerator"] == 2987


def test_the_picture_stands_alone(zip_map: PlaceMap) -> None:
    found = picture(zip_map)
    assert found.size == (1650, 1200)
    texts = found.info
    assert texts["Title"] == f"Infant mortality by ZIP code in {zip_map.region_name}"
    for part in ("DEMONSTRATION", zip_map.release.id, "2017–2023"):
        assert part in texts["Description"]
    assert "Software" not in texts


def test_the_picture_fills_places_by_class(zip_map: PlaceMap) -> None:
    found = picture(zip_map)
    assert pixels(found, SEQUENCE[0]) > 10_000  # the ZIP code with no death, a large square
    assert pixels(found, SEQUENCE[-1]) > 10_000
    assert pixels(found, NO_VALUE) > 10_000
    assert pixels(found, SEQUENCE[2]) == 0


def test_a_region_can_be_drawn_alone_and_without_a_notice(release: Release) -> None:
    view = build_map(release, "infant_mortality", "county", "bootheel", NOW)
    texts = picture(view).info
    assert "DEMONSTRATION" not in texts["Description"]
    assert "Bootheel" in texts["Title"]


def test_a_map_of_nothing_is_still_a_picture(release: Release) -> None:
    view = build_map(release, "coverage", "zip", "stl", NOW)
    assert not any(figure.visible for figure in view.figures)
    assert picture(view).size == (1650, 1200)


def test_nothing_is_drawn_when_a_hidden_figure_carries_a_number(zip_map: PlaceMap) -> None:
    figures = tuple(
        replace(figure, value=9.87) if figure.area == HIDDEN else figure for figure in zip_map.figures
    )
    with pytest.raises(ValueError, match="hidden figure carries a number"):
        map_png(replace(zip_map, figures=figures))


def test_the_same_map_gives_the_same_bytes(zip_map: PlaceMap) -> None:
    assert map_png(zip_map) == map_png(zip_map)
