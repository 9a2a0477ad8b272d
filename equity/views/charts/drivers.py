"""Bars of what lies behind the gap: by birthweight, and by period of risk. Parts may be below zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from equity.views.charts.chart import Chart, layout
from equity.views.format import number
from equity.words import say

Row = Mapping[str, Any]
#: Colours told apart with any colour vision; the second is hatched, to be told apart in print too.
COLOURS: Final = ("#0072b2", "#d55e00")
PATTERNS: Final = ("", "/")


def span(low: float, high: float, decimals: int = 1) -> str:
    """``likely 0.5 to 1.9``."""
    interval = say("view.interval", low=number(low, decimals), high=number(high, decimals))
    return say("view.likely", interval=interval)


def kitagawa_bars(rows: Sequence[Row], sentence: str, place: str, period: str) -> Chart:
    """Two bars a class of weight: from how many are born at it, and from deaths at it."""
    strata = [row for row in rows if row["stratum"] != "total"]
    labels = [stratum_name(row["stratum"]) for row in strata]
    data = [
        _bars(labels, strata, part, part, say(f"drivers.column.{part}"), place_of)
        for place_of, part in enumerate(("composition", "rate"))
    ]
    points = "; ".join(
        say(
            "drivers.kitagawa.point",
            stratum=label,
            **{part: _with_span(row, part, f"{part}_") for part in ("composition", "rate")},
        )
        for label, row in zip(labels, strata, strict=True)
    )
    spec = _spec(say("drivers.kitagawa.axis"), labels, 120 + 80 * len(labels))
    alt = say("drivers.kitagawa.alt", place=place, period=period, points=points)
    return Chart({"data": data, "layout": spec}, sentence, alt, _kitagawa_twin(rows))


def risk_bars(rows: Sequence[Row], sentence: str, place: str, period: str) -> Chart:
    """One bar a period of risk: deaths above the white rate, with the interval."""
    periods = [row for row in rows if row["period"] != "total"]
    labels = [say(f"drivers.period.{row['period']}") for row in periods]
    data = [_bars([_wrapped(label) for label in labels], periods, "excess_rate", "", "", 0)]
    points = "; ".join(
        say(
            "drivers.risk.point",
            name=label,
            excess=number(row["excess_rate"], 1),
            range=span(row["low"], row["high"]),
        )
        for label, row in zip(labels, periods, strict=True)
    )
    spec = _spec(say("drivers.risk.axis"), [_wrapped(label) for label in labels], 110 + 60 * len(labels))
    spec["showlegend"] = False
    alt = say("drivers.risk.alt", place=place, period=period, points=points)
    return Chart({"data": data, "layout": spec}, sentence, alt, _risk_twin(rows))


def stratum_name(code: str) -> str:
    """``500-1499`` as people read it: ``500–1,499 grams``."""
    if code == "total":
        return say("drivers.kitagawa.all")
    if code.startswith("<"):
        return say("drivers.kitagawa.under", grams=number(float(code[1:])))
    if code.endswith("+"):
        return say("drivers.kitagawa.over", grams=number(float(code[:-1])))
    low, high = code.split("-")
    return say("drivers.kitagawa.stratum", grams=f"{number(float(low))}–{number(float(high))}")


def _bars(
    labels: Sequence[str], rows: Sequence[Row], column: str, limits: str, name: str, look: int
) -> dict[str, Any]:
    low, high = (f"{limits}_{end}" if limits else end for end in ("low", "high"))
    texts = [_with_span(row, column, f"{limits}_" if limits else "") for row in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(labels),
        "x": [row[column] for row in rows],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [row[high] - row[column] for row in rows],
            "arrayminus": [row[column] - row[low] for row in rows],
            "thickness": 1.6,
            "width": 5,
            "color": "#22333b",
        },
        "marker": {
            "color": COLOURS[look],
            # without a ground of its own Plotly leaves a hatched bar white
            "pattern": {
                "shape": PATTERNS[look],
                "bgcolor": COLOURS[look],
                "fgcolor": "#ffffff",
                "size": 6,
                "solidity": 0.2,
            },
        },
        "text": texts,
        "textposition": "none",
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }


def _with_span(row: Row, column: str, limits: str) -> str:
    return f"{number(row[column], 1)} ({span(row[f'{limits}low'], row[f'{limits}high'])})"


def _wrapped(label: str) -> str:
    """A long label on two lines, so that the bars keep their room on a phone."""
    return label.replace(", ", ",<br>", 1)


def _spec(axis: str, labels: Sequence[str], height: int) -> dict[str, Any]:
    return layout(
        axis,
        "",
        height=height,
        barmode="group",
        bargap=0.3,
        # bars of one class are drawn from below, so the legend is read from its end
        legend={"traceorder": "reversed"},
        xaxis={"zeroline": True, "zerolinecolor": "#22333b"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": list(labels)[::-1]},
    )


def _kitagawa_twin(rows: Sequence[Row]) -> pd.DataFrame:
    columns: dict[str, list[str]] = {
        say("drivers.column.stratum"): [stratum_name(row["stratum"]) for row in rows]
    }
    for part in ("composition", "rate"):
        columns[say(f"drivers.column.{part}")] = [_with_span(row, part, f"{part}_") for row in rows]
    for name in ("births_black", "deaths_black", "births_white", "deaths_white"):
        columns[say(f"drivers.column.{name}")] = [number(row[name]) for row in rows]
    columns[say("table.basis")] = [say(f"figure.basis_short.{row['basis']}") for row in rows]
    return pd.DataFrame(columns)


def _risk_twin(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say("drivers.column.period"): [say(f"drivers.period.{row['period']}") for row in rows],
            say("drivers.column.deaths"): [number(row["deaths"]) for row in rows],
            say("drivers.column.own"): [number(row["rate"], 1) for row in rows],
            say("drivers.column.reference"): [number(row["reference_rate"], 1) for row in rows],
            say("drivers.column.excess"): [_with_span(row, "excess_rate", "") for row in rows],
            say("drivers.column.excess_deaths"): [
                f"{number(row['excess_deaths'])} "
                f"({span(row['excess_deaths_low'], row['excess_deaths_high'], 0)})"
                for row in rows
            ],
            say("table.basis"): [say(f"figure.basis_short.{row['basis']}") for row in rows],
        }
    )
