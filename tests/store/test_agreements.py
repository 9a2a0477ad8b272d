"""Agreements: what can be agreed on, until when it holds, and that each step is recorded."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import Engine

from equity.cli import main
from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.store.agreements import LONGEST_DAYS, add_agreement, end_agreement, list_agreements
from equity.store.engine import StoreError, open_store, upgrade, writing
from equity.store.events import list_events
from equity.store.write import replace_areas

DAY = dt.timedelta(1)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


@pytest.fixture
def places(store: Engine) -> Engine:
    geography = read_geography(REFERENCE)
    with writing(store) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    return store


def test_an_agreement_is_kept_listed_and_ended(places: Engine) -> None:
    areas = ["county:29510", "region:stl", "county:29510"]
    made = add_agreement(places, "Bootheel hub", areas, " planning ", today() + DAY, "steward")
    assert (made.party, made.areas, made.purpose) == (
        "Bootheel hub", ("county:29510", "region:stl"), "planning"
    )  # fmt: skip
    assert [made.state(today() + days * DAY) for days in (0, 1, 2)] == ["valid", "valid", "expired"]
    second = add_agreement(places, "State office", ["all"], "review", today(), "steward")
    assert [one.id for one in list_agreements(places)] == [second.id, made.id]
    ended = end_agreement(places, made.id, "steward")
    assert ended.state(today()) == "ended" and ended.ended_by == "steward"
    with pytest.raises(StoreError, match="was ended already"):
        end_agreement(places, made.id, "steward")
    events = [(event.action, event.subject) for event in list_events(places)]
    assert events == [("agreement add", made.id), ("agreement add", second.id), ("agreement end", made.id)]
    assert json.loads(list_events(places)[1].detail) == {
        "areas": "all", "party": "State office", "purpose": "review", "until": today().isoformat()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("party", "areas", "purpose", "days", "said"),
    [
        ("=hub", ["all"], "planning", 1, "The name of the party must begin"),
        ("Hub", ["county:99999"], "planning", 1, "There is no area county:99999"),
        ("Hub", ["all", "county:29510"], "planning", 1, "There is no area all: name areas of the store"),
        ("Hub", [], "planning", 1, "There is no area"),
        ("Hub", ["all"], " ", 1, "Write what the figures are for"),
        ("Hub", ["all"], "two\nlines", 1, "Write what the figures are for"),
        ("Hub", ["all"], "planning", -1, "choose another day"),
        ("Hub", ["all"], "planning", LONGEST_DAYS + 1, "choose another day"),
    ],
)
def test_what_cannot_be_agreed_on_is_a_sentence(
    places: Engine, party: str, areas: list[str], purpose: str, days: int, said: str
) -> None:
    with pytest.raises(StoreError, match=said):
        add_agreement(places, party, areas, purpose, today() + days * DAY, "steward")
    assert list_agreements(places) == [] and list_events(places) == []


def test_the_commands_add_list_and_end(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(open_store(sqlite_url, create=True))
    monkeypatch.setenv("EQUITY_DATABASE_URL", sqlite_url)
    assert main(["agreement", "list"]) == 0
    assert "No agreement yet." in capsys.readouterr().out
    until = today().isoformat()
    assert main(["agreement", "add", "Hub", "--purpose", "planning", "--until", until]) == 0
    said = capsys.readouterr().out
    assert "It opens nothing yet: publish a release with" in said
    made = said.split()[1]
    assert main(["agreement", "list"]) == 0
    assert f"{made}  valid    until {until}  Hub: all; planning\n" == capsys.readouterr().out
    assert main(["agreement", "end", made]) == 0
    assert main(["agreement", "end", "nothing"]) == 1
    assert "There is no agreement nothing" in capsys.readouterr().err
