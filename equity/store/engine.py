"""Opening the store, and the two kinds of transaction it is used in: reading and writing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from equity.store.errors import StoreError, explain, explained, place
from equity.store.migrate import check_revision, upgrade
from equity.store.urls import check_file, parse_url

__all__ = ["Readable", "StoreError", "connected", "open_store", "reading", "upgrade", "writing"]

#: What reading functions take: an engine, or a connection where several reads must see the same moment.
Readable = Engine | Connection

#: How long one writer waits for another before giving up with a sentence.
BUSY_SECONDS: Final = 30
_CONNECT_SECONDS: Final = 10
#: Number of the PostgreSQL advisory lock that lets one process write at a time.
_WRITER_LOCK: Final = 0x6571_7569


def open_store(url: str, create: bool = False) -> Engine:
    """Open the store at a database URL and check that it can be used.

    With ``create`` an empty, older or missing database is accepted (the folder of an SQLite file is
    made): call :func:`upgrade` next. Without it the tables must be those of this software's revision.
    Raises :class:`StoreError` for everything a person can put right.
    """
    parsed = parse_url(url)
    is_file = parsed.get_backend_name() == "sqlite"
    if is_file:
        check_file(parsed, create)
    engine = _sqlite_engine(parsed) if is_file else _postgres_engine(parsed)
    try:
        _check_content(engine)
        check_revision(engine, create)
    except (StoreError, SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        if isinstance(error, StoreError):
            raise
        raise explain(error, parsed) or StoreError(
            f"{place(parsed)} cannot be used: check it, or name another in EQUITY_DATABASE_URL."
        ) from None
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it is kept, or none. One writer at a time, readers go on.

    Raises :class:`StoreError` where another process holds the store for more than ``BUSY_SECONDS``.
    """
    with explained(engine.url), engine.connect() as connection:
        connection.execution_options(immediate=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
                connection.execute(select(func.pg_advisory_xact_lock(_WRITER_LOCK)))
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads: every query in it sees the same moment."""
    with explained(engine.url), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def connected(readable: Readable) -> Iterator[Connection]:
    """The connection that was given, or a reading transaction of one's own."""
    if isinstance(readable, Connection):
        with explained(readable.engine.url):
            yield readable
    else:
        with reading(readable) as connection:
            yield connection


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transactions leave CREATE TABLE outside: begin and commit are sent by us.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: a reader that turns writer midway is refused without waiting.
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgres_engine(url: URL) -> Engine:
    arguments: dict[str, Any] = {}
    if url.get_driver_name() == "psycopg" and "connect_timeout" not in url.query:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    # Rows hold small counts of people: they must not show in an error that is logged.
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)


def _check_content(engine: Engine) -> None:
    """Reach the database; for a file, turn on the write-ahead log and look for damage."""
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            connection.execute(select(1))
        return
    _write_ahead(engine)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise sqlite3.DatabaseError("malformed")


def _write_ahead(engine: Engine) -> None:
    """Switch the file to the write-ahead log, which lasts; SQLite does not wait for its lock here."""
    deadline = time.monotonic() + BUSY_SECONDS
    raw = engine.raw_connection()
    try:
        while True:
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
    finally:
        raw.close()
