"""What is drawn: ZIPs, ZIP groups and counties as three layers, own boundaries before the shipped ones."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from geo.errors import GeoError
from geo.places import DEGREES, REGION_OF_COUNTY, REGION_OF_GROUP, SHIPPED

if TYPE_CHECKING:
    import geopandas

COORDINATE_DECIMALS = 4
COUNTY_PROPERTIES = ("geoid", "name", "approximate")
ZIP_PROPERTIES = ("geoid", "name", "county", "approximate")


@dataclass(frozen=True)
class Layers:
    """Three layers in EPSG:4326, sorted by ``geoid``, each with ``geoid, name, region, approximate``.

    ``zips`` has besides these ``county`` (the county of most of its addresses) and ``zip_group``.
    ``vintage`` says in words where the shapes come from; ``hash`` (SHA-256, hex) changes with any byte.
    """

    zips: geopandas.GeoDataFrame
    zip_groups: geopandas.GeoDataFrame
    counties: geopandas.GeoDataFrame
    vintage: str
    hash: str

    def of(self, area_kind: str) -> geopandas.GeoDataFrame:
        """The layer of an area kind: ``zip``, ``zip_group`` or ``county``."""
        return {"zip": self.zips, "zip_group": self.zip_groups, "county": self.counties}[area_kind]


def own_folder(home: Path) -> Path:
    """Where ``python -m geo use`` puts boundaries."""
    return home / "boundaries"


def layer_path(kind: str, home: Path | None) -> Path:
    """The file drawn for ``zips`` or ``counties``: the user's own where there is one, else the shipped."""
    name = f"{kind}.geojson"
    if home is not None and (own_folder(home) / name).is_file():
        return own_folder(home) / name
    return SHIPPED / name


def load_layers(home: Path | None = None) -> Layers:
    """Read the layers; ``home`` is the folder of ``EQUITY_HOME``, ``None`` reads only what is shipped.

    Raises :class:`GeoError` where a file cannot be used.
    """
    paths = [layer_path("zips", home), layer_path("counties", home), SHIPPED / "zip_groups.csv"]
    zips, zip_vintage = read_layer(paths[0])
    counties, county_vintage = read_layer(paths[1])
    zips["region"] = zips["county"].map(REGION_OF_COUNTY)
    counties["region"] = counties["geoid"].map(REGION_OF_COUNTY)
    zips["zip_group"] = zips["geoid"].map({row["zip"]: row["zip_group"] for row in group_rows()})
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths))
    vintage = f"ZIPs: {zip_vintage}. Counties: {county_vintage}."
    return Layers(zips, _dissolve_groups(zips), counties, vintage, digest.hexdigest())


def group_rows() -> list[dict[str, str]]:
    """The rows of ``zip_groups.csv``: ``zip, zip_group, name, vintage``."""
    with (SHIPPED / "zip_groups.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_layer(path: Path) -> tuple[geopandas.GeoDataFrame, str]:
    """One boundaries file as a frame with its vintage; without pyogrio, which is slow to import."""
    import geopandas

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        frame = geopandas.GeoDataFrame.from_features(document["features"], crs=DEGREES)
        frame = frame.sort_values("geoid", ignore_index=True)
        return frame, str(document["vintage"])
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise GeoError(
            f"The boundaries in {path} cannot be read ({error}). Run `python -m geo reset` to return to "
            "the shipped ones, then `python -m geo use FILE` again."
        ) from error


def _dissolve_groups(zips: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """ZIP-group polygons: the ZIPs of each group as one shape; approximate where any of them is."""
    names = {row["zip_group"]: row["name"] for row in group_rows()}
    groups = zips.dissolve("zip_group", aggfunc={"approximate": "any"}).reset_index(names="geoid")
    groups["name"] = groups["geoid"].map(names)
    groups["region"] = groups["geoid"].str.split("-").str[0].map(REGION_OF_GROUP)
    return groups[["geoid", "name", "region", "approximate", "geometry"]]


def to_geojson(
    frame: geopandas.GeoDataFrame,
    decimals: int = COORDINATE_DECIMALS,
    properties: tuple[str, ...] = ("geoid", "name"),
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection with rounded coordinates, ``id`` = geoid and only these properties.

    Rings turn as RFC 7946 asks (outer ring counter-clockwise). ``frame`` is in EPSG:4326.
    """
    shapes = shapely.orient_polygons(frame.geometry.to_numpy(), exterior_cw=False)
    columns = {name: frame[name].tolist() for name in properties}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": geoid,
                "properties": {name: values[row] for name, values in columns.items()},
                "geometry": _rounded(json.loads(text), decimals),
            }
            for row, (geoid, text) in enumerate(zip(frame["geoid"], shapely.to_geojson(shapes), strict=True))
        ],
    }


def _rounded(geometry: dict[str, Any], decimals: int) -> dict[str, Any]:
    def rounded(node: Any) -> Any:
        return [rounded(child) for child in node] if isinstance(node, list) else round(node, decimals)

    return {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])}


def label_points(frame: geopandas.GeoDataFrame) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of a point well inside each area's largest part, by geoid."""
    points = {}
    for geoid, shape in zip(frame["geoid"], frame.geometry, strict=True):
        largest = max(shapely.get_parts(shape), key=shapely.area)
        point = shapely.point_on_surface(largest)
        points[geoid] = (round(point.x, COORDINATE_DECIMALS), round(point.y, COORDINATE_DECIMALS))
    return points


def write_layer(path: Path, frame: geopandas.GeoDataFrame, properties: tuple[str, ...], vintage: str) -> None:
    """Write a boundaries file that :func:`read_layer` reads back; compact, one feature a line."""
    document = to_geojson(frame, properties=properties)
    lines = ",\n".join(
        json.dumps(feature, separators=(",", ":"), ensure_ascii=False) for feature in document["features"]
    )
    head = f'{{"type":"FeatureCollection","vintage":{json.dumps(vintage, ensure_ascii=False)},"features":[\n'
    path.write_text(head + lines + "\n]}\n", encoding="utf-8", newline="\n")
