"""The map as a deck.gl document: no tiles, no network. The boundaries are the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, Protocol

from equity.release.load import Release

INK: Final = [34, 51, 59]
PAPER: Final = [255, 255, 255]
#: Lines between places: seen on the fill of a place without a value as on the darkest.
LINE: Final = [160, 172, 178]
#: Outline of the chosen place.
CHOSEN: Final = [213, 94, 0]
#: Ground of a county's name, which lies across lines and marks.
PLATE: Final = [255, 255, 255, 170]
#: What a pointer over a place shows.
TOOLTIP: Final = {"text": "{name}\n{text}"}
_TILE: Final = 512


class Drawn(Protocol):
    """What a map must know of itself to be drawn: its places, filled, and the marks on them."""

    @property
    def release(self) -> Release:
        """The release it is of."""

    @property
    def features(self) -> list[dict[str, Any]]:
        """Polygons with ``fill``, ``name`` and ``text``."""

    @property
    def marks(self) -> list[dict[str, Any]]:
        """Marks with their place and point."""

    def places_in(self, region: str) -> list[str]:
        """The places that lie in a region."""


def deck_spec(
    view: Drawn,
    region: str,
    chosen: str = "",
    width: int = 760,
    height: int = 540,
    outline: Sequence[int] = CHOSEN,
) -> dict[str, Any]:
    """One region of a map as a document, fitted to ``width`` x ``height`` pixels.

    ``chosen`` is outlined in the colour ``outline``, on white, so that it is seen on any fill.
    """
    inside = set(view.places_in(region))
    features = [feature for feature in view.features if feature["id"] in inside]
    around = [feature for feature in features if feature["id"] == chosen]
    counties = _county_shapes(view, region)
    layers = [
        _places(features),
        _lines("county-lines", counties, INK, 1.6),
        _lines("chosen-ground", around, PAPER, 8),
        _lines("chosen", around, outline, 4),
        _text("marks", [mark for mark in view.marks if mark["id"] in inside], 15),
        _county_names(counties),
    ]
    return {
        "initialViewState": _fit(counties, width, height),
        "views": [{"@@type": "MapView", "controller": {"scrollZoom": False}}],
        "layers": [layer for layer in layers if layer["data"]],
    }


def _places(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@@type": "GeoJsonLayer",
        "id": "places",
        "data": features,
        "pickable": True,
        "autoHighlight": True,
        "highlightColor": [34, 51, 59, 60],
        "getFillColor": "@@=properties.fill",
        "getLineColor": LINE,
        "getLineWidth": 1,
        "lineWidthUnits": "pixels",
    }


def _lines(layer: str, features: list[dict[str, Any]], colour: Sequence[int], width: float) -> dict[str, Any]:
    """The outlines of places, without their fill."""
    return {
        "@@type": "GeoJsonLayer",
        "id": layer,
        "data": features,
        "filled": False,
        "getLineColor": list(colour),
        "getLineWidth": width,
        "lineWidthUnits": "pixels",
    }


def _county_names(counties: list[dict[str, Any]]) -> dict[str, Any]:
    named = [feature["properties"] for feature in counties]
    names = [{"mark": _short(county["name"], named), "position": county["label_point"]} for county in named]
    plate = {"background": True, "getBackgroundColor": PLATE, "backgroundPadding": [3, 1]}
    return {**_text("county-names", names, 13), **plate, "fontWeight": 700, "getPixelOffset": [0, -14]}


def _short(name: str, named: list[dict[str, Any]]) -> str:
    """A county's name without the word, where no other place on the map goes by it (St. Louis)."""
    short = name.removesuffix(" County")
    return short if sum(str(other["name"]).startswith(short) for other in named) == 1 else name


def _text(layer: str, rows: list[dict[str, Any]], size: int) -> dict[str, Any]:
    return {
        "@@type": "TextLayer",
        "id": layer,
        "data": rows,
        "getText": "@@=mark",
        "getPosition": "@@=position",
        "getSize": size,
        "getColor": INK,
        "characterSet": sorted({letter for row in rows for letter in row["mark"]}),
        "fontFamily": "sans-serif",
        "fontSettings": {"sdf": True},
        "outlineWidth": 3,
        "outlineColor": PAPER,
    }


def _county_shapes(view: Drawn, region: str) -> list[dict[str, Any]]:
    areas = view.release.areas
    inside = set(areas.loc[areas["kind"].eq("county") & areas["region"].eq(region), "geoid"])
    return [shape for shape in view.release.layers["county"]["features"] if shape["id"] in inside]


def _fit(features: list[dict[str, Any]], width: int, height: int) -> dict[str, float]:
    """Centre and zoom at which all features fit, by Web Mercator."""
    points = [point for feature in features for point in _points(feature["geometry"]["coordinates"])]
    if not points:
        return {"longitude": -90.3, "latitude": 37.6, "zoom": 6.5}
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across, along = (east - west) / 360, (_mercator(north) - _mercator(south))
    zoom = min(math.log2(width / (_TILE * max(across, 1e-6))), math.log2(height / (_TILE * max(along, 1e-6))))
    return {"longitude": (west + east) / 2, "latitude": (south + north) / 2, "zoom": round(zoom - 0.08, 3)}


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)


def _points(node: list[Any]) -> list[tuple[float, float]]:
    if node and not isinstance(node[0], list):
        return [(node[0], node[1])]
    return [point for child in node for point in _points(child)]
