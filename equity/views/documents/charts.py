"""Charts of the profile as SVG, each with its alternative text built from the same figures.

A value is a marker with its likely range as a line; a hollow marker says few deaths; a cross and a word
stand where there is no value. Shape and colour both tell series apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from equity.registry import measure
from equity.release.figure import Figure
from equity.views.charts.chart import INK
from equity.views.documents.style import ACCENT, GROUPS, QUIET, RULE, SMALL, Look, as_svg, drawing
from equity.views.documents.wording import shown_value, spoken
from equity.views.format import figure_period, interval_text, period_text
from equity.views.profile import Profile, SpineRow
from equity.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HERE: Final = Look(ACCENT, "o")
#: Comparators, nearest first: paler than the place itself, and each with its own shape.
AROUND: Final = (Look(QUIET, "D"), Look(QUIET, "s"), Look(QUIET, "^"), Look(QUIET, "v"))
#: Names longer than this do not fit beside a chart.
_LONGEST: Final = 21
#: Width of a letter of a label, in inches: bold, at the size of small text.
_LETTER: Final = 0.066


class Chart(NamedTuple):
    """A drawn chart and what it says in words."""

    svg: bytes
    alt: str


def race_chart(profile: Profile) -> Chart | None:
    """Infant mortality by race: one row a group, from zero. ``None`` where no group has a value."""
    figures = [row.figure for row in profile.by_race]
    if not any(figure.visible for figure in figures):
        return None
    names = [say(f"figure.group.{figure.group}") for figure in figures]
    with drawing(3.1, 0.34 * len(figures) + 0.5, left=0.75, bottom=0.42, right=0.1) as (canvas, axes):
        _rows(axes, names, figures, _top(figures) * 1.05)
        for place, figure in enumerate(figures):
            label = "" if figure.visible else shown_value(figure)
            _across(axes, figure, place, GROUPS[figure.group], label)
        axes.set_xlabel(measure(figures[0].measure).unit, fontsize=SMALL, loc="left")
        svg = as_svg(canvas)
    said = "; ".join(f"{name}: {spoken(figure)}" for name, figure in zip(names, figures, strict=True))
    period = period_text(*profile.period)
    return Chart(svg, say("document.alt.race", name=profile.name, period=period, said=said))


def trend_chart(profile: Profile) -> Chart | None:
    """Infant mortality by block of years and group; a cross, in a row of its own, where a block has none."""
    if not any(figure.visible for figure in profile.trend):
        return None
    blocks = sorted({(figure.first_year, figure.last_year) for figure in profile.trend})
    groups = list(dict.fromkeys(figure.group for figure in profile.trend))
    hidden = any(not figure.visible for figure in profile.trend)
    with drawing(4.0, 2.45, left=0.4, bottom=0.42 if hidden else 0.26, top=0.3) as (canvas, axes):
        _years(axes, blocks, profile.trend)
        for place, group in enumerate(groups):
            line = [figure for figure in profile.trend if figure.group == group]
            _through_time(axes, line, blocks, (place - (len(groups) - 1) / 2) * 0.26)
        svg = as_svg(canvas)
    lines = []
    for group in groups:
        points = [f"{figure_period(f)}: {spoken(f)}" for f in profile.trend if f.group == group]
        lines.append(f"{say(f'figure.group.{group}')}: {'; '.join(points)}")
    return Chart(svg, say("document.alt.trend", name=profile.name, said=". ".join(lines)))


def spine_chart(profile: Profile, row: SpineRow) -> Chart:
    """One measure here and in the places around, each with its likely range."""
    figures = [row.here, *row.others]
    names = [_name_beside(profile, figure) for figure in figures]
    with drawing(3.4, 0.21 * len(figures) + 0.21, left=1.32, bottom=0.19) as (canvas, axes):
        _rows(axes, names, figures, _reach(figures, inches=2.0))
        axes.get_yticklabels()[0].set_fontweight("bold")
        for place, figure in enumerate(figures):
            _across(axes, figure, place, (HERE, *AROUND)[place], _label(figure), strong=place == 0)
        svg = as_svg(canvas)
    said = "; ".join(f"{name}: {spoken(figure)}" for name, figure in zip(names, figures, strict=True))
    return Chart(svg, say("document.alt.spine", measure=row.measure.name, unit=row.measure.unit, said=said))


def service_chart(profile: Profile) -> Chart | None:
    """Families who could benefit, slots and families enrolled, as bars from zero."""
    wanted = ("need", "slots", "caseload")
    figures = [row.figure for row in profile.service if row.measure.id in wanted]
    if not any(figure.visible for figure in figures):
        return None
    with drawing(7.0, 0.31 * len(figures) + 0.06, left=2.5) as (canvas, axes):
        names = [measure(figure.measure).name for figure in figures]
        _rows(axes, names, figures, _reach(figures, inches=4.4))
        for place, figure in enumerate(figures):
            _bar(axes, figure, place)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        svg = as_svg(canvas)
    said = "; ".join(f"{measure(figure.measure).name}: {spoken(figure)}" for figure in figures)
    return Chart(svg, say("document.alt.service", name=profile.name, year=profile.service_year, said=said))


def _rows(axes: Axes, names: Sequence[str], figures: Sequence[Figure], reach: float) -> None:
    """Rows from top to bottom, named at the left, on an axis from zero to ``reach``."""
    top = _top(figures)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names, fontsize=SMALL)
    axes.set_xlim(0, reach or 1.0)
    axes.set_xticks(_few_ticks(top))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=SMALL - 0.5, length=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _reach(figures: Sequence[Figure], inches: float) -> float:
    """How far an axis of this width must reach, so that every row's label fits behind its value."""
    wide = [(_top([figure]), len(_label(figure)) * _LETTER + 0.15) for figure in figures]
    return max(end * inches / (inches - label) for end, label in wide)


