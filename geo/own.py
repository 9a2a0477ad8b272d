"""Own boundaries: take somebody's ZCTA or county file and draw with it from then on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import pandas as pd
from tqdm import tqdm

from geo.boundaries import (
    COUNTY_PROPERTIES,
    ZIP_PROPERTIES,
    layer_path,
    own_folder,
    read_layer,
    write_layer,
)
from geo.errors import GeoError
from geo.shapes import METRES, polygons_only, share_borders
from geo.source_file import SourceShapes, listed, read_shapes

BUDGET = {"zips": 105_000, "counties": 35_000}
"""Bytes a layer may have: both together, with the ZIP groups, stay below 200 kB for the browser."""
FINEST = 30.0
"""Metres; the simplification begins here and grows until the layer fits its budget."""
GAP = 200.0
"""Metres; narrower gaps between neighbours are slips of the drawing and are closed."""
REST = 0.25
"""Part of a cell that must be left beside supplied shapes for it to give way to them."""
NEARBY = 0.5
"""Degrees by which shapes may lie beyond the eight counties before the coordinates look wrong."""


@dataclass(frozen=True)
class Report:
    """What became of a boundaries file; all lists hold geoids.

    ``accepted`` shapes were taken, ``repaired`` of them had crossing lines, ``dissolved`` came in several
    rows, ``without_shape`` keep their former shape, ``strangers`` are shapes of other places, ``bytes``
    is the size installed at ``path`` after simplifying at ``tolerance`` metres.
    """

    kind: str
    file: str
    accepted: tuple[str, ...]
    repaired: tuple[str, ...]
    dissolved: tuple[str, ...]
    without_shape: tuple[str, ...]
    strangers: tuple[str, ...]
    tolerance: float
    bytes: int
    path: Path

    def __str__(self) -> str:
        """The report as lines to print."""
        what = "ZIPs" if self.kind == "zips" else "counties"
        kept = "keep an approximate cell" if self.kind == "zips" else "keep the shipped outline"
        rows = [
            (f"{what} with a shape of yours", self.accepted, False),
            ("repaired (lines crossed)", self.repaired, True),
            ("given in several rows, joined", self.dissolved, True),
            (f"{what} without a shape; they {kept}", self.without_shape, True),
            (f"shapes that are none of our {what}, left out", self.strangers, True),
        ]
        lines = [f"{self.file}: read as {what}."]
        for title, codes, named in rows:
            which = f": {listed(codes)}" if named and codes else ""
            lines.append(f"  {len(codes):>5}  {title}{which}")
        lines.append(
            f"Installed {self.path} ({self.bytes / 1000:.0f} kB, simplified to {self.tolerance:.0f} m)."
        )
        return "\n".join(lines)


def use(file: Path, home: Path, crs: str | None = None) -> Report:
    """Install a boundaries file so that maps are drawn with it; ``home`` is the folder of EQUITY_HOME.

    Takes GeoJSON, GeoPackage or a (zipped) shapefile of ZCTAs or counties in any coordinate system; ``crs``
    is needed only where the file names none. Places without a shape keep what they had. The new layer
    replaces the old in one step. Raises :class:`GeoError`, leaving everything as it was.
    """
    file = Path(file)
    with tqdm(total=3, desc="reading", leave=False, disable=None) as bar:
        zips = read_layer(layer_path("zips", None))[0]["geoid"].tolist()
        source = read_shapes(file, zips, crs)
        _refuse_far_away(file, source)
        bar.update()
        bar.set_description("joining borders")
        base, _ = read_layer(layer_path(source.kind, None))
        shapes = _fill_up(base, source.shapes)
        bar.update()
        bar.set_description("simplifying")
        path = own_folder(home) / f"{source.kind}.geojson"
        tolerance = _install(base, shapes, source, path, _vintage(file))
    return Report(
        kind=source.kind,
        file=file.name,
        accepted=tuple(source.shapes.index),
        repaired=source.repaired,
        dissolved=source.dissolved,
        without_shape=tuple(sorted(set(base["geoid"]) - set(source.shapes.index))),
        strangers=source.strangers,
        tolerance=tolerance,
        bytes=path.stat().st_size,
        path=path,
    )


def _refuse_far_away(file: Path, source: SourceShapes) -> None:
    """Catch a wrong coordinate system: at least half of the shapes must lie about where we are."""
    counties, _ = read_layer(layer_path("counties", None))
    west, south, east, north = counties.total_bounds
    points = source.shapes.representative_point()
    near = points.x.between(west - NEARBY, east + NEARBY) & points.y.between(south - NEARBY, north + NEARBY)
    if near.mean() < 0.5:
        raise GeoError(
            f"The shapes of {file.name} do not lie in eastern Missouri: its coordinate system is probably "
            "not what it says. Give the right one with --crs, such as --crs EPSG:4326."
        )


def _vintage(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "a folder"
    return f"own file {file.name} ({digest}), brought in {datetime.now(UTC):%Y-%m-%d}"


def _fill_up(base: geopandas.GeoDataFrame, supplied: geopandas.GeoSeries) -> geopandas.GeoSeries:
    """Supplied shapes, and for every other place of ``base`` what it had, without overlap (metres).

    A cell gives way to supplied shapes; where they would leave less than ``REST`` of it (its ZIP is newer
    than the file), it keeps its ground and is cut out of them instead.
    """
    own = supplied.to_crs(METRES)
    cells = base[~base["geoid"].isin(own.index)].set_index("geoid").geometry.to_crs(METRES)
    rest = cells.difference(own.union_all()).map(polygons_only).set_crs(METRES, allow_override=True)
    stays = rest.area < REST * cells.area
    if stays.any():
        own = own.difference(cells[stays].union_all()).map(polygons_only).set_crs(METRES, allow_override=True)
    return pd.concat([own, rest.where(~stays, cells)]).reindex(base["geoid"])


def _install(
    base: geopandas.GeoDataFrame, shapes: geopandas.GeoSeries, source: SourceShapes, path: Path, vintage: str
) -> float:
    """Write the layer, simplified until it fits its budget, and put it in place in one step."""
    properties = ZIP_PROPERTIES if source.kind == "zips" else COUNTY_PROPERTIES
    layer = base.set_index("geoid", drop=False)
    layer["approximate"] = layer["approximate"] & ~layer["geoid"].isin(source.shapes.index)
    tolerance = FINEST
    with _replacing(path) as draft:
        while True:
            layer = layer.set_geometry(share_borders(shapes, tolerance, GAP))
            _refuse_specks(layer)
            write_layer(draft, layer, properties, vintage)
            if draft.stat().st_size <= BUDGET[source.kind]:
                return tolerance
            tolerance *= 1.4


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A draft beside ``path`` that takes its place when all went well, and vanishes otherwise."""
    draft = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        raise GeoError(f"{path.parent} cannot be written to ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _refuse_specks(layer: geopandas.GeoDataFrame) -> None:
    lost = layer.loc[layer.geometry.is_empty, "geoid"].tolist()
    if lost:
        raise GeoError(
            f"Nothing is left of {listed(lost)}: the shape lies wholly under another one or is smaller than "
            "10 metres. Repair the file and try again."
        )
