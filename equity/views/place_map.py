"""The Map: one layer over the places of a region, with its sentence, legend, marks and table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from equity.registry import Measure, measure
from equity.release.as_of import last_quarters
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.advice import finding
from equity.views.classes import KINDS, Classes, classes
from equity.views.format import end_text, full_text, inside, interval_text, period_text, value_text
from equity.views.notes import beside, demonstration_notice
from equity.views.selecting import ALL_REGIONS, REGIONS
from equity.words import say

#: The drawn mark of each kind of place without a plain value. None of them is a letter or a number.
MARKS: Final = {"suppressed": "×", "missing": "?", "unstable": "○", "not_applicable": "–"}


@dataclass(frozen=True)
class PlaceMap:
    """One map. ``figures`` holds one figure for every place of the region, in the order of names."""

    release: Release
    layer: Measure
    level: str
    region: str
    period: tuple[int, int]
    figures: tuple[Figure, ...]
    classes: Classes

    @cached_property
    def region_name(self) -> str:
        """The region in words."""
        if self.region == ALL_REGIONS:
            return say("map.both_inline")
        return inside(self.release.area_name("region", self.region))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions on the map: each is drawn on its own, as they lie far apart."""
        return REGIONS if self.region == ALL_REGIONS else (self.region,)

    def places_in(self, region: str) -> list[str]:
        """The places of the map that lie in a region."""
        areas = self.release.areas
        rows = areas[areas["kind"].eq(self.level) & areas["region"].eq(region)]
        return [str(geoid) for geoid in rows["geoid"] if geoid in self.by_area]

    @cached_property
    def by_area(self) -> dict[str, Figure]:
        """Figures by place."""
        return {figure.area: figure for figure in self.figures}

    def name(self, figure: Figure) -> str:
        """The plain name of a figure's place."""
        return self.release.area_name(figure.area_kind, figure.area)

    @cached_property
    def sentence(self) -> str:
        """What the map shows, which way is better, and how many places have no value and why."""
        return (
            say(
                "map.shows_kinds" if self.layer.id in KINDS else "map.shows",
                layer=self.layer.name,
                period=period_text(*self.period),
                level=say(f"map.level.{self.level}"),
                region=self.region_name,
                direction=say(f"map.darker.{self.layer.direction}"),
                hidden=self._hidden_sentence(),
            )
            + self._early()
        )

    def _early(self) -> str:
        """That service was counted before the end of the year, where reports end there."""
        early = [figure for figure in self.figures if figure.visible and last_quarters(figure.method)]
        ends = sorted({(last_quarters(figure.method), end_text(figure)) for figure in early})
        return "".join(f" {say('map.early', end=end)}" for _, end in ends)

    @cached_property
    def title(self) -> str:
        """The map's name: layer, region and period."""
        return f"{self.layer.name}, {self.region_name}, {period_text(*self.period)}"

    def _hidden_sentence(self) -> str:
        hidden = Counter(_why_empty(figure) for figure in self.figures if not figure.visible)
        if not hidden:
            return say("map.hidden_none")
        why_words = "; ".join(f"{count} {words}" for words, count in hidden.items())
        return say("map.hidden_some", count=hidden.total(), total=len(self.figures), why=why_words)

    @cached_property
    def alt(self) -> str:
        """The map in words, for those who cannot see it."""
        shown = [figure for figure in self.figures if figure.value is not None]
        top = max(shown, key=lambda figure: figure.value or 0.0, default=None)
        summary = (
            say("map.most", name=self.name(top), value=full_text(top)) if top else self._hidden_sentence()
        )
        summary = finding(self.layer.id, self.figures) or summary
        return say(
            "map.alt",
            layer=self.layer.name,
            level=say(f"map.level.{self.level}"),
            region=self.region_name,
            period=period_text(*self.period),
            summary=summary,
        )

    @cached_property
    def notice(self) -> str:
        """The demonstration notice, where any value on the map is made up."""
        return demonstration_notice(self.figures)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The map as a table: one row a place, highest first, places without a value last."""
        order = sorted(
            self.figures, key=lambda figure: (figure.value is None, -(figure.value or 0.0), figure.area)
        )
        return pd.DataFrame(
            {
                say("table.place"): [self.name(figure) for figure in order],
                f"{self.layer.name} ({self.layer.unit})": [value_text(figure) for figure in order],
                say("table.interval"): [interval_text(figure) for figure in order],
                say("table.status"): [say(f"figure.status.{figure.status}") for figure in order],
                say("table.basis"): [say(f"figure.basis_short.{figure.basis}") for figure in order],
                say("table.note"): [beside(self.release, figure) for figure in order],
            }
        )

    @cached_property
    def features(self) -> list[dict[str, Any]]:
        """Polygons with what the map needs to draw and to say: fill, mark, name and text."""
        shapes = self.release.layers[self.level]["features"]
        return [
            self._feature(shape, self.by_area[shape["properties"]["geoid"]])
            for shape in shapes
            if shape["properties"]["geoid"] in self.by_area
        ]

    def _feature(self, shape: dict[str, Any], figure: Figure) -> dict[str, Any]:
        text = full_text(figure)
        note = say(f"figure.short.{figure.status}") if figure.status == "unstable" else ""
        return {
            "type": "Feature",
            "id": figure.area,
            "geometry": shape["geometry"],
            "properties": {
                "geoid": figure.area,
                "name": self.name(figure),
                "text": f"{text} ({note})" if note else text,
                "fill": _rgb(self.classes.colour(figure.value)),
            },
        }

    @cached_property
    def marks(self) -> list[dict[str, Any]]:
        """A mark and its point for every place without a plain value."""
        points = {
            shape["properties"]["geoid"]: shape["properties"]["label_point"]
            for shape in self.release.layers[self.level]["features"]
        }
        return [
            {"id": figure.area, "mark": MARKS[figure.status], "position": points[figure.area]}
            for figure in self.figures
            if figure.status in MARKS and figure.area in points
        ]

    @cached_property
    def statuses(self) -> list[str]:
        """Which marks stand on this map, in the order of ``MARKS``."""
        present = {figure.status for figure in self.figures}
        return [status for status in MARKS if status in present]


def build_map(release: Release, layer: str, level: str, region: str, period: tuple[int, int]) -> PlaceMap:
    """Gather a map. A place the release says nothing about is on it as *missing*."""
    areas = release.areas
    rows = areas[areas["kind"].eq(level)]
    if region != ALL_REGIONS:
        rows = rows[rows["region"].eq(region)]
    geoids = rows.sort_values("name")["geoid"]
    figures = tuple(release.figure(layer, level, str(geoid), "all", period) for geoid in geoids)
    values = [figure.value for figure in figures if figure.value is not None]
    return PlaceMap(release, measure(layer), level, region, period, figures, classes(layer, values))


def _rgb(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _why_empty(figure: Figure) -> str:
    if figure.reason in ("withheld_by_publisher", "inside_withheld"):
        return say("map.withheld")
    return say(f"map.empty.{figure.status}")
