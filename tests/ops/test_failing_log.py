"""Where it cannot be recorded who did something, it is not done: on a database whose log really fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.intake.submit import accept, decline, receive, withdraw
from equity.release.publish import publish_draft, rollback
from equity.store.engine import StoreError, writing
from equity.store.events import list_events
from equity.store.releases import current_release_id
from equity.store.submissions import list_submissions
from equity.store.tokens import create_token, list_tokens, revoke_token
from equity.store.write import replace_areas
from tests.ops.handing_in import report
from tests.ops.publishing import small_draft
from tests.store.filling import Rows, contents

Break = Callable[[Engine], None]


def _run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _gone(engine: Engine) -> None:
    _run(engine, "ALTER TABLE audit_event RENAME TO audit_event_elsewhere")


def _refusing(engine: Engine) -> None:
    """As a full disk, a missing right or a failing rule would: no row can be added."""
    if engine.dialect.name == "sqlite":
        refusal = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        _run(engine, f"CREATE TRIGGER no_room BEFORE INSERT ON audit_event {refusal}")
        return
    _run(
        engine,
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no room'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION no_room()",
    )


def _all(engine: Engine) -> Rows:
    with engine.connect() as connection:
        return contents(connection)


@pytest.mark.parametrize("broken", [_gone, _refusing])
def test_nothing_is_done_that_cannot_be_recorded(store: Engine, broken: Break) -> None:
    geography = read_geography(REFERENCE)
    with writing(store) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    first = publish_draft(store, small_draft(250), "public")
    second = publish_draft(store, small_draft(251), "public")
    taken = receive(store, *report("One", "2022Q3", 40), "hub").submission
    accept(store, taken.id, "steward")
    waiting = receive(store, *report("Two", "2022Q3", 40), "hub").submission
    token, _ = create_token(store, "hub", ("submit",), 30, "steward")
    assert [event.action for event in list_events(store)] == [
        "publish", "publish", "receive", "accept", "receive", "token create"
    ]  # fmt: skip
    broken(store)
    before = _all(store)
    acts: list[Callable[[], object]] = [
        lambda: publish_draft(store, small_draft(252), "public"),
        lambda: rollback(store),
        lambda: rollback(store, to=first.id),
        lambda: receive(store, *report("Three", "2022Q3", 40), "hub"),
        lambda: accept(store, waiting.id, "steward"),
        lambda: decline(store, waiting.id, "steward", "a trial"),
        lambda: withdraw(store, taken.id, "steward", "a trial"),
        lambda: create_token(store, "hub", ("submit",), 30, "steward"),
        lambda: revoke_token(store, token.id, "steward"),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="cannot record who did what, so nothing was done"):
            act()
    assert _all(store) == before
    assert current_release_id(store, "public") == second.id
    assert {row.status for row in list_submissions(store)} == {"accepted", "waiting"}
    assert [row.revoked_at for row in list_tokens(store)] == [None]


def test_every_act_leaves_one_event(store: Engine) -> None:
    geography = read_geography(REFERENCE)
    with writing(store) as connection:
        replace_areas(connection, geography.area, geography.area_part)
    publish_draft(store, small_draft(250), "public")
    publish_draft(store, small_draft(251), "public")
    rollback(store)
    taken = receive(store, *report("One", "2022Q3", 40), "hub").submission
    accept(store, taken.id, "steward")
    withdraw(store, taken.id, "steward", "a trial")
    turned = receive(store, *report("Two", "2022Q3", 40), "hub").submission
    decline(store, turned.id, "steward", "a trial")
    token, _ = create_token(store, "hub", ("submit",), 30, "steward")
    revoke_token(store, token.id, "steward")
    assert [event.action for event in list_events(store)] == [
        "publish", "publish", "rollback", "receive", "accept", "withdraw", "receive", "decline",
        "token create", "token revoke",
    ]  # fmt: skip
