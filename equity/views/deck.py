"""The map as a deck.gl document: no tiles, no network. The boundaries are the map."""

from __future__ import annotations

import math
from typing import Any, Final

from equity.views.place_map import PlaceMap

INK: Final = [34, 51, 59]
PAPER: Final = [255, 255, 255]
#: What a pointer over a place shows.
TOOLTIP: Final = {"text": "{name}\n{text}"}
_TILE: Final = 512


def deck_spec(view: PlaceMap, chosen: str = "", width: int = 760, height: int = 540) -> dict[str, Any]:
    """The document for a map of about ``width`` x ``height`` pixels; ``chosen`` is outlined."""
    counties = _county_shapes(view)
    layers = [_places(view), _county_lines(counties), _marks(view), _county_names(counties)]
    if chosen in view.by_area:
        layers.insert(2, _outline([f for f in view.features if f["id"] == chosen]))
    return {
        "initialViewState": _fit(view.features, width, height),
        "views": [{"@@type": "MapView", "controller": {"scrollZoom": False}}],
        "layers": layers,
    }


def _places(view: PlaceMap) -> dict[str, Any]:
    return {
        "@@type": "GeoJsonLayer",
        "id": "places",
        "data": view.features,
        "pickable": True,
        "autoHighlight": True,
        "highlightColor": [34, 51, 59, 60],
        "getFillColor": "@@=properties.fill",
        "getLineColor": PAPER,
        "getLineWidth": 1,
        "lineWidthUnits": "pixels",
    }


def _county_lines(counties: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@@type": "GeoJsonLayer",
        "id": "county-lines",
        "data": counties,
        "filled": False,
        "getLineColor": INK,
        "getLineWidth": 1.6,
        "lineWidthUnits": "pixels",
    }


def _outline(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@@type": "GeoJsonLayer",
        "id": "chosen",
        "data": features,
        "filled": False,
        "getLineColor": [213, 94, 0],
        "getLineWidth": 4,
        "lineWidthUnits": "pixels",
    }


def _marks(view: PlaceMap) -> dict[str, Any]:
    return _text("marks", view.marks, "@@=mark", 15)


def _county_names(counties: list[dict[str, Any]]) -> dict[str, Any]:
    names = [
        {"mark": feature["properties"]["name"], "position": feature["properties"]["label_point"]}
        for feature in counties
    ]
    return {**_text("county-names", names, "@@=mark", 13), "fontWeight": 700, "getPixelOffset": [0, -14]}


def _text(layer: str, rows: list[dict[str, Any]], text: str, size: int) -> dict[str, Any]:
    return {
        "@@type": "TextLayer",
        "id": layer,
        "data": rows,
        "getText": text,
        "getPosition": "@@=position",
        "getSize": size,
        "getColor": INK,
        "characterSet": sorted({letter for row in rows for letter in row["mark"]}),
        "fontFamily": "sans-serif",
        "fontSettings": {"sdf": True},
        "outlineWidth": 3,
        "outlineColor": PAPER,
    }


def _county_shapes(view: PlaceMap) -> list[dict[str, Any]]:
    areas = view.release.areas
    inside = set(areas.loc[areas["kind"].eq("county") & areas["region"].isin(_regions(view)), "geoid"])
    shapes = view.release.layers["county"]["features"]
    return [
        {key: shape[key] for key in ("type", "id", "geometry", "properties")}
        for shape in shapes
        if shape["id"] in inside
    ]


def _regions(view: PlaceMap) -> set[str]:
    areas = view.release.areas
    mine = areas[areas["kind"].eq(view.level) & areas["geoid"].isin(list(view.by_area))]
    return set(mine["region"].dropna())


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
