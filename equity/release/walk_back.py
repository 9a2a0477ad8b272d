"""Where a number comes from: from a figure back to the files and publications it rests on.

Everything is read from the release itself, so that the answer is that of the day it was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from equity.release.figure import Basis, Figure
from equity.release.load import Release
from equity.store.submissions import read_file_note

#: Digits of a checksum that are shown; enough to find a file by.
SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """One source as a release knows it. Texts are ``""`` and numbers ``None`` where there is nothing to say.

    ``basis`` is the source's own (:data:`~equity.release.figure.BASES`). ``sha256`` is the start of the
    checksum of its file. ``file_name``, ``sheets``, ``rows_read``, ``received_on`` and ``accepted_on`` (days
    in UTC) are of files that somebody handed in; ``rows_accepted`` are rows of the store.
    """

    id: str
    title: str
    publisher: str
    vintage: str
    url: str
    basis: str
    sha256: str
    rows_accepted: int | None
    rows_refused: int | None
    note: str
    file_name: str = ""
    sheets: tuple[str, ...] = ()
    rows_read: int | None = None
    received_on: str = ""
    accepted_on: str = ""

    @property
    def handed_in(self) -> bool:
        """True where it came as a file that a steward accepted."""
        return bool(self.file_name)

    @property
    def made_up(self) -> bool:
        """True where it is demonstration data."""
        return self.basis == "demonstration"


@dataclass(frozen=True, slots=True)
class WalkBack:
    """From a figure to where it comes from: ``method`` made it from what ``origins`` hold.

    ``unknown`` are ids of sources that the release does not describe. Without an origin nobody has
    reported the figure.
    """

    basis: Basis
    method: str
    scheme: str
    origins: tuple[Origin, ...]
    unknown: tuple[str, ...]

    @property
    def made_up(self) -> bool:
        """True where the figure rests on demonstration data, be it in part."""
        return self.basis == "demonstration" or any(origin.made_up for origin in self.origins)

    @property
    def worked_out(self) -> bool:
        """True where nobody counted it: a rule or a model made it from what was counted."""
        return self.basis in ("estimated", "allocated")


def known_origins(release: Release) -> dict[str, Origin]:
    """Every source of a release by its id."""
    return {name: _origin(row) for name, row in release.sources.items()}


def walk_back(figure: Figure, origins: Mapping[str, Origin]) -> WalkBack:
    """Where a figure comes from; ``origins`` are those of its release (:func:`known_origins`)."""
    ids = [part for part in figure.source.split(";") if part]
    return WalkBack(
        figure.basis,
        figure.method,
        figure.scheme,
        tuple(origins[name] for name in ids if name in origins),
        tuple(name for name in ids if name not in origins),
    )


def _origin(row: Mapping[Any, Any]) -> Origin:
    note = _text(row, "note")
    file = read_file_note(note)
    values: dict[str, Any] = {"note": note}
    if file is not None:
        values = {
            "note": file.rest,
            "file_name": file.file_name,
            "sheets": file.sheets,
            "rows_read": file.rows_read,
            "received_on": file.received_on,
            "accepted_on": file.accepted_on,
        }
    values |= {name: _text(row, name) for name in ("id", "title", "publisher", "vintage", "url", "basis")}
    values |= {name: _whole(row, name) for name in ("rows_accepted", "rows_refused")}
    return Origin(**values, sha256=_text(row, "sha256")[:SHORT])


def _text(row: Mapping[Any, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _whole(row: Mapping[Any, Any], name: str) -> int | None:
    value = row.get(name)
    return None if value is None or pd.isna(value) else int(value)
