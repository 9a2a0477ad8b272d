"""Open what somebody handed in: bytes and a name that both may be hostile."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from equity.intake.delimited import read_delimited
from equity.intake.report import IntakeError
from equity.intake.sheet import Upload
from equity.intake.spreadsheet import ARCHIVE, OLD_BINARY, read_spreadsheet

#: No table of the formats read here comes near this.
MOST_BYTES: Final = 30 * 1024 * 1024
_LONGEST_NAME: Final = 100


def open_upload(name: str, content: bytes) -> Upload:
    """Open a spreadsheet or delimited text; what it is shows in its bytes, never in its name.

    Raises :class:`IntakeError`, a sentence, for what cannot be read.
    """
    label = safe_name(name)
    if len(content) > MOST_BYTES:
        raise _too_large(label)
    if content.startswith(OLD_BINARY):
        raise IntakeError(
            f"{label} is locked with a password, or a spreadsheet of the old kind (.xls): "
            "save it without a password as .xlsx and try again."
        )
    if content.startswith(ARCHIVE):
        sheets = read_spreadsheet(label, content)
    else:
        sheets = (read_delimited(label, content),)
    return Upload(label, hashlib.sha256(content).hexdigest(), len(content), sheets)


def open_path(path: Path) -> Upload:
    """Open a file by its path; one that is too large is not read at all."""
    return open_upload(path.name, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises :class:`IntakeError` for one that cannot be read or is too large."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(safe_name(path.name))
        return path.read_bytes()
    except OSError:
        raise IntakeError(
            f"{path} is not there or cannot be read: put the file there and try again."
        ) from None


def safe_name(name: str) -> str:
    """The last part of a file's name in letters, digits and ``. _ -``; never a path, never empty."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w.\- ]+", "_", last).strip(". ")
    return kept[-_LONGEST_NAME:] or "file"


def _too_large(label: str) -> IntakeError:
    return IntakeError(
        f"{label} is larger than {MOST_BYTES // 1024**2} MB: tables of these kinds are not. "
        "Record-level files are read on the command line (python -m equity records)."
    )
