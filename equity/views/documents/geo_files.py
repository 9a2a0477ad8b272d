"""Maps as files: places with their figures (GeoJSON) for people who make their own, and a picture."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pandas as pd

from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.documents.about import release_sentence
from equity.views.documents.map_picture import features, map_png
from equity.views.documents.tables import COLUMNS, as_list, tidy
from equity.views.notes import demonstration_notice


def map_geojson(release: Release, area_kind: str, figures: Iterable[Figure] | pd.DataFrame) -> bytes:
    """One feature a figure: the shape of its place and the tidy columns, in WGS 84 (RFC 7946).

    A figure that is not visible has ``null`` for its numbers, with status and note; a place without a
    shape has ``null`` for its geometry. The collection itself names the release and the boundaries.
    """
    listed = as_list(figures)
    shapes = {shape["properties"]["geoid"]: shape["geometry"] for shape in features(release, area_kind)}
    rows = tidy(release, listed)
    document = {
        "type": "FeatureCollection",
        "release": release_sentence(release),
        "boundaries": str(release.manifest["boundaries"]),
        "notice": demonstration_notice(listed),
        "features": [
            {
                "type": "Feature",
                "id": row["area"],
                "geometry": shapes.get(row["area"]),
                "properties": {name: row[name] for name in COLUMNS},
            }
            for row in rows
        ],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


__all__ = ["map_geojson", "map_png"]
