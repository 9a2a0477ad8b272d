"""The Overview: the state of the two regions in a minute, one plain sentence a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.places_served import of_service, service_year, slots_year
from equity.views.charts.chart import Chart
from equity.views.charts.trend import trend_chart
from equity.views.format import amount, end_text, figure_period, inside, interval_text, value_text
from equity.views.notes import beside, demonstration_notice, two_kinds, why
from equity.views.profile import trend_of
from equity.views.selecting import REGIONS
from equity.words import knows, say

SERVICE: Final = ("need", "slots", "caseload", "coverage")
LARGEST: Final = 3


@dataclass(frozen=True)
class Statement:
    """A figure with the sentence that says it; ``note`` why it is hidden or marked."""

    label: str
    figure: Figure
    sentence: str
    note: str


@dataclass(frozen=True)
class RegionOverview:
    """One region: its outcomes, the gap, its trend and its service."""

    code: str
    name: str
    rates: tuple[Statement, ...]
    gap: tuple[Statement, ...]
    trend: Chart
    service: tuple[Statement, ...]
    reported: tuple[Statement, ...]


@dataclass(frozen=True)
class Overview:
    """Both regions and the places with the largest gaps between need and slots."""

    regions: tuple[RegionOverview, ...]
    largest: tuple[Statement, ...]
    ties: str
    notice: str

    @property
    def figures(self) -> list[Figure]:
        """Every figure of the page."""
        parts = [(*r.rates, *r.gap, *r.service, *r.reported) for r in self.regions]
        return [statement.figure for part in (*parts, self.largest) for statement in part]


def build_overview(release: Release) -> Overview:
    """Gather the Overview from a release, for its latest block and service year."""
    blocks = [(int(first), int(last)) for first, last in release.manifest["blocks"]]
    regions = tuple(_region(release, code, blocks[-1]) for code in REGIONS)
    largest, ties = largest_gaps(release)
    figures = [s.figure for region in regions for s in (*region.rates, *region.gap, *region.service)]
    return Overview(regions, largest, ties, demonstration_notice([*figures, *(s.figure for s in largest)]))


def _region(release: Release, code: str, block: tuple[int, int]) -> RegionOverview:
    name = release.area_name("region", code)
    year = slots_year(release, "region", code)
    rates = [
        release.figure("infant_mortality", "region", code, group, block)
        for group in ("all", "black", "white")
    ]
    gap = [
        release.figure(f"infant_mortality_{kind}", "region", code, "all", block)
        for kind in ("ratio", "difference")
    ]
    service = [of_service(release, name, "region", code, year) for name in SERVICE]
    return RegionOverview(
        code,
        name,
        tuple(state(release, figure) for figure in rates),
        tuple(state(release, figure) for figure in gap),
        trend_chart(release, trend_of(release, ("region", code)), name),
        tuple(state(release, figure) for figure in service),
        tuple(state(release, figure) for figure in _counties_in_print(release, code, block)),
    )


def state(release: Release, figure: Figure) -> Statement:
    """Say a figure in a sentence: what it is, where, when, how sure."""
    entry = measure(figure.measure)
    group = "" if figure.group == "all" else say(f"figure.group_inline.{figure.group}") + " "
    label = entry.name if figure.group == "all" else f"{entry.name}, {say(f'figure.group.{figure.group}')}"
    place = release.area_name(figure.area_kind, figure.area)
    if figure.value is None:
        hidden = say("overview.hidden", measure=entry.name, place=inside(place), period=figure_period(figure))
        return Statement(label, figure, begun(hidden), why(release, figure))
    key, said = f"overview.sentence.{figure.measure}", figure
    if figure.value < 0 and knows(f"{key}_below"):
        key, said = f"{key}_below", turned(figure)
    key = _numbered(key, value_text(said))
    interval = interval_text(said)
    sentence = say(
        key,
        group=group,
        place=inside(place),
        value=value_text(said),
        period=figure_period(figure),
        end=end_text(figure),
        likely=say("overview.likely", interval=interval) if interval else "",
    )
    return Statement(label, figure, begun(sentence), beside(release, figure))


def begun(sentence: str) -> str:
    """A sentence with a capital at its start."""
    return sentence[:1].upper() + sentence[1:]


def _numbered(key: str, value: str) -> str:
    """The wording for none or for one, where the catalogue has it."""
    special = {"0": f"{key}_none", "−0": f"{key}_none", "1": f"{key}_one"}.get(value, key)
    return special if knows(special) else key


def turned(figure: Figure) -> Figure:
    """The same figure seen from the other side of zero."""
    value, low, high = (None if x is None else -x for x in (figure.value, figure.high, figure.low))
    return replace(figure, value=value, low=low, high=high)


def _counties_in_print(release: Release, region: str, block: tuple[int, int]) -> list[Figure]:
    """What publishers print for the counties of a region whose own figure is made up."""
    if release.figure("infant_mortality", "region", region, "all", block).basis == "reported":
        return []
    areas = release.areas
    counties = areas[areas["kind"].eq("county") & areas["region"].eq(region)].sort_values("name")
    return [
        release.figure("infant_mortality", "county", str(geoid), "all", block) for geoid in counties["geoid"]
    ]


def largest_gaps(release: Release, level: str = "zip") -> tuple[tuple[Statement, ...], str]:
    """The places with the largest service gap, and a sentence on what their order is worth."""
    year = service_year(release)
    rows = release.select("service_gap", level, group="all", last_year=year)
    ranked = rows[rows["value"].notna()].sort_values("value", ascending=False)
    figures = [
        release.figure("service_gap", level, str(area), "all", (year, year))
        for area in ranked["area"].head(LARGEST)
    ]
    statements = tuple(state(release, figure) for figure in figures)
    if not figures:
        return statements, ""
    floor = min(figure.low if figure.low is not None else 0.0 for figure in figures)
    rivals = int((ranked["high"] >= floor).sum()) - len(figures)
    entry = measure("service_gap")
    key = "overview.ties" if rivals > 0 else "overview.no_ties"
    order = say(key, count=rivals, floor=amount(entry, floor))
    kinds = two_kinds(ranked["basis"])
    return statements, " ".join(part for part in (kinds, order) if part)


def card_texts(statements: Sequence[Statement]) -> list[tuple[str, str, str]]:
    """Label, value and sentence of each figure, for a row of large numbers."""
    return [(s.label, value_text(s.figure), _beneath(s)) for s in statements]


def _beneath(statement: Statement) -> str:
    """The sentence under a large number, with its mark and why it is hidden or to be read with care."""
    made_up = statement.figure.visible and statement.figure.basis == "demonstration"
    mark = say("view.demonstration_mark").upper() + "." if made_up else ""
    return " ".join(part for part in (statement.sentence, mark, statement.note) if part)


def in_print_table(release: Release, statements: Sequence[Statement]) -> pd.DataFrame:
    """What publishers print, county by county: the rate, its range, or why there is none."""
    figures = [statement.figure for statement in statements]
    return pd.DataFrame(
        {
            say("table.place"): [release.area_name(figure.area_kind, figure.area) for figure in figures],
            say("table.period"): [figure_period(figure) for figure in figures],
            say("table.value"): [value_text(figure) for figure in figures],
            say("table.interval"): [interval_text(figure) for figure in figures],
            say("table.note"): [statement.note for statement in statements],
        }
    )
