"""What every chart shares: the shape in which it is handed on, colours, symbols and axes."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

import pandas as pd

from equity.registry import Measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.format import count_text, figure_period, interval_text, value_text
from equity.views.notes import why
from equity.words import say

INK: Final = "#22333b"
GRID: Final = "#dfe5e7"
#: Colour and symbol of a group: told apart by either alone (Okabe-Ito hues).
GROUP_LOOKS: Final[dict[str, tuple[str, str]]] = {
    "all": ("#56616b", "diamond"),
    "black": ("#0072b2", "circle"),
    "white": ("#d55e00", "square"),
}
#: Signs in a line of an axis title.
AXIS_WIDTH: Final = 26
FONT: Final = "Atkinson Hyperlegible Next, sans-serif"


@dataclass(frozen=True)
class Chart:
    """A chart with everything it must never be shown without.

    ``figure`` is a Plotly specification; ``sentence`` says what it shows; ``alt`` says it for those who
    cannot see it; ``table`` holds the same numbers.
    """

    figure: dict[str, Any]
    sentence: str
    alt: str
    table: pd.DataFrame


def axis_title(entry: Measure) -> str:
    """Measure and unit, on lines of their own: one line would be cut off on a phone."""
    return "<br>".join([*wrap(entry.name, AXIS_WIDTH), f"({entry.unit})"])


def layout(title_x: str, title_y: str, height: int = 320, **more: Any) -> dict[str, Any]:
    """A calm layout: axis titles with units, light grid, room for labels, legend on top."""
    axis = {"gridcolor": GRID, "linecolor": GRID, "zeroline": False, "automargin": True, "fixedrange": True}
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 36, "b": 8},
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "xaxis": {**axis, "title": {"text": title_x}},
        "yaxis": {**axis, "title": {"text": title_y}},
        "dragmode": False,
        "hoverlabel": {"font": {"family": FONT, "size": 13}},
    }
    for key, value in more.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base


def marker(group: str, hollow: bool = False) -> dict[str, Any]:
    """The marker of a group; hollow where the figure is unstable."""
    colour, symbol = GROUP_LOOKS[group]
    line = {"color": colour, "width": 2}
    return {"symbol": symbol, "size": 11, "color": "#ffffff" if hollow else colour, "line": line}


def error_bars(figures: list[Figure], scale: float) -> dict[str, Any]:
    """Interval bars of Plotly: distances from the value up and down, in the measure's unit."""
    up = [None if f.high is None or f.value is None else (f.high - f.value) * scale for f in figures]
    down = [None if f.low is None or f.value is None else (f.value - f.low) * scale for f in figures]
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "thickness": 1.6, "width": 5}


def figures_table(release: Release, figures: list[Figure], by_place: bool = False) -> pd.DataFrame:
    """The table twin of a chart of groups, or of places: one row a figure, hidden ones with their reason."""
    columns: dict[str, list[str]] = {}
    if by_place:
        columns[say("table.place")] = [release.area_name(f.area_kind, f.area) for f in figures]
    else:
        columns[say("table.group")] = [say(f"figure.group.{f.group}") for f in figures]
    columns |= {
        say("table.period"): [figure_period(f) for f in figures],
        say("table.value"): [value_text(f) for f in figures],
        say("table.interval"): [interval_text(f) for f in figures],
        say("table.counts"): [count_text(f) for f in figures],
        say("table.basis"): [say(f"figure.basis_short.{f.basis}") for f in figures],
        say("table.note"): [why(release, f) for f in figures],
    }
    return pd.DataFrame(columns)
