"""Bringing a database to the tables this software needs, and telling how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select, text

from equity.store.errors import BOOTSTRAP, StoreError, explained, place
from equity.store.schema import metadata

_SCRIPTS: Final = Path(__file__).parent / "migrations"
#: PostgreSQL advisory lock under which one process migrates at a time.
_MIGRATION_LOCK: Final = 0x6571_6D69


class State(Enum):
    """How the tables of a database stand to those this software needs."""

    EMPTY = "empty"
    PARTIAL = "partial"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def migration_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, made here so that no ``alembic.ini`` has to lie about."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def store_state(connection: Connection) -> State:
    """Compare the tables and the recorded revision of a database with this software's."""
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads:
        return State.PARTIAL if tables & set(metadata.tables) else State.EMPTY
    scripts = ScriptDirectory.from_config(migration_config())
    if set(heads) - {script.revision for script in scripts.walk_revisions()}:
        return State.NEWER
    if heads != (scripts.get_current_head(),):
        return State.OLDER
    return State.PARTIAL if _lacks_columns(connection) else State.CURRENT


def _lacks_columns(connection: Connection) -> bool:
    found = inspect(connection).get_multi_columns()
    columns = {key[1]: {column["name"] for column in listed} for key, listed in found.items()}
    return any(
        set(table.columns.keys()) - columns.get(name, set()) for name, table in metadata.tables.items()
    )


def check_revision(engine: Engine, create: bool) -> None:
    """Raise a StoreError unless the tables can be used, or, with ``create``, can be made or upgraded."""
    with engine.connect() as connection:
        state = store_state(connection)
    if state is State.CURRENT or (create and state in (State.EMPTY, State.OLDER)):
        return
    raise _refusal(engine, state)


def _refusal(engine: Engine, state: State) -> StoreError:
    rest = {
        State.EMPTY: f"is empty: {BOOTSTRAP} to fill it.",
        State.OLDER: f"was made by an older version of this software: {BOOTSTRAP} to upgrade it.",
        State.NEWER: "was made by a newer version of this software: update the software and start it again.",
        State.PARTIAL: "holds only part of its tables: restore it from a backup, "
        f"or move it away (or name an empty one) and {BOOTSTRAP}.",
    }
    return StoreError(f"{place(engine.url)} {rest[state]}")


def upgrade(engine: Engine) -> None:
    """Make or upgrade the tables in one transaction: all of them, or nothing where it is cut short.

    One process does it at a time; the next one finds it done. Raises :class:`StoreError` where the
    database holds part of the tables or those of a newer version.
    """
    with explained(engine.url), _migrating(engine) as connection:
        state = store_state(connection)
        if state is State.CURRENT:
            return
        if state in (State.PARTIAL, State.NEWER):
            raise _refusal(engine, state)
        command.upgrade(migration_config(connection), "head")


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction under the migration lock."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            with connection.begin():
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
                yield connection
            return
        driver = connection.connection.cursor()
        # Rebuilding a table drops it, which would cascade; inside a transaction the switch does nothing.
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            connection.execution_options(immediate=True)
            with connection.begin():
                yield connection
                if connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise StoreError(
                        f"{place(engine.url)} has rows that point nowhere: restore it from a backup."
                    )
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
            driver.close()
