"""The frame of a CDC WONDER export: headings, rows, and the query's own words below the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from equity.intake.formats.wonder_codes import Dimension, dimension_of
from equity.intake.sheet import DEEPEST_HEADER, Sheet, plain

END: Final = "---"
_CITATION: Final = "Suggested Citation"
#: What can be counted in a row.
MEASURES: Final = ("births", "deaths")
_PARAMETER: Final = re.compile(r"^([^:]{2,80}):\s*(.*)$")
_YEARS: Final = re.compile(r"\b((?:19|20)\d\d)\b")


@dataclass(frozen=True)
class Column:
    """A category: what it counts by, its heading, and where its labels and codes stand (from 0)."""

    dimension: Dimension
    heading: str
    label: int
    code: int


@dataclass(frozen=True)
class WonderFile:
    """A WONDER export taken apart.

    ``rows`` are (row number in the sheet, cells), ``totals`` the rows of subtotals between them, which are
    never added; ``query`` the parameters printed below the table, by name; ``width`` how many cells a row
    has.
    """

    columns: tuple[Column, ...]
    measures: dict[str, int]
    rows: list[tuple[int, list[str]]]
    totals: list[tuple[int, list[str]]]
    width: int
    query: dict[str, str] = field(default_factory=dict)

    @property
    def dataset(self) -> str:
        """The dataset the export names, ``''`` where its footer is gone."""
        return self.query.get("Dataset", "")

    def of(self, dimension: Dimension) -> Column | None:
        """The column of a dimension, if the export has one."""
        return next((column for column in self.columns if column.dimension == dimension), None)

    def years(self) -> tuple[int, int] | None:
        """First and last year the query asked for, from its own words; ``None`` where they do not say."""
        asked = [value for name, value in self.query.items() if plain(name).startswith("year")]
        for text in (*asked, self.dataset):
            years = sorted({int(year) for year in _YEARS.findall(text)})
            if years:
                return years[0], years[-1]
        return None


def header_row(sheet: Sheet) -> int | None:
    """Where the headings stand (from 0): a row with a measure and a category that has a code beside it."""
    for place, cells in enumerate(sheet.cells[:DEEPEST_HEADER]):
        names = [plain(cell) for cell in cells]
        coded = any(name and f"{name} code" in names for name in names)
        if coded and any(name in MEASURES for name in names):
            return place
    return None


def take_apart(sheet: Sheet) -> WonderFile | None:
    """Find headings, rows and query of an export; ``None`` where the sheet is none."""
    start = header_row(sheet)
    if start is None:
        return None
    headings = sheet.cells[start]
    names = [plain(cell) for cell in headings]
    columns = []
    for at, name in enumerate(names):
        is_code = name.endswith(" code") and name.removesuffix(" code") in names
        if not name or name == "notes" or is_code:
            continue
        dimension = dimension_of(headings[at])
        if dimension is None:
            continue
        code = names.index(f"{name} code") if f"{name} code" in names else at
        columns.append(Column(dimension, headings[at], at, code))
    measures: dict[str, int] = {name: names.index(name) for name in MEASURES if name in names}
    notes = names.index("notes") if "notes" in names else None
    rows, totals, end = _rows(sheet, start, columns, notes)
    return WonderFile(tuple(columns), measures, rows, totals, len(headings), _query(sheet.cells[end:]))


def _rows(
    sheet: Sheet, start: int, columns: list[Column], notes: int | None
) -> tuple[list[tuple[int, list[str]]], list[tuple[int, list[str]]], int]:
    """Data rows, the subtotals that stood between them, and where the table ends."""
    rows: list[tuple[int, list[str]]] = []
    totals: list[tuple[int, list[str]]] = []
    width = len(sheet.cells[start])
    for place in range(start + 1, len(sheet.cells)):
        cells = sheet.cells[place]
        first = next((cell for cell in cells if cell), "")
        if first.startswith(END):
            return rows, totals, place
        if not first:
            continue
        padded = cells + [""] * (width - len(cells))
        marked = notes is not None and padded[notes].casefold().startswith("total")
        # whoever deleted the column of notes left subtotals as rows with an empty category
        if marked or any(not padded[column.label] and not padded[column.code] for column in columns):
            totals.append((place + 1, padded))
        else:
            rows.append((place + 1, padded))
    return rows, totals, len(sheet.cells)


def _query(cells: list[list[str]]) -> dict[str, str]:
    query: dict[str, str] = {}
    for row in cells:
        text = next((cell for cell in row if cell), "").strip('"')
        if text.startswith(_CITATION):
            break  # from here on it is prose, which may hold colons
        match = _PARAMETER.match(text)
        if match and match[1] not in query:
            query[match[1].strip()] = match[2].strip()
    return query
