"""The equity profile of one place: what a hub leader hands out, as data that page and files share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from equity.registry import Measure, measure
from equity.release.as_of import last_quarters
from equity.release.figure import GROUPS, Figure
from equity.release.load import Release
from equity.release.places_served import of_service, slots_year
from equity.release.widen import stand_in
from equity.views.format import end_text, figure_period, interval_text, quarter_text, value_text
from equity.views.notes import source_titles
from equity.words import say

OUTCOMES: Final = (
    "infant_mortality",
    "neonatal_mortality",
    "postneonatal_mortality",
    "preterm",
    "low_birthweight",
    "births",
)
COMPARISONS: Final = ("infant_mortality_ratio", "infant_mortality_difference")
#: The gap in deaths and in shares.
GAP: Final = (
    "excess_deaths",
    "excess_share",
    "attributable_fraction",
    "black_share_of_births",
    "black_share_of_deaths",
)
SERVICE: Final = ("need", "slots", "caseload", "saturation", "coverage", "service_gap")
#: What of it is counted at a time; the rest is of a year, or worked out with these.
COUNTED: Final = ("slots", "caseload")
CONTEXT: Final = (
    "population",
    "share_black",
    "poverty",
    "child_poverty",
    "median_income",
    "uninsured",
    "no_vehicle",
    "teen_births",
)
#: Outcomes whose other printed windows are listed.
PRINTED: Final = ("infant_mortality", "low_birthweight", "equity_score")
#: Outcomes that are listed year by year, where somebody reported them so.
YEARLY: Final = ("births", "preterm", "low_birthweight", "very_low_birthweight", "infant_mortality")
#: Outcomes listed by race and single year, where they are published so.
BY_YEAR: Final = ("infant_mortality", "preterm", "low_birthweight")
#: How the method of counts ends whose years run from July to June.
TO_JUNE: Final = "year to 30 June"
#: Measures compared with the places around, with an interval each.
SPINE: Final = ("infant_mortality", "preterm", "low_birthweight", "teen_births", "child_poverty", "uninsured")
RACES: Final = ("all", "black", "white")
STATE: Final = ("state", "29")


@dataclass(frozen=True)
class Row:
    """One figure with the measure it is of."""

    measure: Measure
    figure: Figure


@dataclass(frozen=True)
class SpineRow:
    """A measure's figure here and in each comparator that has it, in the order of ``comparators``."""

    measure: Measure
    here: Figure
    others: tuple[Figure, ...]


@dataclass(frozen=True)
class Profile:
    """Everything the profile of a place says.

    ``period`` is the block the outcomes are of; ``service_year`` the year of the service figures;
    ``comparators`` the larger places it is set against, nearest first.
    """

    release: Release
    area_kind: str
    area: str
    name: str
    period: tuple[int, int]
    service_year: int
    comparators: tuple[tuple[str, str], ...]
    headline: tuple[Row, ...]
    by_race: tuple[Row, ...]
    state_by_race: tuple[Row, ...]
    comparisons: tuple[Row, ...]
    gap: tuple[Row, ...]
    trend: tuple[Figure, ...]
    spine: tuple[SpineRow, ...]
    service: tuple[Row, ...]
    context: tuple[Row, ...]
    printed: tuple[Row, ...]
    yearly: tuple[Row, ...]
    by_year: tuple[Row, ...]
    stand_in: Figure | None

    @property
    def service_end(self) -> str:
        """When slots and families were counted: ``the end of 2023``, or of the last quarter reported."""
        counted = [row.figure for row in self.service if row.measure.id in COUNTED and row.figure.visible]
        early = (end_text(figure) for figure in counted if last_quarters(figure.method))
        return next(early, quarter_text(f"{self.service_year}Q4"))

    def figures(self) -> list[Figure]:
        """Every figure of the profile, in reading order, each once."""
        rows = [*self.headline, *self.by_race, *self.state_by_race, *self.comparisons, *self.gap]
        rows += [*self.service, *self.context, *self.printed, *self.yearly, *self.by_year]
        found = [row.figure for row in rows] + list(self.trend)
        found += [figure for row in self.spine for figure in (row.here, *row.others)]
        found += [self.stand_in] if self.stand_in else []
        return list(dict.fromkeys(found))


