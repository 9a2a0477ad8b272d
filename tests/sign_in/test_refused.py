"""What a wrong, late or hostile sign-in comes to: the visitor is the public, and told so in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from sqlalchemy import Engine, text

from equity.store.events import list_events
from tests.pages.reader import grave_faults, read, words
from tests.sign_in.provider import Fault, Provider
from tests.ui.server import Server
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser
Come = Callable[..., Visitor]
STEWARD = {"roles": ["steward"]}
NOT_ACCEPTED = "The sign-in was not accepted"


def _as_public(visitor: Visitor) -> None:
    seen = words(visitor)
    assert "You see the public figures." in seen and "desk" not in seen and ", public figures." in seen
    assert visitor.page.locator('input[type="file"]').count() == 0
    assert grave_faults(visitor) == []


def _refused(store: Engine) -> list[str]:
    return [json.loads(event.detail)["reason"] for event in list_events(store) if "refuse" in event.action]


@pytest.mark.parametrize(
    "fault",
    [
        "expired",
        "future",
        "wrong_key",
        "no_signature",
        "wrong_nonce",
        "wrong_audience",
        "wrong_issuer",
        "denied",
    ],
)
def test_a_token_that_is_not_good_signs_nobody_in(come: Come, door_store: Engine, fault: Fault) -> None:
    before = _refused(door_store)
    visitor = come(STEWARD, "/data", fault)
    visitor.sees(NOT_ACCEPTED)
    _as_public(visitor)
    assert visitor.page.url == f"{visitor.url}/data"
    assert _refused(door_store) == [*before, "refused"]
    # it is told on other pages of this visit, and nobody is signed in there either
    read(visitor, "/")
    _as_public(visitor)
    assert not [one for one in visitor.page.context.cookies() if one["name"].startswith("_streamlit_user")]


def test_a_token_that_was_used_before_signs_nobody_in(come: Come) -> None:
    come(STEWARD).sees("The steward's desk")
    thief = come(STEWARD, "/data", "old_token")
    thief.sees(NOT_ACCEPTED)
    _as_public(thief)


def test_a_way_back_that_was_used_before_signs_nobody_in(come: Come, door_store: Engine) -> None:
    ways: list[str] = []
    first = come(STEWARD)
    first.sees("Signed in as u1")
    first.page.on("request", lambda request: ways.append(request.url))
    first.page.get_by_role("button", name="Sign out").click()
    first.sees("You see the public figures.")
    first.page.get_by_role("button", name="Sign in").click()
    first.sees("Signed in as u1")
    (way,) = [url for url in ways if "/oauth2callback" in url and "code=" in url]
    first.page.get_by_role("button", name="Sign out").click()
    first.sees("You see the public figures.")
    # the same browser goes the way again, by its Back button or a thief's hand
    first.page.goto(way)
    first.sees(NOT_ACCEPTED)
    _as_public(first)
    # and another browser, which never began a sign-in
    other = come({"roles": []})
    other.sees("Your sign-in says nothing of what you may see here.")
    other.page.goto(way)
    other.sees("You see less than you may expect")
    _as_public(other)
    assert _refused(door_store)[-1] == "refused"


def test_a_made_up_cookie_signs_nobody_in(door_server: Server, visit: Callable[..., Visitor]) -> None:
    visitor = visit(door_server)
    claims = '{"is_logged_in": true, "sub": "u1", "roles": ["steward"], "exp": 9999999999, "iat": 1}'
    for value in (claims, "2|1:0|10:1700000000|15:_streamlit_user|8:e30=|" + "0" * 64):
        visitor.page.context.add_cookies(
            [{"name": "_streamlit_user", "value": value, "url": door_server.url}]
        )
        read(visitor, "/data")
        _as_public(visitor)


def test_a_sign_in_that_runs_out_while_the_page_stands_closes_the_desk(
    come: Come, provider: Provider, door_store: Engine
) -> None:
    provider.seconds = 12
    steward = come(STEWARD)
    steward.sees("The steward's desk")
    steward.page.wait_for_timeout(13_000)
    read(steward, "/data")
    steward.sees("Your sign-in has run out.")
    _as_public(steward)
    assert _refused(door_store)[-1] == "expired"
    provider.seconds = 3600
    steward.page.get_by_role("button", name="Sign in").click()
    steward.sees("The steward's desk")


def test_where_the_provider_cannot_be_reached_the_visitor_is_told(
    door_server: Server, provider: Provider, visit: Callable[..., Visitor], come: Come, door_store: Engine
) -> None:
    visitor = come(STEWARD, "/data?x=1", "down")
    visitor.sees("The place where people sign in cannot be reached just now.")
    _as_public(visitor)
    assert visitor.page.url == f"{visitor.url}/data?x=1"
    assert _refused(door_store)[-1] == "unreachable"
    provider.fault = ""
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.sees("The steward's desk")


def test_a_sign_in_that_cannot_be_recorded_opens_nothing(come: Come, door_store: Engine) -> None:
    trigger = "CREATE TRIGGER no_room BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END"
    with door_store.begin() as connection:
        connection.execute(text(trigger))
    try:
        steward = come(STEWARD)
        steward.sees("Who signs in could not be recorded just now")
        seen = words(steward)
        assert "desk" not in seen and ", public figures." in seen
    finally:
        with door_store.begin() as connection:
            connection.execute(text("DROP TRIGGER no_room"))
    read(steward, "/data")
    steward.sees("The steward's desk")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.mark.parametrize(
    "back", ["//evil.example/x", "/\\evil.example", "https://evil.example/", "/x\r\nSet-Cookie: a"]
)
def test_nobody_is_sent_to_another_place(door_server: Server, back: str) -> None:
    from urllib.error import HTTPError
    from urllib.parse import quote

    asked = Request(  # noqa: S310 - the server of this test
        f"{door_server.url}/oauth2callback?state=x&code=y",
        headers={"Cookie": f"equity_back={quote(back, safe='')}"},
    )
    with pytest.raises(HTTPError) as answer:
        build_opener(_Stay).open(asked)
    assert answer.value.code == 302
    assert answer.value.headers["Location"] == "/?sign_in=refused"
