"""Demonstration tables to files that are the same bytes every time."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Final

import pandas as pd

from equity.demonstration.generate import DemoData

#: Tables large enough to be shipped compressed.
COMPRESSED: Final = ("vital_zip", "vital_county", "enrollment")


def write(data: DemoData, folder: Path) -> list[Path]:
    """Write every table as ``<name>.csv`` or ``<name>.csv.gz`` (UTF-8, LF); returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for field in fields(data):
        table: pd.DataFrame = getattr(data, field.name)
        path = folder / f"{field.name}.csv"
        if field.name in COMPRESSED:
            path = folder / f"{field.name}.csv.gz"
            # No time stamp inside: the same data is the same file.
            packed = {"method": "gzip", "compresslevel": 9, "mtime": 0}
            table.to_csv(path, index=False, lineterminator="\n", compression=packed)
        else:
            table.to_csv(path, index=False, lineterminator="\n")
        paths.append(path)
    return paths
