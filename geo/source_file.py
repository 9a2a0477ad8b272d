"""Reading somebody's boundaries file: its identifiers, its coordinate system, its polygons."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import shapely

from geo.errors import GeoError
from geo.places import COUNTY_NAMES, DEGREES
from geo.shapes import polygons_only

ZIP_COLUMN = re.compile(r"zcta5?(ce)?(10|20)?|(geoid_?)?zcta5?_?(10|20)?|zip(5|_?code)?")
CODE_COLUMN = re.compile(r"geo_?id(fq)?(10|20)?|affgeoid(10|20)?|((county_?)?fips(_?code)?)|cnty_?fips")
"""Names of identifier columns, in lower case: the first hold ZIPs, the second ZIPs or county codes."""
NAMED = 6
"""How many identifiers or columns a message names before it counts the rest."""


@dataclass(frozen=True)
class SourceShapes:
    """The wanted part of a file: ``kind`` is ``zips`` or ``counties``; ``shapes`` (EPSG:4326) by geoid."""

    kind: str
    shapes: geopandas.GeoSeries
    repaired: tuple[str, ...]
    dissolved: tuple[str, ...]
    emptied: tuple[str, ...]
    strangers: tuple[str, ...]


def read_shapes(file: Path, zips: Collection[str], crs: str | None = None) -> SourceShapes:
    """Read a GeoJSON, GeoPackage or (zipped) shapefile, keeping the shapes whose ids are ours.

    ``zips`` are the ZIPs wanted; ``crs`` overrides the coordinate system the file names. Geometry is read
    only for rows that are kept, so a national file costs little memory. Raises :class:`GeoError`.
    """
    info, layer = _open(file)
    rows = _attributes(file, layer)
    kind, codes = _identifiers(file, rows, zips)
    wanted = set(zips) if kind == "zips" else set(COUNTY_NAMES)
    kept = codes[codes.isin(wanted)]
    frame = _geometry(file, layer, kept)
    frame = frame.set_crs(_coordinate_system(file, info["crs"], crs), allow_override=True)
    strangers = sorted(set(codes.dropna()) - wanted)
    return _clean(file, kind, frame, tuple(strangers))


def listed(names: Collection[str]) -> str:
    """The first few of some names, and how many more there are."""
    ordered = list(names)
    more = f" and {len(ordered) - NAMED} more" if len(ordered) > NAMED else ""
    return ", ".join(ordered[:NAMED]) + more


def _open(file: Path) -> tuple[dict[str, Any], str]:
    """What GDAL knows of the file, and its first layer that holds shapes."""
    import pyogrio

    if not file.exists():
        raise GeoError(f"There is no file {file}.")
    with _readable(file):
        layers = pyogrio.list_layers(file)
        spatial = [str(name) for name, geometry in layers if geometry is not None]
        if not spatial:
            raise GeoError(f"{file.name} holds a table but no shapes: give a file with polygons.")
        return pyogrio.read_info(file, layer=spatial[0]), spatial[0]


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Turn whatever GDAL says of a file it cannot read into one sentence."""
    from pyogrio import errors

    try:
        yield
    except (
        errors.DataSourceError,
        errors.DataLayerError,
        errors.FeatureError,
        errors.GeometryError,
    ) as error:
        raise GeoError(
            f"{file.name} cannot be read as boundaries: it must be a GeoJSON, a GeoPackage, a shapefile "
            "(with its .dbf and .shx beside it) or a zip of a shapefile."
        ) from error


def _attributes(file: Path, layer: str) -> pd.DataFrame:
    import pyogrio

    with _readable(file):
        rows = pyogrio.read_dataframe(file, layer=layer, read_geometry=False, fid_as_index=True)
    if rows.index.empty:
        raise GeoError(f"{file.name} is empty: it has no shapes in it.")
    return rows