def build_profile(release: Release, area_kind: str, area: str, period: tuple[int, int]) -> Profile:
    """Gather the profile of a place for a block of years from a release."""
    comparators = comparators_of(release, area_kind, area)
    service_year = slots_year(release, area_kind, area)
    here = (area_kind, area)
    return Profile(
        release=release,
        area_kind=area_kind,
        area=area,
        name=release.area_name(area_kind, area),
        period=period,
        service_year=service_year,
        comparators=comparators,
        headline=tuple(_row(release, name, here, "all", period) for name in OUTCOMES),
        by_race=tuple(_row(release, "infant_mortality", here, group, period) for group in RACES),
        state_by_race=tuple(_row(release, "infant_mortality", STATE, group, period) for group in RACES[1:]),
        comparisons=tuple(_row(release, name, here, "all", period) for name in COMPARISONS),
        gap=tuple(_gap(release, here, period)),
        trend=tuple(trend_of(release, here)),
        spine=tuple(_spine(release, here, comparators, period)),
        service=tuple(Row(measure(name), of_service(release, name, *here, service_year)) for name in SERVICE),
        context=tuple(_context(release, here)),
        printed=tuple(_other_windows(release, here)),
        yearly=tuple(_single_years(release, here)),
        by_year=tuple(_by_year(release, here)),
        stand_in=stand_in(release, "infant_mortality", *here, period[1]),
    )


def comparators_of(release: Release, area_kind: str, area: str) -> tuple[tuple[str, str], ...]:
    """The places a place is set against: its county (for a ZIP code), its region, Missouri, the nation."""
    around: list[tuple[str, str]] = []
    if area_kind in ("zip", "zip_group"):
        around += _main_county(release, area_kind, area)
    region = release.region_of(area_kind, area)
    if region and area_kind != "region":
        around.append(("region", region))
    return (*around, STATE, ("nation", "us"))


def trend_of(release: Release, here: tuple[str, str]) -> list[Figure]:
    """Infant mortality by block and group, oldest first."""
    blocks = [tuple(block) for block in release.manifest["blocks"]]
    return [
        release.figure("infant_mortality", *here, group, (block[0], block[1]))
        for group in RACES
        for block in blocks
    ]


def latest_figure(release: Release, name: str, here: tuple[str, str], group: str = "all") -> Figure | None:
    """The figure of the last period in which a place has a visible value of the measure."""
    shown = [figure for figure in release.series(name, *here, group) if figure.visible]
    return shown[-1] if shown else None


def _row(release: Release, name: str, here: tuple[str, str], group: str, period: tuple[int, int]) -> Row:
    return Row(measure(name), release.figure(name, *here, group, period))


def _context(release: Release, here: tuple[str, str]) -> list[Row]:
    latest = [(name, latest_figure(release, name, here)) for name in CONTEXT]
    return [Row(measure(name), figure) for name, figure in latest if figure is not None]


def _gap(release: Release, here: tuple[str, str], period: tuple[int, int]) -> list[Row]:
    """The gap in the period, then in printed windows that are no block of ours; only what the release has."""
    blocks = {(int(first), int(last)) for first, last in release.manifest["blocks"]}
    windows = [period] + [p for p in release.periods(GAP[0], here[0]) if p not in blocks | {period}]
    rows = [_row(release, name, here, "all", window) for window in windows for name in GAP]
    return [row for row in rows if row.figure.status not in ("missing", "not_applicable")]


def _other_windows(release: Release, here: tuple[str, str]) -> list[Row]:
    """Reported outcomes of windows that are no block of ours, newest first: they overlap the blocks."""
    blocks = {(int(first), int(last)) for first, last in release.manifest["blocks"]}
    found = []
    for name in (*PRINTED, *COMPARISONS):
        figures = [figure for group in GROUPS for figure in release.series(name, *here, group)]
        for figure in sorted(figures, key=lambda figure: -figure.last_year):
            single = figure.first_year == figure.last_year
            printed = figure.visible and figure.basis == "reported"
            if printed and not single and (figure.first_year, figure.last_year) not in blocks:
                found.append(Row(measure(name), figure))
    return found


