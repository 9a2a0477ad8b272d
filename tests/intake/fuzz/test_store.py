"""Spoilt files handed in to a real store: all rows of a reading come in, or the store is what it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.intake.report import IntakeError
from equity.intake.submit import accept, decline, receive, source_id_of, withdraw
from equity.store import schema
from equity.store.engine import open_store, upgrade, writing
from equity.store.submissions import Submission, staged_tables
from equity.store.write import KEYED_TABLES, SOURCE_TABLES, replace_areas
from tests.intake.fuzz import cells, raw, same, workbooks
from tests.intake.fuzz.bases import as_text, bases, named
from tests.intake.fuzz.sizes import cases, luck, steps

pytestmark = pytest.mark.shared

DATA = (*KEYED_TABLES, *SOURCE_TABLES)
#: Tables that keep what was handed in and done, beside the figures.
PAPERS = {"submission", "submission_part", "source", "audit_event"}
#: What spoils a file: its cells, its bytes, or nothing but its form.
WAYS = ("cells", "raw", "book", "same")


def counts(store: Engine) -> dict[str, int]:
    """Rows of every table of the store."""
    with store.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in schema.metadata.sorted_tables
        }


def rows_of(store: Engine, source_id: str) -> dict[str, int]:
    """Rows of every table of figures that belong to a source."""
    with store.connect() as connection:
        found = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.source_id == source_id)
            ).scalar_one()
            for table in DATA
        }
    return {name: number for name, number in found.items() if number}


def spoilt(name: str, how: str, ways: list[tuple[Any, int]], seed: int) -> bytes:
    base = named(name)
    if how == "same":
        form = same.Form("text", ";", "utf-8", "\r\n", same.QUOTING[1], ("blanks", "empty_rows"), seed)
        return same.written(base, form)
    if how == "raw":
        content = base.content
        for number, (_, own) in enumerate(ways):
            content = raw.SPOILS[(own + number) % len(raw.SPOILS)](content, luck(own))
        return content
    rows = base.rows
    for way, own in ways:
        rows = way(rows, luck(own)) if rows else rows
    if how == "book":
        return workbooks.as_workbook([[text[:32_000] for text in row[:16_000]] for row in rows])
    return as_text(rows, base.separator, base.quoting).encode()


def handed_in(store: Engine, name: str, content: bytes) -> str:
    """Hand a file in, take it in, take it out again; says what became of it."""
    empty = counts(store)
    try:
        received = receive(store, f"../../{name}", content, "a test")
    except IntakeError:
        assert counts(store) == empty
        return "unreadable"
    assert not received.again
    found = received.submission
    after = counts(store)
    assert {name for name in after if after[name] != empty[name]} <= PAPERS
    assert after["submission"] == empty["submission"] + 1
    if found.status == "refused":
        assert staged_tables(store, found.id) == {}
        with pytest.raises(IntakeError):
            accept(store, found.id, "a steward", "all the same")
        assert counts(store) == after
        return "refused"
    return _decided(store, found, after)


def _decided(store: Engine, found: Submission, before: dict[str, int]) -> str:
    try:
        accept(store, found.id, "a steward", "for the test")
    except IntakeError:
        assert counts(store) == before
        decline(store, found.id, "a steward", "for the test")
        return "not taken"
    own = {name: number for name, number in found.report["rows"].items() if number}
    after = counts(store)
    assert rows_of(store, source_id_of(found.id)) == own
    for table in DATA:
        assert after[table.name] == before[table.name] + own.get(table.name, 0)
    withdraw(store, found.id, "a steward", "for the test")
    assert {name: number for name, number in counts(store).items() if name not in PAPERS} == {
        name: number for name, number in before.items() if name not in PAPERS
    }
    return "accepted"


def run(store: Engine, test: str) -> None:
    upgrade(store)
    geography = read_geography(REFERENCE)
    with writing(store) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    became: set[str] = set()

    def body(name: str, how: str, ways: list[tuple[Any, int]], seed: int) -> None:
        became.add(handed_in(store, name, spoilt(name, how, ways, seed)))

    names = st.sampled_from([base.name for base in bases()])
    drawn = {"how": st.sampled_from(WAYS), "ways": steps(cells.SPOILS, 2), "seed": st.integers(0, 2**32 - 1)}
    cases(test, body, name=names, **drawn)
    store.dispose()
    assert {"refused", "accepted"} <= became


def test_a_spoilt_file_comes_into_an_sqlite_store_whole_or_not_at_all(sqlite_url: str) -> None:
    run(open_store(sqlite_url, create=True), "sqlite")


@pytest.mark.postgres
def test_a_spoilt_file_comes_into_a_postgresql_store_whole_or_not_at_all(postgres_url: str) -> None:
    run(open_store(postgres_url, create=True), "postgres")
