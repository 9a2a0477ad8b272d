"""A partner whose agreement is for some areas: theirs as partners see them, all others as everybody does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from equity.config import ROOT
from equity.release.publish import publish
from equity.store.agreements import add_agreement
from equity.store.engine import open_store, writing
from equity.store.events import list_events
from equity.store.releases import current_release_id, read_release, save_release, set_current
from tests.pages.reader import grave_faults, read, release_id, rows_of, taken, words
from tests.sign_in.conftest import HUB, settings_file, today
from tests.sign_in.provider import Provider
from tests.sign_in.test_roles import PAGES
from tests.ui.server import Server, running
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser
OURS = "region:bootheel"
#: Columns of a file that name the release.
STAMPS = ("release", "policy")


@pytest.fixture(scope="module")
def both_home(app_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the public and the partner release of what ships."""
    home = tmp_path_factory.mktemp("both-home")
    shutil.copytree(app_home, home, dirs_exist_ok=True)
    store = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    publish(store, home, "partner")
    store.dispose()
    return home


@pytest.fixture
def both_store(both_home: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{both_home / 'equity.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def both_server(both_home: Path, session_provider: Provider) -> Iterator[Server]:
    with running(ROOT, both_home, settings=settings_file(both_home, session_provider)) as server:
        yield server


def _profile(visitor: Visitor, area: str) -> list[dict[str, str]]:
    """The figures of a place's profile, as its CSV file has them, without the name of the release."""
    read(visitor, f"/profile?area={area}")
    rows = rows_of(taken(visitor, "Figures (CSV)")[1])
    return [{name: cell for name, cell in row.items() if name not in STAMPS} for row in rows]


def test_a_partner_of_one_region_sees_it_as_partners_do_and_all_else_as_everybody(
    both_server: Server, both_store: Engine, provider: Provider, visit: Callable[..., Visitor]
) -> None:
    add_agreement(both_store, HUB, [OURS], "planning", today(), "steward")
    provider.user = {"sub": "p1", "roles": ["partner"], "organization": HUB}
    everybody, partner = visit(both_server), visit(both_server)
    partner.open("/")
    partner.page.get_by_role("button", name="Sign in").click()
    partner.sees("Of them you see partner figures")
    assert f"The agreement with {HUB} is for these places: The Bootheel." in words(partner)
    assert grave_faults(partner) == []
    ids = {name: current_release_id(both_store, name) for name in ("public", "partner")}
    cut = release_id(partner)
    assert cut not in ids.values()
    for path in PAGES:
        read(partner, path)
        assert release_id(partner) == cut
    ours, public = (_profile(visitor, "bootheel") for visitor in (partner, everybody))
    more = [row for row in ours if row not in public]
    assert {(row["area_kind"], row["area"]) for row in more} == {("region", "bootheel")}
    assert any(row["group"] == "black" and row["period"] == "2015" and row["value"] for row in more)
    partner.sees("By race and single year")
    for area in ("stl", "29069", "29510"):
        assert _profile(partner, area) == _profile(everybody, area)
    downloads = [json.loads(event.detail) for event in list_events(both_store) if event.action == "download"]
    assert len(downloads) == 4
    assert all((one["areas"], one["of"]) == ([OURS], ids) for one in downloads)


def test_what_does_not_fit_beside_the_public_release_stays_closed_and_says_why(
    both_server: Server, both_store: Engine, provider: Provider, visit: Callable[..., Visitor]
) -> None:
    public, partner = (current_release_id(both_store, name) for name in ("public", "partner"))
    assert public is not None and partner is not None
    row, parts = read_release(both_store, partner)
    rules = row.manifest["rules"] | {"hidden_counts": [1, 12]}
    with writing(both_store) as connection:
        manifest = row.manifest | {"rules": rules}
        save_release(connection, "e" * 16, "partner", None, "test", manifest, row.figure_count, parts)
        set_current(connection, "partner", "e" * 16)
    add_agreement(both_store, "Another hub", [OURS], "planning", today(), "steward")
    provider.user = {"sub": "p2", "roles": ["partner"], "organization": "Another hub"}
    visitor = visit(both_server)
    visitor.open("/profile?area=bootheel")
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.sees("so they cannot stand side by side")
    assert release_id(visitor) == public
    assert grave_faults(visitor) == []
