"""The commands of the handbook back a store up while it is used, and bring it back whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.intake.submit import accept, receive
from equity.release.freeze import Draft, release_id
from equity.release.load import load_release
from equity.release.publish import publish_draft
from equity.store.engine import open_store, upgrade, writing
from equity.store.releases import current_release_id
from equity.store.write import replace_areas
from tests.ops.handbook import command
from tests.ops.handing_in import report
from tests.ops.postgres import OwnServer, programs
from tests.ops.publishing import small_draft
from tests.store.filling import Rows, contents


def _filled(url: str) -> Engine:
    """A store with places, a file that was accepted, one that waits, and two releases."""
    engine = open_store(url, create=True)
    upgrade(engine)
    geography = read_geography(REFERENCE)
    with writing(engine) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    accept(engine, receive(engine, *report("One", "2022Q3", 40), "hub").submission.id, "steward")
    receive(engine, *report("One", "2022Q4", 42), "hub")
    for deaths in (250, 251):
        publish_draft(engine, small_draft(deaths), "public")
    return engine


def _no_areas() -> tuple[pd.DataFrame, pd.DataFrame]:
    geography = read_geography(REFERENCE)
    return geography.area.head(0), geography.area_part.head(0)


def _contents(engine: Engine) -> Rows:
    with engine.connect() as connection:
        return contents(connection)


def _run(block: str, folder: Path, **environment: str) -> None:
    """Run a block of shell commands with this environment's Python and the server's programs."""
    path = os.pathsep.join((str(Path(sys.executable).parent), str(programs()), os.environ["PATH"]))
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", block],
        cwd=folder,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _goes_on(url: str, before: Rows) -> None:
    """A restored store holds every row, shows the same release, and takes in and publishes more."""
    engine = open_store(url)
    assert _contents(engine) == before
    current = current_release_id(engine, "public")
    assert current == release_id(small_draft(251))
    found = load_release(engine, current)
    assert release_id(Draft(found.figures, found.tables, found.layers, found.manifest)) == current
    (waiting,) = (row["id"] for row in before["submission"] if row["status"] == "waiting")
    accept(engine, waiting, "steward", "an example")
    assert publish_draft(engine, small_draft(252), "public").parent == current
    assert len(_contents(engine)["audit_event"]) == len(before["audit_event"]) + 2
    engine.dispose()


@pytest.mark.postgres
def test_a_dump_of_postgres_brings_everything_back(own_postgres: OwnServer, tmp_path: Path) -> None:
    own_postgres.run("CREATE ROLE keeper LOGIN")
    url, new = (own_postgres.database(name, "keeper") for name in ("busy", "restored"))
    engine = _filled(url)
    before = _contents(engine)
    with writing(engine) as connection:
        # a writer is at work meanwhile: nothing of what it does is in the backup
        replace_areas(connection, *_no_areas())
        _run(command("pg_dump"), tmp_path, EQUITY_DATABASE_URL=url)
    assert _contents(engine)["area"] == []
    engine.dispose()
    _run(command("pg_restore"), tmp_path, RESTORE_URL=new)
    _goes_on(new, before)


def test_a_copy_of_sqlite_brings_everything_back(tmp_path: Path) -> None:
    file = tmp_path / "equity.sqlite3"
    url = f"sqlite:///{file}"
    engine = _filled(url)
    before = _contents(engine)
    with writing(engine) as connection:
        replace_areas(connection, *_no_areas())
        _run(command("python -c"), tmp_path)
    assert _contents(engine)["area"] == []
    assert (tmp_path / "equity.sqlite3-wal").stat().st_size > 0
    # the servers stop without tidying up, as after a crash: their log must not spoil what is restored
    left = (tmp_path / "equity.sqlite3-wal").read_bytes()
    engine.dispose()
    (tmp_path / "equity.sqlite3-wal").write_bytes(left)
    _run(command("rm -f"), tmp_path)
    _goes_on(url, before)
