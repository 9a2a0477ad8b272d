"""How a column of a report, and a whole report, is declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: What a cell of a column holds. ``count`` is a whole number or a mark that it is hidden.
Holds = Literal[
    "name", "text", "county", "area", "zip", "zips", "quarter", "period", "group",
    "whole", "count", "number", "percent",
]  # fmt: skip
#: How the dictionary names what a cell holds.
HOLDS_WORDS: Final[dict[Holds, str]] = {
    "name": "name",
    "text": "text",
    "county": "county",
    "area": "place",
    "zip": "ZIP code, as text",
    "zips": "ZIP codes, as text",
    "quarter": "calendar quarter",
    "period": "year or years",
    "group": "race or ethnicity",
    "whole": "whole number",
    "count": "whole number, or a mark that it is hidden",
    "number": "number",
    "percent": "percent",
}
Needed = Literal["always", "sometimes", "no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``name`` is its name in the code, ``title`` its heading in the templates, ``description`` what it
    means, ``write`` what to write and in which unit, ``example`` a cell. ``needed`` is ``always`` where no
    cell may be empty; ``sometimes`` where ``write`` says when. ``low`` and ``high`` bound numbers,
    inclusive. ``choices`` are the values to choose from, and the only ones where ``closed``. ``aliases``
    are other headings it goes by.
    """

    name: str
    title: str
    description: str
    write: str
    example: str
    holds: Holds
    needed: Needed = "no"
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    closed: bool = False
    aliases: tuple[str, ...] = ()

    def allowed(self) -> str:
        """Range or values to choose from, in words; ``''`` where there is no bound."""
        if self.choices:
            return ", ".join(self.choices) + ("" if self.closed else ", or another")
        if self.low is not None and self.high is not None:
            return f"from {self.low:g} to {self.high:g}"
        return "" if self.low is None else f"{self.low:g} or more"


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A report: its columns in the order of the template, and rows that show how it is filled in.

    ``marks`` are groups of columns: a sheet is such a report where it has at least one column of each
    group. ``intro`` are the sentences at the head of the sheet of instructions. ``rows`` map column names
    to cells; all names in them say that they are examples.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    marks: tuple[tuple[str, ...], ...]
    intro: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def headings(self) -> dict[str, tuple[str, ...]]:
        """The headings each column goes by, for finding the table in a sheet."""
        return {column.name: (column.title, *column.aliases) for column in self.columns}

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)