def _single_years(release: Release, here: tuple[str, str]) -> list[Row]:
    """Reported outcomes of single years, newest first, in the order of ``YEARLY`` within a year."""
    found = [Row(measure(name), figure) for name in YEARLY for figure in release.series(name, *here)]
    single = [row for row in found if row.figure.first_year == row.figure.last_year]
    reported = [row for row in single if row.figure.visible and row.figure.basis == "reported"]
    return sorted(reported, key=lambda row: -row.figure.last_year)


def _by_year(release: Release, here: tuple[str, str]) -> list[Row]:
    """Outcomes by race and single year, newest first, hidden ones too; none where no such are published."""
    return [
        Row(measure(name), figure)
        for name in BY_YEAR
        for group in RACES[1:]
        for figure in reversed(release.series(name, *here, group))
        if figure.first_year == figure.last_year
    ]


def _spine(
    release: Release, here: tuple[str, str], others: tuple[tuple[str, str], ...], period: tuple[int, int]
) -> list[SpineRow]:
    rows = []
    for name in SPINE:
        mine = _in_period_or_latest(release, name, here, period)
        if mine is None:
            continue
        around = [_in_period_or_latest(release, name, other, period) for other in others]
        rows.append(SpineRow(measure(name), mine, tuple(f for f in around if f is not None)))
    return rows


def _in_period_or_latest(
    release: Release, name: str, here: tuple[str, str], period: tuple[int, int]
) -> Figure | None:
    """The figure of the period where there is one, hidden or not; else the latest visible one."""
    found = release.figure(name, *here, "all", period)
    absent = found.status in ("missing", "not_applicable")
    return latest_figure(release, name, here) if absent else found


def _main_county(release: Release, area_kind: str, area: str) -> list[tuple[str, str]]:
    if area_kind == "zip_group":
        return []
    parts = release.tables["parts"]
    rows = parts[parts["whole_kind"].eq("zip") & parts["whole"].eq(area) & parts["part_kind"].eq("county")]
    if rows.empty:
        return []
    return [("county", str(rows.sort_values("weight").iloc[-1]["part"]))]


def years_table(rows: Sequence[Row]) -> pd.DataFrame:
    """Single years as texts: a line a year, a column a measure, each value with its likely range."""
    years = list(dict.fromkeys(row.figure.last_year for row in rows))
    measures = sorted({row.measure.id for row in rows}, key=YEARLY.index)
    cells = {(row.figure.last_year, row.measure.id): row.figure for row in rows}
    columns: dict[str, list[str]] = {say("table.period"): [str(year) for year in years]}
    for name in measures:
        entry = measure(name)
        found = [cells.get((year, name)) for year in years]
        columns[f"{entry.name} ({entry.unit})"] = [_with_range(figure) if figure else "" for figure in found]
    return pd.DataFrame(columns)


def _with_range(figure: Figure) -> str:
    """``8.7 (8.2 to 9.2)``, with a word where it is to be read with care."""
    interval = interval_text(figure)
    text = f"{value_text(figure)} ({interval})" if interval else value_text(figure)
    text += say("profile.to_june") if figure.method.endswith(TO_JUNE) else ""
    return f"{text}, {say('figure.short.unstable')}" if figure.status == "unstable" else text


def rows_table(release: Release, rows: Sequence[Row], groups: bool = True) -> pd.DataFrame:
    """Figures of several measures as one table of texts; ``groups`` where they differ by group of babies."""
    figures = [row.figure for row in rows]
    named = {say("table.group"): [say(f"figure.group.{figure.group}") for figure in figures]}
    return pd.DataFrame(
        {
            say("table.measure"): [row.measure.name for row in rows],
            **(named if groups else {}),
            say("table.value"): [value_text(figure) for figure in figures],
            say("table.unit"): [row.measure.unit for row in rows],
            say("table.interval"): [interval_text(figure) for figure in figures],
            say("table.period"): [figure_period(figure) for figure in figures],
            say("table.source"): ["; ".join(source_titles(release, [figure])) for figure in figures],
        }
    )
