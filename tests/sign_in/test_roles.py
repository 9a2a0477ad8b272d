"""Each role before the Data page and its desk, signed in with a real browser at a provider over HTTP."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from equity.config import ROOT
from equity.intake.submit import decline, receive
from equity.store.agreements import add_agreement, end_agreement
from equity.store.engine import open_store, writing
from equity.store.events import Event, list_events
from equity.store.releases import current_release_id, read_release, save_release, set_current
from tests.ops.handing_in import report
from tests.pages.reader import drawn, grave_faults, read, release_id, taken, words
from tests.sign_in.conftest import HUB, settings_file, today
from tests.sign_in.provider import Provider
from tests.ui.server import Server, running
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser
Come = Callable[..., Visitor]
PAGES = ("/", "/map", "/coverage", "/planner", "/profile", "/targets", "/data", "/about")
#: The id of the partner release of these tests.
PARTNER = "f" * 16


def _events(store: Engine, *actions: str) -> list[Event]:
    return [event for event in list_events(store) if event.action in actions]


def _as_public(visitor: Visitor) -> str:
    """What the visitor reads, who must see no more than the public."""
    text = words(visitor)
    assert "desk" not in text and "organization handed in" not in text
    assert visitor.page.locator('input[type="file"]').count() == 0
    assert ", public figures." in text
    return text


def test_without_signing_in_everybody_is_the_public(
    door_server: Server, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(door_server)
    for path in PAGES:
        read(visitor, path)
        assert "You see the public figures. Sign in" in _as_public(visitor).replace("login ", "")
        expect(visitor.page.get_by_role("button", name="Sign out")).to_have_count(0)
    assert grave_faults(visitor) == []


def test_a_steward_has_the_desk_comes_back_to_the_page_and_signs_out_for_good(
    come: Come, door_store: Engine, provider: Provider
) -> None:
    user = {"roles": ["offline_access", "steward"], "email": "s@example.org", "email_verified": True}
    steward = come(user, "/data?x=a%20b&y=1")
    steward.sees("Signed in as s@example.org (u1): data steward.")
    assert steward.page.url == f"{steward.url}/data?x=a+b&y=1"
    steward.sees("What is done here is recorded under the name s@example.org (u1).")
    expect(steward.page.locator('input[type="file"]')).to_have_count(1)
    drawn(steward)
    assert grave_faults(steward) == []
    signed_in = _events(door_store, "sign in")[-1]
    assert signed_in.actor == "s@example.org (u1)" and json.loads(signed_in.detail)["roles"] == ["steward"]
    before = len(_events(door_store, "sign in"))
    read(steward, "/map")
    read(steward, "/data")
    assert len(_events(door_store, "sign in")) == before
    kept = steward.page.context.cookies()
    steward.page.get_by_role("button", name="Sign out").click()
    steward.sees("You see the public figures.")
    read(steward, "/data")
    _as_public(steward)
    # a thief's copy of the cookie is worth nothing any more
    steward.page.context.add_cookies(kept)  # type: ignore[arg-type]
    read(steward, "/data")
    assert "This sign-in was ended." in _as_public(steward)
    assert _events(door_store, "sign out")[-1].actor == "s@example.org (u1)"


def test_a_steward_takes_a_file_in_under_the_own_name(come: Come, door_store: Engine, tmp_path: Path) -> None:
    steward = come({"roles": "steward", "sub": "steward-2"})
    steward.sees("The steward's desk")
    drawn(steward)
    name, content = report("Desk", "2022Q4", 40)
    (tmp_path / name).write_bytes(content)
    steward.page.locator('input[type="file"]').set_input_files(tmp_path / name)
    steward.page.get_by_role("button", name="Check this file").click()
    steward.sees("Waiting for a decision")
    steward.page.get_by_role("textbox", name=re.compile("^Reason")).first.fill("a trial")
    steward.page.get_by_role("button", name="Decline").click()
    steward.sees(f"{name} was declined.")
    assert [(event.action, event.actor) for event in _events(door_store, "receive", "decline")] == [
        ("receive", "steward-2"), ("decline", "steward-2")
    ]  # fmt: skip


def test_an_agency_sees_what_it_handed_in_and_nothing_of_others(come: Come, door_store: Engine) -> None:
    own = receive(door_store, *report("Ours", "2022Q3", 40), HUB).submission
    receive(door_store, *report("Theirs", "2022Q3", 40), "Another hub")
    decline(door_store, own.id, "steward", "one program too many")
    agency = come({"roles": ["agency"], "organization": HUB})
    agency.sees("What your organization handed in")
    text = words(agency)
    assert "Ours_2022Q3_40.csv" in text and "It was turned down on" in text and "one program too many" in text
    assert "Theirs" not in agency.page.content() and "desk" not in text
    assert agency.page.locator('input[type="file"]').count() == 0
    assert grave_faults(agency) == []
    stranger = come({"roles": ["agency"], "organization": "Third hub", "sub": "u3"})
    stranger.sees("Nothing has come in from Third hub yet.")
    assert "Ours" not in stranger.page.content()


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ({}, "Your sign-in says nothing of what you may see here."),
        ({"roles": ["administrator"]}, "The role in your sign-in is not one of this dashboard."),
        ({"roles": ["Steward "]}, "The role in your sign-in is not one of this dashboard."),
        ({"roles": ["agency"]}, "Your sign-in does not say which organization you belong to."),
        ({"roles": ["partner"], "organization": "Nobody's"}, "There is no agreement with Nobody's"),
    ],
)
def test_a_visitor_without_a_role_is_the_public_and_told_so(
    come: Come, door_store: Engine, user: dict[str, object], told: str
) -> None:
    before = len(_events(door_store, "sign-in refuse"))
    visitor = come(user)
    visitor.sees(told)
    assert "You see the public figures." in _as_public(visitor)
    assert grave_faults(visitor) == []
    assert len(_events(door_store, "sign-in refuse")) == before + 1


@pytest.fixture(scope="module")
def partner_home(app_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of the policy ``partner`` too, of the same content."""
    home = tmp_path_factory.mktemp("partner-home")
    shutil.copytree(app_home, home, dirs_exist_ok=True)
    store = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    public = current_release_id(store, "public")
    assert public is not None
    row, parts = read_release(store, public)
    manifest = row.manifest | {"policy": "partner"}
    with writing(store) as connection:
        save_release(connection, PARTNER, "partner", None, "test", manifest, row.figure_count, parts)
        set_current(connection, "partner", PARTNER)
    store.dispose()
    return home


