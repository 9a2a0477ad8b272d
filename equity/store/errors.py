"""The store's one error: a sentence a person can act on, and the words of drivers turned into it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

BOOTSTRAP = "run `python -m equity bootstrap`"
_BUSY = "is in use by another process that is writing: wait until that has finished and try again"


class StoreError(Exception):
    """Something a person can put right; its text is one sentence and never holds a password."""


#: What a driver says (lower case) and how the sentence goes on after naming the place; first match wins.
_PHRASES = (
    (r"not a database", f"is not a database: name another file, or move it away and {BOOTSTRAP}"),
    (r"malformed", f"is damaged: restore it from a backup, or move it away and {BOOTSTRAP}"),
    (r"disk i/o error", "cannot be read or written: check the disk it is on"),
    (r"is full|no space left", "cannot grow because the disk is full: free some space and try again"),
    (r"is locked|lock timeout", _BUSY),
    (r"readonly|read-only", "may only be read by this user: give it permission to write"),
    (r"unable to open", "cannot be opened: check that this user may read and write the file and its folder"),
    (r"permission denied", "may not be used by this user: ask its administrator for the permission"),
    (r"authentication failed", "refused the user name or password: check both in EQUITY_DATABASE_URL"),
    (r"no password supplied", "asks for a password: give one in EQUITY_DATABASE_URL"),
    (r'role ".*" does not exist', "does not know this user: create the role or check EQUITY_DATABASE_URL"),
    (r'database ".*" does not exist', "does not exist: create it (createdb) or check EQUITY_DATABASE_URL"),
)


def place(url: URL) -> str:
    """Name a database for a person, without user name, password or options."""
    if url.get_backend_name() == "sqlite":
        return f"The database file {url.database}"
    socket = url.query.get("host")
    host = url.host or (socket if isinstance(socket, str) else "this machine")
    port = f":{url.port}" if url.port else ""
    return f"The PostgreSQL database {url.database or '(unnamed)'} on {host}{port}"


def explain(error: Exception, url: URL) -> StoreError | None:
    """Turn what a driver said into a sentence, or None where the cause is not known.

    The driver's own words are left out: they may repeat the URL or the rows.
    """
    said = str(getattr(error, "orig", None) or error).lower()
    if "audit_event only grows" in said:
        return StoreError(f"{place(url)} refused a change: what was recorded of who did what stays as it is.")
    if isinstance(error, IntegrityError):
        return StoreError(f"{place(url)} refused a change: {_broken_rule(said)}.")
    for phrase, rest in _PHRASES:
        if re.search(phrase, said):
            return StoreError(f"{place(url)} {rest}.")
    if isinstance(error, OperationalError) and url.get_backend_name() == "postgresql":
        return StoreError(
            f"{place(url)} cannot be reached: "
            "check that the server runs and that EQUITY_DATABASE_URL is right."
        )
    return None


def _broken_rule(said: str) -> str:
    """What rows did wrong; the values are left out, they are counts of people."""
    if "foreign key" in said:
        return "some rows point at rows that are not there; load the source those belong to first"
    if "unique" in said:
        return "two rows stand for the same thing; remove one of them"
    rule = re.search(r"ck_\w+", said)
    return f"a value is not one of those allowed (rule {rule[0] if rule else 'not null'}); correct it"


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Raise a StoreError in place of what the driver raises; faults of this software pass unchanged."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        sentence = explain(error, url)
        if sentence is None:
            raise
        raise sentence from None
