"""Reading a CSV of this software's own shapes as text, so that no code loses its leading zeros."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import Table

from equity.intake.report import IntakeError, SourceFile

#: Folder of the files shipped with the software.
SHIPPED: Final = Path(__file__).resolve().parents[2] / "data"


#: Columns of the store that no shipped file has.
_NOT_SHIPPED: Final = frozenset({"bound"})


def shipped_columns(table: Table, without: Collection[str] = ()) -> list[str]:
    """The header of the shipped file of a table."""
    return [name for name in map(str, table.columns.keys()) if name not in {*_NOT_SHIPPED, *without}]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The cells of a file as text (``''`` where empty), one row per line after the header."""

    source: SourceFile
    text: pd.DataFrame


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(_bytes(path)).hexdigest()


def read_csv(path: Path, columns: Sequence[str]) -> CsvFile:
    """Read a UTF-8 CSV (plain or ``.gz``) that has exactly ``columns``, in any order.

    Raises :class:`IntakeError` for a file that is missing, is not such a CSV, or has other columns.
    """
    content = _bytes(path)
    try:
        plain = gzip.decompress(content) if path.suffix == ".gz" else content
        text = pd.read_csv(
            io.BytesIO(plain),
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=False,  # so that row numbers stay those of the file
            encoding="utf-8-sig",
        )
        if not isinstance(text.index, pd.RangeIndex):  # rows longer than the header
            raise pd.errors.ParserError
    except (
        OSError,
        EOFError,
        zlib.error,
        UnicodeDecodeError,
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
    ):
        raise IntakeError(
            f"{path.name} cannot be read as a CSV table in UTF-8: save it again as 'CSV UTF-8', "
            "with the same number of cells in every row."
        ) from None
    absent = [name for name in columns if name not in text.columns]
    strange = [name for name in text.columns if name not in columns]
    if absent or strange:
        faults = [f"lacks the column {name}" for name in absent]
        faults += [f"has a column {name} that does not belong there" for name in strange]
        raise IntakeError(f"{path.name} {' and '.join(faults)}: the header must be {','.join(columns)}.")
    return CsvFile(SourceFile(path.name, hashlib.sha256(content).hexdigest()), text[list(columns)].fillna(""))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise IntakeError(
            f"{path} is not there or cannot be read: put the file there and try again."
        ) from None
