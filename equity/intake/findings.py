"""What a reader has to say about a file that somebody handed in: where, what was found, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pandas as pd

#: An ``error`` keeps the whole file out; a ``warning`` must be accepted with a reason; a ``note`` tells
#: what was put right or left out on the way.
Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
#: Findings of one kind about one column that are spelt out; of the rest only the number is told.
MOST_ALIKE: Final = 20
#: Longer cells are cut where they are quoted.
_QUOTED: Final = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader found.

    ``row`` counts rows as a spreadsheet does, from 1; 0 where the finding is of the whole sheet. ``found``
    is the cell's text, ``expected`` what belongs there, ``mend`` what the sender can do; all plain text
    that may have come from the sender and is never to be shown as anything else.
    """

    level: Level
    found: str
    expected: str
    mend: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""

    def where(self) -> str:
        """Sheet, row and column, as far as the finding has them."""
        parts = [f"sheet {self.sheet}" if self.sheet else "", f"row {self.row}" if self.row else ""]
        return ", ".join(part for part in (*parts, f"column {self.column}" if self.column else "") if part)

    def sentence(self) -> str:
        """All of it in one line."""
        place = self.where()
        text = f"{place}: {self.found}" if place else self.found
        return " ".join(part for part in (f"{text}; expected {self.expected}.", self.mend) if part)


@dataclass(frozen=True)
class Reading:
    """What a reader made of one file.

    ``kind`` is the format's id, ``title`` what this file is, ``tables`` maps a table of the store to rows
    in its shape (without ``source_id``), ``source`` fills the row of ``source`` (publisher, title, vintage,
    url, licence, basis, note), ``covers`` says what is reported: of two accepted files with the same text
    the later takes the earlier one's place. ``rows_read`` counts data rows of the file, ``rows_refused``
    those left out; with an error among the findings nothing of the file may be taken in.
    """

    kind: str
    title: str
    tables: dict[str, pd.DataFrame]
    source: dict[str, Any]
    covers: str
    rows_read: int
    rows_refused: int = 0
    findings: tuple[Finding, ...] = field(default=())

    def of(self, level: Level) -> tuple[Finding, ...]:
        """The findings of one level, in the order of the file."""
        return tuple(finding for finding in self.findings if finding.level == level)

    @property
    def acceptable(self) -> bool:
        """True where no error stands against taking the file in."""
        return not self.of("error")


def quoted(cell: str) -> str:
    """A cell's text as a finding quotes it: in quotation marks, without line breaks, not too long."""
    text = " ".join(cell.split())
    return f"“{text[: _QUOTED - 1]}…”" if len(text) > _QUOTED else f"“{text}”"


def as_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table with the columns ``level, sheet, row, column, found, expected, mend``."""
    columns = ["level", "sheet", "row", "column", "found", "expected", "mend"]
    rows = [[getattr(finding, name) for name in columns] for finding in findings]
    return pd.DataFrame(rows, columns=columns)