def _few_ticks(top: float) -> list[float]:
    """Three or four round ticks from zero to about the highest value; none where nothing is visible."""
    from matplotlib.ticker import MaxNLocator

    if not top:
        return []
    ticks = MaxNLocator(3, integer=True).tick_values(0, top)
    return [float(tick) for tick in ticks if 0 <= tick <= top * 1.25]


def _across(axes: Axes, figure: Figure, y: float, look: Look, label: str, strong: bool = True) -> None:
    """One value in a row: its range as a line, a marker, and a label behind it."""
    if figure.value is None:
        _no_value(axes, label, y)
        return
    scale = measure(figure.measure).scale
    value, end = figure.value * scale, figure.value * scale
    if figure.low is not None and figure.high is not None:
        end = figure.high * scale
        axes.plot([figure.low * scale, end], [y, y], color=look.colour, linewidth=2.4, alpha=0.45)
    _marker(axes, figure, value, y, look)
    _beside(axes, label, end, y, bold=strong)


def _marker(axes: Axes, figure: Figure, x: float, y: float, look: Look) -> None:
    """A filled marker; a hollow one where there are few deaths."""
    fill = "white" if figure.status == "unstable" else look.colour
    axes.plot([x], [y], marker=look.marker, color=look.colour, markerfacecolor=fill, markersize=5.5,
              markeredgewidth=1.4, linestyle="none", zorder=3, clip_on=False)  # fmt: skip


def _no_value(axes: Axes, label: str, y: float) -> None:
    axes.annotate("×", (0, y), xytext=(6, 0), textcoords="offset points", va="center", color=QUIET)
    _beside(axes, label, 0, y, italic=True, offset=17)


def _beside(
    axes: Axes, text: str, x: float, y: float, bold: bool = False, italic: bool = False, offset: int = 7
) -> None:
    axes.annotate(
        text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center", fontsize=SMALL,
        color=INK if bold else QUIET, fontweight="bold" if bold else "normal",
        fontstyle="italic" if italic else "normal", annotation_clip=False,
    )  # fmt: skip


