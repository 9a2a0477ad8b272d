"""Use of slots, a point a program: the spread that a mean would hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from equity.registry import measure
from equity.views.charts.chart import INK, Chart, layout
from equity.views.programs import (
    FULL,
    USES,
    Program,
    marks_text,
    programs_table,
    use_sentence,
    use_text,
    uses,
)
from equity.words import say

#: Colour and symbol of each kind of use: told apart by either.
LOOKS: Final = {
    "under_75": ("#56b4e9", "circle"),
    "under_95": ("#0072b2", "square"),
    "full": ("#e69f00", "diamond"),
    "over": ("#8d3b00", "triangle-up"),
}
#: Points nearer than this, in slots of 100, are stacked.
NEAR: Final = 2.2
LINES: Final = (75.0, 100 * FULL, 100.0)


def use_strip(programs: Sequence[Program], when: str) -> Chart:
    """Every program whose use is known, left to right by use; those alike are stacked."""
    known = [program for program in programs if program.use is not None]
    heights = _stacked([100 * (program.use or 0.0) for program in known])
    found = uses(programs)
    traces = [_trace(kind, known, heights) for kind in USES if found[kind]]
    entry = measure("saturation")
    least = min([70.0, *(100 * (program.use or 0.0) for program in known)])
    most = max([100.0, *(100 * (program.use or 0.0) for program in known)])
    top = max(heights, default=1)
    spec = layout(
        f"{entry.name} ({entry.unit})",
        "",
        height=190 + 22 * top,
        xaxis={"range": [least - 5, most + 4]},
        yaxis={"visible": False, "range": [0.2, top + 0.8]},
        shapes=[_line(x) for x in LINES],
    )
    sentence = use_sentence(programs, when)
    return Chart(
        {"data": traces, "layout": spec},
        sentence,
        say("coverage.use_alt", said=sentence),
        programs_table(programs),
    )


def _stacked(values: Sequence[float]) -> list[int]:
    """The height of each point in its stack, from 1."""
    rows: list[float] = []
    heights = [0] * len(values)
    for value, place in sorted((value, place) for place, value in enumerate(values)):
        row = next((row for row, last in enumerate(rows) if value - last >= NEAR), len(rows))
        rows[row : row + 1] = [value]
        heights[place] = row + 1
    return heights


def _trace(kind: str, known: Sequence[Program], heights: Sequence[int]) -> dict[str, Any]:
    colour, symbol = LOOKS[kind]
    own = [(p, height) for p, height in zip(known, heights, strict=True) if p.kind == kind]
    return {
        "type": "scatter", "mode": "markers", "name": say(f"coverage.use_name.{kind}"),
        "x": [100 * (p.use or 0.0) for p, _ in own], "y": [height for _, height in own],
        "marker": {"color": colour, "symbol": symbol, "size": 13, "line": {"color": INK, "width": 1}},
        "text": ["<br>".join(t for t in (p.name, use_text(p), marks_text(p)) if t) for p, _ in own],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _line(x: float) -> dict[str, Any]:
    look = {"color": INK, "width": 1, "dash": "dot"}
    return {
        "type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": look, "layer": "below",
    }  # fmt: skip
