"""Ways of writing the same table: what it says must not change with how it is kept."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.intake.fuzz.bases import Base, Rows, as_text
from tests.intake.fuzz.sizes import luck
from tests.intake.fuzz.workbooks import as_workbook

#: Headings of columns that count, in which thousands may be set apart.
_COUNTS: Final = frozenset((
    "Births", "Infant deaths", "population", "median_household_income", "v129_numerator", "v129_denominator",
    "numerator", "New households", "Continuing households", "Current caseload", "Slots", "denominator.x",
    "numerator.x", "Maximum service capacity",
))  # fmt: skip
_CODES: Final = ("County of Residence Code", "statecode", "countycode", "fips")
CHANGES: Final = ("thousands", "points", "zeros", "blanks", "empty_rows", "empty_columns", "columns", "rows",
                  "capitals", "title")  # fmt: skip
KEPT_AS: Final = ("text", "text", "workbook", "workbook of texts")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")


@dataclass(frozen=True)
class Form:
    """How a table is kept."""

    kept_as: str
    separator: str
    encoding: str
    end: str
    quoting: int
    changes: tuple[str, ...]
    seed: int


def written(base: Base, form: Form) -> bytes:
    """The base in another form."""
    chance = luck(form.seed)
    rows = [list(row) for row in base.rows]
    for change in dict.fromkeys(form.changes):
        rows = _CHANGES[change](base, rows, chance)
    if form.kept_as != "text":
        return as_workbook(rows, numbers=form.kept_as == "workbook")
    text = as_text(rows, form.separator, form.quoting, form.end)
    try:
        return text.encode(form.encoding)
    except UnicodeEncodeError:
        return text.encode()


def spans(base: Base, rows: Rows) -> tuple[int, int]:
    """Where the headings stand, and the first row behind the data."""
    head = next(at for at, row in enumerate(rows) if len([cell for cell in row if cell]) > 3)
    end = next((at for at, row in enumerate(rows) if row and row[0].startswith("---")), len(rows))
    return head, end


def _counted(base: Base, rows: Rows, new: str, pattern: str) -> Rows:
    head, end = spans(base, rows)
    columns = [at for at, name in enumerate(rows[head]) if name.strip() in _COUNTS]
    for row in rows[head + 1 : end]:
        for at in columns:
            if at < len(row) and re.fullmatch(pattern, row[at]):
                row[at] = format(int(row[at]), new) if new == "," else row[at] + new
    return rows


def thousands(base: Base, rows: Rows, chance: Random) -> Rows:
    """1234 as 1,234."""
    return _counted(base, rows, ",", r"[1-9][0-9]{3,}")


def points(base: Base, rows: Rows, chance: Random) -> Rows:
    """12 as 12.0."""
    return _counted(base, rows, ".0", r"[0-9]+")


def zeros(base: Base, rows: Rows, chance: Random) -> Rows:
    """Codes without the zeros in front, as a spreadsheet program saves them."""
    head, end = spans(base, rows)
    for at in (at for at, name in enumerate(rows[head]) if name.strip() in _CODES):
        for row in rows[head + 1 : end]:
            if at < len(row) and row[at].isdecimal():
                row[at] = str(int(row[at]))
    return rows


def blanks(base: Base, rows: Rows, chance: Random) -> Rows:
    """Blanks around cells."""
    return [[f" {cell}  " if cell and chance.random() < 0.2 else cell for cell in row] for row in rows]


def empty_rows(base: Base, rows: Rows, chance: Random) -> Rows:
    """Rows of nothing between the others and at the end."""
    head, _ = spans(base, rows)
    made = rows[: head + 1]
    for row in rows[head + 1 :]:
        made += [[], row] if chance.random() < 0.1 else [row]
    return [*made, [], ["", "", ""]]


def empty_columns(base: Base, rows: Rows, chance: Random) -> Rows:
    """Columns of nothing to the right."""
    return [[*row, "", ""] for row in rows]


def columns(base: Base, rows: Rows, chance: Random) -> Rows:
    """The columns in another order, where they have names of their own."""
    head, end = spans(base, rows)
    if any(name.strip().casefold() == "denominator.x" for name in rows[head]):
        return rows  # counts without a name stand before the group they are of
    order = list(range(len(rows[head])))
    chance.shuffle(order)
    width = len(order)
    moved = [[(row + [""] * width)[at] for at in order] for row in rows[head:end] if len(row) <= width]
    return [*rows[:head], *moved, *rows[end:]] if len(moved) == end - head else rows


def order(base: Base, rows: Rows, chance: Random) -> Rows:
    """The rows of data in another order."""
    head, end = spans(base, rows)
    body = rows[head + 1 : end]
    chance.shuffle(body)
    return [*rows[: head + 1], *body, *rows[end:]]


def capitals(base: Base, rows: Rows, chance: Random) -> Rows:
    """Headings in capitals."""
    head, _ = spans(base, rows)
    rows[head] = [name.upper() for name in rows[head]]
    return rows


def title(base: Base, rows: Rows, chance: Random) -> Rows:
    """A title and an empty row above."""
    return [["Figures for the meeting"], [], *rows]


_CHANGES: Final = {
    "thousands": thousands, "points": points, "zeros": zeros, "blanks": blanks, "empty_rows": empty_rows,
    "empty_columns": empty_columns, "columns": columns, "rows": order, "capitals": capitals, "title": title,
}  # fmt: skip
QUOTING: Final = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
