"""Every revision is applied and undone with rows in every table: nothing is lost that has a place."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Engine, insert, text

from equity.config import ROOT
from equity.store import schema
from equity.store.engine import StoreError, open_store, upgrade, writing
from equity.store.migrate import State, _migrating, migration_config, store_state
from equity.store.read import published, vital_totals
from tests.store.filling import Rows, contents, fill
from tests.store.small import load, service, source_row, vital

#: Tables a revision empties on its way up or down, as its own text says.
EMPTIED = {"0002": {"submission"}}


def _revisions() -> list[Script]:
    """Every revision, the first one first."""
    scripts = ScriptDirectory.from_config(migration_config())
    return list(reversed(list(scripts.walk_revisions())))


REVISIONS = _revisions()
FIRST, HEAD = REVISIONS[0].revision, REVISIONS[-1].revision
Move = Callable[..., None]


def _move(engine: Engine, move: Move, revision: str) -> None:
    with _migrating(engine) as connection:
        move(migration_config(connection), revision)


def _contents(engine: Engine) -> Rows:
    with engine.connect() as connection:
        return contents(connection)


def _fill(engine: Engine, tables: set[str] | None = None) -> None:
    with writing(engine) as connection:
        fill(connection, tables)


def _at_first(url: str) -> Engine:
    """A store at the first revision, with rows in every table."""
    engine = open_store(url, create=True)
    _move(engine, command.upgrade, FIRST)
    _fill(engine)
    return engine


def _same(before: Rows, after: Rows, emptied: set[str]) -> None:
    """What both shapes hold is equal, row by row; tables that the revision empties are empty."""
    for table in before.keys() & after.keys():
        if table in emptied:
            assert after[table] == []
            continue
        assert len(after[table]) == len(before[table]), table
        shared = [set(row) for row in (*before[table][:1], *after[table][:1])]
        columns = set.intersection(*shared) if shared else set()
        cut = [
            sorted(repr({name: row[name] for name in sorted(columns)}) for row in rows[table])
            for rows in (before, after)
        ]
        assert cut[0] == cut[1], table


def test_rows_survive_every_revision_up_and_down_and_up_again(store_url: str) -> None:
    engine = _at_first(store_url)
    rows = _contents(engine)
    assert len(rows) > 15 and all(len(found) == 2 for found in rows.values())
    for script in REVISIONS[1:]:
        _move(engine, command.upgrade, script.revision)
        after = _contents(engine)
        _same(rows, after, EMPTIED.get(script.revision, set()))
        # what is new here is filled, so that the way down meets rows in every table
        _fill(engine, {name for name, found in after.items() if not found})
        rows = _contents(engine)
        assert all(rows.values()), script.revision
    assert set(rows) == set(schema.metadata.tables)
    for script in reversed(REVISIONS[1:]):
        _move(engine, command.downgrade, str(script.down_revision))
        after = _contents(engine)
        _same(rows, after, EMPTIED.get(script.revision, set()))
        rows = after
    for script in REVISIONS[1:]:
        _move(engine, command.upgrade, script.revision)
        after = _contents(engine)
        _same(rows, after, EMPTIED.get(script.revision, set()))
        rows = after
    with engine.connect() as connection:
        assert store_state(connection) is State.CURRENT
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    engine.dispose()
    open_store(store_url).dispose()


def test_what_was_recorded_can_be_changed_only_before_the_revision_that_forbids_it(store_url: str) -> None:
    engine = _at_first(store_url)
    change = text("UPDATE audit_event SET actor = 'somebody else'")
    for move, revision, allowed in (
        (command.upgrade, "0003", True),
        (command.upgrade, "0004", False),
        (command.downgrade, "0003", True),
        (command.upgrade, HEAD, False),
    ):
        _move(engine, move, revision)
        if allowed:
            with writing(engine) as connection:
                assert connection.execute(change).rowcount == 2
        else:
            with pytest.raises(StoreError, match="stays as it is"), writing(engine) as connection:
                connection.execute(change)
    engine.dispose()


def test_every_revision_says_what_it_loses() -> None:
    for revision, tables in EMPTIED.items():
        (script,) = (script for script in REVISIONS if script.revision == revision)
        assert all(f"``{table}``" in script.doc or f"``{table}``" in script.longdoc for table in tables)


def test_facts_of_the_first_revision_belong_to_the_source_of_their_program(store_url: str) -> None:
    engine = _at_first(store_url)
    upgrade(engine)
    with engine.connect() as connection:
        for table in ("service_area", "capacity", "enrollment"):
            query = f"SELECT f.source_id, p.source_id FROM {table} f JOIN program p ON p.id = f.program_id"  # noqa: S608
            found = connection.execute(text(query)).all()
            assert len(found) == 2 and all(own == programs for own, programs in found)
    engine.dispose()


def test_what_an_older_shape_has_no_word_for_is_left_out_and_the_rest_stays(store: Engine) -> None:
    load(store, service())
    counts = vital(
        ("county", "29510", 2022, 2022, "black", "births", "", 1500),
        ("county", "29510", 2022, 2022, "white", "births", "", 1400),
    )
    counts.loc[1, "scheme"] = "nchs_single_any_hispanic"
    load(store, {"vital_count": counts}, "counts", "reported")
    again = service()["service_area"].assign(source_id="second")
    repeated: list[Any] = again.to_dict("records")
    with writing(store) as connection:
        connection.execute(insert(schema.source).values(source_row("second", "reported")))
        connection.execute(insert(schema.service_area), repeated)
        connection.execute(
            insert(schema.published_estimate).values(
                area_kind="county", area="29510", first_year=2022, last_year=2022, group="white",
                scheme="nchs_bridged_any_hispanic", measure="births", value=1.0, status="shown",
                source_id="second",
            )
        )  # fmt: skip
    _move(store, command.downgrade, FIRST)
    rows = _contents(store)
    assert [row["count"] for row in rows["vital_count"]] == [1500]
    assert rows["published_estimate"] == []
    assert len(rows["service_area"]) == len(again) == 3
    assert len(rows["enrollment"]) == 8 and len(rows["capacity"]) == 2
    upgrade(store)
    assert published(store).empty
    assert vital_totals(store, "county", by="year", basis="reported")["count"].tolist() == [1500]
    assert {row["source_id"] for row in _contents(store)["service_area"]} == {"demo"}


def test_an_older_store_is_refused_until_it_is_upgraded(store_url: str) -> None:
    engine = _at_first(store_url)
    for script in REVISIONS[1:]:
        with pytest.raises(StoreError, match="by an older version of this software: run `python -m equity"):
            open_store(store_url)
        _move(engine, command.upgrade, script.revision)
    open_store(store_url).dispose()
    engine.dispose()


_UPGRADE = """
import sys
from equity.store.engine import open_store, upgrade
upgrade(open_store(sys.argv[1], create=True))
"""


def test_two_processes_that_upgrade_an_older_store_at_once_keep_its_rows(store_url: str) -> None:
    engine = _at_first(store_url)
    before = _contents(engine)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _UPGRADE, store_url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 2
    after = _contents(engine)
    _same(before, after, set().union(*EMPTIED.values()))
    with engine.connect() as connection:
        assert store_state(connection) is State.CURRENT
    engine.dispose()
