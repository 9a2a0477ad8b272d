"""The legend of the map of need and service: a square of nine, with a word along each side."""

from __future__ import annotations

from html import escape
from typing import Final

from equity.registry import measure
from equity.views.bivariate import EMPHASIS, PALETTE, STEPS, TwoWayMap
from equity.views.legend import INK, LINE, WIDTH, mark_row
from equity.words import say

BOX: Final = 44
#: Where the square begins: room for the words along its left side.
LEFT, TOP = 170, 28


def two_way_legend(view: TwoWayMap) -> str:
    """The legend as SVG text, as wide as that of the Map; every word in it is escaped."""
    bottom = TOP + STEPS * BOX
    parts = [_square(view), _need_axis(view), _service_axis(view, bottom)]
    y = bottom + 74
    rows = [_emphasis_row(view), *(mark_row(status) for status in view.statuses)]
    for row in rows:
        parts.append(f'<g transform="translate(0,{y})">{row}</g>')
        y += LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">{"".join(parts)}</svg>'
    )


def two_way_legend_alt(view: TwoWayMap) -> str:
    """The legend in words."""
    return say(
        "coverage.map.legend_alt",
        need="; ".join(view.steps(0).values()),
        service="; ".join(view.steps(1).values()),
        needs=measure(view.places[0].need.measure).name,
        services=view.second.name,
        emphasis=_emphasis_words(view),
        marks="; ".join(say(f"map.mark.{status}") for status in view.statuses) or say("map.mark.zero"),
    )


def _square(view: TwoWayMap) -> str:
    """Nine colours: need upwards, service to the right; a sign where much need meets little service."""
    cells = []
    for need in view.steps(0):
        for served in view.steps(1):
            x, y = LEFT + served * BOX, TOP + (STEPS - 1 - need) * BOX
            cells.append(
                f'<rect x="{x}" y="{y}" width="{BOX}" height="{BOX}" fill="{PALETTE[need][served]}" '
                f'stroke="#ffffff" stroke-width="1.5"/>'
            )
    sign = _sign(LEFT + BOX / 2, TOP + BOX / 2 + 6)
    return "".join(cells) + sign


def _sign(x: float, y: float) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="17" stroke="#ffffff" stroke-width="3" '
        f'paint-order="stroke">{EMPHASIS}</text>'
    )


def _need_axis(view: TwoWayMap) -> str:
    """The steps of need along the left side, and which way it grows above them."""
    unit = say("coverage.map.unit", unit=measure(view.places[0].need.measure).unit)
    title = f"{say('coverage.map.more_need')} ↑"
    words = [
        f'<text x="{LEFT}" y="16"><tspan font-weight="700">{escape(title)}</tspan> {escape(unit)}</text>'
    ]
    for step, text in view.steps(0).items():
        y = TOP + (STEPS - 1 - step) * BOX + BOX / 2 + 5
        words.append(f'<text x="{LEFT - 10}" y="{y}" text-anchor="end">{escape(text)}</text>')
    return "".join(words)


def _service_axis(view: TwoWayMap, bottom: int) -> str:
    """The limits of service under the lines between the steps, and which way it grows below them."""
    words = []
    for place, edge in enumerate(view.limits(1), 1):
        step = place if len(view.limits(1)) == STEPS - 1 else STEPS / 2
        x = LEFT + step * BOX
        words.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{escape(edge)}</text>')
    title = f"{say(f'coverage.map.{view.second.id}.more')} →"
    unit = say("coverage.map.unit", unit=view.second.unit)
    words.append(f'<text x="{LEFT}" y="{bottom + 38}" font-weight="700">{escape(title)}</text>')
    words.append(f'<text x="{LEFT}" y="{bottom + 56}">{escape(unit)}</text>')
    return "".join(words)


def _emphasis_words(view: TwoWayMap) -> str:
    return say(f"coverage.map.{view.second.id}.emphasis", count=len(view.emphasised))


def _emphasis_row(view: TwoWayMap) -> str:
    fill = PALETTE[STEPS - 1][0]
    return (
        f'<rect width="26" height="18" rx="3" fill="{fill}" stroke="{INK}" stroke-width="0.6"/>'
        f"{_sign(13, 15)}"
        f'<text x="36" y="14">{escape(_emphasis_words(view))}</text>'
    )
