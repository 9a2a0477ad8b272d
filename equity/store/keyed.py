"""Agencies and programs: rows that other sources' facts point at, so never simply deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd
from sqlalchemy import Column, Connection, Table, bindparam, delete, func, insert, select, union_all, update

from equity.store import schema
from equity.store.frames import frame_rows

#: Columns that point at a row, and whose source inherits it when its own one lets it go.
_USERS: Final[dict[str, tuple[Column[str], ...]]] = {
    "agency": (schema.program.c.agency_id,),
    "program": (
        schema.service_area.c.program_id,
        schema.capacity.c.program_id,
        schema.enrollment.c.program_id,
    ),
}
#: Ids named in one statement.
_AT_ONCE: Final = 500


def put_keyed(connection: Connection, table: Table, frame: pd.DataFrame, subject: str) -> int:
    """Insert the rows of ``agency`` or ``program``, taking over those whose id is there already."""
    rows = list(frame_rows(table, frame, subject))
    there = _ids_there(connection, table, [row["id"] for row in rows])
    new = [row for row in rows if row["id"] not in there]
    if new:
        connection.execute(insert(table), new)
    changed = [{"key": row["id"], **row} for row in rows if row["id"] in there]
    if changed:
        values: dict[str, Any] = {name: bindparam(name) for name in changed[0] if name not in ("key", "id")}
        statement = update(table).where(table.c.id == bindparam("key")).values(values)
        connection.execute(statement, changed)
    return len(rows)


def let_go(connection: Connection, table: Table, source_id: str, kept: Sequence[str]) -> None:
    """Take away the rows of a source but those ``kept``; one that others use goes over to one of them."""
    own = connection.execute(select(table.c.id).where(table.c.source_id == source_id)).scalars()
    gone = sorted(set(own) - set(kept))
    heirs = _heirs(connection, table, source_id, gone)
    if heirs:
        statement = update(table).where(table.c.id == bindparam("key")).values(source_id=bindparam("heir"))
        connection.execute(statement, [{"key": key, "heir": heir} for key, heir in heirs.items()])
    for some in _chunks(sorted(set(gone) - set(heirs))):
        connection.execute(delete(table).where(table.c.id.in_(some)))


def _ids_there(connection: Connection, table: Table, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in _chunks(ids):
        found |= set(connection.execute(select(table.c.id).where(table.c.id.in_(some))).scalars())
    return found


def _heirs(connection: Connection, table: Table, source_id: str, ids: Sequence[str]) -> dict[str, str]:
    """For each row that other sources use, the first of them."""
    found: dict[str, str] = {}
    for some in _chunks(ids):
        uses = union_all(
            *(
                select(column.label("key"), column.table.c.source_id.label("heir")).where(
                    column.in_(some), column.table.c.source_id != source_id
                )
                for column in _USERS[table.name]
            )
        ).subquery()
        query = select(uses.c.key, func.min(uses.c.heir).label("heir")).group_by(uses.c.key)
        found |= {str(row.key): str(row.heir) for row in connection.execute(query)}
    return found


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
