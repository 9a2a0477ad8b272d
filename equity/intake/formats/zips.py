"""ZIP codes of service reports: each looked up once, and what was repaired or is not known told once."""

from __future__ import annotations

from typing import Final

from equity.intake.findings import quoted
from equity.intake.formats.service_rows import Rows
from equity.intake.places import Places

_MEND_UNKNOWN: Final = "Check the code; a ZIP code outside the region cannot be shown here."


class ZipBook:
    """Looks ZIP codes up for the rows of one report."""

    def __init__(self, rows: Rows, places: Places, column: str) -> None:
        self._rows, self._places, self._column = rows, places, column
        self._told: set[str] = set()

    def find(self, label: int, text: str, unknown: str = "It was left out.") -> str:
        """The known ZIP code a text means, or ``''``; ``unknown`` says what becomes of that row."""
        found = self._places.zip(text)
        if not found.code:
            if self._first(f"{label}/{text}"):
                self._rows.say(
                    "note", label, self._column, f"the ZIP code {quoted(text)} is not known here",
                    "a ZIP code of the region", f"{unknown} {_MEND_UNKNOWN}",
                )  # fmt: skip
        elif found.repair and self._first(text):
            self._rows.say(
                "note", label, self._column, f"the ZIP code {quoted(text)} was {_past(found.repair)}",
                "a ZIP code of five digits that is an area", "",
            )  # fmt: skip
        return found.code

    def _first(self, key: str) -> bool:
        new = key not in self._told
        self._told.add(key)
        return new


def _past(repair: str) -> str:
    """A repair as the end of a sentence: *read as 63106*, *taken for a PO-box ZIP code, counted in 63017*."""
    return repair if repair.startswith("read") else f"taken for {repair}"
