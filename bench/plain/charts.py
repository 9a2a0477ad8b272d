"""Charts and comparisons of the plain pages."""

from __future__ import annotations

import math

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

from bench.plain.figures import Row, Z


def bars(rows: list[Row], x: str, color: str | None = None, title: str = "") -> go.Figure:
    """Values with their intervals."""
    frame = pd.DataFrame(rows)
    frame["period"] = frame["first_year"].astype(str) + "-" + frame["last_year"].astype(str)
    frame["plus"], frame["minus"] = frame["high"] - frame["value"], frame["value"] - frame["low"]
    return px.scatter(
        frame, x=x, y="value", color=color, error_y="plus", error_y_minus="minus", title=title, height=320
    )


def ratio(black: Row, white: Row) -> str:
    """Ratio of two rates with its limits on the log scale."""
    if black["value"] is None or white["value"] is None:
        return "not shown"
    value = black["value"] / white["value"]
    error = Z * math.sqrt(1 / black["numerator"] + 1 / white["numerator"])
    return f"{value:.2f} ({value * math.exp(-error):.2f} to {value * math.exp(error):.2f})"


def difference(black: Row, white: Row) -> str:
    """Difference of two rates with its normal limits."""
    if black["value"] is None or white["value"] is None:
        return "not shown"
    value = black["value"] - white["value"]
    squares = sum(row["numerator"] / row["denominator"] ** 2 for row in (black, white))
    error = 1000 * Z * math.sqrt(squares)
    return f"{value:.1f} ({value - error:.1f} to {value + error:.1f})"


def shown(row: Row, decimals: int = 1) -> str:
    """A value with its interval, or why there is none."""
    if row["value"] is None:
        return str(row["status"])
    text = f"{row['value']:,.{decimals}f}"
    known = row["low"] is not None
    return f"{text} ({row['low']:,.{decimals}f} to {row['high']:,.{decimals}f})" if known else text
