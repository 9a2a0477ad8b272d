"""The rows of a service report: found in its sheets, completed, and checked against the declaration."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

import pandas as pd

from equity.intake.findings import MOST_ALIKE, Finding, Level, quoted
from equity.intake.report import IntakeError
from equity.intake.schemas.check import failures
from equity.intake.schemas.column import Schema
from equity.intake.sheet import DEEPEST_HEADER, ROW, Sheet, Table, Upload, find_table, plain

SHEET: Final = "sheet"
_TOTALS: Final = ("all", "total", "totals", "grand total", "sub total", "subtotal", "sum")
#: Headings of columns about single people, which have no place in a report of counts.
_PEOPLE: Final = re.compile(
    r"\b(client|child|caregiver|mother|parent|participant|enrollee|infant) (s )?(first |last )?(name|id)\b|"
    r"\b(first|last|given|maiden) name\b|\bdob\b|\bdate of birth\b|\bbirth ?date\b|\bssn\b|"
    r"\bsocial security\b|\bmedicaid (id|number)\b"
)


@dataclass
class Rows:
    """The rows of a report while they are read.

    ``cells`` holds a text under every declared column, ``''`` where empty, and the ``sheet`` and the number
    of the ``row`` in it; a row's label is its place there. ``bad`` are the labels of rows with an error,
    ``headings`` how the sender wrote a column's heading, by sheet and column.
    """

    schema: Schema
    cells: list[dict[str, str]] = field(default_factory=list)
    headings: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    def good(self) -> list[int]:
        """The labels of the rows without an error so far."""
        return [label for label in range(len(self.cells)) if label not in self.bad]

    def row(self, label: int) -> int:
        """The number of a row in its sheet."""
        return int(self.cells[label][ROW])

    def say(self, level: Level, label: int, column: str, found: str, expected: str, mend: str = "") -> None:
        """Tell of a row, or of one of its cells; an error refuses the row."""
        sheet, row = self.cells[label][SHEET], self.row(label)
        heading = self.headings.get((sheet, column), self.schema.column(column).title) if column else ""
        self.findings.append(Finding(level, found, expected, mend, sheet, row, heading))
        if level == "error":
            self.bad.add(label)

    def told(self) -> tuple[Finding, ...]:
        """All findings, each sheet's in the order of its rows; of many alike only the first and how many."""
        places = {
            sheet: place for place, sheet in enumerate(dict.fromkeys(cells[SHEET] for cells in self.cells))
        }
        ordered = sorted(self.findings, key=lambda found: (places.get(found.sheet, -1), found.row))
        seen: Counter[tuple[str, ...]] = Counter()
        kept = []
        for found in ordered:
            alike = (found.level, found.sheet, found.column, found.mend)
            seen[alike] += 1
            if seen[alike] <= MOST_ALIKE:
                kept.append(found)
        return (*kept, *(_more(key, count - MOST_ALIKE) for key, count in seen.items() if count > MOST_ALIKE))


def _more(alike: tuple[str, ...], count: int) -> Finding:
    level, sheet, column, mend = alike
    found, expected = f"{count} more findings like those before", "none of them"
    return Finding(cast(Level, level), found, expected, mend, sheet, 0, column)


def has_table(upload: Upload, schema: Schema) -> bool:
    """True where a sheet has the columns that mark this report."""
    return any(_table(sheet, schema) is not None for sheet in upload.sheets)


def read_rows(upload: Upload, schema: Schema, repeated: Sequence[str]) -> Rows:
    """Read every sheet that holds such a table.

    Cells of ``repeated`` that are empty, as below merged cells, are filled from the row above as long as the
    ones named before them agree. Raises :class:`IntakeError` where there is no such table.
    """
    tables = [table for sheet in upload.sheets if (table := _table(sheet, schema)) is not None]
    if not tables:
        raise IntakeError(
            f"{upload.name} has no table of a {schema.title.lower()}: start from the template, "
            "and keep its column headings."
        )
    rows = Rows(schema)
    empty = {column.name: "" for column in schema.columns}
    for table in tables:
        table = _without_totals(_filled_down(table, repeated, rows.findings), rows.findings)
        first = len(rows.cells)
        frame = table.frame.set_axis(range(first, first + len(table.frame)))
        _tell_columns(table, rows.findings)
        for label, finding in failures(replace(table, frame=frame), schema):
            rows.findings.append(finding)
            rows.bad |= set(frame.index) if label is None else {int(label)}
        rows.headings |= {(table.sheet, column): text for column, text in table.headings.items()}
        for cells in frame.to_dict("records"):
            texts = {str(name): str(cell) for name, cell in cells.items()}
            rows.cells.append({**empty, **texts, SHEET: table.sheet})
    rows.findings += [repair for repair in upload.sheets[0].repairs if repair not in rows.findings]
    if not rows.cells:
        expected = "a row for every program"
        rows.findings.append(
            Finding("error", "the table has no rows", expected, "Fill it in.", tables[0].sheet)
        )
    return rows


