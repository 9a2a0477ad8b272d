"""Rows of totals in an extract against the rows they are of: a total is never added, but it tells."""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.intake.findings import quoted
from equity.intake.formats._cells import Notes, count, group
from equity.intake.formats.vital_columns import AREAS, EVENTS
from equity.intake.sheet import ROW, Table

_NARROWING: Final = ("years", "first_year", "last_year", "group", "scheme")


def check_totals(table: Table, notes: Notes) -> None:
    """Warn of a total that neither all rows it is of nor those since the total above add up to.

    Rows of groups beside rows for all are parts of these and not counted again. Where a row says that a
    count is hidden or gives none, or where ZIP codes stand beside counties, sums are not compared.
    """
    if not table.totals or sum(name in table.frame for name in AREAS) > 1:
        return
    area = next(name for name in AREAS if name in table.frame)
    if table.frame[area].str.fullmatch(r"6[0-9]{4}").nunique() > 1:
        return
    above = table.header_row
    for row, cells in table.totals:
        rows = _of_total(table.frame[table.frame[ROW] < row], cells)
        for event in (event for event in EVENTS if event in cells):
            stated = count(cells[event])
            sums = [_sum(part[event]) for part in (rows, rows[rows[ROW] > above])]
            if stated is None or None in sums or stated in sums:
                continue
            notes.say("warning", f"{quoted(cells[event])} is the total in the file, and its rows add up to "
                      f"{sums[0]:,}", "rows that add up to it",
                      "Look for rows that are missing or stand twice, or say in the reason why they differ.",
                      row, event)  # fmt: skip
        above = row


def _of_total(frame: pd.DataFrame, cells: dict[str, str]) -> pd.DataFrame:
    """The rows a total is of: those with the years and group it names, for all people where it names none."""
    for name in _NARROWING:
        if name == "group" and name in frame:
            wanted, codes = _group_code(cells[name]), frame[name].map(_group_code)
            if wanted != "all":
                frame = frame[codes.eq(wanted)]
            elif codes.eq("all").any():
                frame = frame[codes.eq("all")]
        elif name in frame and cells[name]:
            frame = frame[frame[name].eq(cells[name])]
    return frame


def _group_code(text: str) -> str:
    """The code of a group as it is written; that of all where none is, or none that is known."""
    found = group(text) if text else None
    return found.code if found else "all"


def _sum(texts: pd.Series[str]) -> int | None:
    numbers = [count(text) for text in texts]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
