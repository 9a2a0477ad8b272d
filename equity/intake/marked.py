"""A copy of a file with what its reader found written into the cells."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from equity.intake.findings import Finding
from equity.intake.sheet import Sheet, Upload, plain

#: Colours of the levels; each cell also says in words what was found.
COLOURS: Final = {"error": "#f4b6ad", "warning": "#f8dfa3", "note": "#dfe8ea"}
MADE: Final = datetime(2026, 1, 1)  # fixed, so that the bytes are the same on every run
_LONGEST_NAME: Final = 31
_NO_NAME: Final = re.compile(r"[\[\]:*?/\\]")


def marked_copy(upload: Upload, findings: Sequence[Finding]) -> bytes:
    """A workbook of the file's sheets as text, findings as coloured cells with a comment, and a list."""
    from xlsxwriter import Workbook  # slow to load

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        book.set_properties({"created": MADE})
        shapes = {level: book.add_format({"bg_color": colour}) for level, colour in COLOURS.items()}
        for number, sheet in enumerate(upload.sheets, 1):
            own = [finding for finding in findings if finding.sheet in (sheet.name, "")]
            _sheet(book.add_worksheet(_page_name(number, sheet.name)), sheet, own, shapes)
        _list(book.add_worksheet("Findings"), findings)
    return buffer.getvalue()


def _page_name(number: int, name: str) -> str:
    """The name of a sheet, without the signs that no sheet may have in it."""
    return _NO_NAME.sub("_", f"{number} {name}")[:_LONGEST_NAME].strip("' ")


def _sheet(page: Any, sheet: Sheet, findings: Sequence[Finding], shapes: dict[str, Any]) -> None:
    places: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.row:
            places[(finding.row - 1, _column(sheet, finding))].append(finding)
    for row, cells in enumerate(sheet.cells):
        for column, cell in enumerate(cells):
            page.write_string(row, column, cell)
    for (row, column), found in places.items():
        cells = sheet.cells[row] if row < len(sheet.cells) else []
        text = cells[column] if column < len(cells) else ""
        page.write_string(row, column, text, shapes[min(found, key=_gravity).level])
        page.write_comment(row, column, "\n".join(finding.sentence() for finding in found))


def _gravity(finding: Finding) -> int:
    return list(COLOURS).index(finding.level)


def _column(sheet: Sheet, finding: Finding) -> int:
    """Where the finding's heading stands; the first column where it has none."""
    wanted = plain(finding.column)
    for cells in sheet.cells[: finding.row]:
        names = [plain(cell) for cell in cells]
        if wanted and wanted in names:
            return names.index(wanted)
    return 0


def _list(page: Any, findings: Sequence[Finding]) -> None:
    heads = ("level", "sheet", "row", "column", "found", "expected", "mend")
    page.write_row(0, 0, heads)
    for row, finding in enumerate(findings, 1):
        for column, name in enumerate(heads):
            page.write_string(row, column, str(getattr(finding, name) or ""))
