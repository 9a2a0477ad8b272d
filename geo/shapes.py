"""Geometry helpers: polygons that share their borders, and keep sharing them when made small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.places import DEGREES

METRES = "EPSG:26915"
"""UTM zone 15 north: metres, true to 0.1 % over the eight counties."""
GRID = 1e-4
"""Coordinates are kept to four decimals of a degree, about 10 m."""


def polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    """The polygonal part of a geometry, two-dimensional; empty where there is none."""
    # twice: a repaired polygon may be a collection that holds a multipolygon
    parts = shapely.get_parts(shapely.get_parts(geometry))
    kept = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.force_2d(shapely.union_all(kept))


def share_borders(shapes: geopandas.GeoSeries, tolerance: float, gap: float = 0.0) -> geopandas.GeoSeries:
    """Simplify polygons (in metres) so that neighbours keep one common border, on the 4-decimal grid.

    ``tolerance`` is the Visvalingam–Whyatt tolerance in metres; gaps narrower than ``gap`` metres are
    closed, and overlaps given to the smaller shape, which would lose most of itself. Returns EPSG:4326 in
    the same order; a shape smaller than the grid comes back empty.
    """
    clean = shapely.coverage_clean(
        shapes.to_crs(METRES).to_numpy(), gap_width=gap, snapping_distance=1.0, merge_strategy="min_area"
    )
    simple = shapely.coverage_simplify(clean, tolerance)
    degrees = geopandas.GeoSeries(simple, index=shapes.index, crs=METRES).to_crs(DEGREES)
    return geopandas.GeoSeries(on_grid(degrees.to_numpy()), index=shapes.index, crs=DEGREES)


def on_grid(polygons: Sequence[BaseGeometry] | np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Snap polygons (degrees) to the grid together, so that they meet exactly and never overlap.

    All borders are noded as one drawing; each face of it goes to the first polygon that holds its
    inner point, and faces inside none of them stay empty.
    """
    borders = shapely.union_all(shapely.boundary(polygons), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    face, owner = shapely.STRtree(polygons).query(shapely.point_on_surface(faces), predicate="within")
    first = {int(f): int(o) for f, o in sorted(zip(face, owner, strict=True), reverse=True)}
    return np.array(
        [shapely.union_all(faces[[f for f, o in first.items() if o == n]]) for n in range(len(polygons))]
    )
