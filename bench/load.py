"""Loading a release from the store, against reading the same content from CSV and GeoJSON files."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd

from bench.plain.files import read_files, write_files
from bench.row import Row
from bench.subject import Subject
from bench.timing import in_turns, median
from equity.release.load import Release, load_release

TIMES = 15


def load(subject: Subject) -> list[Row]:
    """Seconds to load the release, libraries already imported, median of ``TIMES``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_release(folder, subject.release)
        times, plain_times = in_turns(
            lambda: load_release(subject.engine, subject.release_id),
            lambda: read_files(folder),
            TIMES,
            "load",
        )
    detail = {"runs": TIMES, "figures": len(subject.release.figures)}
    return [Row("release load", median(times), median(plain_times), "s", detail=detail)]


def write_release(folder: Path, release: Release) -> None:
    """Write what a release holds as ordinary files."""
    layers = {
        name: gpd.GeoDataFrame.from_features(layer["features"], crs="EPSG:4326").drop(columns="label_point")
        for name, layer in release.layers.items()
    }
    write_files(folder, release.figures, release.tables, layers)
