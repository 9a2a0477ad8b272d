"""The roles of the handbook can do what they are for, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from equity.config import ROOT
from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.intake.submit import accept, decline, receive, withdraw
from equity.release.load import load_release
from equity.release.publish import publish_draft, rollback
from equity.store import schema
from equity.store.engine import StoreError, open_store, upgrade, writing
from equity.store.releases import current_release_id, list_releases
from equity.store.submissions import list_submissions
from equity.store.tokens import check_token, create_token, note_use, revoke_token
from equity.store.write import audit, replace_areas
from tests.ops.handbook import blocks, statements
from tests.ops.handing_in import report
from tests.ops.postgres import OwnServer
from tests.ops.publishing import publish_elsewhere, small_draft
from tests.shipped import run_equity
from tests.ui.server import running

pytestmark = pytest.mark.postgres
PUBLISHED = {"release", "release_part", "current_release"}


@pytest.fixture(scope="module")
def urls(own_postgres: OwnServer) -> dict[str, str]:
    """URL by role, of a database made as the handbook says, with a release of 250 deaths."""
    made, rights = blocks("sql")
    own_postgres.run(*statements(made))
    base = make_url(own_postgres.url).set(database="equity")
    found = {
        role: base.set(username=f"equity_{role}").render_as_string(hide_password=False)
        for role in ("owner", "writer", "reader")
    }
    publish_elsewhere(found["owner"], 250)
    owner = open_store(found["owner"])
    with owner.begin() as connection:
        for statement in statements(rights):
            connection.execute(text(statement))
    owner.dispose()
    return found


@pytest.fixture
def writer(urls: dict[str, str]) -> Iterator[Engine]:
    engine = open_store(urls["writer"])
    yield engine
    engine.dispose()


@pytest.fixture
def reader(urls: dict[str, str]) -> Iterator[Engine]:
    engine = open_store(urls["reader"])
    yield engine
    engine.dispose()


def _refused(engine: Engine, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text(statement))


def test_the_writer_takes_files_in_and_publishes(writer: Engine) -> None:
    geography = read_geography(REFERENCE)
    with writing(writer) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    first = receive(writer, *report("One", "2022Q3", 40), "hub").submission
    accept(writer, first.id, "steward")
    second = receive(writer, *report("One", "2022Q3", 42), "hub").submission
    accept(writer, second.id, "steward")
    withdraw(writer, second.id, "steward", "a trial")
    third = receive(writer, *report("Two", "2022Q3", 40), "hub").submission
    decline(writer, third.id, "steward", "a trial")
    token, secret = create_token(writer, "hub", ("submit",), 30, "steward")
    note_use(writer, check_token(writer, secret, "submit"))
    revoke_token(writer, token.id, "steward")
    before = current_release_id(writer, "public")
    made = publish_draft(writer, small_draft(251), "public")
    assert made.new and made.parent == before == rollback(writer)


@pytest.mark.parametrize("table", ["release", "release_part", "audit_event"])
def test_the_writer_cannot_change_what_was_published_or_recorded(writer: Engine, table: str) -> None:
    with writing(writer) as connection:
        audit(connection, "steward", "test", "nothing", {})
    column = next(iter(schema.metadata.tables[table].columns)).name
    _refused(writer, f"UPDATE {table} SET {column} = {column}")  # noqa: S608
    _refused(writer, f"DELETE FROM {table}")  # noqa: S608


def test_only_the_owner_changes_tables(writer: Engine, reader: Engine) -> None:
    for engine in (writer, reader):
        upgrade(engine)  # nothing to do, so nothing is refused
        _refused(engine, "CREATE TABLE mine (id integer)")
        _refused(engine, "UPDATE alembic_version SET version_num = '0001'")
        with pytest.raises(ProgrammingError, match="must be owner"), engine.begin() as connection:
            connection.execute(text("ALTER TABLE area ADD COLUMN mine integer"))


def test_the_reader_sees_releases_and_nothing_else(reader: Engine) -> None:
    current = current_release_id(reader, "public")
    assert current is not None
    assert load_release(reader, current).figures["numerator"].tolist() == [250]
    assert len(list_releases(reader)) > 0
    for table in sorted(set(schema.metadata.tables) - PUBLISHED):
        _refused(reader, f"SELECT * FROM {table}")  # noqa: S608
    for table in sorted(PUBLISHED):
        _refused(reader, f"DELETE FROM {table}")  # noqa: S608
    with pytest.raises(StoreError, match="may not be used by this user: ask its administrator"):
        publish_draft(reader, small_draft(252), "public")


def test_a_server_of_the_reader_shows_figures_and_takes_no_file(
    urls: dict[str, str], writer: Engine, tmp_path: Path
) -> None:
    _, secret = create_token(writer, "hub", ("submit",), 30, "steward")
    with running(ROOT, tmp_path, settings={"EQUITY_DATABASE_URL": urls["reader"]}) as server:
        status, _, body = server.get("/api/ready")
        assert (status, json.loads(body)["release"]) == (200, current_release_id(writer, "public"))
        figures = server.get("/api/v1/releases/current/figures?measure=infant_mortality")
        assert figures[0] == 200 and len(json.loads(figures[2])["figures"]) == 1
        posted = Request(  # noqa: S310 - the server of this test
            f"{server.url}/api/v1/submissions?name=q.csv",
            data=report("One", "2022Q4", 40)[1],
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "text/csv"},
        )
        with pytest.raises(HTTPError, match="503"):
            urlopen(posted)  # noqa: S310
        assert "Traceback" not in server.log.read_text()
    assert [row.file_name for row in list_submissions(writer)].count("q.csv") == 0


@pytest.mark.slow
def test_the_commands_of_a_steward_as_owner_and_writer(
    own_postgres: OwnServer, urls: dict[str, str], tmp_path: Path
) -> None:
    done = run_equity(tmp_path, "bootstrap", EQUITY_DATABASE_URL=urls["owner"])
    assert done.returncode == 0 and "Published release" in done.stdout
    file = tmp_path / "q.csv"
    file.write_bytes(report("Slow", "2022Q4", 40)[1])
    done = run_equity(tmp_path, "submit", str(file), EQUITY_DATABASE_URL=urls["writer"])
    assert done.returncode == 0
    found = done.stdout.split()[1].rstrip(":")
    done = run_equity(tmp_path, "accept", found, "--publish", EQUITY_DATABASE_URL=urls["writer"])
    assert done.returncode == 0 and "Published release" in done.stdout
    done = run_equity(tmp_path, "publish", EQUITY_DATABASE_URL=urls["reader"])
    assert done.returncode == 1 and "may not be used by this user" in done.stderr
