"""Spreadsheets (XLSX): figures, their definitions, their sources, and what the file is."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.documents.about import (
    SOURCE_COLUMNS,
    definitions,
    explained,
    release_rows,
    release_sentence,
    source_rows,
)
from equity.views.documents.style import ACCENT, INK
from equity.views.documents.tables import Row, as_list, tidy
from equity.views.documents.wording import profile_title
from equity.views.notes import demonstration_notice
from equity.views.profile import Profile
from equity.words import say

#: Columns of the sheet of figures with their widths: what people read first, then the codes.
FIGURE_WIDTHS: Final = {
    "area_name": 24, "measure_name": 34, "group_name": 14, "period": 11, "value": 10, "low": 11, "high": 10,
    "unit": 23, "numerator": 12, "denominator": 15, "status_words": 30, "note": 60, "basis_words": 28,
    "interval_method": 36, "scheme_words": 32, "source_title": 50, "release": 19, "measure": 24,
    "area_kind": 10, "area": 10, "group": 9, "first_year": 10, "last_year": 10, "status": 12, "reason": 20,
    "basis": 14, "method": 16, "scheme": 18, "source": 24, "policy": 9,
}  # fmt: skip
DEFINITION_WIDTHS: Final = {
    "name": 34, "definition": 60, "unit": 23, "direction": 13, "numerator": 36, "denominator": 30,
    "interval": 36, "misleads": 50, "defined_by": 40, "author": 14, "checker": 14, "next_review": 12,
    "id": 26,
}  # fmt: skip
SOURCE_WIDTHS: Final = dict(zip(SOURCE_COLUMNS, (38, 46, 26, 50, 34, 16, 60, 26), strict=True))

#: Rows above the header of the sheet of figures: title, release, notice.
HEADER_ROW: Final = 3
_MEASURED: Final = ("value", "low", "high")
_COUNTED: Final = ("numerator", "denominator")
_TINT: Final = "#f7ecd2"
_PALE: Final = "#eef1f2"


def profile_xlsx(profile: Profile) -> bytes:
    """The figures of a profile as a spreadsheet."""
    return figures_xlsx(profile.release, profile.figures(), profile_title(profile))


def figures_xlsx(release: Release, figures: Iterable[Figure] | pd.DataFrame, title: str) -> bytes:
    """Figures as a spreadsheet of four sheets. The same figures of the same release give the same bytes.

    No cell holds a formula or a link: text stays text, whatever it begins with.
    """
    listed = as_list(figures)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        describe(book, release, title)
        _figures_sheet(book, release, listed, title)
        _definitions_sheet(book, listed)
        _sources_sheet(book, release, listed)
        _about_sheet(book, release, listed, title)
    return buffer.getvalue()


def describe(book: Workbook, release: Release, title: str) -> None:
    """Set the properties; the date is the release's, or every file would differ."""
    book.set_properties(
        {
            "title": title,
            "author": say("ui.site.title"),
            "comments": release_sentence(release),
            "created": dt.datetime.fromisoformat(release.created_at),
        }
    )


def _figures_sheet(book: Workbook, release: Release, figures: list[Figure], title: str) -> None:
    sheet = book.add_worksheet(say("document.sheet.figures"))
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16, "font_color": ACCENT}))
    sheet.write_string(1, 0, release_sentence(release), book.add_format({"font_color": INK}))
    if notice := demonstration_notice(figures):
        shape = {"bold": True, "bg_color": _TINT, "border": 1, "border_color": "#c9a34a", "valign": "vcenter"}
        sheet.merge_range(HEADER_ROW - 1, 0, HEADER_ROW - 1, 9, notice, book.add_format(shape))
        sheet.set_row(HEADER_ROW - 1, 24)
    headings = [say(f"document.column.{name}") for name in FIGURE_WIDTHS]
    header_row(book, sheet, HEADER_ROW, headings, list(FIGURE_WIDTHS.values()))
    styles = _Styles(book)
    rows = tidy(release, figures)
    for number, row in enumerate(rows, HEADER_ROW + 1):
        _figure_row(sheet, styles, number, row)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + max(len(rows), 1), len(headings) - 1)
    printable(sheet, HEADER_ROW)
    sheet.print_area(0, 0, HEADER_ROW + len(rows), list(FIGURE_WIDTHS).index("note"))


