"""Tokens: shown once, kept as a hash, ended by time or by hand, and every refusal told apart."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, select, text, update

from equity.cli.tokens import add_token_commands
from equity.config import load_config
from equity.store import schema, tokens
from equity.store.engine import StoreError, open_store, upgrade, writing
from equity.store.migrate import migration_config
from equity.store.submissions import save_submission


def made(store: Engine, sender: str = "Hub", scopes: tuple[str, ...] = tokens.SCOPES, days: int = 30) -> Any:
    return tokens.create_token(store, sender, scopes, days, "steward")


def refused(store: Engine, presented: str, scope: str = "submit") -> tuple[str, str | None]:
    with pytest.raises(tokens.TokenRefusedError) as caught:
        tokens.check_token(store, presented, scope)
    return caught.value.reason, caught.value.token_id


def events(store: Engine) -> list[tuple[str, str, str, dict[str, Any]]]:
    table = schema.audit_event
    query = select(table.c.actor, table.c.action, table.c.subject, table.c.detail_json).order_by(table.c.id)
    with store.connect() as connection:
        return [(*row[:3], json.loads(row[3])) for row in connection.execute(query)]


def test_a_token_opens_what_it_was_made_for_and_its_secret_is_nowhere(store: Engine) -> None:
    token, presented = made(store, scopes=("submit",))
    assert tokens.check_token(store, presented, "submit") == token
    assert (token.sender, token.scopes, token.last_used_at) == ("Hub", ("submit",), None)
    secret = presented.removeprefix(f"equity_{token.id}_")
    assert len(secret) == 43
    with store.connect() as connection:
        kept = [str(row) for table in (schema.api_token, schema.audit_event)
                for row in connection.execute(select(table))]  # fmt: skip
    assert len(kept) == 2 and not [row for row in kept if secret in row]
    assert made(store)[1] != presented


def test_every_refusal_has_its_reason_and_only_a_known_token_its_event(store: Engine) -> None:
    token, presented = made(store, scopes=("follow",))
    other, _ = made(store)
    swapped = presented.replace(token.id, other.id)
    assert refused(store, presented) == ("scope", token.id)
    assert refused(store, swapped) == ("unknown", other.id)
    nobody = presented.replace(token.id, "0" * 12)
    for text_ in ("", "equity_", presented[:-1], presented + "x", presented.upper(), nobody, "é" * 61):
        assert refused(store, text_) == ("unknown", None)
    before = len(events(store))
    tokens.note_refusal(store, tokens.TokenRefusedError("unknown"), "::1")
    assert len(events(store)) == before
    tokens.note_refusal(store, tokens.TokenRefusedError("scope", token.id), "::1")
    detail = {"reason": "scope", "address": "::1"}
    assert events(store)[before:] == [(f"token {token.id}", "token refuse", token.id, detail)]


def test_a_token_ends_at_its_time(store: Engine) -> None:
    token, presented = made(store)
    with writing(store) as connection:
        connection.execute(update(schema.api_token).values(expires_at=token.created_at))
    assert refused(store, presented) == ("expired", token.id)
    # without the secret nobody learns that it has expired
    assert refused(store, presented[:-2] + "!!") == ("unknown", None)
    assert refused(store, f"equity_{token.id}_{'A' * 43}") == ("unknown", token.id)


def test_a_revoked_token_is_over_for_good(store: Engine) -> None:
    token, presented = made(store)
    assert tokens.revoke_token(store, token.id, "steward").revoked_at is not None
    assert refused(store, presented) == ("revoked", token.id)
    with pytest.raises(StoreError, match="was revoked already, on 2"):
        tokens.revoke_token(store, token.id, "steward")
    with pytest.raises(StoreError, match="There is no token 1234"):
        tokens.revoke_token(store, "1234", "steward")
    assert [event[:3] for event in events(store)] == [
        ("steward", "token create", token.id), ("steward", "token revoke", token.id)
    ]  # fmt: skip


def test_the_last_use_is_known_to_ten_minutes(store: Engine) -> None:
    token, _ = made(store)
    tokens.note_use(store, token)
    (used,) = tokens.list_tokens(store)
    assert used.last_used_at is not None and used.last_used_at > token.created_at
    tokens.note_use(store, used)
    assert tokens.list_tokens(store) == [used]
    long_ago = "2026-01-01T00:00:00.000000+00:00"
    with writing(store) as connection:
        connection.execute(update(schema.api_token).values(last_used_at=long_ago))
    (old,) = tokens.list_tokens(store)
    tokens.note_use(store, old)
    assert tokens.list_tokens(store)[0].last_used_at > long_ago


@pytest.mark.parametrize(
    ("sender", "scopes", "days", "said"),
    [
        ("", ("submit",), 1, "name of the agency"),
        ("a\nb", ("submit",), 1, "name of the agency"),
        ("=cmd()", ("submit",), 1, "name of the agency"),
        ("x" * 81, ("submit",), 1, "name of the agency"),
        ("Hub", (), 1, "submit and follow"),
        ("Hub", ("submit", "publish"), 1, "submit and follow"),
        ("Hub", ("submit",), 0, "1 to 730 days"),
        ("Hub", ("submit",), 731, "1 to 730 days"),
    ],
)
def test_what_cannot_be_is_said(
    store: Engine, sender: str, scopes: tuple[str, ...], days: int, said: str
) -> None:
    with pytest.raises(StoreError, match=said):
        made(store, sender, scopes, days)
    assert tokens.list_tokens(store) == [] and events(store) == []


def test_an_agency_lists_its_own_submissions_in_pages(store: Engine) -> None:
    base = {"kind": "wonder", "status": "waiting", "file_name": "a.txt", "sha256": "0" * 64, "size": 1,
            "covers": "", "report": {"findings": []}}  # fmt: skip
    with writing(store) as connection:
        for number in range(5):
            sender = "Hub" if number != 2 else "Other"
            save_submission(connection, base | {"id": f"s{number}", "received_from": sender}, {})
    first, total = tokens.handed_in_by(store, "Hub", 3)
    rest, _ = tokens.handed_in_by(store, "Hub", 3, 3)
    assert total == 4 and [row.id for row in (*first, *rest)] == ["s4", "s3", "s1", "s0"]
    assert tokens.handed_in_by(store, "Nobody", 3) == ([], 0)


def test_going_back_a_revision_forgets_tokens_and_keeps_the_rest(store: Engine) -> None:
    made(store)
    before = len(events(store))
    with store.connect() as connection, connection.begin():
        command.downgrade(migration_config(connection), "0002")
    with store.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_event")).scalar_one() == before
    upgrade(store)
    assert tokens.list_tokens(store) == []


def test_the_command_line_makes_lists_and_ends_tokens(
    store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EQUITY_DATABASE_URL", store_url)
    engine = open_store(store_url, create=True)
    upgrade(engine)
    parser = argparse.ArgumentParser()
    add_token_commands(parser.add_subparsers())

    def run(*words: str) -> str:
        options = parser.parse_args(["token", *words])
        assert options.run(options, load_config()) == 0
        return capsys.readouterr().out

    assert "No token yet" in run("list")
    presented = run("create", "St. Louis hub", "--scope", "submit", "--days", "7").splitlines()[-1]
    token = tokens.check_token(engine, presented, "submit")
    assert (token.sender, token.scopes) == ("St. Louis hub", ("submit",))
    listed = run("list")
    assert f"{token.id}  valid " in listed and "used never" in listed
    assert presented not in listed and presented[-43:] not in listed
    assert f"Token {token.id} of St. Louis hub is revoked." in run("revoke", token.id)
    assert f"{token.id}  revoked " in run("list")
    assert refused(engine, presented) == ("revoked", token.id)
    engine.dispose()
