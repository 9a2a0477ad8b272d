"""The steward's desk: what is said stands beside the button that caused it, and nothing else is claimed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.intake.submit import accept, receive, withdraw
from equity.intake.templates import template
from equity.store.engine import open_store, upgrade, writing
from equity.store.submissions import list_submissions
from equity.store.write import replace_areas
from equity.ui import desk as module

PUBLISHED = "0123456789abcdef"


@pytest.fixture
def store(sqlite_url: str) -> Any:
    """A store that knows the shipped places."""
    found = open_store(sqlite_url, create=True)
    upgrade(found)
    geography = read_geography(REFERENCE)
    with writing(found) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    yield found
    found.dispose()


@pytest.fixture
def page(store: Engine, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The desk on that store, for a steward at this machine; publishing is not its matter here."""
    monkeypatch.setattr(module, "open_engine", lambda: store)
    monkeypatch.setattr(module, "acting_as", lambda: module.LOCAL)
    monkeypatch.setattr(module, "publish", lambda *_: SimpleNamespace(id=PUBLISHED))
    monkeypatch.setattr(module, "keep_landed", lambda *_: None)
    return AppTest.from_function(_desk, default_timeout=60)


def _desk() -> None:
    from equity.ui.desk import desk

    desk()


REPORT = template("quarterly", "csv", filled=True)
FAULTY = REPORT.replace(b",24,30,40,", b",24,31,40,")


def order(page: AppTest) -> list[str]:
    """Headings, buttons and messages of the page, from the top down."""
    shown: list[str] = []

    def walk(block: Any) -> None:
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            elif child.type in ("subheader", "button", "success", "error", "markdown"):
                shown.append(f"{child.type}: {child.label if child.type == 'button' else child.value}")

    walk(page.main)
    return shown


def at(shown: list[str], start: str) -> int:
    """Where the one line that begins so stands."""
    [found] = [place for place, line in enumerate(shown) if line.startswith(start)]
    return found


def press(page: AppTest, key: str) -> None:
    page.button(key=key).click().run()
    assert not page.exception


def test_a_missing_reason_is_said_under_the_button_that_wants_it(store: Engine, page: AppTest) -> None:
    first = receive(store, "one.csv", REPORT, "hub").submission
    receive(store, "two.csv", REPORT.replace(b"2023Q1", b"2023Q2"), "hub")
    accept(store, first.id, "steward", "a trial")
    page.run()
    press(page, f"desk:withdraw:{first.id}")
    shown = order(page)
    error = at(shown, "error: Write why the submission is withdrawn")
    assert shown[error - 1] == "button: Withdraw and publish"
    press(page, f"desk:withdraw:{first.id}")
    page.text_input(key=f"desk:reason:{first.id}").input("a trial").run()
    press(page, f"desk:withdraw:{first.id}")
    shown = order(page)
    assert at(shown, "success: one.csv is withdrawn: release") > at(shown, "subheader: Taken in")
    assert not [line for line in shown if line.startswith("error")]


def test_what_was_taken_in_is_said_where_it_stood(store: Engine, page: AppTest) -> None:
    older = receive(store, "older.csv", REPORT, "hub").submission
    newer = receive(store, "newer.csv", REPORT.replace(b"2023Q1", b"2023Q2"), "hub").submission
    page.run()
    names = [line for line in order(page) if line.startswith("markdown: **")]
    assert names == ["markdown: **newer.csv**", "markdown: **older.csv**"]
    page.text_input(key=f"desk:reason:{older.id}").input("a trial").run()
    press(page, f"desk:accept:{older.id}")
    shown = order(page)
    said = at(shown, "success: older.csv is taken in")
    assert at(shown, "markdown: **newer.csv**") < said < at(shown, "subheader: Taken in")
    press(page, f"desk:decline:{newer.id}")
    shown = order(page)
    assert shown[at(shown, "error: Write why the submission is declined") - 1] == "button: Decline"


def test_the_result_of_a_check_is_said_under_its_button(page: AppTest) -> None:
    page.run()
    page.file_uploader(key="desk:file").upload("report.csv", REPORT, "text/csv").run()
    press(page, "desk:check")
    shown = order(page)
    said = at(shown, "success: report.csv was read: 0 errors, 1 warning, 1 note")
    assert shown[said - 1] == "button: Check this file"
    assert "“Waiting for a decision”" in shown[said] and shown[said].endswith("[Go there](#waiting)")
    press(page, "desk:check")
    shown = order(page)
    again = at(shown, "success: This very file came in before")
    assert shown[again].endswith("[Go there](#waiting)")
    page.file_uploader(key="desk:file").upload("faulty.csv", FAULTY, "text/csv").run()
    press(page, "desk:check")
    shown = order(page)
    said = at(shown, "error: faulty.csv was refused: ")
    assert "“Refused lately”" in shown[said] and shown[said].endswith("[Go there](#refused)")


def test_refused_files_can_be_cleared_and_stay_on_record(store: Engine, page: AppTest) -> None:
    for name in ("one.csv", "two.csv", "three.csv", "four.csv"):
        receive(store, name, FAULTY, "hub")
    page.run()
    assert "subheader: Refused lately" in order(page)
    press(page, "desk:clear")
    shown = order(page)
    assert "subheader: Refused lately" not in shown and at(
        shown, "success: 4 refused files are off this list"
    )
    rows = list_submissions(store, ("refused",))
    assert len(rows) == 4 and all(row.decided_by == module.LOCAL and row.report["findings"] for row in rows)
    receive(store, "five.csv", FAULTY, "hub")
    page.run()
    shown = order(page)
    assert at(shown, "markdown: **five.csv**") and not [line for line in shown if "four.csv" in line]


def test_nothing_is_said_of_taking_in_that_is_not_true(store: Engine, page: AppTest) -> None:
    page.run()
    assert at(order(page), "markdown: No file has been taken in yet.")
    found = receive(store, "one.csv", REPORT, "hub").submission
    accept(store, found.id, "steward", "a trial")
    withdraw(store, found.id, "steward", "a trial")
    page.run()
    assert at(order(page), "markdown: No file is taken in now: 1 was taken in and withdrawn again.")
