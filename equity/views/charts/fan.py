"""A target as a fan: the figures so far, where the pace leads and how surely, the goal and its year."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from equity.views.charts.chart import Chart, axis_title, layout
from equity.views.format import amount, inside, period_text, range_text
from equity.views.targets import TargetView
from equity.words import say

#: One hue in two strengths, with edges of their own: told apart by lightness and by line alone.
OUTER_FILL: Final = "rgba(0, 114, 178, 0.16)"
INNER_FILL: Final = "rgba(0, 114, 178, 0.48)"
EDGE: Final = "#0072b2"
PAST: Final = "#22333b"
GOAL: Final = "#b34700"
Path = list[dict[str, Any]]


def fan_chart(view: TargetView) -> Chart | None:
    """The fan of a target; ``None`` where it is not judged by a pace."""
    path = view.path
    if not path:
        return None
    return Chart(
        {"data": [*_bands(view, path), _median(view, path), _past(view)], "layout": _layout(view, path)},
        _sentence(view, path),
        _alt(view, path),
        _table(view, path),
    )


def _bands(view: TargetView, path: Path) -> list[dict[str, Any]]:
    """Four lines, of which the second of each pair fills down to the first: 95 %, then 50 %."""
    outer = _band(view, path, ("low", "high"), OUTER_FILL, "dot", say("target.fan.outer"))
    inner = _band(view, path, ("low50", "high50"), INNER_FILL, "solid", say("target.fan.inner"))
    return [*outer, *inner]


def _band(
    view: TargetView, path: Path, edges: tuple[str, str], fill: str, dash: str, name: str
) -> list[dict[str, Any]]:
    line = {"color": EDGE, "width": 1, "dash": dash}
    base = {"type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip", "legendgroup": name}
    low, high = ([row[edge] * view.measure.scale for row in path] for edge in edges)
    years = [row["year"] for row in path]
    filled = {"fill": "tonexty", "fillcolor": fill, "name": name}
    return [{**base, "x": years, "y": low, "showlegend": False}, {**base, "x": years, "y": high, **filled}]


def _median(view: TargetView, path: Path) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": say("target.fan.median"),
        "x": [row["year"] for row in path],
        "y": [row["median"] * view.measure.scale for row in path],
        "line": {"color": EDGE, "width": 3, "dash": "dash"},
        "text": [_at(view, row) for row in path],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _past(view: TargetView) -> dict[str, Any]:
    """Both figures at the middle of their years, with their intervals and the years they cover."""
    ends = [view.end(side) for side in ("baseline", "latest")]
    scale = view.measure.scale
    bars = {"type": "data", "color": PAST, "thickness": 1.8, "width": 5}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": say("target.fan.past"),
        "x": [(end["first_year"] + end["last_year"]) / 2 for end in ends],
        "y": [end["value"] * scale for end in ends],
        "error_y": {
            **bars,
            "symmetric": False,
            "array": [(end["high"] - end["value"]) * scale for end in ends],
            "arrayminus": [(end["value"] - end["low"]) * scale for end in ends],
        },
        "error_x": {
            **bars,
            "array": [(end["last_year"] - end["first_year"]) / 2 for end in ends],
            "width": 0,
        },
        "marker": {"symbol": "diamond", "size": 11, "color": PAST},
        "text": [view.baseline, view.latest],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _layout(view: TargetView, path: Path) -> dict[str, Any]:
    goal, due = view.row["target_value"] * view.measure.scale, int(view.row["due_year"])
    first = view.end("baseline")["first_year"] - 1
    span = [first, max(path[-1]["year"], due) + 1]
    better = say("target.fan.better", direction=say(f"table.{view.measure.direction}"))
    return layout(
        say("target.fan.year"),
        f"{axis_title(view.measure)}<br>{better}",
        height=420,
        xaxis={"range": span, "tickformat": "d", "dtick": 5, "tick0": 2010},
        yaxis={"rangemode": "tozero"},
        shapes=[
            _line(x0=span[0], x1=span[1], y0=goal, y1=goal, line={"color": GOAL, "width": 2.5}),
            _line(
                x0=due, x1=due, y0=0, y1=1, yref="paper", line={"color": PAST, "width": 1.5, "dash": "dot"}
            ),
        ],
        annotations=_labels(view, goal, due, span),
    )


def _line(**place: Any) -> dict[str, Any]:
    return {"type": "line", "layer": "above", **place}


def _labels(view: TargetView, goal: float, due: int, span: list[float]) -> list[dict[str, Any]]:
    plain = {"showarrow": False, "bgcolor": "rgba(255, 255, 255, 0.8)"}
    value = amount(view.measure, view.row["target_value"])
    labels = [
        {**plain, "text": say("target.fan.goal", value=value), "x": span[0], "xanchor": "left", "y": goal,
         "yanchor": "bottom" if goal <= 0 else "top", "font": {"color": GOAL}},
        {**plain, "text": say("target.fan.due", due=due), "x": due, "xanchor": "right", "y": 1,
         "yref": "paper", "yanchor": "top"},
    ]  # fmt: skip
    if view.made_up:
        mark = {"text": say("target.fan.made_up"), "x": 1, "xref": "paper", "xanchor": "right", "y": 0}
        labels.append({**plain, **mark, "yref": "paper", "yanchor": "bottom"})
    return labels


def _when_due(view: TargetView, path: Path) -> dict[str, Any]:
    due = int(view.row["due_year"])
    return next((row for row in path if row["year"] == due), path[0])


def _at(view: TargetView, row: dict[str, Any]) -> str:
    """``2033: 5.9 (likely 4.8 to 7.2; as likely as not 5.5 to 6.3)``."""
    parts = []
    for key, low, high in (("likely", "low", "high"), ("as_likely", "low50", "high50")):
        if interval := range_text(view.measure, row[low], row[high]):
            parts.append(say(f"target.fan.{key}", interval=interval))
    ranges = f" ({'; '.join(parts)})" if parts else ""
    median = amount(view.measure, row["median"])
    return say("target.fan.at", year=_year(row["year"]), median=median, ranges=ranges)


def _year(year: float) -> str:
    """A year; half a year is the middle of a period of an even number of years."""
    return str(int(year)) if year == int(year) else f"{year:.1f}"


def _sentence(view: TargetView, path: Path) -> str:
    due, last = int(view.row["due_year"]), view.end("latest")["last_year"]
    values = {"measure": view.measure.name, "place": inside(view.place), "unit": view.measure.unit}
    values |= {"goal": amount(view.measure, view.row["target_value"]), "at": _at(view, _when_due(view, path))}
    values |= {"chance": view.chance, "due": str(due)}
    said = say("target.fan.sentence_due" if due <= last else "target.fan.sentence", **values)
    notes = [say("target.fan.closed")] if view.is_gap else []
    notes += [say("target.fan.demonstration")] if view.made_up else []
    return " ".join([said, *notes])


def _alt(view: TargetView, path: Path) -> str:
    return say(
        "target.fan.alt",
        measure=view.measure.name,
        place=inside(view.place),
        unit=view.measure.unit,
        baseline=view.baseline,
        latest=view.latest,
        end=_at(view, path[-1]),
        goal=amount(view.measure, view.row["target_value"]),
        due=int(view.row["due_year"]),
    )


def _table(view: TargetView, path: Path) -> pd.DataFrame:
    """Figures so far, then the path by year: the numbers of the chart as texts."""
    rows = [_past_row(view, side) for side in ("baseline", "latest")] + [_path_row(view, row) for row in path]
    names = (
        "table.period",
        "target.fan.column.value",
        "target.fan.column.inner",
        "table.interval",
        "table.note",
    )
    basis = say(f"figure.basis_short.{view.row['basis']}")
    frame = pd.DataFrame(rows, columns=[say(name) for name in names])
    return frame.assign(**{say("table.basis"): basis})


def _past_row(view: TargetView, side: str) -> tuple[str, ...]:
    end = view.end(side)
    value, interval = amount(view.measure, end["value"]), range_text(view.measure, end["low"], end["high"])
    period = period_text(int(end["first_year"]), int(end["last_year"]))
    return period, value, "", interval, say("target.fan.figure")


def _path_row(view: TargetView, row: dict[str, Any]) -> tuple[str, ...]:
    bands = [
        range_text(view.measure, row[low], row[high]) for low, high in (("low50", "high50"), ("low", "high"))
    ]
    return _year(row["year"]), amount(view.measure, row["median"]), *bands, say("target.fan.if_pace_holds")
