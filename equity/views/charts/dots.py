"""Values side by side with their intervals: groups of one place, or one place among others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.charts.chart import INK, Chart, axis_title, error_bars, figures_table, layout, marker
from equity.views.format import amount, full_text, inside
from equity.views.profile import SpineRow
from equity.words import say


def group_dots(release: Release, figures: Sequence[Figure], place: str) -> Chart:
    """One row a group: a point with its interval; a cross and the word where it is hidden."""
    entry = measure(figures[0].measure)
    rows = list(figures)
    labels = [say(f"figure.group.{figure.group}") for figure in rows]
    traces = [_dot(figure, label, entry.scale) for figure, label in zip(rows, labels, strict=True)]
    spec = layout(
        axis_title(entry),
        "",
        height=60 + 62 * len(rows),
        xaxis={"rangemode": "tozero"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": labels[::-1]},
        showlegend=False,
    )
    said = "; ".join(f"{label}: {full_text(figure)}" for figure, label in zip(rows, labels, strict=True))
    shown = any(figure.visible for figure in rows)
    sentence = say(
        "chart.groups" if shown else "chart.groups_hidden", measure=entry.name, place=inside(place)
    )
    if not shown:
        traces = []
    return Chart(
        {"data": traces, "layout": spec}, sentence, f"{sentence} {said}", figures_table(release, rows)
    )


def _dot(figure: Figure, label: str, scale: float, group: str | None = None) -> dict[str, Any]:
    if figure.value is None:
        return {
            "type": "scatter", "mode": "text", "x": [0], "y": [label], "textposition": "middle right",
            "text": [f"× {full_text(figure)}"], "hoverinfo": "skip",
        }  # fmt: skip
    look = marker(group or figure.group, hollow=figure.status == "unstable")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [figure.value * scale],
        "y": [label],
        "error_x": {**error_bars([figure], scale), "color": look["line"]["color"]},
        "marker": look,
        "text": [full_text(figure)],
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }


def spine_chart(release: Release, row: SpineRow) -> Chart:
    """One measure here and in the places around: a row each, this place on top and filled."""
    places = [row.here, *row.others]
    entry = row.measure
    labels = [release.area_name(figure.area_kind, figure.area) for figure in places]
    traces = [_dot(places[0], labels[0], entry.scale, "black")]
    traces += [
        _dot(figure, label, entry.scale, "all") for figure, label in zip(places[1:], labels[1:], strict=True)
    ]
    spec = layout(
        axis_title(entry),
        "",
        height=70 + 44 * len(places),
        xaxis={"rangemode": "tozero"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": labels[::-1]},
        showlegend=False,
        shapes=_here_line(row.here, entry.scale),
    )
    said = "; ".join(f"{label}: {full_text(figure)}" for figure, label in zip(places, labels, strict=True))
    sentence = say(
        f"chart.spine_{entry.direction}", measure=entry.name, place=inside(labels[0]), verdict=verdict(row)
    )
    return Chart(
        {"data": traces, "layout": spec},
        sentence,
        f"{sentence} {said}",
        figures_table(release, places, by_place=True),
    )


def verdict(row: SpineRow) -> str:
    """How the place compares with Missouri: within one basis and period, and only beyond overlap."""
    here = row.here
    if here.value is None:
        return say("chart.verdict_hidden")
    state = next((figure for figure in row.others if figure.area_kind == "state"), None)
    if state is None or not _alike(here, state):
        return say("chart.verdict_unknown")
    if here.low is None or here.high is None or state.low is None or state.high is None:
        return say("chart.verdict_unknown")
    texts = {"state": amount(row.measure, state.value or 0.0)}
    if here.low > state.high:
        return say("chart.verdict_higher", **texts)
    return say("chart.verdict_lower" if here.high < state.low else "chart.verdict_overlap", **texts)


def _alike(here: Figure, other: Figure) -> bool:
    """Whether two figures may be held against each other: of one basis, over the same years."""
    years = (here.first_year, here.last_year) == (other.first_year, other.last_year)
    return here.basis == other.basis and years


def _here_line(figure: Figure, scale: float) -> list[dict[str, Any]]:
    if figure.value is None:
        return []
    x = figure.value * scale
    line = {"color": INK, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}
    ]
