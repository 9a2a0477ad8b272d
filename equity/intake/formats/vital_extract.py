"""Extracts of vital records: births and infant deaths by place and time, from a query or a spreadsheet.

Rows hold counts. A hidden count is never a number: it becomes a withheld estimate, so that no made-up
figure fills it. PO-box ZIP codes are counted in their area, and rows that fall together there are added
up, as are the several groups that are *other* here. Rows of unknown places are left out with their births
and deaths told. Groups are taken as the state's query system counts them, mothers of any Hispanic origin,
unless a column or the words for the groups say otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from equity.intake.findings import Reading, quoted
from equity.intake.formats._cells import (
    Group,
    Notes,
    Place,
    count,
    first_table,
    group,
    is_hidden,
    is_two_places,
    number,
    place,
    years,
)
from equity.intake.formats.vital_columns import AREAS, EVENTS, KINDS, NAMES
from equity.intake.formats.vital_rows import count_rows, tell_incomplete, tell_unknown, withheld_rows
from equity.intake.formats.vital_sums import Cell, Tally, check_sums
from equity.intake.formats.vital_totals import check_totals
from equity.intake.formats.vital_words import covers_of, publisher_of, years_above
from equity.intake.known import Known
from equity.intake.report import IntakeError
from equity.intake.sheet import ROW, Sheet, Table, Upload, find_table, plain
from equity.store.codes import SCHEMES

KIND: Final = "vital_extract"
TITLE: Final = "an extract of vital records (births and infant deaths by ZIP code or county)"
DEFAULT_SCHEME: Final = "mophims_any_hispanic"
#: First birth year from which mothers' race is known as a single race in every state.
_SINGLE_RACE_FROM: Final = 2016
_EVERY: Final = ("all", "total", "all zips", "all zip codes", "all zip code")
_LISTED: Final = 5
Row = dict[str, str]


def looks_right(upload: Upload) -> bool:
    """True where a sheet has a table with places and a count of births or infant deaths."""
    return first_table(upload, NAMES, _enough) is not None


def _enough(table: Table) -> bool:
    return any(name in table.frame for name in AREAS) and any(
        name in table.frame for name in ("births", "infant_deaths")
    )


def read(upload: Upload, known: Known) -> Reading:
    """Read an extract. Raises :class:`IntakeError` where it has no such table."""
    found = first_table(upload, NAMES, _enough)
    if found is None:
        raise IntakeError(
            f"{upload.name} has no table of births or infant deaths by place: "
            "its headings must name the area, the year, births and infant deaths."
        )
    table, at = found
    reader = _Reader(_area_first(upload.sheets[at], table), upload.sheets[at], known)
    for other in upload.sheets[at + 1 :]:
        more = find_table(other, NAMES)
        if more is not None and _enough(more):
            found_too = f"the sheet {quoted(other.name)} holds such a table too"
            mend = "It was not read; hand it in as a file of its own."
            reader.notes.say("warning", found_too, "one table in a file", mend)
    return reader.reading()


def _area_first(sheet: Sheet, table: Table) -> Table:
    """The table read again with its area column in front where a group stands there.

    *Total* in a first column is taken for a row of sums; as a group it means all mothers.
    """
    headings = [cell.strip() for cell in sheet.cells[table.header_row - 1]]
    area = next(table.headings[name] for name in AREAS if name in table.headings)
    group_heading = table.headings.get("group")
    if group_heading not in headings or area not in headings:
        return table
    at = headings.index(area)
    if at < headings.index(group_heading):
        return table
    cells = [[*row[at : at + 1], *row[:at], *row[at + 1 :]] for row in sheet.cells]
    return find_table(replace(sheet, cells=cells), NAMES) or table


class _Reader:
    """The work on one table."""

    def __init__(self, table: Table, sheet: Sheet, known: Known) -> None:
        self.table, self.sheet, self.places = table, sheet, known.places
        self.notes = Notes(table.sheet, table.headings, table.findings)
        self.tallies: dict[Cell, Tally] = defaultdict(Tally)
        self.seen: dict[tuple[object, ...], int] = {}
        self.unknown: dict[tuple[str, int, int], dict[str, dict[str, int]]] = {}
        self.left_out = 0
        self.events = [event for event in EVENTS if event in table.frame]
        self.above = years_above(sheet, table.header_row)
        self.apart = "group" in table.frame and any(
            found.apart for text in table.frame["group"] if (found := group(text)) is not None
        )

    def reading(self) -> Reading:
        """Read every row, add up, check, and say what was found."""
        self._check_columns()
        for record in self.table.frame.to_dict("records"):
            number_of_row = int(record.pop(ROW))
            self._take(number_of_row, {str(name): str(text) for name, text in record.items()})
        check_sums(self.tallies, self.places, self.notes)
        check_totals(self.table, self.notes)
        self._tell()
        kept = {cell: tally for cell, tally in sorted(self.tallies.items())
                if self.notes.refused.isdisjoint(tally.rows)}  # fmt: skip
        tables = {"vital_count": count_rows(kept), "published_estimate": withheld_rows(kept)}
        if not self.tallies and not self.notes.any_error:
            self.notes.say("error", "no row of this file is about a place known here",
                           "a ZIP code or county of the dashboard", "Check the column of areas.")  # fmt: skip
        publisher, url = publisher_of(self.sheet, self.table.header_row)
        covers, span, kinds = covers_of(kept, self.places)
        named = ", ".join(EVENTS[event] for event in self.events)
        return Reading(
            kind=KIND,
            title=f"Extract of vital records: {named} by {kinds or 'place'}, {span or 'no year'}",
            tables={name: rows for name, rows in tables.items() if len(rows)},
            source={
                "kind": "dataset",
                "publisher": publisher,
                "title": f"Extract of vital records: {named}",
                "vintage": span,
                "url": url,
                "licence": "counts handed in for this dashboard; shown by its rules of disclosure only",
                "basis": "reported",
                "note": "Deaths of the years named, by the mother's residence.",
            },
            covers=f"{KIND}/{covers}",
            rows_read=len(self.table.frame),
            rows_refused=len(self.notes.refused) + self.left_out,
            findings=self.notes.all(),
        )

    def _check_columns(self) -> None:
        if self.table.unknown:
            listed = ", ".join(quoted(text) for text in self.table.unknown[:_LISTED])
            self.notes.say("note", f"{len(self.table.unknown)} columns are not used: {listed}",
                           "areas, years, groups and counts", "They were left out.")  # fmt: skip
        if "years" in self.table.frame or "first_year" in self.table.frame:
            return
        if self.above:
            self.notes.say("note", "the years stand above the table only", "a column of years",
                           f"All rows are taken as of {self.above[0]}-{self.above[1]}.")  # fmt: skip
        else:
            self.notes.say("error", "no year stands in this table", "a column with the year or years",
                           "Add a column Year, such as 2021 or 2017-2023.")  # fmt: skip

    def _take(self, row: int, cells: Row) -> None:
        """Add one row to its cell; what is wrong with it refuses it."""
        where = self._place(row, cells)
        span = self._years(row, cells)
        who = self._group(row, cells)
        scheme = self._scheme(row, cells)
        counts, hidden, absent = self._counted(row, cells)
        if where is None or span is None or who is None or scheme is None or row in self.notes.refused:
            return
        if not where.code:
            self.left_out += 1
            self.unknown.setdefault((where.written, *span), {})[f"{who.code} {row}"] = counts
            return
        cell = Cell(where.kind, where.code, *span, who.code, "" if who.code == "all" else scheme)
        words = plain(cells.get("group", "")) if who.code in ("other", "unknown") else who.code
        before = self.seen.setdefault((where.kind, where.written, *span, words, scheme), row)
        if before != row:
            self.notes.say("error", f"the row repeats row {before}", "one row for each area, time and group",
                           "Remove one of the two, or correct its area, year or group.", row)  # fmt: skip
            return
        tally = self.tallies[cell]
        tally.rows.append(row)
        for event, value in counts.items():
            tally.counts[event] += value
        tally.hidden |= hidden
        tally.absent |= absent

    def _place(self, row: int, cells: Row) -> Place | None:
        """The place of a row, without a code where it is not known here; ``None`` where none is named."""
        column = next((name for name in AREAS if cells.get(name)), "")
        if column == "zip" and plain(cells["zip"]) in _EVERY:
            column = next((name for name in AREAS[1:] if cells.get(name)), "")
        if not column:
            self.notes.say("error", "an empty cell", "a ZIP code or county in every row",
                           "Undo merged cells and write the area in every row.", row,
                           next(name for name in AREAS if name in cells))  # fmt: skip
            return None
        text = cells[column]
        if is_two_places(text):
            self.notes.say("error", quoted(text), "the city or the county",
                           "Write St. Louis City or St. Louis County.", row, column)  # fmt: skip
            return None
        found = place(text, self.places, KINDS[column])
        if found.code and found.repair:
            self.notes.say("note", quoted(text), "a code of five digits", f"It was {found.repair}."
                           if found.repair.startswith("read") else f"It is {found.repair}.",
                           column=column)  # fmt: skip
        return found if found.code else replace(found, written=text)

    def _years(self, row: int, cells: Row) -> tuple[int, int] | None:
        if "years" in cells:
            text, column = cells["years"], "years"
        elif "first_year" in cells:
            ends = cells["first_year"], cells.get("last_year") or cells["first_year"]
            text, column = "-".join(end.removesuffix(".0") for end in ends), "first_year"
        else:
            return self.above
        span = years(text)
        if span is None:
            self.notes.say("error", quoted(text) if text else "an empty cell", "a year or years",
                           "Write one year such as 2021, or the first and the last such as 2017-2023.",
                           row, column)  # fmt: skip
        return span

    def _group(self, row: int, cells: Row) -> Group | None:
        text = cells.get("group", "")
        found = group(text) if text else Group("all", False)
        if found is None:
            self.notes.say("error", quoted(text), "all, Black, white, Hispanic, other or unknown",
                           "Use one of these words; Hispanic and a race cannot stand in one row.",
                           row, "group")  # fmt: skip
        return found

    def _scheme(self, row: int, cells: Row) -> str | None:
        text = cells.get("scheme", "")
        if text:
            if text in SCHEMES and text != "demonstration":
                return text
            allowed = ", ".join(code for code in SCHEMES if code and code != "demonstration")
            self.notes.say("error", quoted(text), allowed, "Use one of these, or leave the cell empty.",
                           row, "scheme")  # fmt: skip
            return None
        if not self.apart:
            return DEFAULT_SCHEME
        span = self._years(row, cells)
        return "nchs_single_nh" if span and span[0] >= _SINGLE_RACE_FROM else "nchs_bridged_nh"

    def _counted(self, row: int, cells: Row) -> tuple[dict[str, int], set[str], set[str]]:
        """Counts of a row, events it hides, and events it says nothing of."""
        counts: dict[str, int] = {}
        hidden, absent = set(), set()
        for event in self.events:
            text = cells[event]
            value = count(text)
            if value is not None:
                counts[event] = value
            elif not text:
                absent.add(event)
            elif is_hidden(text):
                hidden.add(event)
            else:
                self._refuse_count(row, event, text)
        return counts, hidden, absent

    def _refuse_count(self, row: int, event: str, text: str) -> None:
        value = number(text)
        expected, mend = f"a whole number of {EVENTS[event]}", "Write digits, or * where it is hidden."
        if value is not None and not value.is_integer():
            mend = "The column seems to hold rates or averages: put counts in it."
        elif value is not None and value < 0:
            mend = "A count is never below zero: correct it, or write * where it is hidden."
        self.notes.say("error", quoted(text), expected, mend, row, event)

    def _tell(self) -> None:
        """What was taken for granted, added up, hidden or left out."""
        by_group = any(cell.group != "all" for cell in self.tallies)
        if by_group and "scheme" not in self.table.frame:
            if self.apart:
                self.notes.say("warning", "groups are named as not Hispanic", "one way of recording race",
                               "Race is taken as a single race from 2016 on, as bridged before.",
                               column="group")  # fmt: skip
            else:
                self.notes.say("note", "no column says how race was recorded", "a way of recording race",
                               "Groups are taken as of any Hispanic origin, as the state counts them.",
                               column="group")  # fmt: skip
        tell_incomplete(self.tallies, self.events, self.notes)
        tell_unknown(self.unknown, self.events, self.left_out, self.notes)
