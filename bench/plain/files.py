"""A release's content as ordinary files: CSV for tables, GeoJSON for places."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

CODES = {"area": str, "geoid": str, "whole": str, "part": str, "county": str}


def write_files(
    folder: Path, figures: pd.DataFrame, tables: dict[str, pd.DataFrame], layers: dict[str, gpd.GeoDataFrame]
) -> None:
    """Write what a release holds into a folder."""
    figures.to_csv(folder / "figures.csv", index=False)
    for name, table in tables.items():
        table.to_csv(folder / f"table-{name}.csv", index=False)
    for name, layer in layers.items():
        layer.to_file(folder / f"layer-{name}.geojson", driver="GeoJSON")


def read_files(
    folder: Path,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], dict[str, gpd.GeoDataFrame]]:
    """Read them all back; codes stay text."""
    figures = pd.read_csv(folder / "figures.csv", dtype=CODES)
    tables = {path.stem: pd.read_csv(path, dtype=CODES) for path in sorted(folder.glob("table-*.csv"))}
    layers = {path.stem: gpd.read_file(path) for path in sorted(folder.glob("layer-*.geojson"))}
    return figures, tables, layers