def _identifiers(file: Path, rows: pd.DataFrame, zips: Collection[str]) -> tuple[str, pd.Series]:
    """What the file's id column identifies (``zips`` or ``counties``) and its five-digit codes."""
    names = {str(name): str(name).lower() for name in rows.columns}
    by_zip = [name for name, lower in names.items() if ZIP_COLUMN.fullmatch(lower)]
    by_code = [name for name, lower in names.items() if CODE_COLUMN.fullmatch(lower)]
    if not by_zip + by_code:
        raise GeoError(
            f"{file.name} has no column of ZIP or county codes. Its columns are: {listed(names) or 'none'}. "
            "Name one of them GEOID (or ZCTA5CE20) and try again."
        )
    for name in by_zip + by_code:
        codes = _five_digits(rows[name])
        # county codes of Missouri start with 29, its ZIPs with 63 to 65: no code of ours means both
        if codes.isin(list(zips)).any():
            return "zips", codes
        if name in by_code and codes.isin(list(COUNTY_NAMES)).any():
            return "counties", codes
    name = (by_zip + by_code)[0]
    seen = listed([str(value) for value in rows[name].drop_duplicates().head(NAMED)])
    raise GeoError(
        f"Column {name} of {file.name} holds none of the {len(zips)} ZIPs or {len(COUNTY_NAMES)} counties "
        f"of this dashboard. It begins: {seen}."
    )


def _five_digits(values: pd.Series) -> pd.Series:
    """Codes as text of five digits: from numbers, or from the long form such as 860Z200US63106."""
    text = values.astype("str").str.strip()
    return text.str.extract(r"^(?:[0-9]{3}[0-9A-Z]{4}US)?([0-9]{5})(?:\.0+)?$")[0]


def _geometry(file: Path, layer: str, codes: pd.Series) -> geopandas.GeoDataFrame:
    import pyogrio

    with _readable(file):
        shapes = pyogrio.read_dataframe(file, layer=layer, columns=[], fids=codes.index, fid_as_index=True)
    frame = geopandas.GeoDataFrame({"geoid": codes, "geometry": shapes.geometry.reindex(codes.index)})
    present = shapely.get_type_id(frame.geometry.dropna().to_numpy())
    flat = {
        shapely.GeometryType.POLYGON,
        shapely.GeometryType.MULTIPOLYGON,
        shapely.GeometryType.GEOMETRYCOLLECTION,
    }
    if len(present) and not set(present.tolist()) & flat:
        raise GeoError(f"{file.name} holds points or lines, not polygons: an area needs its outline.")
    return frame


def _coordinate_system(file: Path, named: str | None, given: str | None) -> str:
    """The coordinate system to use: the one given by hand, else the one the file names."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if given is None and named is None:
        raise GeoError(
            f"{file.name} does not say which coordinate system its numbers are in. If they are longitude "
            "and latitude add --crs EPSG:4326; otherwise the projection's code, such as --crs EPSG:26915."
        )
    code = given or named
    try:
        known = CRS.from_user_input(code)
    except CRSError as error:
        raise GeoError(
            f"'{code}' is not a coordinate system: give a code such as --crs EPSG:4326."
        ) from error
    if not (known.is_geographic or known.is_projected):
        raise GeoError(
            f"{file.name} has no usable coordinate system ('{known.name}'): give one with --crs EPSG:4326."
        )
    return str(code)


def _clean(file: Path, kind: str, frame: geopandas.GeoDataFrame, strangers: tuple[str, ...]) -> SourceShapes:
    """Repair, reproject and dissolve: one valid polygon or multipolygon an id."""
    filled = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    broken = ~filled.geometry.is_valid
    mended = filled.geometry.make_valid().map(polygons_only).set_crs(filled.crs, allow_override=True)
    filled = filled.set_geometry(mended.to_crs(DEGREES))
    filled = filled[~filled.geometry.is_empty]
    if filled.empty:
        raise GeoError(f"{file.name} has no polygon for any of our ZIPs or counties: all of them are empty.")
    repeated = filled.loc[filled["geoid"].duplicated(), "geoid"]
    return SourceShapes(
        kind=kind,
        shapes=filled.dissolve("geoid").geometry,
        repaired=tuple(sorted(set(frame.loc[broken[broken].index, "geoid"]))),
        dissolved=tuple(sorted(set(repeated))),
        emptied=tuple(sorted(set(frame["geoid"]) - set(filled["geoid"]))),
        strangers=strangers,
    )
