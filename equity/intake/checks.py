"""Checks of single columns and keys; each refuses the rows that fail, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd

from equity.intake.csvfile import CsvFile
from equity.intake.report import ReadResult, Refusal

#: Longer lists of allowed codes are not spelt out in a reason.
_LISTED: Final = 12
_HEADER_ROWS: Final = 1
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100


class RowChecks:
    """The rows of one file while they are checked.

    ``text`` holds every cell as it was written; ``numbers`` the columns read as numbers (NaN where
    empty or refused). A row that fails any check is left out of :meth:`result`.
    """

    def __init__(self, file: CsvFile) -> None:
        self.source = file.source
        self.text = file.text
        self.numbers: dict[str, pd.Series[float]] = {}
        self._whole: list[str] = []
        self._refused: list[Refusal] = []
        self._bad = np.zeros(len(file.text), dtype=bool)

    def refuse(self, bad: pd.Series[bool], column: str, reason: str) -> None:
        """Refuse the rows where ``bad``; ``{value}`` in the reason stands for the cell's text."""
        hits = np.flatnonzero(bad.to_numpy(dtype=bool))
        rows = self.text.iloc[hits]
        sources = rows["source_id"] if "source_id" in rows else [""] * len(rows)
        for position, cell, source in zip(hits, rows[column], sources, strict=True):
            self._refused.append(
                Refusal(
                    file=self.source.name,
                    row=int(position) + 1 + _HEADER_ROWS,
                    column=column,
                    reason=reason.format(value=f"'{cell}'"),
                    source_id=source,
                )
            )
        self._bad[hits] = True

    def filled(self, *columns: str) -> None:
        """Refuse rows with an empty cell in any of the columns."""
        for column in columns:
            self.refuse(self.text[column].str.strip().eq(""), column, "this cell is empty; fill it.")

    def one_of(self, column: str, allowed: Collection[str], what: str) -> None:
        """Refuse rows whose cell is not one of the allowed codes."""
        listed = ", ".join(code or "(empty)" for code in allowed) if len(allowed) <= _LISTED else ""
        hint = f"; use one of {listed}." if listed else "."
        self.refuse(~self.text[column].isin(allowed), column, "{value} is not " + what + hint)

    def number(
        self,
        column: str,
        *,
        required: bool = False,
        whole: bool = False,
        low: float = -np.inf,
        high: float = np.inf,
    ) -> pd.Series[float]:
        """Read a column as numbers; refuse what is none, is not whole, or is out of bounds."""
        cells = self.text[column].str.strip()
        values = pd.to_numeric(cells, errors="coerce").astype(float)
        empty = cells.eq("")
        if required:
            self.refuse(empty, column, "this cell is empty; write a number.")
        senseless = ~empty & ~np.isfinite(values)
        self.refuse(senseless, column, "{value} is not a number; write digits with a point for decimals.")
        values = values.mask(senseless)
        if whole:
            self.refuse(values.notna() & (values % 1 != 0), column, "{value} must be a whole number.")
            self._whole += [column] if required else []
        outside = (values < low) | (values > high)
        self.refuse(outside, column, f"{{value}} is out of bounds: it must be {_bounds(low, high)}.")
        self.numbers[column] = values
        return values

    def years(self) -> None:
        """Check ``first_year`` and ``last_year`` and their order."""
        first, last = (
            self.number(column, required=True, whole=True, low=FIRST_YEAR, high=LAST_YEAR)
            for column in ("first_year", "last_year")
        )
        self.refuse(first > last, "last_year", "{value} lies before first_year; swap them.")

    def area(self, known: Collection[tuple[str, str]]) -> None:
        """Check that ``area_kind`` and ``area`` name a known place."""
        pairs = zip(self.text["area_kind"], self.text["area"], strict=True)
        self.refuse(
            pd.Series([pair not in known for pair in pairs], index=self.text.index, dtype=bool),
            "area",
            "{value} is not a known place of this area_kind; add it to areas.csv or correct the code.",
        )

    def unique(self, columns: Sequence[str]) -> None:
        """Refuse rows that repeat the key of an earlier row."""
        again = self.text.duplicated(list(columns), keep="first")
        self.refuse(again, columns[0], f"the row repeats an earlier one with the same {', '.join(columns)}.")

    def result(self) -> ReadResult:
        """The accepted rows with their numbers, and all refusals in the order of the file."""
        table = self.text.assign(**self.numbers)[~self._bad].reset_index(drop=True)
        table = table.astype(dict.fromkeys(self._whole, "int64"))
        refused = tuple(sorted(self._refused, key=lambda refusal: refusal.row))
        return ReadResult(table, self.source, refused)


def _bounds(low: float, high: float) -> str:
    if np.isinf(high):
        return f"at least {low:g}"
    return f"at most {high:g}" if np.isinf(low) else f"from {low:g} to {high:g}"
