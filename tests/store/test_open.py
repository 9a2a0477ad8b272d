"""Every way in which a database can be wrong gives one sentence, and never the password."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from equity.config import ROOT
from equity.store.engine import BUSY_SECONDS, StoreError, open_store, upgrade, writing
from equity.store.vital import vital_totals
from tests.store.small import load, vital

SECRET = "hunter2"  # noqa: S105 - no secret, but what must not show


def refusal(url: str, create: bool = False) -> str:
    """The sentence with which a URL is refused; nothing of its password may show, chained errors included."""
    with pytest.raises(StoreError) as caught:
        open_store(url, create=create)
    assert SECRET not in "".join(traceback.format_exception(caught.value, chain=True))
    sentence = str(caught.value)
    assert re.fullmatch(r"[A-Z/][^\n]*[^.\n]\.", sentence)
    return sentence


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "EQUITY_DATABASE_URL is empty"),
        ("   ", "EQUITY_DATABASE_URL is empty"),
        (f"just {SECRET}", "is not a database URL"),
        (f"postgresql://u:{SECRET}@host:port/db", "is not a database URL"),
        (f"postgresql://u:se@{SECRET}@host/db", "its password holds a sign"),
        (f"postgresql://u/2:{SECRET}@host/db", "its password holds a sign"),
        (f"postgresql://u:/{SECRET}@127.0.0.1:1/db", "database db on 127.0.0.1:1 cannot be reached"),
        (f"mysql://u:{SECRET}@host/db", "the database kind 'mysql', which this software cannot use"),
        (f"postgres://u:{SECRET}@host/db", "the database kind 'postgres'"),
        (f"postgresql+nosuch://u:{SECRET}@host/db", "a driver that SQLAlchemy does not know"),
        (f"postgresql+pg8000://u:{SECRET}@host/db", "is not installed: run `pip install"),
        (
            f"postgresql://u:{SECRET}@127.0.0.1:1/db",
            "database db on 127.0.0.1:1 cannot be reached: check that",
        ),
        (f"postgresql://127.0.0.1:1/db?password={SECRET}", "database db on 127.0.0.1:1 cannot be reached"),
        (f"postgresql+psycopg://u:{SECRET}@nosuch.invalid/db", "on nosuch.invalid cannot be reached"),
        ("sqlite://", "names no database file"),
        ("sqlite:///:memory:", "names no database file"),
    ],
)
def test_a_url_that_cannot_work_is_explained(url: str, words: str) -> None:
    assert words in refusal(url)
    assert words in refusal(url, create=True)


def test_a_file_that_is_not_there(sqlite_url: str, tmp_path: Path) -> None:
    sentence = refusal(sqlite_url)
    assert str(tmp_path) in sentence
    assert "is not there yet: run `python -m equity bootstrap`" in sentence
    assert not (tmp_path / "store").exists()


def test_a_folder_in_place_of_the_file_and_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    assert "is a folder and not a database file" in refusal(f"sqlite:///{tmp_path}", create=True)
    (tmp_path / "file").write_text("x")
    inside = f"sqlite:///{tmp_path / 'file' / 'equity.sqlite3'}"
    assert "cannot be made or read" in refusal(inside, create=True)
    assert "cannot be made or read" in refusal(inside) or "is not there yet" in refusal(inside)


@pytest.mark.parametrize("content", [b"Dear colleague, here are the figures. " * 200, b"x", b"\x00" * 5000])
def test_a_file_that_is_not_a_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "letter.sqlite3"
    file.write_bytes(content)
    assert "is not a database: name another file" in refusal(f"sqlite:///{file}", create=True)
    assert file.read_bytes() == content


def _filled(url: str) -> Path:
    engine = open_store(url, create=True)
    upgrade(engine)
    rows = [("zip", f"{code:05d}", 2020, 2020, "all", "births", "", code) for code in range(4_000)]
    load(engine, {"vital_count": vital(*rows)})
    engine.dispose()
    return Path(str(make_url(url).database))


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size * 2 // 3)


def _cut_inside_a_page(file: Path) -> None:
    os.truncate(file, 5000)


def _overwrite_the_middle(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2 // 4096 * 4096)
        opened.write(b"\xa5" * 8192)


def _overwrite_the_schema(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(b"\xff" * 3000)


@pytest.mark.parametrize("harm", [_cut, _cut_inside_a_page, _overwrite_the_middle, _overwrite_the_schema])
def test_a_damaged_file(sqlite_url: str, harm: Callable[[Path], None]) -> None:
    harm(_filled(sqlite_url))
    for create in (False, True):
        assert "is damaged: restore it from a backup" in refusal(sqlite_url, create)


def test_damage_found_while_reading_is_explained_too(sqlite_url: str) -> None:
    file = _filled(sqlite_url)
    engine = open_store(sqlite_url)
    engine.dispose()  # pages already read stay in a connection's memory
    _overwrite_the_middle(file)
    with pytest.raises(StoreError, match="is damaged"):
        vital_totals(engine, "zip")
    engine.dispose()


_AS_NOBODY = """
import os, sys
from equity.store.engine import StoreError, open_store
if os.geteuid() == 0:
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
try:
    open_store(sys.argv[1])
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("mode", "words"),
    [(0o000, "cannot be read: give this user permission"), (0o444, "may only be read by this user")],
)
def test_a_file_this_user_may_not_use(mode: int, words: str) -> None:
    # Not in pytest's folder, which other users cannot enter: only the file itself may stand in the way.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = _filled(f"sqlite:///{folder}/equity.sqlite3")
        file.chmod(mode)
        command = [sys.executable, "-c", _AS_NOBODY, f"sqlite:///{file}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert words in done.stdout, done.stderr


def test_an_empty_database(store_url: str) -> None:
    open_store(store_url, create=True).dispose()
    assert "is empty: run `python -m equity bootstrap` to fill it" in refusal(store_url)


def test_an_empty_file_counts_as_an_empty_database(tmp_path: Path) -> None:
    file = tmp_path / "equity.sqlite3"
    file.touch()
    assert "is empty" in refusal(f"sqlite:///{file}")


def _run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE alembic_version",
        "DELETE FROM alembic_version",
        "DROP TABLE audit_event",
        "ALTER TABLE program_evidence DROP COLUMN unit",
    ],
)
def test_a_half_migrated_database(store: Engine, store_url: str, statement: str) -> None:
    _run(store, statement)
    assert "holds only part of its tables: restore it" in refusal(store_url)
    assert "holds only part of its tables" in refusal(store_url, create=True)
    with pytest.raises(StoreError, match="holds only part of its tables"):
        upgrade(store)


