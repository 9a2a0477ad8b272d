"""What the rows of a CDC WONDER export say about each other: rows that stand twice, sums that lack a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from equity.intake.findings import Finding, quoted
from equity.intake.formats.wonder_file import Column, WonderFile

_MEND: Final = "Export the file again; do not edit it."
#: Digits of the largest count; more are none, and the store would not hold them.
_MOST_DIGITS: Final = 9
#: Sums of a measure by labels of some categories, and whether a row behind them is hidden.
Sums = dict[tuple[str, ...], tuple[int, bool]]


def count_of(text: str) -> int | None:
    """The whole number of a cell as WONDER writes it, or a spreadsheet saves it; ``None`` for any other.

    A code such as ``08`` in the place of a count is none: the cells of the row have moved.
    """
    number = text.replace(",", "").strip().removesuffix(".0")
    if not (number.isascii() and number.isdecimal()) or len(number) > _MOST_DIGITS:
        return None
    return None if number.startswith("0") and number != "0" else int(number)


def rows_at_fault(file: WonderFile, sheet: str) -> dict[int, Finding]:
    """Rows that stand twice, or whose cells have moved, by their number."""
    found: dict[int, Finding] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row, cells in file.rows:
        before = seen.setdefault(tuple(_label(column, cells) for column in file.columns), row)
        if any(cells[file.width :]):
            extra = f"{len(cells)} cells under {file.width} headings"
            found[row] = Finding("error", extra, "a cell under each heading", _MEND, sheet, row)
        elif before != row:
            found[row] = Finding(
                "error", f"the row repeats row {before}", "every row once", _MEND, sheet, row
            )
    return found


def unlike_totals(file: WonderFile, sheet: str) -> Iterator[Finding]:
    """Subtotals of the file that its own rows do not add up to.

    Rows whose count is hidden are in the subtotal and not in the sum, which may then be less, never more.
    """
    made: dict[tuple[tuple[int, ...], int], Sums] = {}
    for row, cells in file.totals:
        given = [column for column in file.columns if cells[column.label] or cells[column.code]]
        for measure, at in file.measures.items():
            stated = count_of(cells[at])
            if stated is None:
                continue
            which = tuple(column.label for column in given), at
            if which not in made:
                made[which] = _sums(file, given, at)
            own = tuple(_label(column, cells) for column in given)
            total, hidden = made[which].get(own, (0, False))
            if total != stated and not (hidden and total < stated):
                yield Finding(
                    "error" if total > stated else "warning",
                    f"{quoted(cells[at])} is the file's own total, and its rows add up to {total:,}",
                    "rows that add up to it",
                    "Rows are missing or changed: export the file again, or say in the reason why.",
                    sheet, row, measure.capitalize(),
                )  # fmt: skip


def _sums(file: WonderFile, by: list[Column], at: int) -> Sums:
    sums: Sums = {}
    for _, cells in file.rows:
        labels = tuple(_label(column, cells) for column in by)
        total, hidden = sums.get(labels, (0, False))
        number = count_of(cells[at])
        sums[labels] = total + (number or 0), hidden or number is None
    return sums


def _label(column: Column, cells: list[str]) -> str:
    return cells[column.label] or cells[column.code]
