"""The formats people hand in, one module each, and which of them a file is.

A module offers ``KIND`` (its id), ``TITLE`` (plain words), ``looks_right(upload)`` and
``read(upload, known)``. What a file is shows in its cells, never in its name.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol

from equity.intake.findings import Reading
from equity.intake.known import Known
from equity.intake.report import IntakeError
from equity.intake.sheet import Upload


class Format(Protocol):
    """What a module of this package offers."""

    KIND: str
    TITLE: str

    def looks_right(self, upload: Upload) -> bool:
        """True where the cells look like this format."""

    def read(self, upload: Upload, known: Known) -> Reading:
        """Read the file. Faults of rows are findings; :class:`IntakeError` where it cannot be read at all."""


#: Modules in the order in which they are asked: those with the surest marks first.
MODULES: Final = ("wonder", "rankings", "quarterly", "roster", "vital_extract", "context_table")


def formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are asked."""
    return tuple(import_module(f"{__name__}.{name}") for name in MODULES)


def recognise(upload: Upload) -> Format:
    """The format of a file. Raises :class:`IntakeError` where it is none that is known here."""
    for candidate in formats():
        if candidate.looks_right(upload):
            return candidate
    listed = "; ".join(candidate.TITLE for candidate in formats())
    raise IntakeError(
        f"{upload.name} is none of the files that can be read here ({listed}): "
        "check that its first rows hold the column headings, or start from a template."
    )


def read_upload(upload: Upload, known: Known) -> Reading:
    """Recognise a file and read it. Raises :class:`IntakeError` where that cannot be done."""
    return recognise(upload).read(upload, known)
