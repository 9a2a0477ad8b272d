"""Tables that describe places: poverty, insurance, vehicles, income, people, by ZIP code or county.

One row for each place, one column for each measure, as survey tables come. Shares may be printed as shares
or as percents: heading, percent signs and the values of the whole column tell which. A single year beside
ZIP codes is the last of five, since the survey prints ZIP codes for five years together only. Marks and
codes for no figure leave the figure out; a number such as 250,000+ is no number and is left out too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from equity.intake.findings import Reading, quoted
from equity.intake.formats._cells import (
    Notes,
    Place,
    first_table,
    group,
    is_nothing,
    is_two_places,
    number,
    place,
    years,
)
from equity.intake.formats.context_columns import AREAS, KINDS, MEASURES, NAMES, SHARES, scale
from equity.intake.known import Known
from equity.intake.report import IntakeError
from equity.intake.sheet import ROW, Table, Upload

KIND: Final = "context"
TITLE: Final = "a table about places (population, poverty, insurance, vehicles, income by ZIP code or county)"
#: Years the survey pools for a ZIP code.
POOLED: Final = 5
#: Numbers the Census Bureau writes where there is no figure begin so low.
_NO_FIGURE: Final = -100_000_000.0
_OPEN_ENDED: Final = re.compile(r"\$?[0-9][0-9,]*[+-]")
_FIVE: Final = re.compile(r"\b(5|five)[ -]?y(ea)?rs?\b|\bacs ?5\b", re.IGNORECASE)
_YEAR_INSIDE: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?:\s*[-–—]\s*(?:19|20)[0-9]{2})?(?![0-9])")
_LARGEST: Final = 1e9
_LISTED: Final = 5
_COLUMNS: Final = ["area_kind", "area", "first_year", "last_year", "group", "measure", "value", "low", "high"]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number of one row and measure, as it stands in the file."""

    row: int
    key: tuple[str, str, int, int, str]
    measure: str
    value: float
    text: str


def looks_right(upload: Upload) -> bool:
    """True where a sheet has a column of places and a measure that is known here."""
    return first_table(upload, NAMES, _enough) is not None


def _enough(table: Table) -> bool:
    return any(name in table.frame for name in AREAS) and any(name in table.frame for name in MEASURES)


def read(upload: Upload, known: Known) -> Reading:
    """Read a table. Raises :class:`IntakeError` where it has none of places and measures."""
    found = first_table(upload, NAMES, _enough)
    if found is None:
        raise IntakeError(
            f"{upload.name} has no table of places: its headings must name the ZIP code or county "
            "and a measure such as poverty."
        )
    table, at = found
    above = " ".join(cell for row in upload.sheets[at].cells[: table.header_row - 1] for cell in row)
    return _Reader(table, above, known).reading()