def _table(sheet: Sheet, schema: Schema) -> Table | None:
    table = find_table(_prepared(sheet, schema), schema.headings())
    if table is None or any(table.headings.keys().isdisjoint(group) for group in schema.marks):
        return None
    return table


def _prepared(sheet: Sheet, schema: Schema) -> Sheet:
    """The sheet with percent signs of headings in words, and *Total* behind other columns as *all*.

    Below merged cells a program's own row begins with the word *Total* in the column of ZIP codes; only
    *Total* in the first column of a table is a row to leave out.
    """
    left = min((_first(row) for row in sheet.cells if any(row)), default=0)
    width = max((at + 1 for row in sheet.cells for at, cell in enumerate(row) if cell), default=0)
    cells = [row[:width] for row in sheet.cells]
    headings = {plain(text) for texts in schema.headings().values() for text in texts}
    for place, row in enumerate(cells):
        at = _first(row)
        if left < at < len(row) and plain(row[at]) in _TOTALS:
            row[at] = "all"
        if place < DEEPEST_HEADER:
            cells[place] = [_heading(cell, headings) for cell in row]
    return replace(sheet, cells=cells)


def _first(row: list[str]) -> int:
    return next((at for at, cell in enumerate(row) if cell.strip()), len(row))


def _heading(cell: str, headings: set[str]) -> str:
    words = cell.replace("%", " percent ")
    return words if words != cell and plain(words) in headings else cell


def _filled_down(table: Table, repeated: Sequence[str], findings: list[Finding]) -> Table:
    """Fill empty cells of repeated columns from above, and leave out lines of words between the rows."""
    columns = [column for column in repeated if column in table.frame]
    names = [column for column in table.frame if column != ROW]
    last = dict.fromkeys(columns, "")
    kept, filled = [], 0
    for cells in table.frame.to_dict("records"):
        given = [name for name in names if cells[name]]
        if columns and given == columns[:1] and len(names) > 2:
            found = f"the row holds only {quoted(cells[given[0]])}"
            findings.append(
                Finding("note", found, "cells of a report", "It was taken for a heading or a remark.",
                        table.sheet, int(cells[ROW]))
            )  # fmt: skip
            last = {column: cells[column] for column in columns}
            continue
        for column in columns:
            if cells[column] and cells[column] != last[column]:
                break
            filled += not cells[column] and bool(last[column])
            cells[column] = last[column]
        last = {column: cells[column] for column in columns}
        kept.append(cells)
    if filled:
        findings.append(
            Finding("note", f"{filled} empty cells repeat the row above", "agency and program in every row",
                    "They were filled in from above.", table.sheet)
        )  # fmt: skip
    frame = pd.DataFrame(kept, columns=table.frame.columns).astype(table.frame.dtypes.to_dict())
    return replace(table, frame=frame)


def _without_totals(table: Table, findings: list[Finding]) -> Table:
    """Leave out sums over programs or agencies."""
    sums = pd.Series(False, index=table.frame.index)
    for column in ("agency", "program"):
        if column in table.frame:
            sums |= table.frame[column].map(plain).isin(_TOTALS)
    findings += [
        Finding("note", "a row of totals", "rows of single programs",
                "It was left out; the sums are made here.", table.sheet, int(row))
        for row in table.frame.loc[sums, ROW]
    ]  # fmt: skip
    return replace(table, frame=table.frame[~sums])


def _tell_columns(table: Table, findings: list[Finding]) -> None:
    findings += table.findings
    for heading in table.unknown:
        if _PEOPLE.search(plain(heading)):
            findings.append(
                Finding("error", "a column about single people", "counts of households only",
                        "Delete the column before the file is handed in.",
                        table.sheet, table.header_row, heading)
            )  # fmt: skip
        else:
            findings.append(
                Finding("note", f"the column {quoted(heading)} is not known", "the columns of the template",
                        "It was left out.", table.sheet, table.header_row)
            )  # fmt: skip
