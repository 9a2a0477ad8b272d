"""A look enforces what holds now, and is in the record once: on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import Engine, text

from equity.access.look import RefusedError, look, note_download, note_refused, sign_out
from equity.access.visitor import PUBLIC, ClaimNames
from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.store.agreements import add_agreement, end_agreement
from equity.store.engine import StoreError, writing
from equity.store.events import list_events
from equity.store.write import replace_areas
from tests.access.test_visitor import CLAIMS

NAMES = ClaimNames()
#: The id and the manifest of the release on the page.
SHOWN: tuple[str, dict[str, Any]] = ("r1", {"policy": "partner"})


def signed(role: str, minutes: int = 60, **change: Any) -> dict[str, Any]:
    now = int(dt.datetime.now(dt.UTC).timestamp())
    return CLAIMS | {"roles": [role], "iat": now, "exp": now + 60 * minutes} | change


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def told(store: Engine) -> list[tuple[str, str, dict[str, Any]]]:
    return [(event.action, event.actor, json.loads(event.detail)) for event in list_events(store)]


def test_nobody_is_recorded_who_did_not_sign_in(store: Engine) -> None:
    assert look(store, {}, NAMES) is PUBLIC
    assert told(store) == []


def test_a_sign_in_is_recorded_once_and_a_second_one_again(store: Engine) -> None:
    claims = signed("steward")
    for _ in range(3):
        assert look(store, claims, NAMES).desk
    assert look(store, claims | {"nonce": "n2"}, NAMES).desk
    event = ("sign in", "a@example.org (u1)", {"organization": "Bootheel hub", "roles": ["steward"]})
    assert told(store) == [event, event]


def test_a_refusal_is_recorded_once(store: Engine) -> None:
    claims = signed("administrator")
    for _ in range(3):
        assert look(store, claims, NAMES).refusal == "unknown_role"
    assert told(store) == [
        ("sign-in refuse", "a@example.org (u1)", {"organization": "", "reason": "unknown_role"})
    ]
    assert look(store, claims | {"sub": 7}, NAMES).refusal == "incomplete"
    assert told(store)[-1][:2] == ("sign-in refuse", "visitor")


def test_a_token_that_ran_out_is_refused_whatever_the_cookie_says(store: Engine) -> None:
    claims = signed("steward")
    assert look(store, claims, NAMES).desk
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61)
    assert look(store, claims, NAMES, later).refusal == "expired"
    assert [event[0] for event in told(store)] == ["sign in", "sign-in refuse"]


def test_signing_out_ends_every_copy_of_the_cookie(store: Engine) -> None:
    claims = signed("steward")
    assert look(store, claims, NAMES).desk
    sign_out(store, claims)
    sign_out(store, claims)
    assert look(store, dict(claims), NAMES).refusal == "signed_out"
    assert look(store, signed("steward", nonce="n2"), NAMES).desk
    assert [event[0] for event in told(store)] == ["sign in", "sign out", "sign-in refuse", "sign in"]


def test_an_agreement_counts_at_every_look_and_every_download(store: Engine) -> None:
    claims = signed("partner")
    assert look(store, claims, NAMES).refusal == "no_agreement"
    made = add_agreement(store, "Bootheel hub", ["all"], "planning", today(), "steward")
    assert look(store, claims, NAMES).policy == "partner"
    opened = look(store, claims, NAMES)
    note_download(store, claims, NAMES, opened, SHOWN, "figures.csv")
    end_agreement(store, made.id, "steward")
    assert look(store, claims, NAMES).refusal == "agreement_over"
    with pytest.raises(RefusedError):
        note_download(store, claims, NAMES, opened, SHOWN, "figures.csv")
    downloads = [event for event in list_events(store) if event.action == "download"]
    assert [(event.actor, event.subject, json.loads(event.detail)) for event in downloads] == [
        ("a@example.org (u1)", "r1",
         {"file": "figures.csv", "policy": "partner", "organization": "Bootheel hub"})
    ]  # fmt: skip


def test_a_file_of_some_areas_is_not_given_once_they_are_others(store: Engine) -> None:
    geography = read_geography(REFERENCE)
    with writing(store) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    claims = signed("partner")
    first = add_agreement(store, "Bootheel hub", ["region:bootheel"], "planning", today(), "steward")
    opened = look(store, claims, NAMES)
    assert opened.areas == ("region:bootheel",)
    cut = {"areas": ["region:bootheel"], "of": {"public": "p", "partner": "q"}}
    note_download(store, claims, NAMES, opened, ("r1", {"policy": "partner", **cut}), "figures.csv")
    assert told(store)[-1][2] == {
        "file": "figures.csv", "policy": "partner", "organization": "Bootheel hub", **cut
    }  # fmt: skip
    add_agreement(store, "Bootheel hub", ["region:stl"], "planning", today(), "steward")
    end_agreement(store, first.id, "steward")
    with pytest.raises(RefusedError):
        note_download(store, claims, NAMES, opened, ("r1", {"policy": "partner", **cut}), "figures.csv")


def test_what_cannot_be_recorded_opens_nothing(store: Engine) -> None:
    claims = signed("partner")
    add_agreement(store, "Bootheel hub", ["all"], "planning", today(), "steward")
    opened = look(store, claims, NAMES)
    assert opened.policy == "partner"
    with store.begin() as connection:
        connection.execute(text("ALTER TABLE audit_event RENAME COLUMN actor TO somebody"))
    assert look(store, signed("steward"), NAMES).refusal == "unrecorded"
    with pytest.raises(StoreError, match="cannot record who did what"):
        note_download(store, claims, NAMES, opened, SHOWN, "figures.csv")
    with pytest.raises(StoreError, match="cannot record who did what"):
        note_refused(store, "callback", {})
