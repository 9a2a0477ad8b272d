"""The counts of one row of a quarterly report, completed from one another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from equity.intake.findings import quoted
from equity.intake.formats.identity import Identity
from equity.intake.formats.service_rows import Rows
from equity.intake.formats.zips import ZipBook
from equity.intake.places import Places
from equity.intake.schemas import cells
from equity.intake.schemas.quarters import quarter_of
from equity.intake.sheet import plain

#: ``total`` is the program's own row, ``unknown`` households whose place nobody knows.
Place = Literal["total", "unknown", "zip"]
#: A count by the column it stands in.
COUNTS: Final = ("new_households", "continuing_households", "current_caseload", "exits")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it counts, and its counts.

    ``written`` is the ZIP code of the row in five digits, or the word in its place, ``''`` in a program's own
    row; ``zip`` the known area it is counted in, ``''`` where there is none. ``new`` and ``continuing`` are
    ``None`` where only the caseload is given.
    """

    label: int
    program_id: str
    quarter: str
    place: Place
    written: str
    zip: str
    group: str
    group_written: str
    new: int | None
    continuing: int | None
    caseload: int | None
    exits: int | None

    def count(self, column: str) -> int | None:
        """The count under a column's name."""
        return dict(zip(COUNTS, (self.new, self.continuing, self.caseload, self.exits), strict=True))[column]


def lines(rows: Rows, meant: dict[int, Identity], places: Places) -> list[Line]:
    """Every row that is right as a line; rows whose counts do not fit together are refused."""
    book = ZipBook(rows, places, "zip")
    found = []
    for label, identity in meant.items():
        line = _line(rows, label, identity.program_id, book)
        if line is not None:
            found.append(line)
    return found


def _line(rows: Rows, label: int, program_id: str, book: ZipBook) -> Line | None:
    texts = rows.cells[label]
    new, continuing, caseload, exits = (cells.whole(texts[name]) for name in COUNTS)
    place = _place(texts["zip"])
    whole = _completed(rows, label, (new, continuing, caseload), place)
    if whole is None:
        return None
    return Line(
        label=label,
        program_id=program_id,
        quarter=quarter_of(texts["quarter"]),
        place=place,
        written=_written(texts["zip"], place),
        zip=_known_zip(texts, whole, book, label) if place == "zip" else "",
        group=cells.group_of(texts["group"]),
        group_written=plain(texts["group"]) or "all",
        new=whole[0],
        continuing=whole[1],
        caseload=whole[2],
        exits=exits,
    )


def _place(text: str) -> Place:
    if cells.is_all(text):
        return "total"
    return "unknown" if plain(text) in cells.UNKNOWN_PLACE else "zip"


def _written(text: str, place: Place) -> str:
    if place == "zip":
        return re.split(r"\D", text)[0].zfill(5)
    return plain(text) if place == "unknown" else ""


def _known_zip(texts: dict[str, str], whole: tuple[Any, ...], book: ZipBook, label: int) -> str:
    _, _, caseload = whole
    households = "1 household is" if caseload == 1 else f"{caseload} households are"
    return book.find(label, texts["zip"], f"Its {households} counted in the program's own row only.")


def _completed(
    rows: Rows, label: int, given: tuple[int | None, int | None, int | None], place: Place
) -> tuple[int | None, int | None, int | None] | None:
    """New, continuing and caseload, the third worked out from two; ``None`` where that cannot be."""
    new, continuing, caseload = given
    if new is not None and continuing is not None:
        if caseload is not None and caseload != new + continuing:
            rows.say(
                "error", label, "current_caseload", quoted(f"{caseload}"),
                f"{new + continuing}, the sum of {new} new and {continuing} continuing households",
                "Correct the one that is wrong.",
            )  # fmt: skip
            return None
        return new, continuing, new + continuing
    part = new if new is not None else continuing
    if caseload is None:
        if part is None and place == "total":
            return None, None, None
        name, expected = ("current_caseload", "new and continuing households, or the current caseload")
        if part is not None:
            name, expected = (
                "continuing_households" if new is not None else "new_households",
                "a whole number",
            )
        rows.say("error", label, name, "an empty cell", expected, "Write 0 where there is none.")
        return None
    if part is None:
        return None, None, caseload
    if part > caseload:
        rows.say(
            "error", label, "current_caseload", quoted(f"{caseload}"),
            f"at least {part}: new households are part of it, and so are continuing ones",
            "Correct the one that is wrong.",
        )  # fmt: skip
        return None
    return (new, caseload - part, caseload) if new is not None else (caseload - part, continuing, caseload)


def added(values: Iterable[int | None]) -> int | None:
    """The sum; ``None`` where a part of it is not known, or there is none."""
    parts = list(values)
    return None if not parts or None in parts else sum(part for part in parts if part is not None)
