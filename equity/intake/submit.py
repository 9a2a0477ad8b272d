"""From a file handed in to rows in the store: received, looked at, accepted or declined, withdrawn.

A file comes in whole or not at all. What was replaced is kept, so that withdrawing a correction brings
back what it corrected.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine

from equity.intake.findings import Finding, Reading
from equity.intake.formats import read_upload
from equity.intake.known import load_known
from equity.intake.report import IntakeError
from equity.intake.sheet import Upload
from equity.intake.upload import open_upload
from equity.store import read, write
from equity.store.engine import writing
from equity.store.service import reported_quarters
from equity.store.submissions import (
    FileNote,
    Submission,
    accepted_for,
    brought_by,
    decide,
    forget_rows,
    known_ids,
    list_submissions,
    require_submission,
    same_file,
    save_submission,
    staged_tables,
)

#: Findings kept with a submission; a file with more faults than this is at fault throughout.
MOST_FINDINGS: Final = 1000


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in; ``again`` where the very same file had come before."""

    submission: Submission
    again: bool = False


def receive(engine: Engine, name: str, content: bytes, sender: str) -> Received:
    """Open, recognise and check a file, and keep what it would bring for a steward to decide on.

    A file with errors is kept with its findings and without rows, as refused. Raises
    :class:`IntakeError` for what cannot be read at all; nothing is kept of that.
    """
    upload = open_upload(name, content)
    known = same_file(engine, upload.sha256)
    if known is not None:
        return Received(known, again=True)
    return keep_reading(engine, upload, read_upload(upload, load_known(engine)), sender)


def keep_reading(engine: Engine, upload: Upload, reading: Reading, sender: str) -> Received:
    """Keep what a reader made of a file: waiting for a decision, or refused.

    Where the very same file has come in meanwhile, that one counts and nothing more is kept.
    """
    submission_id = uuid.uuid4().hex[:12]
    row = {
        "id": submission_id,
        "received_from": sender,
        "kind": reading.kind,
        "status": "waiting" if reading.acceptable else "refused",
        "file_name": upload.name,
        "sha256": upload.sha256,
        "size": upload.size,
        "covers": reading.covers,
        "report": _report(upload, reading),
    }
    tables = reading.tables if reading.acceptable else {}
    with writing(engine) as connection:
        twin = same_file(connection, upload.sha256)
        if twin is not None:
            return Received(twin, again=True)
        kept = save_submission(connection, row, tables)
        detail = {"kind": reading.kind, "status": row["status"], "sha256": upload.sha256}
        write.audit(connection, sender, "receive", submission_id, detail)
    return Received(kept)


def accept(engine: Engine, submission_id: str, by: str, reason: str = "") -> Submission:
    """Take a waiting submission into the store, in place of an accepted one that reports the same.

    Where its reader warned of something, ``reason`` must say why it is right all the same. Raises
    :class:`IntakeError` where it cannot be accepted.
    """
    with writing(engine) as connection:
        found = _waiting(connection, submission_id, "accepted")
        if _levels(found)["warning"] and not reason.strip():
            raise IntakeError(
                f"The reader of submission {submission_id} warned of something: "
                "write why it is right all the same, or decline it."
            )
        earlier = _replace(connection, found, by)
        if earlier is not None:
            decide(connection, earlier.id, "superseded", by, f"replaced by submission {submission_id}")
        supersedes = earlier.id if earlier else None
        decide(connection, submission_id, "accepted", by, reason, source_id_of(submission_id), supersedes)
        write.audit(connection, by, "accept", submission_id, {"supersedes": supersedes, "reason": reason})
        return require_submission(connection, submission_id)


@contextmanager
def rehearse(engine: Engine, submission_id: str) -> Iterator[tuple[Connection, str | None]]:
    """The store as it would be with a waiting submission accepted, inside a transaction that is undone.

    Gives the connection to read from, and the id of the submission that would be replaced.
    """
    with suppress(_Undo), writing(engine) as connection:
        found = _waiting(connection, submission_id, "looked at")
        earlier = _replace(connection, found, "preview")
        yield connection, earlier.id if earlier else None
        raise _Undo


def decline(engine: Engine, submission_id: str, by: str, reason: str) -> Submission:
    """Turn a waiting submission down; its rows are forgotten."""
    _need_reason(reason, "declined")
    with writing(engine) as connection:
        _waiting(connection, submission_id, "declined")
        decide(connection, submission_id, "declined", by, reason)
        forget_rows(connection, submission_id)
        write.audit(connection, by, "decline", submission_id, {"reason": reason})
        return require_submission(connection, submission_id)


def clear_refused(engine: Engine, by: str) -> int:
    """Mark every refused submission that nobody has looked after yet as seen; says how many those were.

    They stay refused, with what their reader found.
    """
    with writing(engine) as connection:
        open_ones = [row for row in list_submissions(connection, ("refused",)) if row.decided_at is None]
        for row in open_ones:
            decide(connection, row.id, "refused", by)
            write.audit(connection, by, "clear", row.id, {})
        return len(open_ones)


