"""What was recorded of who did what only grows, and is given away as an inert table."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError

from equity.cli import main
from equity.store import schema
from equity.store.engine import StoreError, open_store, upgrade, writing
from equity.store.events import EVENT_COLUMNS, Event, latest_events, list_events
from equity.store.write import audit
from equity.views.documents.rows_csv import rows_csv

EVENTS = (("steward", "publish", "r1", {"policy": "public"}), ("=cmd|' /C calc'!A1", "receive", "@s", {}))


def events_csv(events: list[Event]) -> bytes:
    return rows_csv(EVENT_COLUMNS, map(astuple, events))


def _record(engine: Engine) -> list[Event]:
    for event in EVENTS:
        with writing(engine) as connection:
            audit(connection, *event)
    return list_events(engine)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'somebody else'",
        "UPDATE audit_event SET at = at WHERE id = 1",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE id = 2",
    ],
)
def test_what_was_recorded_stays_as_it_was(store: Engine, statement: str) -> None:
    before = _record(store)
    refused = pytest.raises(StoreError, match="what was recorded of who did what stays as it is")
    with refused, writing(store) as connection:
        connection.execute(text(statement))
    assert list_events(store) == before and len(before) == 2
    assert len(_record(store)) == 4


def test_no_other_way_of_writing_replaces_a_row(store: Engine) -> None:
    before = _record(store)
    values: dict[str, Any] = {
        "id": before[0].id, "at": "x", "actor": "x", "action": "x", "subject": "x", "detail_json": "{}"
    }  # fmt: skip
    ways: list[Any] = [insert(schema.audit_event).values(values)]
    if store.dialect.name == "sqlite":
        ways.append(insert(schema.audit_event).prefix_with("OR REPLACE").values(values))
    else:
        ways.append(text("TRUNCATE audit_event"))
    for way in ways:
        with pytest.raises(DBAPIError), store.begin() as connection:
            connection.execute(way)
    assert list_events(store) == before


def test_events_are_listed_from_a_day_on(store: Engine) -> None:
    before = _record(store)
    today = dt.date.fromisoformat(before[0].at[:10])
    assert [(event.actor, event.action, event.subject) for event in before] == [row[:3] for row in EVENTS]
    assert list_events(store, today - dt.timedelta(1)) == before
    assert list_events(store, today + dt.timedelta(2)) == []
    assert latest_events(store, 9) == before[::-1] and latest_events(store, 1) == before[1:]


def test_no_cell_of_the_export_is_a_formula(store: Engine) -> None:
    rows = list(csv.DictReader(io.StringIO(events_csv(_record(store)).decode("utf-8-sig"), newline="")))
    assert [row["detail"] for row in rows] == ['{"policy":"public"}', "{}"]
    assert rows[1]["actor"] == "'=cmd|' /C calc'!A1" and rows[1]["subject"] == "'@s"


def test_the_command_prints_and_writes_events(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_store(sqlite_url, create=True)
    upgrade(engine)
    monkeypatch.setenv("EQUITY_DATABASE_URL", sqlite_url)
    assert main(["events"]) == 0
    assert capsys.readouterr().out == "Nothing was recorded.\n"
    with writing(engine) as connection:
        audit(connection, "steward \x1b[2J", "publish", "r1", {})
    assert main(["events", "--since", "2020-01-01"]) == 0
    printed = capsys.readouterr().out
    assert "steward ?[2J  publish  r1" in printed and "\x1b" not in printed
    assert main(["events", "--out", str(tmp_path / "log.csv")]) == 0
    assert (tmp_path / "log.csv").read_bytes() == events_csv(list_events(engine))
    assert main(["events", "--out", str(tmp_path / "no" / "log.csv")]) == 1
    assert "cannot be written: No such file or directory." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["events", "--since", "yesterday"])
    engine.dispose()
