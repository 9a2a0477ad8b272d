"""The map of need and service as a picture, for the brief and other paper."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from equity.registry import measure
from equity.views.bivariate import PALETTE, STEPS, TwoWayMap
from equity.views.charts.chart import INK
from equity.views.classes import NO_VALUE
from equity.views.documents.map_picture import Spot, draw_region, emphasis, ring
from equity.views.documents.style import QUIET, RULE, as_svg, drawing
from equity.views.place_map import MARKS
from equity.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Inches: the picture spans the text of a Letter page; its last part holds the legend.
SIZE: Final = (7.2, 3.3)
_LEGEND: Final = (0.69, 0.0, 0.31, 1.0)


def two_way_svg(view: TwoWayMap) -> bytes:
    """Each region in a frame of its own, and the legend beside them."""
    with drawing(*SIZE) as (canvas, axes):
        axes.remove()
        regions = view.regions
        for place, region in enumerate(regions):
            width = (_LEGEND[0] - 0.01) / len(regions)
            frame = canvas.add_axes((place * width, 0.0, width - 0.01, 0.92))
            inside = set(view.places_in(region))
            spots = [Spot(p.area, view.colour(p), view.mark(p)) for p in view.places if p.area in inside]
            draw_region(frame, view.release, view.level, region, spots, named=True)
        _legend(canvas.add_axes(_LEGEND), view)
        return as_svg(canvas)


def _legend(axes: Axes, view: TwoWayMap) -> None:
    """Nine colours with a word along each side, then the marks that occur."""
    from matplotlib.patches import Rectangle

    axes.set_axis_off()
    wide, high = SIZE[0] * _LEGEND[2], SIZE[1]
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    side, left, top = 0.32, 0.95, 0.3
    axes.text(0, 0.1, say("coverage.map.more_need"), fontsize=8.5, fontweight="bold", color=INK)
    _arrow(axes, (0.86, 0.16), (0.86, 0.0))
    for need, words in view.steps(0).items():
        y = top + (STEPS - 1 - need) * side
        lines = "\n".join(textwrap.wrap(words, 14))
        axes.text(left - 0.06, y + side / 2, lines, fontsize=8, ha="right", va="center", color=INK)
        for served in view.steps(1):
            corner = (left + served * side, y)
            axes.add_patch(Rectangle(corner, side, side, facecolor=PALETTE[need][served], edgecolor="white"))
    emphasis(axes, (left + side / 2, top + side / 2), 34)
    bottom = top + STEPS * side
    limits = view.limits(1)
    for step, words in enumerate(limits, 1):
        x = left + (step if len(limits) == STEPS - 1 else STEPS / 2) * side
        axes.text(x, bottom + 0.1, words, fontsize=8, ha="center", va="center", color=INK)
    more = say(f"coverage.map.{view.second.id}.more")
    start = min(left, wide - 0.26 - 0.075 * len(more))
    axes.text(start, bottom + 0.26, more, fontsize=8.5, fontweight="bold", va="center", color=INK)
    end = start + 0.075 * len(more)
    _arrow(axes, (end, bottom + 0.26), (end + 0.2, bottom + 0.26))
    unit = say("coverage.map.unit", unit=view.second.unit)
    axes.text(left, bottom + 0.4, unit, fontsize=8, va="center", color=QUIET)
    name = textwrap.fill(measure(view.places[0].need.measure).name, 36)
    axes.text(0, bottom + 0.62, name, fontsize=8, va="center", color=QUIET)
    _marks(axes, view, bottom + 0.95)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow: the typeface has none."""
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.1})


def _marks(axes: Axes, view: TwoWayMap, y: float) -> None:
    from matplotlib.patches import Rectangle

    words = say(f"coverage.map.{view.second.id}.emphasis", count=len(view.emphasised))
    rows: list[tuple[str, str, str]] = [(PALETTE[STEPS - 1][0], "", words)]
    rows += [(NO_VALUE, MARKS[status], say(f"map.mark.{status}")) for status in view.statuses]
    for fill, sign, text in rows:
        look: dict[str, Any] = {"facecolor": fill, "edgecolor": RULE, "linewidth": 0.8}
        axes.add_patch(Rectangle((0, y - 0.08), 0.26, 0.16, **look))
        if sign == MARKS["unstable"]:
            ring(axes, (0.13, y))
        elif sign:
            axes.text(0.13, y, sign, fontsize=9, ha="center", va="center", color=INK)
        else:
            emphasis(axes, (0.13, y), 26)
        axes.text(0.34, y, textwrap.fill(text, 32), fontsize=8, va="center", color=INK)
        y += 0.24
