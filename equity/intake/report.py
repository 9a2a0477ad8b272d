"""What a reader hands back: the rows it accepted, and every row it refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


class IntakeError(Exception):
    """A file that cannot be read at all; the text is a sentence: what is wrong, where, what to do."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken in.

    ``row`` counts lines of the file as a spreadsheet does: the header is row 1. ``source_id`` names the
    publication the row belongs to, where the row says so.
    """

    file: str
    row: int
    column: str
    reason: str
    source_id: str = ""

    def sentence(self) -> str:
        """Where it is, and what is wrong, in one line."""
        return f"{self.file}, row {self.row}, column {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file a table was read from: its name and the SHA-256 of its bytes, as 64 hexadecimal digits."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A tidy table of the accepted rows, the refusals, and the file both came from."""

    table: pd.DataFrame
    source: SourceFile
    refused: tuple[Refusal, ...] = field(default=())

    @property
    def rows_refused(self) -> int:
        """Rows refused; a row with two faults counts once."""
        return len({refusal.row for refusal in self.refused})
