"""What was recorded of who did what. Events are added by ``write.audit`` and never change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import Connection, select

from equity.store.engine import Readable, connected
from equity.store.schema import audit_event


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``at`` is UTC text; ``detail`` is JSON text with sorted keys."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    detail: str


EVENT_COLUMNS: Final = tuple(field.name for field in fields(Event))


def list_events(readable: Readable, since: dt.date | None = None) -> list[Event]:
    """Events from the beginning of a day (UTC) on, or all of them, in the order they were recorded."""
    query = select(audit_event).order_by(audit_event.c.id)
    if since is not None:
        # times are kept as text that sorts, and a day is the beginning of each of its times
        query = query.where(audit_event.c.at >= since.isoformat())
    with connected(readable) as connection:
        return [Event(*row) for row in connection.execute(query)]


def latest_events(readable: Readable, count: int) -> list[Event]:
    """The last events that were recorded, the newest first."""
    query = select(audit_event).order_by(audit_event.c.id.desc()).limit(count)
    with connected(readable) as connection:
        return [Event(*row) for row in connection.execute(query)]


def actions_on(connection: Connection, subject: str) -> set[tuple[str, str]]:
    """What was done to a subject: each action with its detail (JSON text)."""
    query = select(audit_event.c.action, audit_event.c.detail_json).where(audit_event.c.subject == subject)
    return {(action, detail) for action, detail in connection.execute(query)}
