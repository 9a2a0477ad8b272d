"""Files handed in: what came, what became of it, and the tidy rows it would bring, until a steward decides.

The file itself is not kept, only its name, size and checksum, the findings of its reader, and the counts
read from it. The writing functions work inside the caller's transaction (``writing``).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Row, delete, insert, select, update

from equity.store.engine import Readable, connected
from equity.store.errors import StoreError
from equity.store.frames import read_frame
from equity.store.schema import submission, submission_part
from equity.store.write import KEYED_TABLES, as_json, now

#: Statuses in which the rows of a file are not, and never again, on their way into the store.
CLOSED: Final = ("refused", "withdrawn", "declined")
#: How the note of a source begins that came as a file; names of files hold no sign but ``. _ -``.
_FILE_NOTE: Final = re.compile(
    r"File (?P<name>[\w. -]+)(?:, sheets (?P<sheets>“[^”]*”(?:, “[^”]*”)*))?: (?P<read>[\d,]+) rows read, "
    r"(?P<refused>[\d,]+) refused; handed in (?P<received>[\d-]{10}), accepted (?P<accepted>[\d-]{10})\."
    r"(?: (?P<rest>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class FileNote:
    """What a source's note says of the file its rows came in: releases carry nothing else of it.

    ``received_on`` and ``accepted_on`` are days in UTC (``YYYY-MM-DD``); ``sheets`` is empty for text files;
    ``rest`` is what the reader of the file has to say about the source.
    """

    file_name: str
    sheets: tuple[str, ...]
    rows_read: int
    rows_refused: int
    received_on: str
    accepted_on: str
    rest: str = ""

    def written(self) -> str:
        """As text, which :func:`read_file_note` reads back."""
        quoted = ", ".join(f"“{name.translate(_NO_QUOTES)}”" for name in self.sheets)
        sheets = f", sheets {quoted}" if quoted else ""
        return (
            f"File {self.file_name}{sheets}: {self.rows_read:,} rows read, {self.rows_refused:,} refused; "
            f"handed in {self.received_on}, accepted {self.accepted_on}. {self.rest}"
        ).rstrip()


_NO_QUOTES: Final = str.maketrans("“”", "''")


def read_file_note(note: str) -> FileNote | None:
    """What a note says of a file; ``None`` where its source did not come as one."""
    found = _FILE_NOTE.fullmatch(note)
    if found is None:
        return None
    return FileNote(
        found["name"],
        tuple(re.findall(r"“([^”]*)”", found["sheets"] or "")),
        int(found["read"].replace(",", "")),
        int(found["refused"].replace(",", "")),
        found["received"],
        found["accepted"],
        found["rest"] or "",
    )


@dataclass(frozen=True, slots=True)
class Submission:
    """A file that was handed in. Times are UTC text; ``report`` is what its reader found."""

    id: str
    source_id: str | None
    received_at: str
    received_from: str
    kind: str
    status: str
    file_name: str
    sha256: str
    size: int
    covers: str
    supersedes: str | None
    report: dict[str, Any]
    decided_at: str | None
    decided_by: str | None
    reason: str | None


def save_submission(
    connection: Connection, row: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> Submission:
    """Keep a new submission (the columns of ``submission`` with ``report`` for its JSON) and its rows."""
    values = {key: value for key, value in row.items() if key != "report"}
    values |= {"received_at": now(), "report_json": as_json(row["report"])}
    connection.execute(insert(submission).values(values))
    parts = [
        {"submission_id": row["id"], "name": name, "content": _packed(table)}
        for name, table in tables.items()
    ]
    if parts:
        connection.execute(insert(submission_part), parts)
    return require_submission(connection, row["id"])


def require_submission(readable: Readable, submission_id: str) -> Submission:
    """The submission with this id. Raises :class:`StoreError` where there is none."""
    found = find_submission(readable, submission_id)
    if found is None:
        raise StoreError(f"There is no submission {submission_id}: list them and choose one.")
    return found


def find_submission(readable: Readable, submission_id: str) -> Submission | None:
    """The submission with this id, or ``None``."""
    with connected(readable) as connection:
        row = connection.execute(select(submission).where(submission.c.id == submission_id)).first()
    return None if row is None else _submission(row)


def same_file(readable: Readable, sha256: str) -> Submission | None:
    """The latest submission of the very same bytes that still stands, if there is one."""
    query = (
        select(submission)
        .where(submission.c.sha256 == sha256, submission.c.status.not_in(CLOSED))
        .order_by(submission.c.received_at.desc())
    )
    with connected(readable) as connection:
        row = connection.execute(query).first()
    return None if row is None else _submission(row)


def accepted_for(readable: Readable, covers: str) -> Submission | None:
    """The accepted submission that reports the same, if there is one."""
    query = select(submission).where(submission.c.covers == covers, submission.c.status == "accepted")
    with connected(readable) as connection:
        row = connection.execute(query).first()
    return None if row is None else _submission(row)


def list_submissions(
    readable: Readable, statuses: Sequence[str] = (), sender: str | None = None
) -> list[Submission]:
    """Submissions, newest first; of certain statuses, or of one sender alone, where that is given."""
    query = select(submission).order_by(submission.c.received_at.desc(), submission.c.id)
    if statuses:
        query = query.where(submission.c.status.in_(statuses))
    if sender is not None:
        query = query.where(submission.c.received_from == sender)
    with connected(readable) as connection:
        return [_submission(row) for row in connection.execute(query)]


def staged_tables(readable: Readable, submission_id: str) -> dict[str, pd.DataFrame]:
    """The tidy rows a submission brings, by table of the store."""
    query = select(submission_part.c.name, submission_part.c.content).where(
        submission_part.c.submission_id == submission_id
    )
    with connected(readable) as connection:
        return {row.name: pd.read_parquet(io.BytesIO(row.content)) for row in connection.execute(query)}


def decide(
    connection: Connection,
    submission_id: str,
    status: str,
    by: str,
    reason: str = "",
    source_id: str | None = None,
    supersedes: str | None = None,
) -> None:
    """Set the status of a submission, with who decided and why."""
    values: dict[str, Any] = {
        "status": status,
        "decided_at": now(),
        "decided_by": by,
        "reason": reason or None,
    }
    values |= {"source_id": source_id} if source_id else {}
    values |= {"supersedes": supersedes} if supersedes else {}
    connection.execute(update(submission).where(submission.c.id == submission_id).values(values))


def brought_by(readable: Readable, source_id: str) -> dict[str, pd.DataFrame]:
    """The agencies and programs that stand under a source, by table of the store; none without a row."""
    with connected(readable) as connection:
        found = {
            table.name: read_frame(connection, select(table).where(table.c.source_id == source_id))
            for table in KEYED_TABLES
        }
    return {name: rows for name, rows in found.items() if len(rows)}


def known_ids(readable: Readable) -> dict[str, set[str]]:
    """The ids of the agencies and programs of the store, by table."""
    with connected(readable) as connection:
        return {table.name: set(connection.execute(select(table.c.id)).scalars()) for table in KEYED_TABLES}


def forget_rows(connection: Connection, submission_id: str) -> None:
    """Drop the staged rows of a submission that will never come in."""
    connection.execute(delete(submission_part).where(submission_part.c.submission_id == submission_id))


def _submission(row: Row[Any]) -> Submission:
    values = dict(row._mapping)
    return Submission(report=json.loads(values.pop("report_json")), **values)


def _packed(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
