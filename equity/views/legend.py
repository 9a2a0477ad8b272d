"""The legend of a map as a small SVG picture: its classes, and the marks that stand on it."""

from __future__ import annotations

from html import escape
from typing import Final

from equity.views.classes import NO_VALUE
from equity.views.place_map import MARKS, PlaceMap
from equity.words import say

LINE: Final = 26
WIDTH: Final = 430
INK: Final = "#22333b"


def legend_svg(view: PlaceMap) -> str:
    """The legend as SVG text, 430 wide; every word in it is escaped."""
    rows = [_class_row(colour, label, meaning) for colour, label, meaning in _class_rows(view)]
    rows += [mark_row(status) for status in view.statuses]
    lines, y = [], 22
    lines.append(f'<text x="0" y="16" font-weight="700">{escape(_title(view))}</text>')
    for row in rows:
        y += LINE
        lines.append(f'<g transform="translate(0,{y - 16})">{row}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 14}" '
        f'viewBox="0 0 {WIDTH} {y + 14}" font-family="sans-serif" font-size="13" fill="{INK}">'
        f"{''.join(lines)}</svg>"
    )


def legend_alt(view: PlaceMap) -> str:
    """The legend in words."""
    named = "; ".join(
        label if not meaning else f"{label}, {meaning}" for _, label, meaning in _class_rows(view)
    )
    marks = "; ".join(say(f"map.mark.{status}") for status in view.statuses) or say("map.mark.zero")
    return say("map.legend_alt", classes=named, marks=marks)


def _title(view: PlaceMap) -> str:
    return f"{view.layer.name} ({view.layer.unit})"


def _class_rows(view: PlaceMap) -> list[tuple[str, str, str]]:
    present = {view.classes.of(figure.value) for figure in view.figures if figure.value is not None}
    rows = zip(view.classes.colours, view.classes.labels, view.classes.meanings, strict=True)
    return [row for step, row in enumerate(rows) if step in present]


def _class_row(colour: str, label: str, meaning: str) -> str:
    text = f"{label} – {meaning}" if meaning else label
    return (
        f'<rect width="26" height="18" rx="3" fill="{colour}" stroke="{INK}" stroke-width="0.6"/>'
        f'<text x="36" y="14">{escape(text)}</text>'
    )


def mark_row(status: str) -> str:
    """One line of a legend: a mark and what it says."""
    return (
        f'<rect width="26" height="18" rx="3" fill="{NO_VALUE}" stroke="{INK}" stroke-width="0.6"/>'
        f'<text x="13" y="14" text-anchor="middle" font-weight="700">{MARKS[status]}</text>'
        f'<text x="36" y="14">{escape(say(f"map.mark.{status}"))}</text>'
    )
