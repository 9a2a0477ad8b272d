"""Filling the working tables. Every function works inside the caller's transaction (``writing``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from equity.store import schema
from equity.store.errors import StoreError, place
from equity.store.frames import frame_rows, insert_frame
from equity.store.keyed import let_go, put_keyed

#: Tables whose rows other sources may point at, in the order in which they are filled.
KEYED_TABLES: Final[tuple[Table, ...]] = (schema.agency, schema.program)
#: Tables of which every row belongs to one source alone.
SOURCE_TABLES: Final[tuple[Table, ...]] = (
    schema.vital_count,
    schema.published_estimate,
    schema.context,
    schema.program_evidence,
    schema.service_area,
    schema.capacity,
    schema.enrollment,
)
_ALL_EMPTY: Final[dict[str, Any]] = dict.fromkeys(schema.source.columns.keys())


def now() -> str:
    """The time in UTC as the store keeps it: ISO 8601 with microseconds, so that it sorts as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def replace_source(
    connection: Connection, source_row: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> int:
    """Put one source in place of what the store held from it; return the number of rows inserted.

    ``source_row`` has the columns of ``source`` (at least ``id``, ``kind``, ``basis``); ``rows_accepted``
    and ``loaded_at`` are filled in where absent. ``tables`` maps a table name to a frame with that
    table's columns; ``source_id`` may be left out. *All* old rows of the source go, those of tables not
    named here too; an agency or program that other sources use stays and goes over to one of them.
    Raises :class:`StoreError` for a frame that does not fit its table.
    """
    source_id = source_row["id"]
    subject = f"Source {source_id}"
    known = {table.name for table in (*KEYED_TABLES, *SOURCE_TABLES)}
    if strange := sorted(set(tables) - known):
        raise StoreError(
            f"{subject}: there is no table {', '.join(strange)} to load; use {', '.join(sorted(known))}."
        )
    given = {"loaded_at": now(), "rows_accepted": sum(map(len, tables.values()))}
    _put_source(connection, given | {key: value for key, value in source_row.items() if not _missing(value)})
    for table in reversed(SOURCE_TABLES):
        connection.execute(delete(table).where(table.c.source_id == source_id))
    frames = {
        name: _with_source(frame, source_id, f"{subject}, table {name}") for name, frame in tables.items()
    }
    inserted = 0
    for table in KEYED_TABLES:
        if table.name in frames:
            inserted += put_keyed(connection, table, frames[table.name], subject)
    _check_programs(connection, subject, frames)
    for table in SOURCE_TABLES:
        if table.name in frames:
            inserted += insert_frame(connection, table, frames[table.name], subject)
    for table in reversed(KEYED_TABLES):
        kept = frames[table.name]["id"] if table.name in frames else ()
        let_go(connection, table, source_id, list(kept))
    return inserted


def replace_areas(connection: Connection, area: pd.DataFrame, area_part: pd.DataFrame) -> None:
    """Put these areas, and the parts they consist of, in place of all the store held."""
    for table, frame in ((schema.area, area), (schema.area_part, area_part)):
        connection.execute(delete(table))
        insert_frame(connection, table, frame, "Areas")


def replace_targets(connection: Connection, target: pd.DataFrame) -> None:
    """Put these targets in place of all the store held; their sources must have been loaded."""
    connection.execute(delete(schema.target))
    insert_frame(connection, schema.target, target, "Targets")


def audit(connection: Connection, actor: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Record who did what to what, with a JSON-able detail; events are only ever added.

    Raises :class:`StoreError` where that cannot be: whatever else is done in the transaction is undone then.
    """
    row = {"at": now(), "actor": actor, "action": action, "subject": subject}
    try:
        connection.execute(insert(schema.audit_event).values(**row, detail_json=as_json(detail)))
    except DBAPIError:
        raise StoreError(
            f"{place(connection.engine.url)} cannot record who did what, so nothing was done: check that "
            "this user may add rows to its table audit_event and that its disk is not full."
        ) from None


def as_json(value: Any) -> str:
    """JSON as the store keeps it: sorted keys, no spaces, so that equal values are equal text; no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _missing(value: Any) -> bool:
    return value is None or value == "" or value != value  # NaN is the one value unlike itself


def _put_source(connection: Connection, row: dict[str, Any]) -> None:
    """Update the row where there is one: targets and submissions may point at it."""
    table = schema.source
    (values,) = frame_rows(table, pd.DataFrame([row], dtype=object), f"Source {row['id']}")
    there = connection.execute(select(table.c.id).where(table.c.id == row["id"])).first()
    if there is None:
        connection.execute(insert(table).values(values))
    else:
        connection.execute(update(table).where(table.c.id == row["id"]).values(_ALL_EMPTY | values))


def _with_source(frame: pd.DataFrame, source_id: str, subject: str) -> pd.DataFrame:
    if "source_id" in frame.columns and not (frame["source_id"] == source_id).all():
        raise StoreError(f"{subject}: some rows name another source; load each source with its own rows.")
    return frame.assign(source_id=source_id)


def _check_programs(connection: Connection, subject: str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Name a service fact whose program is not known, better than the database would."""
    facts = [
        tables[name]["program_id"] for name in ("service_area", "capacity", "enrollment") if name in tables
    ]
    if not facts:
        return
    known = connection.execute(select(schema.program.c.id)).scalars()
    strange = sorted(set(pd.concat(facts).dropna()) - set(known))
    if strange:
        listed = ", ".join(map(str, strange[:3]))
        raise StoreError(
            f"{subject}: no program {listed} is known; add it to the program table of the source."
        )
