"""A steward goes back to an earlier release and takes the record away: on the page, under the own name."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, text

from equity.config import ROOT
from equity.store.engine import open_store, writing
from equity.store.events import list_events
from equity.store.releases import current_release_id, read_release, save_release, set_current
from tests.pages.reader import drawn, grave_faults, read, release_id, rows_of, taken, words
from tests.sign_in.conftest import settings_file
from tests.sign_in.provider import Provider
from tests.ui.server import Server, running
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser
#: The id of the release that is gone back from.
LATER = "d" * 16
#: The attack before a release is shown again, on a busy machine.
PATIENCE_MS = 120_000


@pytest.fixture
def two_store(app_home: Path, tmp_path: Path) -> Iterator[Engine]:
    """A store in ``tmp_path`` whose first release was followed by another of the same figures."""
    shutil.copytree(app_home, tmp_path, dirs_exist_ok=True)
    store = open_store(f"sqlite:///{tmp_path / 'equity.sqlite3'}")
    first = current_release_id(store, "public")
    assert first is not None
    row, parts = read_release(store, first)
    with writing(store) as connection:
        manifest = row.manifest | {"boundaries": "drawn anew"}
        save_release(connection, LATER, "public", first, "steward-0", manifest, row.figure_count, parts)
        set_current(connection, "public", LATER)
    yield store
    store.dispose()


@pytest.fixture
def two_server(two_store: Engine, tmp_path: Path, session_provider: Provider) -> Iterator[Server]:
    with running(ROOT, tmp_path, settings=settings_file(tmp_path, session_provider)) as server:
        yield server


def _back(steward: Visitor) -> None:
    steward.page.get_by_role("button", name="Show this release again").click()


def test_a_steward_goes_back_and_takes_the_record_away(
    two_server: Server, two_store: Engine, provider: Provider, visit: Callable[..., Visitor]
) -> None:
    everybody, steward = visit(two_server), visit(two_server)
    text_of_all = read(everybody, "/data")
    assert "What was published" not in text_of_all and "Who did what" not in text_of_all
    provider.user = {"sub": "s1", "roles": ["steward"]}
    steward.open("/data")
    steward.page.get_by_role("button", name="Sign in").click()
    steward.sees("Signed in as s1: data steward.")
    drawn(steward)
    assert grave_faults(steward) == []
    assert release_id(steward) == LATER and "steward-0" in words(steward)
    # where the log cannot be written nothing changes, and nobody takes a file
    with two_store.begin() as connection:
        refusal = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        connection.execute(text(f"CREATE TRIGGER no_room BEFORE INSERT ON audit_event {refusal}"))
    _back(steward)
    told = steward.page.get_by_text("cannot record who did what, so nothing was done")
    expect(told).to_be_visible(timeout=PATIENCE_MS)
    assert current_release_id(two_store, "public") == LATER
    steward.page.get_by_role("button", name="Everything recorded (CSV)").click()
    steward.sees(re.compile("Failed to generate file", re.IGNORECASE))
    steward.trouble.clear()
    with two_store.begin() as connection:
        connection.execute(text("DROP TRIGGER no_room"))
    read(steward, "/data")
    _back(steward)
    told = steward.page.get_by_text("is shown again to readers of the policy public.")
    expect(told).to_be_visible(timeout=PATIENCE_MS)
    shown = current_release_id(two_store, "public")
    assert shown != LATER
    drawn(steward)
    assert release_id(steward) == shown
    event = list_events(two_store)[-1]
    assert (event.actor, event.action, event.subject) == ("s1", "rollback", shown)
    assert json.loads(event.detail)["from"] == LATER
    assert "s1 rollback" in words(steward)
    name, content = taken(steward, "Everything recorded (CSV)")
    rows = rows_of(content)
    assert name == "events.csv" and len(rows) == len(list_events(two_store))
    assert [(row["actor"], row["action"]) for row in rows[-2:]] == [
        ("s1", "rollback"),
        ("s1", "events export"),
    ]


def test_who_signed_out_elsewhere_takes_no_record_away(
    two_server: Server, two_store: Engine, provider: Provider, visit: Callable[..., Visitor]
) -> None:
    provider.user = {"sub": "s2", "roles": ["steward"]}
    steward = visit(two_server)
    steward.open("/data")
    steward.page.get_by_role("button", name="Sign in").click()
    steward.sees("Signed in as s2: data steward.")
    drawn(steward)
    other = Visitor(steward.page.context.new_page(), steward.url)
    other.open("/about")
    other.page.get_by_role("button", name="Sign out").click()
    other.sees("You see the public figures.")
    steward.page.get_by_role("button", name="Everything recorded (CSV)").click()
    steward.sees(re.compile("Failed to generate file", re.IGNORECASE))
    steward.trouble.clear()
    assert "events export" not in [event.action for event in list_events(two_store)]
