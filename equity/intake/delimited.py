"""Text files with separators, in whatever encoding and with whatever separator they come."""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import suppress
from itertools import islice
from typing import Final

from charset_normalizer import from_bytes

from equity.intake.findings import Finding
from equity.intake.report import IntakeError
from equity.intake.sheet import MOST_CELLS, Sheet, too_many_cells

#: Separators a file may use, and what a person calls them.
SEPARATORS: Final = {"\t": "tabulators", ",": "commas", ";": "semicolons", "|": "upright strokes"}
#: Cells of one row and characters of one cell; more is no table a person made.
MOST_COLUMNS: Final = 1500
LONGEST_CELL: Final = 10_000
#: Characters of one row; it is not taken apart before it is known to be no longer.
LONGEST_ROW: Final = 1_000_000
_WESTERN: Final = "cp1252"
_SAMPLED_LINES: Final = 50
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Control characters that belong in no table of text.
_CONTROL: Final = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32))))


def read_delimited(name: str, content: bytes) -> Sheet:
    """Read delimited text as one sheet named ``''``.

    Raises :class:`IntakeError` where the bytes are no text, or hold rows or cells beyond all measure.
    """
    text, repairs = _decoded(name, content)
    separator = _separator(text)
    if separator != ",":
        repairs.append(
            Finding(
                "note", f"cells are separated by {SEPARATORS[separator]}", "any separator", "It was read so."
            )
        )
    cells: list[list[str]] = []
    kept = 0
    lines = _Lines(text)
    try:
        for row in csv.reader(lines, delimiter=separator, strict=True):
            lines.taken = 0
            if len(row) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in row):
                raise _too_long(name, len(cells) + 1)
            filled = [cell.replace("\r\n", "\n").strip() for cell in row]
            while filled and not filled[-1]:
                filled.pop()
            cells.append(filled)
            kept += len(filled)
            if kept > MOST_CELLS:
                raise too_many_cells(name)
    except _LongRowError:
        raise _too_long(name, len(cells) + 1) from None
    except csv.Error:
        raise IntakeError(
            f"Row {len(cells) + 1} of {name} cannot be read: look for a quotation mark that is never closed."
        ) from None
    return Sheet("", cells, tuple(repairs))


class _LongRowError(Exception):
    """A row is longer than any table's."""


class _Lines:
    """The lines of a text, with their ends; ``taken`` is how many characters were given out.

    A row may run over several lines: whoever reads rows sets ``taken`` to 0 after each.
    """

    def __init__(self, text: str) -> None:
        self.lines = io.StringIO(text, newline="")
        self.taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.taken += len(line)
        if self.taken > LONGEST_ROW:
            raise _LongRowError
        return line


def _too_long(name: str, row: int) -> IntakeError:
    return IntakeError(
        f"Row {row} of {name} has more than {MOST_COLUMNS} cells, or a cell of more "
        f"than {LONGEST_CELL:,} characters: save the table alone and try again."
    )


def _decoded(name: str, content: bytes) -> tuple[str, list[Finding]]:
    """The text, without its byte-order mark, and what was done to read it."""
    if not content.strip():
        raise IntakeError(f"{name} is empty: save the table again and try that file.")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(name, _strict(name, content, encoding)), []
    try:
        return _checked(name, content.decode("utf-8")), []
    except UnicodeDecodeError:
        pass
    guess = from_bytes(content).best()
    if guess is None:
        raise _no_text(name)
    text, encoding = str(guess), guess.encoding
    if not encoding.startswith("utf"):
        # a few accents do not tell encodings apart; spreadsheet programs here write the Western one
        with suppress(UnicodeDecodeError):
            text, encoding = content.decode(_WESTERN), _WESTERN
    repair = Finding("note", f"the file is written in {encoding}", "UTF-8", "It was read so; check names.")
    return _checked(name, text), [repair]


def _strict(name: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise _no_text(name) from None


def _checked(name: str, text: str) -> str:
    if not _CONTROL.isdisjoint(text):
        raise _no_text(name)
    return text


def _no_text(name: str) -> IntakeError:
    return IntakeError(
        f"{name} is neither a spreadsheet (.xlsx) nor a text file with separators: "
        "save it as one of these and try again."
    )


def _separator(text: str) -> str:
    """The separator that gives the most cells in the first lines, counted outside quotation marks."""
    first = islice(io.StringIO(text, newline=None), _SAMPLED_LINES)
    lines = [line for line in first if line.strip()]
    counts = {mark: sum(_outside_quotes(line, mark) for line in lines) for mark in SEPARATORS}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])