def withdraw(engine: Engine, submission_id: str, by: str, reason: str) -> Submission:
    """Undo the acceptance of a submission; what it had replaced comes back."""
    _need_reason(reason, "withdrawn")
    with writing(engine) as connection:
        found = require_submission(connection, submission_id)
        if found.status != "accepted":
            raise IntakeError(
                f"Submission {submission_id} is {found.status}: only an accepted one can be withdrawn."
            )
        if found.supersedes:
            earlier = require_submission(connection, found.supersedes)
            _swap(connection, found, earlier, by)
            decide(connection, earlier.id, "accepted", by, f"submission {submission_id} was withdrawn")
        else:
            _take_out(connection, found)
        decide(connection, submission_id, "withdrawn", by, reason)
        write.audit(connection, by, "withdraw", submission_id, {"reason": reason, "back": found.supersedes})
        return require_submission(connection, submission_id)


def findings_of(submission: Submission) -> tuple[Finding, ...]:
    """What the reader of a submission found."""
    return tuple(Finding(**finding) for finding in submission.report["findings"])


def source_id_of(submission_id: str) -> str:
    """The id of the source that a submission becomes."""
    return f"submission-{submission_id}"


class _Undo(Exception):  # noqa: N818 - no error: it makes the transaction roll back
    """Leaves a rehearsal without keeping anything."""


def _waiting(connection: Connection, submission_id: str, done: str) -> Submission:
    found = require_submission(connection, submission_id)
    if found.status != "waiting":
        raise IntakeError(f"Submission {submission_id} is {found.status}: only one that waits can be {done}.")
    return found


def _replace(connection: Connection, found: Submission, by: str) -> Submission | None:
    """Put a submission's rows into the store and those of the one it corrects out; return that one."""
    earlier = accepted_for(connection, found.covers) if found.covers else None
    if earlier is None:
        _take_in(connection, found, by)
    else:
        _swap(connection, earlier, found, by)
    return earlier


def _report(upload: Upload, reading: Reading) -> dict[str, Any]:
    found = [asdict(finding) for finding in reading.findings[:MOST_FINDINGS]]
    return {
        "title": reading.title,
        "source": reading.source,
        "sheets": [sheet.name for sheet in upload.sheets],
        "rows_read": reading.rows_read,
        "rows_refused": reading.rows_refused,
        "rows": {name: len(table) for name, table in reading.tables.items()},
        "findings": found,
        "more_findings": max(len(reading.findings) - MOST_FINDINGS, 0),
    }


def _take_in(connection: Connection, found: Submission, by: str) -> None:
    """Put the staged rows of a submission into the store as a source of their own."""
    tables = staged_tables(connection, found.id)
    _check_quarters(connection, tables)
    _check_programs(connection, tables)
    report = found.report
    note = FileNote(
        found.file_name,
        tuple(filter(None, report["sheets"])),
        report["rows_read"],
        report["rows_refused"],
        received_on=found.received_at[:10],
        accepted_on=write.now()[:10],
        rest=report["source"].get("note", ""),
    )
    row = report["source"] | {
        "id": source_id_of(found.id),
        "note": note.written(),
        "sha256": found.sha256,
        "rows_refused": report["rows_refused"],
        "loaded_by": by,
    }
    write.replace_source(connection, row, tables)


def _take_out(connection: Connection, found: Submission, kept: dict[str, pd.DataFrame] | None = None) -> None:
    """Remove the rows of an accepted submission, but for agencies and programs in ``kept``.

    The row of its source stays, for releases that name it.
    """
    if found.source_id is not None:
        stored = read.sources(connection)
        own = stored[stored["id"].eq(found.source_id)].iloc[0].dropna()
        row = {str(key): value for key, value in own.items()}
        write.replace_source(connection, row | {"rows_accepted": 0}, kept or {})


def _swap(connection: Connection, out: Submission, comes: Submission, by: str) -> None:
    """Put one submission in the place of another, whose programs the first may need: they go over to it."""
    _take_out(connection, out, brought_by(connection, source_id_of(out.id)))
    _take_in(connection, comes, by)
    _take_out(connection, out)


def _check_quarters(connection: Connection, tables: dict[str, pd.DataFrame]) -> None:
    """A program's quarter is reported by one file: a second one must correct that file, not add to it."""
    for name in ("capacity", "enrollment"):
        if name not in tables:
            continue
        taken = reported_quarters(connection, name)
        both = (
            tables[name][["program_id", "quarter"]]
            .drop_duplicates()
            .merge(taken, on=["program_id", "quarter"])
        )
        if len(both):
            first = both.iloc[0]
            raise IntakeError(
                f"{first['quarter']} of program {first['program_id']} was reported by "
                f"{first['source_id']} already: withdraw that first, or hand in a file of exactly "
                "the same quarters to correct it."
            )


def _check_programs(connection: Connection, tables: dict[str, pd.DataFrame]) -> None:
    """A file was read when its programs and agencies were known; what brought them may be gone since."""
    for name, known in known_ids(connection).items():
        if name in tables:
            known |= set(tables[name]["id"])
        named = {value for table in tables.values() if f"{name}_id" in table for value in table[f"{name}_id"]}
        if gone := sorted(named - known):
            raise IntakeError(
                f"{name.capitalize()} {gone[0]} is no longer known: the file that brought it was withdrawn. "
                "If these rows are right without it, decline this one and hand the file in again."
            )


def _levels(found: Submission) -> dict[str, int]:
    levels = [finding.level for finding in findings_of(found)]
    return {level: levels.count(level) for level in ("error", "warning", "note")}


def _need_reason(reason: str, done: str) -> None:
    if not reason.strip():
        raise IntakeError(f"Write why the submission is {done}: others will ask.")
