"""Files to fill in, and the dictionary of their columns, made from the declarations of the reports.

The same declaration gives the same bytes. Texts are written as texts, so that no cell becomes a formula
and no ZIP code loses a zero.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any, Final, Literal

import pandas as pd

from equity.intake.schemas import SCHEMAS, Column, Schema
from equity.intake.schemas.column import HOLDS_WORDS

Shape = Literal["csv", "xlsx"]
SHAPES: Final[tuple[Shape, ...]] = ("csv", "xlsx")
KINDS: Final = tuple(SCHEMAS)
DICTIONARY: Final = ("column", "heading", "description", "write", "needed", "holds", "allowed", "example",
                     "other_headings")  # fmt: skip
#: Name of the sheet of instructions.
HOW: Final = "How to fill it in"
#: Rows below the header that are made ready for typing.
READY_ROWS: Final = 1000
_NEEDED: Final = {"always": "in every row", "sometimes": "where said", "no": "if known"}
#: The date of a template is not that of the day on which it is fetched, or no two would be alike.
_CREATED: Final = dt.datetime(2026, 1, 1)
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_INK, _FAINT, _ACCENT = "#1f2a30", "#eef1f2", "#1f5a6b"
#: Lengths beyond which spreadsheet programs call a file damaged.
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255


def template(kind: str, shape: Shape, *, filled: bool = False) -> bytes:
    """A file to fill in, empty or with an example.

    ``kind`` is one of :data:`KINDS`. As ``csv`` UTF-8 text with a byte-order mark, by which spreadsheet
    programs know it; as ``xlsx`` a sheet for the table and one that says how to fill it in.
    """
    schema = SCHEMAS[kind]
    return _csv(schema, filled) if shape == "csv" else _xlsx(schema, filled)


def file_name(kind: str, shape: Shape, *, filled: bool = False) -> str:
    """The name under which a template is saved."""
    return f"{kind.replace('_', '-')}-{'example' if filled else 'template'}.{shape}"


def dictionary(kind: str) -> pd.DataFrame:
    """The declared columns of a report, a row each.

    Columns: ``column, heading, description, write, needed, holds, allowed, example, other_headings``.
    """
    rows = [
        (
            column.name,
            column.title,
            column.description,
            column.write,
            _NEEDED[column.needed],
            HOLDS_WORDS[column.holds],
            column.allowed(),
            column.example,
            ", ".join(column.aliases),
        )
        for column in SCHEMAS[kind].columns
    ]
    return pd.DataFrame(rows, columns=list(DICTIONARY)).astype("str")


def _rows(schema: Schema, filled: bool) -> list[list[str]]:
    rows = schema.rows if filled else ()
    return [[row.get(column.name, "") for column in schema.columns] for row in rows]


def _csv(schema: Schema, filled: bool) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.title for column in schema.columns])
    writer.writerows(_rows(schema, filled))
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(schema: Schema, filled: bool) -> bytes:
    from xlsxwriter import Workbook  # slow to load

    buffer = io.BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": schema.title, "created": _CREATED})
        _table_sheet(book, schema, _rows(schema, filled))
        _how_sheet(book, schema)
    return buffer.getvalue()


def _table_sheet(book: Any, schema: Schema, rows: list[list[str]]) -> None:
    sheet = book.add_worksheet(schema.title)
    for at, column in enumerate(schema.columns):
        sheet.set_column(at, at, max(14, len(column.title) + 3), book.add_format(_cell_shape(column)))
        sheet.write_string(0, at, column.title, book.add_format(_header_shape(column)))
        sheet.data_validation(1, at, READY_ROWS, at, _validation(column))
    for number, cells in enumerate(rows, 1):
        for at, (column, text) in enumerate(zip(schema.columns, cells, strict=True)):
            if text and _is_number(column) and text.replace(".", "").lstrip("-").isdecimal():
                sheet.write_number(number, at, float(text))
            elif text:
                sheet.write_string(number, at, text)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _is_number(column: Column) -> bool:
    return column.holds in ("whole", "count", "number", "percent")


def _cell_shape(column: Column) -> dict[str, Any]:
    """Codes and names stay text, or a spreadsheet program takes ``2023-1`` for a date."""
    shapes = {"whole": "#,##0", "count": "#,##0", "number": "General", "percent": "General"}
    return {"num_format": shapes.get(column.holds, "@")}


def _header_shape(column: Column) -> dict[str, Any]:
    """Headings of columns that every row needs stand on the darker ground."""
    shape = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": _ACCENT}
    if column.needed == "always":
        return {**shape, "bg_color": _ACCENT, "font_color": "#ffffff"}
    return {**shape, "bg_color": _FAINT, "font_color": _INK}


def _validation(column: Column) -> dict[str, Any]:
    """What a cell accepts while it is typed, and what is said when it is chosen."""
    said = {
        "input_title": column.title[:_LONGEST_TITLE],
        "input_message": _short(f"{column.write} Example: {column.example}"),
        "error_title": column.title[:_LONGEST_TITLE],
        "error_message": _short(column.write),
        "error_type": "stop",
    }
    if column.choices:
        # other words for a group, and other models, are understood too
        return {**said, "validate": "list", "source": list(column.choices),
                "error_type": "stop" if column.closed else "information"}  # fmt: skip
    if column.holds in ("whole", "number"):
        kind = "integer" if column.holds == "whole" else "decimal"
        bounds = {"minimum": column.low or 0, "maximum": column.high}
        return {**said, "validate": kind, "criteria": "between", **bounds}
    return {**said, "validate": "any"}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 1]}…"


def _how_sheet(book: Any, schema: Schema) -> None:
    """The declaration in words: what the report is, and every column."""
    sheet = book.add_worksheet(HOW)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.write_string(
        0, 0, schema.title, book.add_format({"bold": True, "font_size": 14, "font_color": _ACCENT})
    )
    for number, sentence in enumerate(schema.intro, 1):
        sheet.write_string(number, 0, sentence)
    start = len(schema.intro) + 2
    headings = {
        "heading": ("Column", 24), "needed": ("Needed", 14), "description": ("What it means", 48),
                "write": ("What to write", 48), "allowed": ("Allowed", 36), "example": ("Example", 32),
    }  # fmt: skip
    shape = book.add_format({"bold": True, "bg_color": _ACCENT, "font_color": "#ffffff", "valign": "vcenter"})
    table = dictionary(schema.kind)
    for at, (name, (heading, width)) in enumerate(headings.items()):
        sheet.set_column(at, at, width)
        sheet.write_string(start, at, heading, shape)
        for number, text in enumerate(table[name], start + 1):
            sheet.write_string(number, at, text, wrapped)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(start)
