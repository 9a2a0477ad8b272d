"""Which agency and program a row means: a known one, or a new one with an id made from its names."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final

import pandas as pd

from equity.intake.findings import quoted
from equity.intake.formats.service_rows import Rows
from equity.intake.sheet import plain

#: Between an agency's and a program's part of an id; no part has two hyphens in a row.
_JOINT: Final = "--"
_EXAMPLE: Final = "(example)"


@dataclass(frozen=True, slots=True)
class Identity:
    """An agency and one of its programs; ``known`` where the store has the program already."""

    agency_id: str
    agency: str
    program_id: str
    program: str
    known: bool


class Programs:
    """The programs of the store, by the names and ids under which people may write them."""

    def __init__(self, programs: pd.DataFrame) -> None:
        texts = programs.astype(object).where(programs.notna(), "").astype("str")
        self._found: dict[tuple[str, str], Identity | str] = {}
        self._rows: list[dict[str, str]] = texts.to_dict("records")  # type: ignore[assignment]

    def find(self, agency: str, program: str) -> Identity | str:
        """The agency and program meant; where that is not clear, what is wrong, in words."""
        if (agency, program) not in self._found:
            self._found[agency, program] = self._find(agency, program)
        return self._found[agency, program]

    def _find(self, agency: str, program: str) -> Identity | str:
        if not agency:
            return self._by_program(program)
        agencies = {row["agency_id"]: row["agency"] for row in self._rows
                    if _key(agency) in (_key(row["agency_id"]), _key(row["agency"]))
                    or slug(agency) == row["agency_id"]}  # fmt: skip
        if len(agencies) > 1:
            return f"{quoted(agency)} is the name of {len(agencies)} agencies"
        agency_id, name = next(iter(agencies.items()), (slug(agency), agency))
        hits = [row for row in self._rows if row["agency_id"] == agency_id and _is(row, program)]
        if len(hits) > 1:
            return f"{quoted(program)} is the name of {len(hits)} programs of this agency"
        if hits:
            return _known(hits[0])
        return Identity(agency_id, name, f"{agency_id}{_JOINT}{slug(program)}", program, False)

    def column(self, program_id: str, name: str) -> str:
        """A fact of a known program; ``''`` where it is not known."""
        return next((str(row[name]) for row in self._rows if row["program_id"] == program_id), "")

    def agency_column(self, agency_id: str, name: str) -> str:
        """A fact of a known agency; ``''`` where it is not known."""
        return next((str(row[name]) for row in self._rows if row["agency_id"] == agency_id), "")

    def _by_program(self, program: str) -> Identity | str:
        hits = [row for row in self._rows if _is(row, program)]
        if len(hits) == 1:
            return _known(hits[0])
        if hits:
            return f"{quoted(program)} is the name of {len(hits)} programs"
        return f"{quoted(program)} is no known program, and its agency is not given"


def identify(rows: Rows, programs: Programs) -> dict[int, Identity]:
    """The program of every row without an error; rows where it is not clear are refused."""
    found: dict[int, Identity] = {}
    for label in rows.good():
        cells = rows.cells[label]
        meant = programs.find(_spaced(cells["agency"]), _spaced(cells["program"]))
        if isinstance(meant, str):
            rows.say("error", label, "program", meant, "one program", "Give the agency, or the program's id.")
        else:
            found[label] = meant
    _warn_of_examples(rows, found)
    return found


def slug(name: str) -> str:
    """A name as an id: small letters, digits and hyphens; the same name gives the same id."""
    letters = unicodedata.normalize("NFKD", name)
    letters = "".join(sign for sign in letters if not unicodedata.combining(sign))
    made = plain(letters).replace(" ", "-")
    # a name in letters that have no plain form still needs an id of its own
    return made or "name-" + hashlib.sha256(name.strip().encode()).hexdigest()[:8]


def _warn_of_examples(rows: Rows, found: dict[int, Identity]) -> None:
    """Tell, once a program, of the template's examples that were left in."""
    first: dict[str, int] = {}
    for label, meant in found.items():
        first.setdefault(meant.program_id, label)
    for label in first.values():
        meant = found[label]
        if _EXAMPLE in f"{meant.agency} {meant.program}".casefold():
            rows.say(
                "warning", label, "program", f"{quoted(meant.program)} is the template's example",
                "programs of your own", "Delete the rows of the example.",
            )  # fmt: skip


def _is(row: dict[str, str], program: str) -> bool:
    """True where the text is the program's id, its name, or the part of its id behind the agency's."""
    known, own = _key(row["program_id"]), _key(f"{row['agency_id']} {slug(program)}")
    return _key(program) in (known, _key(row["name"])) or own == known


def _known(row: dict[str, str]) -> Identity:
    return Identity(row["agency_id"], row["agency"], row["program_id"], row["name"], True)


def _key(text: str) -> str:
    """A name for comparing; one in letters that have no plain form only without regard to case."""
    return plain(text) or text.strip().casefold()


def _spaced(text: str) -> str:
    return " ".join(text.split())
