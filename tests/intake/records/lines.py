"""Lines made by hand: blanks, and each text at its first position, counted from 1 as in the user guides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from equity.intake.records.read import Aggregated

Count = dict[tuple[str, str, str], int]


def line(length: int, texts: Mapping[int, str]) -> str:
    """A line of the length with the texts in their places."""
    cells = [" "] * length
    for first, text in texts.items():
        cells[first - 1 : first - 1 + len(text)] = text
    assert len(cells) == length
    return "".join(cells)


def write(path: Path, lines: list[str], end: str = "\n") -> Path:
    """A file of the lines."""
    path.write_bytes("".join(text + end for text in lines).encode("latin-1"))
    return path


def by_cell(found: Aggregated) -> Count:
    """Counts by area, group and event, those of zero left out."""
    rows = found.counts[["area", "group", "event", "count"]].to_numpy().tolist()
    return {(area, group, event): count for area, group, event, count in rows if count}
