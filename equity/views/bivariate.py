"""Need and service on one map: three steps of each, nine colours, and a mark where much need meets little."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from equity.registry import Measure, measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.places_served import PlaceService
from equity.views.classes import NO_VALUE
from equity.views.format import amount, full_text, inside
from equity.views.place_map import MARKS
from equity.views.selecting import ALL_REGIONS, REGIONS
from equity.words import say

#: Colours by step of need, then of service: grey-white to orange with need, to teal with service, dark with
#: both. Any two differ by at least 16 in CIE Lab, also as seen without red, green or blue cones (Machado,
#: Oliveira and Fernandes 2009).
PALETTE: Final = (
    ("#ebe8de", "#9fd0da", "#3f9db3"),
    ("#f7cb8c", "#a9a79c", "#3f6f7e"),
    ("#e6870f", "#8a5a22", "#143646"),
)
STEPS: Final = len(PALETTE)
#: Drawn where need is in its highest step and service in its lowest.
EMPHASIS: Final = "▲"
#: What limits are rounded to, times a power of ten.
_ROUND: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)

Cell = tuple[int, int]


@dataclass(frozen=True)
class TwoWayMap:
    """Places by need and by service (``second``: ``slot_coverage`` or ``coverage``).

    ``edges`` are the limits between the steps of each, in stored units: thirds of the places on the map, at
    round numbers.
    """

    release: Release
    level: str
    region: str
    places: tuple[PlaceService, ...]
    second: Measure
    edges: tuple[tuple[float, ...], tuple[float, ...]]
    when: str

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions on the map: each is drawn on its own, as they lie far apart."""
        return REGIONS if self.region == ALL_REGIONS else (self.region,)

    @cached_property
    def by_area(self) -> dict[str, PlaceService]:
        """Places by code."""
        return {place.area: place for place in self.places}

    def places_in(self, region: str) -> list[str]:
        """The places of the map that lie in a region."""
        return [place.area for place in self.places if place.region == region]

    def served(self, place: PlaceService) -> Figure:
        """The figure of service that the map shows."""
        return place.coverage if self.second.id == "coverage" else place.slot_coverage

    def cell(self, place: PlaceService) -> Cell | None:
        """Steps of need and of service, from 0; ``None`` where one of them has no value."""
        need, served = place.need, self.served(place)
        if need.value is None or served.value is None:
            return None
        return _step(self.edges[0], need.value), _step(self.edges[1], served.value)

    def colour(self, place: PlaceService) -> str:
        """The fill of a place."""
        found = self.cell(place)
        return NO_VALUE if found is None else PALETTE[found[0]][found[1]]

    def status(self, place: PlaceService) -> str:
        """How a place may be shown: as the weaker of its two figures."""
        order = ("shown", "unstable", "not_applicable", "missing", "suppressed")
        return max(place.need.status, self.served(place).status, key=order.index)

    def mark(self, place: PlaceService) -> str:
        """The drawn mark of a place: why it has no colour, or that much need meets little service there."""
        if self.cell(place) == (STEPS - 1, 0):
            return EMPHASIS
        return MARKS.get(self.status(place), "")

    @cached_property
    def emphasised(self) -> tuple[PlaceService, ...]:
        """Places with much need and little service."""
        return tuple(place for place in self.places if self.mark(place) == EMPHASIS)

    @cached_property
    def statuses(self) -> list[str]:
        """Which marks of `MARKS` stand on the map."""
        present = {self.mark(place) for place in self.places}
        return [status for status, mark in MARKS.items() if mark in present]

    @cached_property
    def features(self) -> list[dict[str, Any]]:
        """Polygons with what the map needs to draw and to say: fill, name and text."""
        shapes = self.release.layers[self.level]["features"]
        own = [(shape, self.by_area.get(shape["properties"]["geoid"])) for shape in shapes]
        return [self._feature(shape, place) for shape, place in own if place is not None]

    def _feature(self, shape: dict[str, Any], place: PlaceService) -> dict[str, Any]:
        fill = self.colour(place)
        return {
            "type": "Feature",
            "id": place.area,
            "geometry": shape["geometry"],
            "properties": {
                "geoid": place.area,
                "name": place.name,
                "text": self.text(place),
                "fill": [int(fill[start : start + 2], 16) for start in (1, 3, 5)],
            },
        }

    def text(self, place: PlaceService) -> str:
        """Need and service of a place in two lines."""
        parts = (measure(place.need.measure).name, full_text(place.need))
        served = (self.second.name, full_text(self.served(place)))
        return "\n".join(f"{name}: {text}" for name, text in (parts, served))

    @cached_property
    def marks(self) -> list[dict[str, Any]]:
        """A mark and its point for every place that carries one."""
        points = {
            shape["properties"]["geoid"]: shape["properties"]["label_point"]
            for shape in self.release.layers[self.level]["features"]
        }
        marked = ((place.area, self.mark(place)) for place in self.places)
        return [
            {"id": area, "mark": mark, "position": points[area]}
            for area, mark in marked
            if mark and area in points
        ]

    @cached_property
    def counts(self) -> Counter[Cell]:
        """How many places each colour stands for."""
        return Counter(found for place in self.places if (found := self.cell(place)) is not None)

    @cached_property
    def sentence(self) -> str:
        """What the map shows and how to read it."""
        hidden = sum(self.cell(place) is None for place in self.places)
        return say(
            "coverage.map.sentence",
            level=say(f"map.level.{self.level}"),
            region=self._region(),
            when=self.when,
            service=say(f"coverage.map.{self.second.id}.plain"),
            mark=EMPHASIS,
            count=len(self.emphasised),
            total=len(self.places),
            hidden=say("coverage.map.hidden", count=hidden) if hidden else "",
        ).strip()

    @cached_property
    def alt(self) -> str:
        """The map in words, for those who cannot see it."""
        first = ", ".join(place.name for place in self.emphasised[:5])
        key = "coverage.map.alt" if first else "coverage.map.alt_none"
        return say(
            key,
            level=say(f"map.level.{self.level}"),
            region=self._region(),
            service=say(f"coverage.map.{self.second.id}.plain"),
            count=len(self.emphasised),
            names=first,
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """The map as a table: one row a place with both figures, its steps and its mark in words."""
        columns = {
            say("table.place"): [place.name for place in self.places],
            self._need.name: [full_text(place.need) for place in self.places],
            self.second.name: [full_text(self.served(place)) for place in self.places],
            say("coverage.map.column.mark"): [self._mark_words(place) for place in self.places],
        }
        return pd.DataFrame(columns)

    def _mark_words(self, place: PlaceService) -> str:
        if self.mark(place) == EMPHASIS:
            return f"{EMPHASIS} {say(f'coverage.map.{self.second.id}.mark')}"
        status = self.status(place)
        return f"{MARKS[status]} {say(f'map.mark.{status}')}" if status in MARKS else ""

    def _region(self) -> str:
        if self.region == ALL_REGIONS:
            return say("map.both_inline")
        return inside(self.release.area_name("region", self.region))

    def steps(self, which: int) -> dict[int, str]:
        """The steps of need (0) or of service (1) by number, in words, lowest first."""
        entry = self.second if which else self._need
        edges = self.edges[which]
        if not edges:
            return {0: say("map.class.any")}
        below = say("map.class.below", edge=amount(entry, edges[0]))
        between = [
            say("map.class.between", low=amount(entry, low), high=amount(entry, high))
            for low, high in pairwise(edges)
        ]
        words = [below, *between, say("map.class.from", edge=amount(entry, edges[-1]))]
        return {_numbered(step, len(edges)): text for step, text in enumerate(words)}

    def limits(self, which: int) -> list[str]:
        """The limits between the steps of need (0) or of service (1), as people read them."""
        entry = self.second if which else self._need
        return [amount(entry, edge) for edge in self.edges[which]]

    @property
    def _need(self) -> Measure:
        return measure(self.places[0].need.measure)


def two_way_map(
    release: Release,
    level: str,
    region: str,
    places: Sequence[PlaceService],
    second: str,
    when: str,
) -> TwoWayMap:
    """Gather the map of places; the steps follow the places that have any need."""
    entry = measure(second)
    some = [place for place in places if place.need.value]
    served = [place.coverage if second == "coverage" else place.slot_coverage for place in some]
    edges = (
        thirds([place.need.value for place in some if place.need.value is not None]),
        thirds([figure.value for figure in served if figure.value is not None], entry.scale),
    )
    return TwoWayMap(release, level, region, tuple(places), entry, edges, when)


def thirds(values: Sequence[float], scale: float = 1.0) -> tuple[float, ...]:
    """Two limits that part values into thirds, at numbers that are round once multiplied by ``scale``.

    Where a third or more are zero, the values above zero are parted. Fewer limits where thirds fall on one
    round number.

    >>> thirds([3, 11, 32, 48, 90, 210])
    (30.0, 100.0)
    """
    ordered = sorted(value * scale for value in values)
    if ordered and ordered[len(ordered) // STEPS] <= 0:
        ordered = [value for value in ordered if value > 0]
    if not ordered:
        return ()
    cuts = (ordered[len(ordered) * part // STEPS] for part in range(1, STEPS))
    return tuple(sorted({_rounded(cut) / scale for cut in cuts}))


def _step(edges: Sequence[float], value: float) -> int:
    return _numbered(bisect_right(edges, value), len(edges))


def _numbered(step: int, limits: int) -> int:
    """The number of a step among three, where there may be fewer: the highest one stays the highest."""
    return round(step * (STEPS - 1) / limits) if limits else 0


def _rounded(value: float) -> float:
    """The round number nearest to a positive ``value``, by ratio."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((step * power for step in _ROUND), key=lambda round_: abs(math.log(round_ / value)))
