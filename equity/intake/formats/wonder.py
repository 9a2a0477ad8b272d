"""CDC WONDER exports: natality and linked birth and infant death counts, as downloaded or saved again.

Rows of 1-9 are hidden by the publisher: as the word *Suppressed*, or, with *Show Suppressed: False*, by
leaving the row out. What is summed over categories with such rows is a lower bound and marked so.
Deaths are those of the year (period files), by the documentation of the linked files.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pandas as pd

from equity.intake.findings import Finding, Level, Reading, quoted
from equity.intake.formats.wonder_checks import count_of, rows_at_fault, unlike_totals
from equity.intake.formats.wonder_codes import Dimension, events_of, group_of, scheme_of
from equity.intake.formats.wonder_file import Column, WonderFile, header_row, take_apart
from equity.intake.known import Known
from equity.intake.places import NATION, Places
from equity.intake.report import IntakeError
from equity.intake.sheet import Sheet, Upload, plain

KIND: Final = "wonder"
TITLE: Final = "an export of CDC WONDER (births, or infant deaths and births)"
PUBLISHER: Final = "Centers for Disease Control and Prevention, National Center for Health Statistics"
#: Mark of a count that may be higher: rows of 1-9 behind it are hidden.
AT_LEAST: Final = "at_least"
SUPPRESSED: Final = "suppressed"
#: Words in place of a number that say it is not there.
_NO_NUMBER: Final = (SUPPRESSED, "unreliable", "not applicable", "not available", "missing", "not stated")
_EVENT: Final = {"births": "births", "deaths": "infant_deaths"}
#: Categories whose rows are parts of one place, year and group.
_CATEGORIES: Final[tuple[Dimension, ...]] = ("weight", "gestation", "age", "other")
#: Parameters of a query that narrow nothing.
_HARMLESS: Final = (
    "dataset", "query parameters", "title", "group by", "show ", "calculate", "population option", "help",
    "query date", "messages", "caveats", "rate options",
)  # fmt: skip


class Cell(NamedTuple):
    """One place, year or years, and group."""

    area_kind: str
    area: str
    first_year: int
    last_year: int
    group: str


@dataclass
class _Sums:
    """What was counted in a cell, by event, and the events of which a row was hidden."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hidden: set[str] = field(default_factory=set)


def looks_right(upload: Upload) -> bool:
    """True where a sheet has WONDER's pairs of category and code beside a count."""
    return any(header_row(sheet) is not None for sheet in upload.sheets)


def read(upload: Upload, known: Known) -> Reading:
    """Read an export. Raises :class:`IntakeError` where it has no table."""
    sheet = next((sheet for sheet in upload.sheets if header_row(sheet) is not None), upload.sheets[0])
    file = take_apart(sheet)
    if file is None or not file.columns or not file.measures:
        raise IntakeError(f"{upload.name} has no table of CDC WONDER: export it again as a text file.")
    return _Reader(file, sheet, known.places).reading()


