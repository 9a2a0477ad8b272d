"""Several processes hand in, accept, decline and withdraw at once; some are killed in the middle of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from equity.config import ROOT
from equity.intake.geography import read_geography
from equity.intake.known import load_known
from equity.intake.reference import REFERENCE
from equity.intake.submit import accept, receive, source_id_of, withdraw
from equity.store import read, schema
from equity.store.engine import writing
from equity.store.submissions import CLOSED, Submission, list_submissions, staged_tables
from equity.store.write import replace_areas
from tests.ops.handing_in import QUARTERS, report
from tests.store.filling import Rows, contents

FACTS = (schema.service_area, schema.capacity, schema.enrollment)
#: PySpark, where the heavy tests have brought it, warns of the pandas it meets as soon as it is imported.
QUIET = os.environ | {"PYTHONWARNINGS": "ignore::FutureWarning:pyspark.pandas"}
SLOW = os.environ.get("EQUITY_SLOW") == "1"


@pytest.fixture
def places(store: Engine) -> Engine:
    """A store that knows the shipped places."""
    geography = read_geography(REFERENCE)
    with writing(store) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    return store


def _start(store: Engine, *arguments: object) -> subprocess.Popen[str]:
    url = store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.ops.handing_in", url, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=QUIET, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _at_once(store: Engine, processes: int, rounds: int) -> Counter[str]:
    """Let them run together; what they did. None may end with an error, as a deadlock would be."""
    started = [_start(store, seed, rounds) for seed in range(processes)]
    ended = [(process.communicate(), process.returncode) for process in started]
    assert [(said[1], code) for said, code in ended] == [("", 0)] * processes
    done: Counter[str] = sum((Counter(json.loads(said[0])) for said, _ in ended), Counter())
    assert sum(done.values()) == processes * rounds
    return done


def _events(store: Engine) -> Counter[str]:
    with store.connect() as connection:
        return Counter(connection.execute(select(schema.audit_event.c.action)).scalars())


def _stored(store: Engine, table: Any, submission: Submission) -> list[tuple[Any, ...]]:
    """Rows of a table that stand under a submission, without their source."""
    columns = [column for column in table.columns if column.name != "source_id"]
    query = select(*columns).where(table.c.source_id == source_id_of(submission.id))
    with store.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(query)), key=repr)


def _staged(store: Engine, table: Any, submission: Submission) -> list[tuple[Any, ...]]:
    names = [column.name for column in table.columns if column.name != "source_id"]
    frame = staged_tables(store, submission.id)[table.name].astype(object)
    frame = frame.where(frame.notna(), None)
    return sorted(frame[names].itertuples(index=False, name=None), key=repr)


def _consistent(store: Engine) -> None:
    """Every accepted file is in the store once, row by row, and no other file is in it at all."""
    found = list_submissions(store)
    standing = Counter(row.sha256 for row in found if row.status not in CLOSED)
    assert set(standing.values()) <= {1}
    accepted = [row for row in found if row.status == "accepted"]
    assert len({row.covers for row in accepted}) == len(accepted)
    for table in FACTS:
        for row in accepted:
            assert _stored(store, table, row) == _staged(store, table, row)
        with store.connect() as connection:
            total = connection.execute(select(func.count()).select_from(table)).scalar_one()
        assert total == sum(len(_staged(store, table, row)) for row in accepted)
    told = {}
    for row in accepted:
        program, quarter, households = row.file_name.removesuffix(".csv").split("_")
        told[f"hand-in-hand--{program.lower()}", quarter] = int(households)
    assert load_known(store).caseloads == told
    named = {program for program, _ in told}
    assert set(read.programs(store)["program_id"]) == named


def _check_events(store: Engine, done: Counter[str]) -> None:
    """Whatever a process was told it had done is recorded, and nothing else."""
    assert _events(store) == {
        name: done[name] for name in ("receive", "accept", "decline", "withdraw") if done[name]
    }
    assert done["receive"] == len(list_submissions(store))


def test_processes_that_hand_in_and_decide_at_once_count_every_file_once(places: Engine) -> None:
    done = _at_once(places, processes=4, rounds=25)
    assert done["again"] and done["withdraw"] and done["accept"] >= done["withdraw"]
    _consistent(places)
    _check_events(places, done)


@pytest.mark.slow
def test_many_processes_at_once_for_longer(places: Engine) -> None:
    done = _at_once(places, processes=12, rounds=150)
    assert done["refused"]
    _consistent(places)
    _check_events(places, done)


def _snapshot(store: Engine) -> Rows:
    with store.connect() as connection:
        return contents(connection)


@pytest.mark.parametrize("action", ["receive", "accept", "withdraw"])
def test_a_process_that_is_killed_leaves_nothing_behind(places: Engine, action: str) -> None:
    first = receive(places, *report("Four", QUARTERS[0], 40), "agency").submission
    accept(places, first.id, "steward")
    corrected = receive(places, *report("Four", QUARTERS[0], 42), "agency").submission
    if action == "withdraw":
        accept(places, corrected.id, "steward")
    before, kills, statements = _snapshot(places), 0, 1 if SLOW else 10
    while True:
        process = _start(places, "kill", action, corrected.id, statements)
        said = process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, said
        kills += 1
        assert _snapshot(places) == before
        statements += 1 if SLOW else 25
    assert kills >= (10 if SLOW else 1)
    assert _snapshot(places) != before
    _consistent(places)
    # the lock of a dead writer is gone, and work goes on
    if action == "withdraw":
        withdraw(places, first.id, "steward", "a trial")
    else:
        waiting = list_submissions(places, ["waiting"])
        assert [row.id for row in waiting if row.id == corrected.id] == (
            [corrected.id] if action == "receive" else []
        )
        for row in waiting:
            accept(places, row.id, "steward", "a trial")
    _consistent(places)
