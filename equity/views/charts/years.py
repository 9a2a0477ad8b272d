"""Slots and families through time: by year for a region, by quarter for programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import pandas as pd

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.charts.chart import Chart, axis_title, error_bars, layout
from equity.views.format import figure_period, full_text, inside, number, value_text
from equity.views.notes import why
from equity.words import say

#: Colour, symbol and dash of each series.
LOOKS: Final = {
    "slots": ("#0072b2", "square", "solid"),
    "caseload": ("#d55e00", "circle", "dot"),
    "coverage": ("#22333b", "diamond", "solid"),
}
MADE_UP: Final = "demonstration"


def service_years(release: Release, region: str, measures: Sequence[str]) -> Chart:
    """Measures of one region by year, with their ranges where they have any; they share a unit's axis."""
    place = release.area_name("region", region)
    series = {name: list(release.series(name, "region", region)) for name in measures}
    figures = [figure for own in series.values() for figure in own]
    first = measure(measures[0])
    title = axis_title(first) if len(measures) == 1 else say("coverage.years.axis")
    traces = [_years_trace(name, own) for name, own in series.items() if any(f.visible for f in own)]
    spec = layout(say("coverage.years.year"), title, height=300, yaxis={"rangemode": "tozero"},
                  xaxis={"tickformat": "d"})  # fmt: skip
    said = " ".join(_change(own) for own in series.values())
    sentence = say("coverage.years.sentence", place=place, said=said)
    points = "; ".join(f"{measure(f.measure).name} {figure_period(f)}: {full_text(f)}" for f in figures)
    alt = say("coverage.years.alt", place=inside(place), points=points)
    return Chart({"data": traces, "layout": spec}, sentence, alt, _years_table(release, figures))


def _years_trace(name: str, figures: Sequence[Figure]) -> dict[str, Any]:
    entry = measure(name)
    colour, symbol, dash = LOOKS[name]
    trace = {
        "type": "scatter", "mode": "lines+markers", "name": entry.name, "connectgaps": False,
        "x": [f.last_year for f in figures],
        "y": [None if f.value is None else f.value * entry.scale for f in figures],
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"color": colour, "symbol": symbol, "size": 8},
        "text": [full_text(f) for f in figures],
        "hovertemplate": "%{fullData.name}, %{x}<br>%{text}<extra></extra>",
    }  # fmt: skip
    if any(figure.low is not None for figure in figures):
        trace["error_y"] = {**error_bars(list(figures), entry.scale), "color": colour}
    return trace


def _change(figures: Sequence[Figure]) -> str:
    seen = [figure for figure in figures if figure.visible]
    # made-up years are no start for reported ones
    shown = [figure for figure in seen if (figure.basis == MADE_UP) == (seen[-1].basis == MADE_UP)]
    if len(shown) < 2:
        return ""
    first, last = shown[0], shown[-1]
    return say(
        "coverage.years.change",
        measure=measure(first.measure).name,
        before=full_text(first),
        first=figure_period(first),
        after=full_text(last),
        last=figure_period(last),
    )


def _years_table(release: Release, figures: Sequence[Figure]) -> pd.DataFrame:
    columns = {
        say("table.period"): [figure_period(f) for f in figures],
        say("table.measure"): [measure(f.measure).name for f in figures],
        say("table.value"): [full_text(f) if f.visible else value_text(f) for f in figures],
        say("table.basis"): [say(f"figure.basis_short.{f.basis}") for f in figures],
        say("table.note"): [why(release, f) for f in figures],
    }
    return pd.DataFrame(columns)


def slots_by_quarter(release: Release, programs: Collection[str]) -> Chart:
    """Slots of programs by quarter. Where one that goes on left a quarter out, its last report stands in."""
    reported = release.tables["program_quarters"]
    own = reported[reported["program_id"].isin(list(programs))]
    if own.empty:
        none = say("coverage.quarters.none")
        return Chart({"data": [], "layout": {}}, none, none, pd.DataFrame({say("table.note"): [none]}))
    wide = own.pivot_table(index="quarter", columns="program_id", values="slots").sort_index()
    going = wide.bfill().notna() & wide.ffill().notna()
    left_out = (going & wide.isna()).sum(axis=1).astype(int)
    total = wide.ffill().where(going).sum(axis=1)
    labels = [say(f"coverage.quarter_short.{code[4:]}", year=code[:4]) for code in total.index]
    colour, symbol, _ = LOOKS["slots"]
    trace = {
        "type": "scatter", "mode": "lines+markers", "x": labels, "y": total.tolist(), "name": "",
        "line": {"color": colour, "width": 2, "shape": "hv"},
        "marker": {
            "symbol": symbol, "size": 5, "line": {"color": colour, "width": 1.5},
            "color": ["#ffffff" if missing else colour for missing in left_out],
        },
        "hovertemplate": "%{x}: %{y}<extra></extra>",
    }  # fmt: skip
    spec = layout(
        say("coverage.quarters.axis"), axis_title(measure("slots")), height=300,
        yaxis={"rangemode": "tozero"}, xaxis={"nticks": 8}, showlegend=False,
    )  # fmt: skip
    sentence = say(
        "coverage.quarters.one" if wide.shape[1] == 1 else "coverage.quarters.sentence",
        programs=wide.shape[1],
        before=number(total.iloc[0]),
        first=labels[0],
        after=number(total.iloc[-1]),
        last=labels[-1],
        most=number(total.max()),
    )
    missing = int(left_out.sum())
    gap = say("coverage.quarters.missing", count=missing) if missing else say("coverage.quarters.whole")
    table = pd.DataFrame(
        {
            say("coverage.quarters.axis"): labels,
            measure("slots").name: [number(slots) for slots in total],
            say("coverage.quarters.programs"): [number(count) for count in going.sum(axis=1)],
            say("coverage.quarters.left_out"): [number(count) for count in left_out],
        }
    )
    return Chart({"data": [trace], "layout": spec}, f"{sentence} {gap}", f"{sentence} {gap}", table)
