"""Where each figure of a release lies: made once when it is loaded, so that a page only looks up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from equity.release.figure import FIGURE_COLUMNS, NUMBER_COLUMNS, Figure

#: measure, area kind, area, group, first year, last year
Key = tuple[str, str, str, str, int, int]
#: measure, area kind, area, group
Series = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class FigureIndex:
    """Figures by key; by series, oldest first; frames by (measure, kind); the margins that exist."""

    by_key: dict[Key, Figure]
    series: dict[Series, tuple[Figure, ...]]
    frames: dict[tuple[str, str], pd.DataFrame]
    margins: frozenset[tuple[str, str, str]]


def index_figures(figures: pd.DataFrame) -> FigureIndex:
    """Index a table with the columns of ``FIGURE_COLUMNS``; a missing number becomes ``None``."""
    columns = [
        figures[name].astype(object).where(figures[name].notna(), None).tolist()
        if name in NUMBER_COLUMNS
        else figures[name].tolist()
        for name in FIGURE_COLUMNS
    ]
    made = [Figure(*values) for values in zip(*columns, strict=True)]
    by_key: dict[Key, Figure] = {}
    series: dict[Series, list[Figure]] = defaultdict(list)
    for figure in made:
        cell = (figure.measure, figure.area_kind, figure.area, figure.group)
        by_key[(*cell, figure.first_year, figure.last_year)] = figure
        series[cell].append(figure)
    grouped = figures.groupby(["measure", "area_kind"], observed=True)
    return FigureIndex(
        by_key=by_key,
        series={cell: tuple(sorted(found, key=_when)) for cell, found in series.items()},
        frames={(str(measure), str(kind)): rows for (measure, kind), rows in grouped},
        margins=frozenset((figure.measure, figure.area_kind, figure.group) for figure in made),
    )


def _when(figure: Figure) -> tuple[int, int]:
    return figure.last_year, figure.first_year
