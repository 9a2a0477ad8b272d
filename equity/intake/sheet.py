"""A sheet of text cells, as it stood in the file, and the table inside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from equity.intake.findings import Finding, quoted
from equity.intake.report import IntakeError

#: Rows above the header that titles and notes may take.
DEEPEST_HEADER: Final = 25
#: Cells of one file, the empty ones between others too; so many take about half a gigabyte of memory.
MOST_CELLS: Final = 3_000_000
#: Column of a table that holds the row's number in the sheet.
ROW: Final = "row"
#: A row whose first filled cell says this is a sum of others.
_TOTAL: Final = re.compile(r"^(grand |sub ?)?totals?\b|^sum\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet as text, ``''`` where empty; row 1 of the file is ``cells[0]``.

    Rows end at their last filled cell.

    ``repairs`` says what was done to read it: its encoding, its separator, cells that held formulas.
    """

    name: str
    cells: list[list[str]]
    repairs: tuple[Finding, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody handed in: its name, the SHA-256 of its bytes (64 hexadecimal digits), its sheets."""

    name: str
    sha256: str
    size: int
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Table:
    """The table found in a sheet: text columns under the names a format knows, and ``row``.

    ``missing`` names known columns that are not there, ``unknown`` headers no format column answers to.
    ``totals`` are the rows that say they are sums of others, which ``frame`` leaves out: the number of the
    row, and its cells by column.
    """

    sheet: str
    header_row: int
    frame: pd.DataFrame
    headings: dict[str, str]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    findings: tuple[Finding, ...]
    totals: tuple[tuple[int, dict[str, str]], ...] = ()


def too_many_cells(name: str) -> IntakeError:
    """That a file has more cells than are held in memory."""
    return IntakeError(f"{name} has more than {MOST_CELLS:,} cells: hand in a part of it, or fewer columns.")


def plain(text: str) -> str:
    """A heading in its plainest form: small letters and digits, one space between words."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def find_table(sheet: Sheet, names: Mapping[str, Sequence[str]], least: int = 2) -> Table | None:
    """Find the header row that answers to most of ``names`` and read the table below it.

    ``names`` maps a column to the headings it goes by. Headings may take two rows, the upper one merged
    over several columns. Returns ``None`` where no row answers to at least ``least`` columns. Empty rows
    are left out, rows of totals too, the latter with a note.
    """
    known = {plain(alias): column for column, aliases in names.items() for alias in (column, *aliases)}
    best: tuple[int, int, list[str]] | None = None
    for place in range(min(len(sheet.cells), DEEPEST_HEADER)):
        for headings, depth in _headings_at(sheet.cells, place):
            hits = len({known[plain(text)] for text in headings if plain(text) in known})
            if hits >= least and (best is None or hits > best[0]):
                best = (hits, place + depth, headings)
    if best is None:
        return None
    return _table(sheet, best[1], best[2], known, names)


def _headings_at(cells: list[list[str]], place: int) -> list[tuple[list[str], int]]:
    """The headings a row may hold: alone, or below a row of merged cells."""
    row = [cell.strip() for cell in cells[place]]
    found = [(row, 1)]
    if place + 1 < len(cells):
        below = [cell.strip() for cell in cells[place + 1]]
        width = max(len(row), len(below))
        upper, lower = row + [""] * (width - len(row)), below + [""] * (width - len(below))
        spread, last = [], ""
        for cell in upper:
            last = cell or last
            spread.append(last)
        # where the lower cell names a known column alone, the upper one is only a caption
        found.append(([low or top for top, low in zip(upper, lower, strict=True)], 2))
        found.append(([f"{top} {low}".strip() for top, low in zip(spread, lower, strict=True)], 2))
    return found


def _table(
    sheet: Sheet,
    start: int,
    headings: list[str],
    known: Mapping[str, str],
    names: Mapping[str, Sequence[str]],
) -> Table:
    places: dict[str, int] = {}
    unknown, findings = [], list(sheet.repairs)
    for at, text in enumerate(headings):
        column = known.get(plain(text))
        if column is None:
            unknown += [text] if text else []
        elif column in places:
            findings.append(
                Finding(
                    "error", f"the column {quoted(text)} stands twice", "each column once",
                    "Remove one of them.", sheet.name, start,
                )
            )  # fmt: skip
        else:
            places[column] = at
    rows: list[list[Any]] = []
    totals, beyond = [], []
    for number, cells in enumerate(sheet.cells[start:], start + 1):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            continue
        own = [cells[at].strip() if at < len(cells) else "" for at in places.values()]
        if any(cells[len(headings) :]):
            beyond.append(number)
        if _TOTAL.match(filled[0]):
            totals.append((number, dict(zip(places, own, strict=True))))
            findings.append(
                Finding("note", f"{quoted(filled[0])} is a row of totals", "rows of single places",
                        "It was left out; the sums are made here.", sheet.name, number)
            )  # fmt: skip
            continue
        rows.append([number, *own])
    if beyond:
        torn = f"{len(beyond):,} rows have more cells than there are headings, the first is row {beyond[0]}"
        mend = "A comma in a number or a name may have torn a cell in two: put quotation marks around it."
        findings.append(Finding("warning", torn, "a heading over every cell", mend, sheet.name, beyond[0]))
    frame = pd.DataFrame(rows, columns=[ROW, *places]).astype(dict.fromkeys(places, "str"))
    found = {column: headings[at] for column, at in places.items()}
    absent = tuple(column for column in names if column not in places)
    return Table(sheet.name, start, frame, found, absent, tuple(unknown), tuple(findings), tuple(totals))