def _through_time(
    axes: Axes, line: Sequence[Figure], blocks: Sequence[tuple[int, int]], shift: float
) -> None:
    """One group through the blocks: joined where two neighbours are known, dashed across schemes."""
    look = GROUPS[line[0].group]
    spots = {figure: blocks.index((figure.first_year, figure.last_year)) + shift for figure in line}
    for before, after in pairwise(line):
        if before.value is not None and after.value is not None and before.basis == after.basis:
            style = "-" if before.scheme == after.scheme else (0, (2, 2))
            axes.plot([spots[before], spots[after]], [before.value, after.value], color=look.colour,
                      linewidth=1, alpha=0.6, linestyle=style)  # fmt: skip
    for figure, x in spots.items():
        if figure.value is None:
            axes.annotate("×", (x, 0), xytext=(0, -9), textcoords="offset points", ha="center", va="center",
                          color=look.colour, fontsize=11, annotation_clip=False)  # fmt: skip
            continue
        if figure.low is not None and figure.high is not None:
            axes.plot([x, x], [figure.low, figure.high], color=look.colour, linewidth=2.4, alpha=0.45)
        _marker(axes, figure, x, figure.value, look)
        side = 1 if figure is line[-1] else -1
        axes.annotate(
            shown_value(figure), (x, figure.value), xytext=(7 * side, 0), textcoords="offset points",
            ha="left" if side > 0 else "right", va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip


def _years(axes: Axes, blocks: Sequence[tuple[int, int]], figures: Sequence[Figure]) -> None:
    """The frame of a trend: blocks along the bottom, a scale from zero, a key above.

    The row of crosses below zero keeps a hidden value from being read as a zero.
    """
    top = _top(figures)
    hidden = any(not figure.visible for figure in figures)
    axes.set_xlim(-0.5, len(blocks) - 0.5)
    axes.set_xticks(range(len(blocks)), [period_text(*block) for block in blocks], fontsize=9)
    axes.tick_params(axis="x", length=0, pad=16 if hidden else 4)
    axes.set_ylim(0, top * 1.08)
    axes.set_yticks(_few_ticks(top))
    axes.tick_params(axis="y", labelsize=SMALL, length=0)
    axes.set_ylabel(measure(figures[0].measure).unit, fontsize=SMALL, color=QUIET)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    _key(axes, figures)


def _key(axes: Axes, figures: Sequence[Figure]) -> None:
    from matplotlib.lines import Line2D

    groups = dict.fromkeys(figure.group for figure in figures)
    keys = [(GROUPS[group], say(f"figure.group.{group}"), True) for group in groups]
    if any(figure.status == "unstable" for figure in figures):
        keys.append((Look(QUIET, "o"), say("figure.short.unstable"), False))
    if any(not figure.visible for figure in figures):
        keys.append((Look(QUIET, "x"), say("document.no_value"), True))
    handles = [
        Line2D(
            [], [], marker=look.marker, color=look.colour, markerfacecolor=look.colour if full else "white",
            linestyle="none", markersize=5.5, label=label,
        )
        for look, label, full in keys
    ]  # fmt: skip
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.12, 1.01), ncols=len(handles), frameon=False,
        fontsize=SMALL, handletextpad=0.1, columnspacing=1.0, borderaxespad=0,
    )  # fmt: skip


def _bar(axes: Axes, figure: Figure, y: int) -> None:
    """One count as a bar; an estimate is hatched, and its likely range drawn across its end."""
    if figure.value is None:
        _no_value(axes, _label(figure), y)
        return
    estimate = figure.low is not None
    axes.barh(y, figure.value, height=0.6, color="white" if estimate else ACCENT, edgecolor=ACCENT,
              linewidth=1.1, hatch="////" if estimate else None)  # fmt: skip
    if figure.low is not None and figure.high is not None:
        axes.plot([figure.low, figure.high], [y, y], color=INK, linewidth=1.8)
    _beside(axes, _label(figure), max(figure.value, figure.high or 0.0), y, bold=True)


def _label(figure: Figure) -> str:
    """``9.0 (7.9 to 10.2)``; or the word for why there is no value."""
    interval = interval_text(figure)
    return f"{shown_value(figure)} ({interval})" if interval else shown_value(figure)


def _name_beside(profile: Profile, figure: Figure) -> str:
    """The place, with a star where its figure is made up; a long name gives way to its kind."""
    name = profile.release.area_name(figure.area_kind, figure.area)
    if len(name) > _LONGEST:
        name = say(f"figure.area_kind.{figure.area_kind}")
    return f"{name}{say('document.star')}" if figure.visible and figure.basis == "demonstration" else name


def _top(figures: Iterable[Figure]) -> float:
    """The highest end of all ranges, in the measure's unit; 0 where nothing is visible."""
    ends = [
        measure(figure.measure).scale * max(figure.value, figure.high or 0.0)
        for figure in figures
        if figure.value is not None
    ]
    return max(ends, default=0.0)
