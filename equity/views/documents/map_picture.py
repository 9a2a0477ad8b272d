"""A map as a picture (PNG) that can stand alone: title, legend, marks, source, release, notice inside."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.bivariate import EMPHASIS
from equity.views.charts.chart import INK
from equity.views.classes import NO_VALUE
from equity.views.documents.about import release_sentence
from equity.views.documents.style import ACCENT, QUIET, RULE, as_png, drawing
from equity.views.documents.tables import refuse_hidden_numbers
from equity.views.documents.wording import shown_value
from equity.views.format import period_text
from equity.views.notes import source_titles
from equity.views.place_map import MARKS, PlaceMap
from equity.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing
    from matplotlib.path import Path as Outline

#: Inches of the picture, and its parts as shares of it: ``left, bottom, width, height``.
SIZE: Final = (11.0, 8.0)
_MAPS: Final = (0.03, 0.13, 0.66, 0.66)
_LEGEND: Final = (0.71, 0.13, 0.27, 0.69)
DPI: Final = 150
#: Miles in a degree of latitude.
_MILES: Final = 69.0
_TINT: Final = "#f7ecd2"
_HATCH: Final = {"hatch": "//////", "hatchcolor": "#c3cbce"}

#: Marks of places without a value, which are hatched.
HATCHED: Final = tuple(mark for status, mark in MARKS.items() if status != "unstable")

Geometry = dict[str, Any]
Point = tuple[float, float]


class Box(NamedTuple):
    """Degrees west, south, east and north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude here."""
        return cos(radians((self.south + self.north) / 2))


def map_png(view: PlaceMap) -> bytes:
    """A map of the page as a picture, each region in a frame of its own.

    A place without a plain value carries the mark that the legend names. The picture's own description
    (in its metadata) says what it shows, with the notice and the release.
    """
    refuse_hidden_numbers(view.figures)
    title = say(
        "document.map.title",
        layer=view.layer.name,
        level=say(f"map.level.{view.level}"),
        region=view.region_name,
    )
    with drawing(*SIZE) as (canvas, axes):
        axes.remove()
        _words(canvas, view, title)
        regions = _by_region(view)
        for place, (region, members) in enumerate(regions.items()):
            left = _MAPS[0] + place * _MAPS[2] / len(regions)
            frame = canvas.add_axes((left, _MAPS[1], _MAPS[2] / len(regions) - 0.01, _MAPS[3]))
            _region(frame, view, region, members, named=len(regions) > 1)
        _legend(canvas, view)
        described = (view.sentence, view.notice, release_sentence(view.release))
        return as_png(canvas, title, " ".join(part for part in described if part), DPI)


def features(release: Release, area_kind: str) -> list[dict[str, Any]]:
    """The shapes of a kind of place; none where the release draws none of that kind."""
    layer = release.layers.get(area_kind)
    return [] if layer is None else list(layer["features"])


def _by_region(view: PlaceMap) -> dict[str, list[Figure]]:
    """Figures by region: two regions far apart on one map would leave both too small to read."""
    areas = view.release.areas[view.release.areas["kind"].eq(view.level)]
    region_of = dict(zip(areas["geoid"], areas["region"].fillna(""), strict=True))
    groups: dict[str, list[Figure]] = {}
    for figure in view.figures:
        groups.setdefault(str(region_of.get(figure.area, "")), []).append(figure)
    return dict(sorted(groups.items(), reverse=True))


class Spot(NamedTuple):
    """How one place is drawn: its fill, its mark (empty for none), and what stands beside its name."""

    area: str
    fill: str
    mark: str = ""
    text: str = ""


def _region(axes: Axes, view: PlaceMap, region: str, figures: Sequence[Figure], named: bool) -> None:
    """One region of the Map."""
    by_county = view.level == "county"
    spots = [
        Spot(
            figure.area,
            view.classes.colour(figure.value),
            MARKS.get(figure.status, ""),
            f"{shown_value(figure)}{say('document.star') if _starred(figure) else ''}" if by_county else "",
        )
        for figure in figures
    ]
    draw_region(axes, view.release, view.level, region, spots, named)


def draw_region(
    axes: Axes, release: Release, level: str, region: str, spots: Sequence[Spot], named: bool
) -> None:
    """One region: its places filled, its counties outlined and named, a scale bar."""
    shapes = {shape["properties"]["geoid"]: shape for shape in features(release, level)}
    drawn = [(spot, shapes[spot.area]) for spot in spots if spot.area in shapes]
    areas = release.areas
    counties = set(areas.loc[areas["kind"].eq("county") & areas["region"].eq(region), "geoid"])
    outlines = [s for s in features(release, "county") if s["properties"]["geoid"] in counties]
    for spot, shape in drawn:
        _fill(axes, shape["geometry"], spot.fill, hidden=spot.mark in HATCHED)
    for shape in outlines:
        _outline(axes, shape["geometry"])
    box = _box([shape["geometry"] for _, shape in drawn] + [shape["geometry"] for shape in outlines])
    _frame(axes, box, release.area_name("region", region) if region and named else "")
    for spot, shape in drawn:
        _mark(axes, spot.mark, _point(shape))
    if level == "county":
        for spot, shape in drawn:
            name = release.area_name(level, spot.area)
            _label(axes, f"{name}\n{spot.text}" if spot.text else name, _point(shape), drop=15)
    else:
        for shape in outlines:
            _label(axes, shape["properties"]["name"], _point(shape))


def _point(shape: dict[str, Any]) -> Point:
    """Where a place is marked and named."""
    longitude, latitude = shape["properties"]["label_point"]
    return float(longitude), float(latitude)


def _fill(axes: Axes, geometry: Geometry, colour: str, hidden: bool) -> None:
    from matplotlib.patches import PathPatch

    lines: dict[str, Any] = {"edgecolor": "#a9b3b8", **_HATCH} if hidden else {"edgecolor": "white"}
    axes.add_patch(PathPatch(_path(geometry), facecolor=colour, linewidth=0.9, **lines))


def _outline(axes: Axes, geometry: Geometry) -> None:
    from matplotlib.patches import PathPatch

    axes.add_patch(PathPatch(_path(geometry), facecolor="none", edgecolor=INK, linewidth=1.3))


def _path(geometry: Geometry) -> Outline:
    """A polygon or several, holes and all, as one outline."""
    from matplotlib.path import Path as Outline

    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Outline.make_compound_path(*(Outline(ring, closed=True) for rings in polygons for ring in rings))


def _box(geometries: Sequence[Geometry]) -> Box:
    corners = [_path(geometry).get_extents() for geometry in geometries]
    if not corners:
        return Box(0.0, 0.0, 1.0, 1.0)
    return Box(
        min(c.x0 for c in corners), min(c.y0 for c in corners),
        max(c.x1 for c in corners), max(c.y1 for c in corners),
    )  # fmt: skip


def _frame(axes: Axes, box: Box, name: str) -> None:
    """Limits with a margin, true proportions, the region's name above and a scale bar below."""
    wide, high = box.east - box.west, box.north - box.south
    axes.set_xlim(box.west - 0.03 * wide, box.east + 0.03 * wide)
    axes.set_ylim(box.south - 0.09 * high, box.north + 0.03 * high)
    axes.set_aspect(1 / box.squeeze)
    axes.set_anchor("N")
    axes.set_axis_off()
    axes.set_title(name, fontsize=12, fontweight="bold", color=INK)
    miles = 5 if wide * box.squeeze * _MILES < 60 else 10
    length = miles / (_MILES * box.squeeze)
    y = box.south - 0.06 * high
    axes.plot([box.west, box.west + length], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt")
    axes.annotate(say("document.map.miles", miles=miles), (box.west + length, y), xytext=(5, 0),
                  textcoords="offset points", va="center", fontsize=8.5, color=QUIET)  # fmt: skip


def _mark(axes: Axes, sign: str, point: Point) -> None:
    """The mark of a place, as the legend draws it."""
    if sign == MARKS["unstable"]:
        ring(axes, point)
    elif sign == EMPHASIS:
        emphasis(axes, point)
    elif sign:
        _halo(axes.annotate(sign, point, ha="center", va="center", fontsize=11, color=INK))


def emphasis(axes: Axes, point: Point, size: float = 52) -> None:
    """A dark triangle with a white edge: much need and little service."""
    axes.scatter(
        [point[0]],
        [point[1]],
        s=size,
        marker="^",
        facecolors=INK,
        edgecolors="white",
        linewidths=1.2,
        zorder=4,
    )


def ring(axes: Axes, point: Point) -> None:
    """A dashed ring on a white one, so that it shows on dark and light."""
    axes.scatter([point[0]], [point[1]], s=70, facecolors="none", edgecolors="white", linewidths=3, zorder=4)
    axes.scatter(
        [point[0]],
        [point[1]],
        s=70,
        facecolors="none",
        edgecolors=INK,
        linewidths=1.1,
        linestyles="--",
        zorder=4,
    )


def _starred(figure: Figure) -> bool:
    return figure.visible and figure.basis == "demonstration"


def _label(axes: Axes, text: str, point: Point, drop: int = 0) -> None:
    _halo(
        axes.annotate(text, point, xytext=(0, -drop), textcoords="offset points", ha="center", va="center",
                      fontsize=9, fontweight="bold", color=INK, zorder=5)
    )  # fmt: skip


def _halo(text: Any) -> None:
    """A white edge, so that letters read on any fill."""
    from matplotlib.patheffects import withStroke

    text.set_path_effects([withStroke(linewidth=2.6, foreground="white")])


def _words(canvas: Drawing, view: PlaceMap, title: str) -> None:
    """Title and period above, notice, sources and release below."""
    subtitle = f"{view.layer.unit}, {period_text(*view.period)}"
    canvas.text(0.03, 0.945, title, fontsize=19, fontweight="bold", color=ACCENT, va="center")
    canvas.text(0.03, 0.9, subtitle, fontsize=11, color=QUIET, va="center")
    if view.notice:
        box = {"facecolor": _TINT, "edgecolor": "#c9a34a", "boxstyle": "round,pad=0.45", "linewidth": 0.8}
        canvas.text(0.035, 0.857, view.notice, fontsize=10, fontweight="bold", va="center", bbox=box)
    sources = say("view.source_line", source="; ".join(source_titles(view.release, view.figures)))
    vintage = str(view.release.manifest["boundaries"]).rstrip(".")
    lines = textwrap.wrap(f"{sources} {say('document.map.boundaries', boundaries=vintage)}", 185)
    text = "\n".join([*lines, f"{say('ui.site.title')}. {release_sentence(view.release)}"])
    canvas.text(0.03, 0.115, text, fontsize=8.5, color=QUIET, va="top", linespacing=1.45)


def _legend(canvas: Drawing, view: PlaceMap) -> None:
    """Classes that occur, with what they mean, then the marks that occur, with what they say."""
    axes = canvas.add_axes(_LEGEND)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(1, 0)
    steps = view.classes
    y = 0.04
    for step in sorted({steps.of(figure.value) for figure in view.figures if figure.value is not None}):
        y = _entry(axes, y, steps.colours[step], "", steps.labels[step], steps.meanings[step])
    y += 0.02
    for status in view.statuses:
        colour = NO_VALUE if status != "unstable" else "white"
        y = _entry(axes, y, colour, MARKS[status], say(f"map.mark.{status}"), "")
    if view.level == "county" and any(_starred(figure) for figure in view.figures):
        axes.text(0.14, y + 0.02, say("document.spine.star"), fontsize=10, color=INK, va="center")


def _entry(axes: Axes, y: float, colour: str, sign: str, label: str, meaning: str) -> float:
    """One line of the legend; returns where the next begins."""
    from matplotlib.patches import Rectangle

    unstable, hidden = sign == MARKS["unstable"], sign not in ("", MARKS["unstable"])
    hatched: dict[str, Any] = _HATCH if hidden else {}
    box = Rectangle((0, y - 0.02), 0.1, 0.04, facecolor=colour, edgecolor=RULE, linewidth=0.8, **hatched)
    axes.add_patch(box)
    if unstable:
        ring(axes, (0.05, y))
    elif sign:
        _halo(axes.annotate(sign, (0.05, y), ha="center", va="center", fontsize=11, color=INK))
    lines = [(line, INK) for line in textwrap.wrap(label, 36)]
    lines += [(line, QUIET) for line in textwrap.wrap(meaning, 36)]
    for number, (line, ink) in enumerate(lines):
        axes.text(0.14, y + number * 0.034, line, fontsize=10, color=ink, va="center")
    return y + 0.034 * (len(lines) - 1) + 0.062
