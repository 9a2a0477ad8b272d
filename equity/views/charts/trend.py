"""A measure by period and group: points with intervals, joined where the periods follow each other."""

from __future__ import annotations

from typing import Any

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.charts.chart import Chart, axis_title, error_bars, figures_table, layout, marker
from equity.views.format import figure_period, full_text, inside, value_text
from equity.views.notes import schemes_note, why
from equity.words import say


def trend_chart(release: Release, figures: list[Figure], place: str) -> Chart:
    """One line a group over its periods. Hidden periods leave a gap and are named below the axis."""
    entry = measure(figures[0].measure)
    groups = list(dict.fromkeys(figure.group for figure in figures))
    periods = list(dict.fromkeys(figure_period(figure) for figure in figures))
    traces = [_trace([f for f in figures if f.group == group], entry.scale) for group in groups]
    hidden = [period for period in periods if _all_hidden(figures, period)]
    spec = layout(
        say("chart.period"),
        axis_title(entry),
        xaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": periods,
            "range": [-0.5, len(periods) - 0.5],
        },
        yaxis={"rangemode": "tozero"},
        annotations=[_gap_note(period, periods.index(period)) for period in hidden],
    )
    sentence = say("chart.trend", measure=entry.name, place=inside(place), change=_change(release, figures))
    notes = [schemes_note(figures), _doubt(figures)]
    note = " ".join(text for text in notes if text)
    alt = say("chart.trend_alt", measure=entry.name, place=inside(place), points=_points(release, figures))
    return Chart(
        {"data": traces, "layout": spec}, f"{sentence} {note}".strip(), alt, figures_table(release, figures)
    )


def _trace(figures: list[Figure], scale: float) -> dict[str, Any]:
    values = [None if figure.value is None else figure.value * scale for figure in figures]
    hollow = [figure.status == "unstable" for figure in figures]
    look = marker(figures[0].group)
    look["color"] = ["#ffffff" if empty else look["color"] for empty in hollow]
    colour = look["line"]["color"]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": say(f"figure.group.{figures[0].group}"),
        "x": [figure_period(figure) for figure in figures],
        "y": values,
        "error_y": {**error_bars(figures, scale), "color": colour},
        "marker": look,
        "line": {"color": colour, "width": 2, "dash": "dot" if figures[0].group == "all" else "solid"},
        "connectgaps": False,
        "text": [full_text(figure) for figure in figures],
        "hovertemplate": "%{fullData.name}, %{x}<br>%{text}<extra></extra>",
    }


def _all_hidden(figures: list[Figure], period: str) -> bool:
    return all(not figure.visible for figure in figures if figure_period(figure) == period)


def _gap_note(period: str, position: int) -> dict[str, Any]:
    return {
        "x": position, "y": 0, "yanchor": "bottom", "showarrow": False, "text": f"× {say('chart.hidden')}",
        "hovertext": period,
    }  # fmt: skip


def _change(release: Release, figures: list[Figure]) -> str:
    """First and last visible value of all babies, and whether the change between them is more than chance."""
    shown = [figure for figure in figures if figure.group == "all" and figure.value is not None]
    if len(shown) < 2:
        return say("chart.no_change_known")
    first, last = shown[0], shown[-1]
    period = (last.first_year, last.last_year)
    change = release.figure("infant_mortality_change", last.area_kind, last.area, "all", period)
    texts = {"before": value_text(first), "first": figure_period(first)}
    texts |= {"after": value_text(last), "last": figure_period(last)}
    return f"{say('chart.change', **texts)} {_verdict(change)}".strip()


def _doubt(figures: list[Figure]) -> str:
    """A warning where a figure is printed but at odds with other counts of its publisher."""
    doubtful = [figure for figure in figures if figure.reason == "doubtful_in_print"]
    return say("chart.doubtful", period=figure_period(doubtful[0])) if doubtful else ""


def _verdict(change: Figure) -> str:
    if change.low is None or change.high is None:
        return ""
    if change.low <= 0 <= change.high:
        return say("chart.change_chance")
    return say("chart.change_lower" if change.high < 0 else "chart.change_higher")


def _points(release: Release, figures: list[Figure]) -> str:
    said = [
        f"{say(f'figure.group.{figure.group}')} {figure_period(figure)}: {full_text(figure)}"
        + (f" ({why(release, figure)})" if not figure.visible else "")
        for figure in figures
    ]
    return "; ".join(said)
