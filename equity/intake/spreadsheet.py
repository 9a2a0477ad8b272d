"""Spreadsheets (.xlsx): opened as text, with formulas, links and bombs made harmless."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from equity.intake.findings import Finding
from equity.intake.report import IntakeError
from equity.intake.sheet import MOST_CELLS, Sheet, too_many_cells

#: First bytes of every ZIP archive, and so of every .xlsx file.
ARCHIVE: Final = b"PK\x03\x04"
#: First bytes of the binary spreadsheets of old (.xls), and of spreadsheets locked with a password.
OLD_BINARY: Final = b"\xd0\xcf\x11\xe0"
MOST_FILES: Final = 500
MOST_UNPACKED: Final = 60 * 1024 * 1024
#: Real spreadsheets pack to about a tenth; a bomb to a thousandth.
MOST_TIMES: Final = 250
MOST_SHEETS: Final = 30
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 1500


def read_spreadsheet(name: str, content: bytes) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook as text.

    Cells that held a formula give the value the spreadsheet program last worked out; links to other files
    and macros are never followed. Raises :class:`IntakeError` for what is no workbook, is locked, or
    unpacks to more than a table can be.
    """
    _check_archive(name, content)
    import openpyxl  # slow to load

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on drawings and styles it leaves out
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            if len(book.sheetnames) > MOST_SHEETS:
                raise IntakeError(f"{name} has more than {MOST_SHEETS} sheets: keep those of one report.")
            sheets = _sheets(name, book)
        formulas = _formulas(content)
    except IntakeError:
        raise
    except Exception:  # whatever a damaged workbook makes the library raise
        raise IntakeError(
            f"{name} cannot be read as a spreadsheet: open it, save it again as .xlsx, and try that file."
        ) from None
    if not any(sheet.cells for sheet in sheets):
        raise IntakeError(f"{name} has no sheet with cells.")
    if formulas:
        repair = Finding(
            "note", f"{formulas} cells hold formulas", "numbers",
            "The values last worked out were taken; no formula was run.",
        )  # fmt: skip
        sheets = (replace(sheets[0], repairs=(repair,)), *sheets[1:])
    return sheets


def _check_archive(name: str, content: bytes) -> None:
    """Look at the archive's own list before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise IntakeError(
            f"{name} is a damaged spreadsheet: save it again as .xlsx and try that file."
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or unpacked > max(MOST_TIMES * len(content), 1) or unpacked > MOST_UNPACKED:
        raise IntakeError(f"{name} would unpack to far more than a table: it was not opened.")
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise IntakeError(
            f"{name} is an archive, not a spreadsheet: unpack it and hand in the files one by one."
        )


def _sheets(name: str, book: Any) -> tuple[Sheet, ...]:
    read: list[Sheet] = []
    left = MOST_CELLS
    for sheet in book.worksheets:
        read.append(_sheet(name, sheet, left))
        left -= sum(map(len, read[-1].cells))
    return tuple(read)


def _sheet(name: str, sheet: Any, left: int) -> Sheet:
    """Read one sheet of at most ``left`` cells."""
    sheet.reset_dimensions()  # what the file says of its own size may be wrong, or a trap
    cells: list[list[str]] = []
    for own in sheet.iter_rows(values_only=True):
        if len(cells) == MOST_ROWS or len(own) > MOST_COLUMNS:
            raise IntakeError(
                f"Sheet {sheet.title} of {name} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} "
                "columns: keep the table alone."
            )
        row = [_text(cell) for cell in own]
        while row and not row[-1]:
            row.pop()
        cells.append(row)
        left -= len(row)
        if left < 0:
            raise too_many_cells(name)
    while cells and not cells[-1]:
        cells.pop()
    return Sheet(sheet.title, cells)


def _formulas(content: bytes) -> int:
    """How many cells of all sheets hold a formula."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    return sum(len(re.findall(rb"<f[ >/]", archive.read(part))) for part in parts)


def _text(cell: Any) -> str:
    """A cell's value as a person would write it: no ``.0`` on whole numbers, dates as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat()
            if cell == datetime.combine(cell.date(), datetime.min.time())
            else str(cell)
        )
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