class _Styles:
    """Formats of the figure rows, made once for each number of decimals and each tint."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, int | None], Format] = {}

    def get(self, row: Row, decimals: int | None = None) -> Format:
        """The format of a cell of this row: tinted where made up, pale where there is no value."""
        hidden = row["status"] not in ("shown", "unstable")
        tint = _PALE if hidden else _TINT if row["basis"] == "demonstration" else ""
        key = (tint, decimals)
        if key not in self._made:
            shape: dict[str, Any] = {"valign": "top", "text_wrap": decimals is None}
            shape |= {"bg_color": tint} if tint else {}
            if decimals is not None:
                shape["num_format"] = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
            self._made[key] = self._book.add_format(shape)
        return self._made[key]


def _figure_row(sheet: Worksheet, styles: _Styles, number: int, row: Row) -> None:
    entry = measure(row["measure"])
    for column, name in enumerate(FIGURE_WIDTHS):
        value = row[name]
        if name in _MEASURED or name in _COUNTED:
            # the parts of a comparison are rates, and read with the measure's own decimals
            whole = name in _COUNTED and entry.floor != "comparison"
            style = styles.get(row, 0 if whole else entry.decimals)
            sheet.write_blank(number, column, None, style) if value is None else sheet.write_number(
                number, column, value, style
            )
        elif isinstance(value, int):
            sheet.write_number(number, column, value, styles.get(row))
        else:
            sheet.write_string(number, column, value, styles.get(row))


def _definitions_sheet(book: Workbook, figures: list[Figure]) -> None:
    rows = []
    for entry in definitions(figures):
        row = {name: str(getattr(entry, name)) for name in DEFINITION_WIDTHS}
        rows.append(row | {"direction": say(f"document.direction.{entry.direction}")})
    _text_sheet(book, "definitions", "definition", DEFINITION_WIDTHS, rows)


def _sources_sheet(book: Workbook, release: Release, figures: list[Figure]) -> None:
    rows = [row | {"basis": say(f"figure.basis.{row['basis']}")} for row in source_rows(release, figures)]
    _text_sheet(book, "sources", "source", SOURCE_WIDTHS, rows)


def _text_sheet(
    book: Workbook, sheet_key: str, words: str, widths: dict[str, int], rows: Sequence[dict[str, str]]
) -> None:
    """A sheet of texts with a frozen header; ``words`` names the catalogue's table of headings."""
    sheet = book.add_worksheet(say(f"document.sheet.{sheet_key}"))
    headings = [say(f"document.{words}.{name}") for name in widths]
    header_row(book, sheet, 0, headings, list(widths.values()))
    style = book.add_format({"text_wrap": True, "valign": "top"})
    for number, row in enumerate(rows, 1):
        for column, name in enumerate(widths):
            sheet.write_string(number, column, row[name], style)
    sheet.freeze_panes(1, 1)
    printable(sheet, 0)


def _about_sheet(book: Workbook, release: Release, figures: list[Figure], title: str) -> None:
    sheet = book.add_worksheet(say("document.sheet.about"))
    sheet.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    heading = book.add_format({"bold": True, "font_size": 12, "font_color": ACCENT})
    lines: list[tuple[str, Format]] = [(title, heading)]
    if notice := demonstration_notice(figures):
        lines.append((notice, book.add_format({"bold": True, "text_wrap": True, "bg_color": _TINT})))
    lines += [(say("document.about.value"), wrapped), ("", wrapped)]
    for name, pairs in (("release", release_rows(release)), ("words", explained(release))):
        lines.append((say(f"document.about.{name}"), heading))
        lines += [*((f"{word}: {text}", wrapped) for word, text in pairs), ("", wrapped)]
    for number, (text, style) in enumerate(lines):
        sheet.write_string(number, 0, text, style)
    printable(sheet, None)


def header_row(book: Workbook, sheet: Worksheet, row: int, headings: list[str], widths: list[int]) -> None:
    """A header line in the documents' colours, its columns set to ``widths``."""
    shape = {"bold": True, "font_color": "#ffffff", "bg_color": ACCENT, "valign": "vcenter"}
    style = book.add_format({**shape, "text_wrap": True})
    for column, (text, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.write_string(row, column, text, style)
        sheet.set_column(column, column, width)
    sheet.set_row(row, 32)


def printable(sheet: Worksheet, header: int | None) -> None:
    """On paper: landscape, as wide as a page, the header on every page."""
    sheet.set_landscape()
    sheet.set_paper(1)  # US Letter
    sheet.fit_to_pages(1, 0)
    if header is not None:
        sheet.repeat_rows(header)
