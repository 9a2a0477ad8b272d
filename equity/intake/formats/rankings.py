"""County Health Rankings: files of one measure, whole analytic files, and tables gathered from releases.

An empty cell is a withheld figure. Which years a figure is of is told, in this order, by a column of data
years, by a column with the year of the release, or, in files of one measure, whose cells name no year, by
the nation's two counts, which are in no other release. Where none of these tells, the file is returned
with the request to add the years: the name of a file is no evidence.

Groups by race are those of mothers who are not Hispanic: of a single race where every birth is of 2016 or
later or the file knows people of two races, bridged before. What is not of a place, group or measure of
the dashboard is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd

from equity.intake.findings import Reading, quoted
from equity.intake.formats._cells import Notes, count, nation, years
from equity.intake.formats.rankings_columns import Column, Layout, Part, layout_of
from equity.intake.formats.rankings_figures import Figure, one_of_each, read_numbers, row_of
from equity.intake.formats.rankings_releases import (
    DATA_YEARS,
    NAMES,
    PUBLISHED,
    SINGLE_RACE_FROM,
    release_of_nation,
)
from equity.intake.known import Known
from equity.intake.places import STATE, Places
from equity.intake.report import IntakeError
from equity.intake.sheet import Sheet, Upload

KIND: Final = "rankings"
TITLE: Final = "a file of County Health Rankings (analytic data, one measure, or gathered releases)"
PUBLISHER: Final = "County Health Rankings & Roadmaps (University of Wisconsin Population Health Institute)"
_GROUPS: Final = ("all", "black", "white", "hispanic")
_TIDY_PARTS: Final[dict[Part, tuple[str, ...]]] = {
    "value": ("value",),
    "numerator": ("numerator",),
    "denominator": ("denominator",),
    "low": ("ci_low", "low", "cilow"),
    "high": ("ci_high", "high", "cihigh"),
}
_TWO_RACES: Final = ("tom", "two_or_more", "two or more races")
_NO_YEARS: Final = "Add a column data_years with the first and last year, such as 2017-2023."
#: Columns of a table of either kind, without ``source_id``.
_CONTEXT: Final = ["area_kind", "area", "first_year", "last_year", "group", "measure", "value", "low", "high"]
_ESTIMATE: Final = [*_CONTEXT, "scheme", "numerator", "denominator", "status", "note"]


def looks_right(upload: Upload) -> bool:
    """True where a sheet has the publisher's columns: codes of places beside measures."""
    return any(layout_of(sheet) is not None for sheet in upload.sheets)


def read(upload: Upload, known: Known) -> Reading:
    """Read a file. Raises :class:`IntakeError` where it has no table of the publisher's."""
    for sheet in upload.sheets:
        layout = layout_of(sheet)
        if layout is not None:
            return _Reader(sheet, layout, known.places).reading()
    raise IntakeError(f"{upload.name} has no table of County Health Rankings: download it again as CSV.")