class _Reader:
    """The work on one export."""

    def __init__(self, file: WonderFile, sheet: Sheet, places: Places) -> None:
        self.file, self.sheet, self.places = file, sheet, places
        self.findings: list[Finding] = list(sheet.repairs)
        self.cells: dict[Cell, _Sums] = defaultdict(_Sums)
        self.categories = [column for column in file.columns if column.dimension in _CATEGORIES]
        self.elsewhere: dict[str, list[int]] = {}
        self.refused = 0

    def reading(self) -> Reading:
        """Read every row, sum, and say what was found."""
        self._check_query()
        faults = rows_at_fault(self.file, self.sheet.name)
        self.findings += faults.values()
        self.refused += len(faults)
        for row, cells in self.file.rows:
            if row not in faults:
                self._take(row, cells)
        self.findings += unlike_totals(self.file, self.sheet.name)
        self._tell_left_out()
        counts = self._counts()
        if not counts.empty:
            self._tell_bounds(counts)
        elif not any(finding.level == "error" for finding in self.findings):
            self._say("error", "no row of this file is about a place known here", "a county of the dashboard",
                      "Ask WONDER for counties of Missouri, by county of residence.")  # fmt: skip
        tables = {"vital_count": counts, "published_estimate": self._withheld()}
        years = f"{counts['first_year'].min()}-{counts['last_year'].max()}" if len(counts) else ""
        headings = [column.heading for column in self.file.columns]
        grouped, alike = "; ".join(headings), plain(" ".join(sorted(headings)))
        return Reading(
            kind=KIND,
            title=f"CDC WONDER, {self.file.dataset or 'dataset not named'}, by {grouped}",
            tables={name: table for name, table in tables.items() if len(table)},
            source={
                "kind": "dataset",
                "publisher": PUBLISHER,
                "title": f"CDC WONDER: {self.file.dataset or 'dataset not named'}, by {grouped}",
                "vintage": self.file.query.get("Query Date", ""),
                "url": "https://wonder.cdc.gov",
                "licence": "US government figures, public domain",
                "basis": "reported",
                "note": "; ".join(f"{name}: {value}" for name, value in self.file.query.items()
                                  if plain(name).startswith(("states", "group by", "show", "year"))),
            },
            covers="/".join((KIND, *sorted(self.file.measures), alike, years)),
            rows_read=len(self.file.rows),
            rows_refused=self.refused,
            findings=tuple(self.findings),
        )  # fmt: skip

    def _say(
        self, level: Level, found: str, expected: str, mend: str = "", row: int = 0, column: str = ""
    ) -> None:
        self.findings.append(Finding(level, found, expected, mend, self.sheet.name, row, column))

    def _check_query(self) -> None:
        """A query that was narrowed to some births must never stand for all of them."""
        for name, value in self.file.query.items():
            if value and not value.casefold().startswith("all") and self._narrows(plain(name), value):
                self._say("error", f"the query asks only for {quoted(f'{name}: {value}')}", "All",
                          "Ask WONDER again with this parameter at All, or grouped by it.")  # fmt: skip
        if not self.file.query:
            self._say("warning", "the lines below the table, which say what was asked, are gone",
                      "the file as WONDER gives it", "Say in the reason what it asked.")  # fmt: skip

    def _narrows(self, name: str, value: str) -> bool:
        """True where a parameter keeps some births out of cells that seem whole."""
        if name.startswith((*_HARMLESS, "year")):
            return False  # years the query did not ask for have no cell
        if name.startswith(("state", "count")):
            grouped = self.file.of("county") or self.file.of("state")
            return grouped is None and not (name.startswith("state") and _missouri_alone(value))
        if name.endswith("hispanic origin"):
            apart = all(plain(part).startswith(("non hispanic", "not hispanic")) for part in value.split(","))
            return self.file.of("hispanic") is None and not (apart and self.file.of("race"))
        return not ("race" in name.split() and self.file.of("race"))

    def _take(self, row: int, cells: list[str]) -> None:
        """Add one row to its cell."""
        cell = self._cell(row, cells)
        if cell is None:
            return
        sums = self.cells[cell]
        events = [
            event for column in self.categories for event in events_of(column.dimension, cells[column.label])
        ]
        for measure, at in self.file.measures.items():
            own = [_EVENT[measure], *(event for event in events if _belongs(event, measure))]
            text = cells[at].strip()
            number = count_of(text)
            if number is not None:
                for event in own:
                    sums.counts[event] += number
            elif text.casefold() in _NO_NUMBER:
                sums.hidden.update(own)
            else:
                self.refused += 1
                found = quoted(cells[at]) if text else "an empty cell"
                self._say("error", found, "a whole number or Suppressed",
                          "Export the file again; do not edit it.", row, measure.capitalize())  # fmt: skip

    def _cell(self, row: int, cells: list[str]) -> Cell | None:
        """The place, years and group of a row; ``None`` where it is of no place known here, or at fault."""
        place = self._place(cells)
        if place is None:
            return None
        years = self._years(row, cells)
        if years is None:
            return None
        race, hispanic = self.file.of("race"), self.file.of("hispanic")
        if race is None and hispanic is None:
            return Cell(*place, *years, "all")
        group = group_of(*(None if column is None else cells[column.label] for column in (race, hispanic)))
        # by Hispanic origin alone, who is not Hispanic is no group of ours
        return Cell(*place, *years, group) if group else None

    def _place(self, cells: list[str]) -> tuple[str, str] | None:
        county, state = self.file.of("county"), self.file.of("state")
        if county is not None:
            code = self.places.county(cells[county.code]).code or self.places.county(cells[county.label]).code
            if code and _in_missouri(cells[county.label]):
                return "county", code
            self._leave_out(cells, county)
            return None
        if state is not None:
            if (
                cells[state.code].removesuffix(".0").zfill(2) == "29"
                or plain(cells[state.label]) == "missouri"
            ):
                return "state", "29"
            self._leave_out(cells, state)
            return None
        asked = next((v for name, v in self.file.query.items() if plain(name).startswith("state")), "")
        if not asked or asked.casefold().startswith("all"):
            return "nation", NATION
        return ("state", "29") if _missouri_alone(asked) else None

    def _leave_out(self, cells: list[str], column: Column) -> None:
        seen = self.elsewhere.setdefault(cells[column.label], [0, 0])
        seen[0] += 1
        seen[1] += count_of(cells[next(iter(self.file.measures.values()))]) or 0

    def _years(self, row: int, cells: list[str]) -> tuple[int, int] | None:
        column = self.file.of("year")
        if column is None:
            asked = self.file.years()
            if asked is None and not any("year the counts" in finding.expected for finding in self.findings):
                self._say("error", "no year stands in the file", "the year the counts are of",
                          "Group the query by year as well.")  # fmt: skip
            return asked
        text = cells[column.code].removesuffix(".0")
        if text.isdecimal() and text.isascii() and 1900 < int(text) < 2100:
            return int(text), int(text)
        self.refused += 1
        self._say(
            "error", quoted(cells[column.code]), "a year", "Export the file again.", row, column.heading
        )
        return None

    def _counts(self) -> pd.DataFrame:
        """Rows of ``vital_count``, with the mark of a lower bound where rows were hidden."""
        may_hide = bool(self.categories) and self._leaves_rows_out()
        scheme, rows = self._scheme(), []
        for cell, sums in sorted(self.cells.items()):
            own = sums.counts.keys() | (sums.hidden if self.categories else set())
            for event in sorted(own):
                bound = AT_LEAST if may_hide or event in sums.hidden else ""
                deaths = event != "births" and event not in _BIRTH_EVENTS
                rows.append([*cell, "" if cell.group == "all" else scheme, event, "", sums.counts[event],
                             "period" if deaths else "", bound])  # fmt: skip
        columns = [*Cell._fields, "scheme", "event", "stratum", "count", "death_basis", "bound"]
        return pd.DataFrame(rows, columns=columns)

    def _leaves_rows_out(self) -> bool:
        """True where hidden rows may be missing: a file that shows them, zeros left out, hides nothing."""
        shown = next((v for name, v in self.file.query.items() if plain(name) == "show suppressed"), "False")
        return not shown.casefold().startswith("true")

    def _withheld(self) -> pd.DataFrame:
        """Rows of ``published_estimate`` for hidden deaths, so that no made-up number fills them."""
        hidden = [cell for cell, sums in sorted(self.cells.items())
                  if not self.categories and "infant_deaths" in sums.hidden]  # fmt: skip
        scheme = self._scheme()
        rows = [[*cell, "" if cell.group == "all" else scheme, "infant_mortality", SUPPRESSED,
                 "Deaths of 1-9 are hidden by CDC WONDER."] for cell in hidden]  # fmt: skip
        return pd.DataFrame(rows, columns=[*Cell._fields, "scheme", "measure", "status", "note"])

    def _scheme(self) -> str:
        race, hispanic = self.file.of("race"), self.file.of("hispanic")
        if race is None:
            return "nchs_single_any_hispanic" if hispanic is None else "nchs_single_nh"
        asked = next((v for n, v in self.file.query.items() if plain(n).endswith("hispanic origin")), "")
        apart = hispanic is not None or plain(asked).startswith("non hispanic")
        return scheme_of(race.heading, self.file.dataset, apart)

    def _tell_left_out(self) -> None:
        if self.file.totals:
            self._say("note", f"{len(self.file.totals)} rows of subtotals", "rows of single categories",
                      "They were left out; the sums are made here.")  # fmt: skip
        pooled = {
            name: seen for name, seen in self.elsewhere.items() if plain(name).startswith("unidentified")
        }
        for name, (rows, births) in sorted(pooled.items()):
            found = (
                f"{quoted(name)}: {rows} rows, {births:,} births, are of counties under 100,000 people pooled"
            )
            self._say("note", found, "single counties", "They are given to no county.")  # fmt: skip
        others = {name: seen for name, seen in self.elsewhere.items() if name not in pooled}
        if others:
            rows, births = (sum(seen[part] for seen in others.values()) for part in (0, 1))
            found = f"{rows} rows, {births:,} births, are of {len(others)} places outside the dashboard"
            self._say("note", found, "places of the dashboard", "They were left out.")  # fmt: skip

    def _tell_bounds(self, counts: pd.DataFrame) -> None:
        least = counts[counts["bound"].eq(AT_LEAST)]
        for event, rows in least.groupby("event", sort=True):
            found = f"{len(rows)} sums of {str(event).replace('_', ' ')} are lower bounds: "
            self._say("note", found + "rows of 1-9 behind them are hidden", "every row",
                      "Ask WONDER for fewer categories to hide less.")  # fmt: skip


_BIRTH_EVENTS: Final = ("preterm", "low_birthweight", "very_low_birthweight")


def _belongs(event: str, measure: str) -> bool:
    """Shares of births are counted in births, ages at death in deaths."""
    return (event in _BIRTH_EVENTS) == (measure == "births")


def _missouri_alone(states: str) -> bool:
    return plain(states).startswith("missouri") and not any(mark in states for mark in ";,")


def _in_missouri(label: str) -> bool:
    """False for a county of another state, which may have the same name."""
    _, comma, state = label.rpartition(",")
    return not comma or plain(state) in ("mo", "missouri")