@pytest.fixture(scope="module")
def partner_server(partner_home: Path, session_provider: Provider) -> Iterator[Server]:
    with running(ROOT, partner_home, settings=settings_file(partner_home, session_provider)) as server:
        yield server


def test_a_partner_sees_the_partner_release_while_the_agreement_holds(
    partner_server: Server, partner_home: Path, provider: Provider, visit: Callable[..., Visitor]
) -> None:
    store = open_store(f"sqlite:///{partner_home / 'equity.sqlite3'}")
    provider.user = {"sub": "p1", "roles": ["partner"], "organization": HUB}
    partner = visit(partner_server)
    read(partner, "/data")
    assert PARTNER not in _as_public(partner)
    made = add_agreement(store, HUB, ["all"], "planning", today(), "steward")
    partner.page.get_by_role("button", name="Sign in").click()
    partner.sees("Signed in as p1: partner.")
    assert f"Release {PARTNER}" in words(partner) and "partner figures" in words(partner)
    name, content = taken(partner, "Sources (CSV)")
    assert PARTNER in name and PARTNER.encode() in content
    assert partner.page.locator('input[type="file"]').count() == 0
    (download,) = _events(store, "download")
    assert (download.actor, download.subject) == ("p1", PARTNER)
    assert json.loads(download.detail) == {"file": name, "organization": HUB, "policy": "partner"}
    # the page still stands, but the agreement does not: no file, and the next look is the public's
    end_agreement(store, made.id, "steward")
    partner.page.get_by_role("button", name="Sources (CSV)").click()
    partner.sees(re.compile("Failed to generate file", re.IGNORECASE))
    partner.trouble.clear()
    assert len(_events(store, "download")) == 1
    read(partner, "/data")
    text = _as_public(partner)
    assert f"The agreement with {HUB} on partner figures ended on {today()}" in text and PARTNER not in text
    taken(partner, "Sources (CSV)")
    assert len(_events(store, "download")) == 1
    store.dispose()


@pytest.mark.parametrize("role", ["steward", "agency", "partner"])
def test_each_role_reads_its_own_release_on_every_page_and_in_every_file(
    partner_server: Server, partner_home: Path, provider: Provider, visit: Callable[..., Visitor], role: str
) -> None:
    store = open_store(f"sqlite:///{partner_home / 'equity.sqlite3'}")
    organization = f"{role}s' office"
    add_agreement(store, organization, ["all"], "planning", today(), "steward")
    provider.user = {"sub": f"{role}-1", "roles": [role], "organization": organization}
    visitor = visit(partner_server)
    visitor.open("/")
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.sees(f"Signed in as {role}-1")
    wanted = PARTNER if role == "partner" else current_release_id(store, "public")
    files = 0
    for path in PAGES:
        read(visitor, path)
        assert release_id(visitor) == wanted, path
        for button in visitor.page.get_by_test_id("stDownloadButton").all():
            if "(CSV)" not in button.inner_text():
                continue
            with visitor.page.expect_download() as waiting:
                button.get_by_role("button").click()
            assert (PARTNER in waiting.value.suggested_filename) == (role == "partner")
            files += 1
    assert files >= 5
    taken_by = [event for event in _events(store, "download") if event.actor == f"{role}-1"]
    assert len(taken_by) == (files if role == "partner" else 0)
    assert {event.subject for event in taken_by} <= {PARTNER}
    store.dispose()


def test_other_roles_and_the_public_api_do_not_reach_the_partner_release(
    partner_server: Server, provider: Provider, visit: Callable[..., Visitor]
) -> None:
    provider.user = {"sub": "s1", "roles": ["steward", "agency"], "organization": HUB}
    steward = visit(partner_server)
    steward.open("/data")
    steward.page.get_by_role("button", name="Sign in").click()
    steward.sees("Signed in as s1: agency, data steward.")
    # the steward's rooms name every release; what the pages show is the public one
    assert release_id(steward) != PARTNER
    assert PARTNER not in read(steward, "/profile")
    for path in (f"/api/v1/releases/{PARTNER}", f"/api/v1/releases/{PARTNER}/figures"):
        assert partner_server.get(path)[0] == 404
    assert PARTNER.encode() not in partner_server.get("/api/v1/releases")[2]
