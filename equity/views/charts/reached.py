"""Families reached by race: Black beside white, for regions and their counties, with their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.places_served import service_year
from equity.views.charts.chart import Chart, axis_title, error_bars, layout, marker
from equity.views.format import amount, full_text, inside, interval_text, value_text
from equity.views.notes import why
from equity.views.selecting import places
from equity.words import say

RACES: Final = ("black", "white")
COVERAGE: Final = "coverage"


def reached_figures(release: Release, regions: Sequence[str]) -> list[tuple[Figure, Figure]]:
    """Coverage of Black and of white families for each region and its counties, in the latest year."""
    year = service_year(release)
    wanted = [("region", region) for region in regions]
    wanted += [
        ("county", str(code)) for region in regions for code in places(release, "county", region)["geoid"]
    ]
    return [_pair(release, kind, area, year) for kind, area in wanted]


def _pair(release: Release, kind: str, area: str, year: int) -> tuple[Figure, Figure]:
    black, white = (release.figure(COVERAGE, kind, area, group, (year, year)) for group in RACES)
    return black, white


def reached_chart(release: Release, regions: Sequence[str]) -> Chart:
    """A row a place, a point a race; places where one is hidden keep the other and the word for why."""
    pairs = reached_figures(release, regions)
    entry = measure(COVERAGE)
    names = [release.area_name(black.area_kind, black.area) for black, _ in pairs]
    labels = [_label(name, pair) for name, pair in zip(names, pairs, strict=True)]
    traces = [_trace(which, pairs, labels, entry.scale) for which in (0, 1)]
    spec = layout(
        axis_title(entry), "", height=110 + 46 * len(pairs), xaxis={"rangemode": "tozero"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": labels[::-1]},
    )  # fmt: skip
    sentence = " ".join(reached_sentence(release, *pair) for pair in pairs[: len(regions)])
    said = "; ".join(
        f"{label}, {say(f'figure.group.{figure.group}')}: {full_text(figure)}"
        for label, pair in zip(names, pairs, strict=True)
        for figure in pair
    )
    alt = say("coverage.race.alt", said=said)
    return Chart({"data": traces, "layout": spec}, sentence, alt, _table(release, pairs, names))


def reached_sentence(release: Release, black: Figure, white: Figure) -> str:
    """Black against white families reached in one place, and whether their ranges overlap."""
    place = inside(release.area_name(black.area_kind, black.area))
    if black.value is None or white.value is None:
        return say("coverage.race.hidden", place=place)
    texts = {"place": place, "black": _value(black), "white": _value(white)}
    if None in (black.low, black.high, white.low, white.high):
        return say("coverage.race.plain", **texts)
    apart = (black.high or 0) < (white.low or 0) or (white.high or 0) < (black.low or 0)
    return say("coverage.race.apart" if apart else "coverage.race.overlap", **texts)


def _value(figure: Figure) -> str:
    interval = interval_text(figure)
    likely = f" ({say('view.likely', interval=interval)})" if interval else ""
    return amount(measure(COVERAGE), figure.value or 0.0) + likely


def _label(name: str, pair: tuple[Figure, Figure]) -> str:
    """A place's name, and under it the race that is hidden there."""
    gone = [say("coverage.race.mark", group=say(f"figure.group.{f.group}")) for f in pair if f.value is None]
    return "<br>".join((name, *gone))


def _trace(
    which: int, pairs: Sequence[tuple[Figure, Figure]], labels: Sequence[str], scale: float
) -> dict[str, Any]:
    own = [(pair[which], label) for pair, label in zip(pairs, labels, strict=True) if pair[which].visible]
    group = RACES[which]
    look = marker(group)
    colour = look["line"]["color"]
    look["color"] = ["#ffffff" if figure.status == "unstable" else colour for figure, _ in own]
    figures = [figure for figure, _ in own]
    return {
        "type": "scatter", "mode": "markers", "name": say(f"figure.group.{group}"),
        "x": [(figure.value or 0.0) * scale for figure in figures], "y": [label for _, label in own],
        "error_x": {**error_bars(figures, scale), "color": colour}, "marker": look,
        "text": [full_text(figure) for figure in figures],
        "hovertemplate": "%{y}, %{fullData.name}: %{text}<extra></extra>",
    }  # fmt: skip


def _table(release: Release, pairs: Sequence[tuple[Figure, Figure]], labels: Sequence[str]) -> pd.DataFrame:
    rows = [
        (
            label, say(f"figure.group.{f.group}"), value_text(f), interval_text(f),
            say(f"figure.basis_short.{f.basis}"), why(release, f),
        )
        for label, pair in zip(labels, pairs, strict=True)
        for f in pair
    ]  # fmt: skip
    names = ("place", "group", "value", "interval", "basis", "note")
    return pd.DataFrame(rows, columns=[say(f"table.{name}") for name in names])