class _Reader:
    """The work on one table."""

    def __init__(self, table: Table, above: str, known: Known) -> None:
        self.table, self.above, self.places = table, above, known.places
        self.notes = Notes(table.sheet, table.headings, table.findings)
        self.measures = [measure for measure in MEASURES if measure in table.frame]
        self.figures: list[_Figure] = []
        self.seen: dict[tuple[str, str, int, int, str], int] = {}
        self.elsewhere: dict[str, int] = {}
        self.empty = self.open_ended = self.pooled = 0

    def reading(self) -> Reading:
        """Read every row, put shares on one scale, and say what was found."""
        if "years" not in self.table.frame and not self._years_of(self.above):
            self.notes.say("error", "no year stands in this table", "a column with the year or years",
                           "Add a column Year, such as 2018-2022.")  # fmt: skip
        for record in self.table.frame.to_dict("records"):
            row = int(record.pop(ROW))
            self._take(row, {str(name): str(text) for name, text in record.items()})
        rows = [row for measure in self.measures for row in self._scaled(measure)]
        self._tell()
        context = pd.DataFrame(rows, columns=_COLUMNS)
        if context.empty and not self.notes.any_error:
            self.notes.say("error", "no row of this file is about a place known here",
                           "a ZIP code or county of the dashboard", "Check the column of areas.")  # fmt: skip
        span = f"{context['first_year'].min()}-{context['last_year'].max()}" if len(context) else ""
        kinds = sorted(set(context["area_kind"]))
        named = ", ".join(measure.replace("_", " ") for measure in self.measures)
        return Reading(
            kind=KIND,
            title=f"Context of places: {named}, {span or 'no year'}",
            tables={"context": context} if len(context) else {},
            source={
                "kind": "dataset",
                "publisher": "The agency that handed in the file",
                "title": f"Context of places: {named}",
                "vintage": span,
                "url": "",
                "licence": "figures handed in for this dashboard",
                "basis": "reported",
                "note": "Survey figures without margins of error, which are wide in small places.",
            },
            covers="/".join((KIND, "+".join(kinds), span, "+".join(self.measures),
                             "+".join(sorted(set(context["group"]))))),
            rows_read=len(self.table.frame),
            rows_refused=len(self.notes.refused) + sum(self.elsewhere.values()),
            findings=self.notes.all(),
        )  # fmt: skip

    def _take(self, row: int, cells: Row) -> None:
        """Keep the numbers of one row; what is wrong with it refuses it."""
        where = self._place(row, cells)
        if where is None:
            return
        span = self._span(row, cells, where.kind)
        who = group(cells["group"]) if cells.get("group") else None
        if cells.get("group") and who is None:
            self.notes.say("error", quoted(cells["group"]), "all, Black, white, Hispanic or other",
                           "Use one of these words.", row, "group")  # fmt: skip
            return
        if span is None:
            return
        key = (where.kind, where.code, *span, who.code if who else "all")
        before = self.seen.setdefault(key, row)
        if before != row:
            self.notes.say("error", f"the row is about the same place and time as row {before}",
                           "one row for each place and time", "Remove one of the two.", row)  # fmt: skip
            return
        for measure in self.measures:
            self._number(row, key, measure, cells[measure])

    def _place(self, row: int, cells: Row) -> Place | None:
        column = next((name for name in AREAS if cells.get(name)), "")
        if not column:
            self.notes.say("error", "an empty cell", "a ZIP code or county", "Fill it, or remove the row.",
                           row, next(name for name in AREAS if name in cells))  # fmt: skip
            return None
        text = cells[column]
        if is_two_places(text):
            self.notes.say("error", quoted(text), "the city or the county",
                           "Write St. Louis City or St. Louis County.", row, column)  # fmt: skip
            return None
        found = place(text, self.places, KINDS[column])
        if not found.code:
            self.elsewhere[text] = self.elsewhere.get(text, 0) + 1
            return None
        if found.repair and not found.repair.startswith("read"):
            # a survey counts nobody at a post office: the row is not about the area around it
            self.notes.say("note", f"{quoted(text)} is a PO-box ZIP code", "ZIP codes of areas",
                           "It was left out.", column=column)  # fmt: skip
            return None
        if found.repair:
            self.notes.say("note", f"{quoted(text)} was taken for {found.code}", "a code of five digits",
                           column=column)  # fmt: skip
        return found

    def _span(self, row: int, cells: Row, kind: str) -> tuple[int, int] | None:
        """The years of a row: stated, or the five that end with the one year beside a ZIP code."""
        text = cells.get("years", self.above)
        span = self._years_of(text)
        if span is None:
            if "years" in cells:
                mend = "Write the first and the last year, such as 2018-2022."
                self.notes.say("error", quoted(text), "a year or years", mend, row, "years")
            return None
        if span[0] == span[1] and (kind == "zip" or _FIVE.search(f"{text} {self.above}")):
            self.pooled += 1
            return span[1] - POOLED + 1, span[1]
        return span

    def _years_of(self, text: str) -> tuple[int, int] | None:
        """The one year or period named in a text; ``None`` where there is none or several."""
        found = {span for part in _YEAR_INSIDE.findall(text) if (span := years(part.strip())) is not None}
        exact = years(text.strip())
        return exact or (found.pop() if len(found) == 1 else None)

    def _number(self, row: int, key: tuple[str, str, int, int, str], measure: str, text: str) -> None:
        cut = text.removeprefix("$").removesuffix("%").strip()
        value = number(cut)
        if is_nothing(text) or (value is not None and value <= _NO_FIGURE):
            self.empty += 1
        elif _OPEN_ENDED.fullmatch(text):
            self.open_ended += 1
        elif value is None or not 0 <= value <= _LARGEST:
            self.notes.say("error", quoted(text), "a number from 0", "Write digits, or leave the cell empty.",
                           row, measure)  # fmt: skip
        elif measure == "population" and not value.is_integer():
            self.notes.say("error", quoted(text), "a whole number of people",
                           "Look whether the columns were exchanged.", row, measure)  # fmt: skip
        else:
            self.figures.append(_Figure(row, key, measure, value, text))

    def _scaled(self, measure: str) -> list[list[object]]:
        """Rows of ``context`` for one measure, shares from 0 to 1."""
        own = [figure for figure in self.figures if figure.measure == measure]
        by = self._scale(measure, own) if measure in SHARES else 1.0
        rows: list[list[object]] = []
        for figure in own:
            # dividing must not add digits that the file does not print
            value = figure.value / by if by == 1.0 else round(figure.value / by, _digits(figure.text) + 2)
            if measure in SHARES and value > 1:
                self.notes.say("error", quoted(figure.text), "a share of at most 100 percent",
                               "The column seems to hold counts: put shares or percents in it.",
                               figure.row, measure)  # fmt: skip
            elif figure.row not in self.notes.refused:
                rows.append([*figure.key, measure, value, None, None])
        return rows

    def _scale(self, measure: str, own: list[_Figure]) -> float:
        heading = self.table.headings[measure]
        # the whole column tells, places outside the dashboard too
        cells = [text.strip("$% ") for text in self.table.frame[measure]]
        column = [value for text in cells if (value := number(text)) is not None]
        signs = any("%" in figure.text for figure in own)
        by, why, doubtful = scale(heading, column, signs)
        if why:
            taken = "percents" if by > 1 else "shares from 0 to 1"
            self.notes.say("warning" if doubtful else "note", f"the column is taken as {taken}, since {why}",
                           "shares or percents", "Check one of them." if doubtful else "",
                           column=measure)  # fmt: skip
        return by

    def _tell(self) -> None:
        if self.table.unknown:
            listed = ", ".join(quoted(text) for text in self.table.unknown[:_LISTED])
            self.notes.say("note", f"{len(self.table.unknown)} columns are not used: {listed}",
                           "places, years and known measures", "They were left out.")  # fmt: skip
        if self.elsewhere:
            listed = ", ".join(quoted(text) for text in list(self.elsewhere)[:_LISTED])
            self.notes.say("note", f"unknown area: {sum(self.elsewhere.values()):,} rows ({listed})",
                           "places of the dashboard", "They were left out.")  # fmt: skip
        if self.empty:
            self.notes.say("note", f"{self.empty:,} cells say that there is no figure", "numbers",
                           "They were left out.")  # fmt: skip
        if self.open_ended:
            found = f"{self.open_ended:,} cells are open-ended, such as 250,000+"
            self.notes.say("warning", found, "numbers", "They were left out; no number stands for them.")
        if self.pooled:
            self.notes.say("note", f"{self.pooled:,} rows name one year", "the years a figure is of",
                           f"The {POOLED} years that end with it were taken.")  # fmt: skip


def _digits(text: str) -> int:
    """Decimals a cell prints."""
    return len(text.rstrip("% ").partition(".")[2])