def test_a_newer_database(store: Engine, store_url: str) -> None:
    _run(store, "UPDATE alembic_version SET version_num = '9999'")
    assert "by a newer version of this software: update the software" in refusal(store_url)
    assert "by a newer version" in refusal(store_url, create=True)
    with pytest.raises(StoreError, match="by a newer version"):
        upgrade(store)


def test_other_tables_in_the_database_do_no_harm(store_url: str) -> None:
    engine = open_store(store_url, create=True)
    _run(engine, "CREATE TABLE somebody_elses (id INTEGER)")
    engine.dispose()
    assert "is empty" in refusal(store_url)
    engine = open_store(store_url, create=True)
    upgrade(engine)
    engine.dispose()
    open_store(store_url).dispose()


def test_an_open_store_is_as_it_should_be(store: Engine, store_url: str) -> None:
    again = open_store(store_url)
    with again.connect() as connection:
        if again.dialect.name == "sqlite":
            for pragma, value in (
                ("journal_mode", "wal"),
                ("foreign_keys", 1),
                ("busy_timeout", BUSY_SECONDS * 1000),
            ):
                assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
        else:
            assert again.dialect.driver == "psycopg"
    again.dispose()


@pytest.mark.postgres
def test_postgres_by_its_other_name_and_what_its_server_refuses(postgres_url: str) -> None:
    url = make_url(postgres_url)

    def text_of(**change: Any) -> str:
        return url.set(**change).render_as_string(hide_password=False)

    open_store(text_of(drivername="postgresql+psycopg"), create=True).dispose()
    assert "The PostgreSQL database nosuch on" in refusal(text_of(database="nosuch"))
    assert "does not exist: create it (createdb)" in refusal(text_of(database="nosuch"))
    assert "does not know this user" in refusal(text_of(username="nosuch", password=SECRET))


@pytest.mark.postgres
def test_a_wrong_password_is_not_repeated(postgres_server: str, postgres_url: str) -> None:
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        rules = Path(connection.execute(text("SHOW hba_file")).scalar_one())
        kept = rules.read_text()
        connection.execute(text("CREATE ROLE careful LOGIN PASSWORD 'right'"))
        try:
            rules.write_text("local all careful scram-sha-256\n" + kept)
            connection.execute(text("SELECT pg_reload_conf()"))
            url = make_url(postgres_url).set(username="careful", password=SECRET)
            assert "refused the user name or password" in refusal(url.render_as_string(hide_password=False))
            url = make_url(postgres_url.replace("postgres:@", "careful:right@"))
            assert "may not be used by this user" in refusal_to_upgrade(
                url.render_as_string(hide_password=False)
            )
        finally:
            rules.write_text(kept)
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("DROP ROLE careful"))
    admin.dispose()


def refusal_to_upgrade(url: str) -> str:
    engine = open_store(url, create=True)
    with pytest.raises(StoreError) as caught:
        upgrade(engine)
    engine.dispose()
    return str(caught.value)


def test_a_writer_that_waits_too_long_is_told_so(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("equity.store.engine.BUSY_SECONDS", 1)
    impatient = open_store(store.url.render_as_string(hide_password=False))
    with (
        writing(store),
        pytest.raises(StoreError, match="is in use by another process that is writing"),
        writing(impatient),
    ):
        pass
    impatient.dispose()


def test_a_file_without_the_write_ahead_log_is_switched_to_it(sqlite_url: str) -> None:
    file = _filled(sqlite_url)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    engine = open_store(sqlite_url)
    with engine.connect() as opened:
        assert opened.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()
