"""Migrations make exactly the tables of the schema, once, all or nothing."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from equity.config import ROOT
from equity.store import codes, migrate, schema
from equity.store.engine import StoreError, open_store, upgrade
from equity.store.migrate import State, migration_config, store_state
from tests.store.small import load, service


def _reflected(engine: Engine) -> dict[str, Any]:
    """Everything the database itself says about its tables."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        found[table] = {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)
            ),
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(table)),
            "indexes": sorted((str(i["name"]), i["column_names"]) for i in inspector.get_indexes(table)),
            "foreign": sorted(
                (str(f["name"]), f["constrained_columns"], f["referred_table"], str(f["options"]))
                for f in inspector.get_foreign_keys(table)
            ),
        }
    found.pop("alembic_version", None)
    return found


def test_migrated_tables_are_those_of_the_schema(store: Engine) -> None:
    with store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    migrated = _reflected(store)
    with store.begin() as connection:
        schema.metadata.drop_all(connection)
        schema.metadata.create_all(connection)
    assert migrated == _reflected(store)
    assert set(migrated) == set(schema.metadata.tables)


def test_codes_agree_with_the_figure() -> None:
    from equity.release import figure

    assert figure.AREA_KINDS == codes.AREA_KINDS
    assert figure.GROUPS == codes.GROUPS
    assert figure.BASES == codes.BASES
    assert figure.STATUSES == codes.STATUSES


def test_upgrading_twice_changes_nothing(store: Engine) -> None:
    before = _reflected(store)
    upgrade(store)
    assert _reflected(store) == before


_UPGRADE = """
import os, signal, sys
from sqlalchemy import event
from equity.store.engine import open_store, upgrade
engine = open_store(sys.argv[1], create=True)
left = int(sys.argv[2])
@event.listens_for(engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
upgrade(engine)
"""


def _start(url: str, kill_after: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _UPGRADE, url, str(kill_after)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def _state(url: str) -> State:
    engine = open_store(url, create=True)
    with engine.connect() as connection:
        state = store_state(connection)
    engine.dispose()
    return state


def test_processes_that_upgrade_at_once_do_not_meet(store_url: str) -> None:
    processes = [_start(store_url) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 3
    assert _state(store_url) is State.CURRENT


def test_an_upgrade_that_is_killed_leaves_nothing_behind(store_url: str) -> None:
    for statements in (8, 20, 30):
        killed = _start(store_url, kill_after=statements)
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        assert _state(store_url) is State.EMPTY
    assert _start(store_url).wait() == 0
    assert _state(store_url) is State.CURRENT


_NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("program", recreate="auto") as batch:
        batch.add_column(sa.Column("colour", sa.Text()))
        batch.alter_column("funder", new_column_name="payer")
        batch.create_check_constraint("no_red", "colour <> 'red'")
    {last}
"""


def _head() -> str:
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    assert head is not None
    return head


#: The newest revision of this software.
HEAD = _head()


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of migrations with one more, which rebuilds a table that others point at."""
    scripts = tmp_path / "next"
    shutil.copytree(migrate._SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "_SCRIPTS", scripts)
    (scripts / "versions" / "next.py").write_text(_NEXT.format(head=HEAD, last="pass"))
    return scripts


def test_an_older_store_is_upgraded_with_its_rows(store: Engine, store_url: str, next_revision: Path) -> None:
    load(store, service())
    with pytest.raises(StoreError, match="by an older version of this software: run `python -m equity boot"):
        open_store(store_url)
    older = open_store(store_url, create=True)
    upgrade(older)
    with older.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM enrollment")).scalar_one() == 8
        assert connection.execute(text("SELECT count(colour) FROM program")).scalar_one() == 0
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "next"
    older.dispose()


def test_a_failing_migration_is_undone_whole(store: Engine, next_revision: Path) -> None:
    load(store, service())
    before = _reflected(store)
    broken = _NEXT.format(head=HEAD, last="raise RuntimeError('no')")
    (next_revision / "versions" / "next.py").write_text(broken)
    with pytest.raises(RuntimeError, match="no"):
        upgrade(store)
    assert _reflected(store) == before
    with store.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM enrollment")).scalar_one() == 8
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
    with pytest.raises(StoreError, match="point at rows that are not there"):
        load(store, {"program": service()["program"]})