class _Reader:
    """The work on one file."""

    def __init__(self, sheet: Sheet, layout: Layout, places: Places) -> None:
        self.sheet, self.layout, self.places = sheet, layout, places
        headings = {str(at): name for at, name in enumerate(layout.headings)}
        self.notes = Notes(sheet.name, headings, sheet.repairs)
        self.rows = 0
        self.left_out: Counter[str] = Counter()
        self.elsewhere: set[str] = set()
        #: Releases that know people of two races, and so count single races.
        self.single: set[int] = set()

    def reading(self) -> Reading:
        """Read every figure, check it, and say what was found."""
        for contradiction in self.layout.contradictions:
            self.notes.say("error", f"the columns stand in another order: {quoted(contradiction)}",
                           "counts before the group they are of",
                           "Download the file again; do not edit it.")  # fmt: skip
        found = list(self._tidy() if self.layout.tidy else self._wide())
        checked = [done for figure in found if (done := read_numbers(figure, self.notes))]
        figures = one_of_each(checked, self.notes)
        self._tell_left_out()
        if not figures and not self.notes.any_error:
            self.notes.say("error", "no row of this file is about a place known here",
                           "a county of the dashboard, Missouri or the nation",
                           "Download the file for all counties.")  # fmt: skip
        return self._made(figures)

    def _made(self, figures: list[Figure]) -> Reading:
        rows = [row_of(figure, self._scheme(figure)) for figure in figures
                if figure.measure in PUBLISHED or not figure.withheld]  # fmt: skip
        estimates = pd.DataFrame([row for row in rows if row["measure"] in PUBLISHED], columns=_ESTIMATE)
        context = pd.DataFrame([row for row in rows if row["measure"] not in PUBLISHED], columns=_CONTEXT)
        tables = {"published_estimate": estimates, "context": context}
        measures = sorted({figure.measure for figure in figures})
        groups = sorted({figure.group for figure in figures})
        span = _span(year for figure in figures for year in figure.years)
        release = _span(figure.release for figure in figures if figure.release)
        named = ", ".join(measure.replace("_", " ") for measure in measures)
        return Reading(
            kind=KIND,
            title=f"County Health Rankings, release {release or 'not named'}: {named}",
            tables={name: table for name, table in tables.items() if len(table)},
            source={
                "kind": "dataset",
                "publisher": PUBLISHER,
                "title": named[:1].upper() + named[1:],
                "vintage": f"release {release or 'not named'}, data of {span}",
                "url": "https://www.countyhealthrankings.org",
                "licence": "figures only, with the publisher named",
                "basis": "reported",
                "note": "Empty cells are withheld figures. Mothers by race are not Hispanic.",
            },
            covers="/".join((KIND, release or span, "+".join(measures), "+".join(groups))),
            rows_read=self.rows,
            rows_refused=len(self.notes.refused),
            findings=self.notes.all(),
        )

    def _scheme(self, figure: Figure) -> str:
        single = figure.years[0] >= SINGLE_RACE_FROM or figure.release in self.single
        return "nchs_single_nh" if single else "nchs_bridged_nh"

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with anything in them, as wide as the header, with their number in the sheet."""
        width = len(self.layout.headings)
        for number, cells in enumerate(self.sheet.cells[self.layout.start :], self.layout.start + 1):
            row = [cell.strip() for cell in cells] + [""] * (width - len(cells))
            if any(row):
                yield number, row

    def _place(self, number: int, cells: list[str]) -> tuple[str, str] | None:
        """Kind and code of a row's place; ``None`` where it is not of the dashboard or at fault."""
        state, county, fips = self.layout.state, self.layout.county, self.layout.fips
        if state is not None and county is not None:
            parts = cells[state].removesuffix(".0").zfill(2), cells[county].removesuffix(".0").zfill(3)
            code, text = "".join(parts), f"{cells[state]} {cells[county]}"
        else:
            text = cells[fips] if fips is not None else ""
            code = text.removesuffix(".0").zfill(5)
        if not (code.isascii() and code.isdecimal() and len(code) == 5 and text.strip()):
            self.notes.say("error", quoted(text), "a code of state and county",
                           "Download the file again; do not edit it.", number, "FIPS")  # fmt: skip
            return None
        if code == "00000":
            kind, area = "nation", nation(self.places)
        elif code == f"{STATE}000":
            kind, area = "state", STATE
        else:
            kind, area = "county", code
        if self.places.known(kind, area):
            return kind, area
        self.elsewhere.add(code)
        return None

    def _tidy(self) -> Iterator[Figure]:
        """Figures of a table with one figure in each row."""
        at = {part: column for part, names in _TIDY_PARTS.items()
              if (column := self.layout.named(*names)) is not None}  # fmt: skip
        measure_at, group_at = self.layout.named("measure"), self.layout.named("group")
        for number, cells in self._rows():
            self.rows += 1
            place = self._place(number, cells)
            named = cells[measure_at or 0].casefold()
            measure = NAMES.get(named, named if named in DATA_YEARS else "")
            group = "all" if group_at is None else cells[group_at].casefold()
            if group in _TWO_RACES and self.layout.release is not None:
                self.single.add(count(cells[self.layout.release]) or 0)
            if place is None:
                continue
            if not measure or group not in _GROUPS:
                self.left_out["measures that are not used here" if not measure
                              else "groups that are not used here"] += 1  # fmt: skip
                continue
            dated = self._dated(number, cells, measure, group)
            if dated is not None:
                parts: dict[Part, str] = {part: cells[column] for part, column in at.items()}
                yield Figure(number, *place, *dated, group, measure, parts, "value")

    def _wide(self) -> Iterator[Figure]:
        """Figures of a table with a row for each place and a column for each figure."""
        two_races = any("_tom" in name or "two or more races" in name for name in self.layout.headings)
        wanted: dict[tuple[str, str], dict[Part, Column]] = {}
        for column in self.layout.columns:
            wanted.setdefault((column.measure, column.group), {}).setdefault(column.part, column)
        wanted = {what: parts for what, parts in wanted.items() if "value" in parts}
        release = self._release_by_nation(wanted)
        if self.layout.release is None and self.layout.years is None and release is None:
            self.notes.say("error", "no year of the data or of the release stands in this file",
                           "the years of births and deaths", _NO_YEARS)  # fmt: skip
        for number, cells in self._rows():
            self.rows += 1
            place = self._place(number, cells)
            if place is None:
                continue
            for (measure, group), parts in wanted.items():
                dated = self._dated(number, cells, measure, group, release)
                if dated is not None:
                    self.single |= {dated[0]} if two_races else set()
                    texts: dict[Part, str] = {part: cells[column.at] for part, column in parts.items()}
                    yield Figure(number, *place, *dated, group, measure, texts, str(parts["value"].at))

    def _release_by_nation(self, wanted: dict[tuple[str, str], dict[Part, Column]]) -> int | None:
        """The release of a file of one measure, known by what it prints for the nation."""
        for _, cells in self._rows():
            if not self._is_nation(cells):
                continue
            for (measure, group), parts in wanted.items():
                top, base = (count(cells[parts[part].at]) if part in parts else None
                             for part in ("numerator", "denominator"))  # fmt: skip
                found = None if top is None or base is None else release_of_nation(measure, group, top, base)
                if found is not None:
                    return found
        return None

    def _is_nation(self, cells: list[str]) -> bool:
        at = [place for place in (self.layout.state, self.layout.county) if place is not None]
        at = at or ([] if self.layout.fips is None else [self.layout.fips])
        return bool(at) and all(cells[place].strip("0.") == "" and cells[place] for place in at)

    def _dated(
        self, number: int, cells: list[str], measure: str, group: str, known: int | None = None
    ) -> tuple[int, tuple[int, int]] | None:
        """The release (0 where it is not named) and the years of a figure; ``None`` where it has none."""
        release = known or 0
        if self.layout.release is not None:
            release = count(cells[self.layout.release]) or 0
        if self.layout.years is not None:
            return self._stated(number, cells[self.layout.years], release, group)
        span = DATA_YEARS[measure].get(release)
        if span is not None:
            return release, span
        if any(release in of for of in DATA_YEARS.values()):
            self.left_out[f"{measure.replace('_', ' ')} of a release whose years are not known here"] += 1
        elif self.layout.release is not None and number not in self.notes.refused:
            text = cells[self.layout.release]
            self.notes.say("error", quoted(text), "a release whose years are known here", _NO_YEARS,
                           number, str(self.layout.release))  # fmt: skip
        return None

    def _stated(self, number: int, text: str, release: int, group: str) -> tuple[int, tuple[int, int]] | None:
        """Years a cell states. Of *2021 & 2017* the first is of all people, the second of no group surely."""
        first, _, second = text.partition("&")
        if second and group != "all":
            self.left_out["groups whose years the release does not tell"] += 1
            return None
        span = years(first.strip())
        if span is None:
            self.notes.say("error", quoted(text), "years such as 2017-2023", _NO_YEARS, number,
                           str(self.layout.years))  # fmt: skip
            return None
        return release, span

    def _tell_left_out(self) -> None:
        if self.elsewhere:
            self.notes.say("note", f"{len(self.elsewhere):,} areas are outside the dashboard",
                           "places of the dashboard", "They were left out.")  # fmt: skip
        if self.layout.other_groups:
            self.notes.say("note", f"{self.layout.other_groups} columns are of groups that are not used here",
                           "all, Black, white or Hispanic", "They were left out.")  # fmt: skip
        for what, times in sorted(self.left_out.items()):
            self.notes.say("note", f"{times:,} figures are of {what}", "what the dashboard shows",
                           "They were left out.")  # fmt: skip


def _span(several: Iterable[int]) -> str:
    """The first and the last of several years: *2017-2023*, or *2017* alone."""
    found = sorted(set(several))
    return "-".join(map(str, dict.fromkeys((found[0], found[-1])))) if found else ""
