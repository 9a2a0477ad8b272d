"""The API in front of stores of both kinds, and in front of the first release of what ships."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from equity.config import ROOT
from equity.intake.geography import read_geography
from equity.intake.reference import REFERENCE
from equity.release.load import Release, load_release
from equity.store.engine import open_store, writing
from equity.store.releases import current_release_id
from equity.store.tokens import SCOPES, create_token
from equity.store.write import replace_areas
from tests.api.serve import Client, serving
from tests.ui.server import Server, running

GEOGRAPHY = read_geography(REFERENCE)


@pytest.fixture
def places(store: Engine) -> Engine:
    """A store that knows the shipped places; the test runs on SQLite and on PostgreSQL."""
    with writing(store) as connection:
        replace_areas(connection, GEOGRAPHY.area, GEOGRAPHY.area_part)
    return store


@pytest.fixture
def door(places: Engine) -> Iterator[Client]:
    """The API over that store, asked without a token."""
    with serving(places) as client:
        yield client


@pytest.fixture
def agency(places: Engine, door: Client) -> Callable[..., Client]:
    """``agency("Hub")`` asks with a new token of that agency."""

    def made(sender: str, scopes: tuple[str, ...] = SCOPES) -> Client:
        return Client(door.port, create_token(places, sender, scopes, 30, "steward")[1])

    return made


@pytest.fixture(scope="session")
def app_with_limits(app_home: Path) -> Iterator[Server]:
    """The application as it is served, with limits that no test meets."""
    settings = {"EQUITY_API_READS": "1000000", "EQUITY_API_SUBMISSIONS": "1000000"}
    with running(ROOT, app_home, settings=settings) as server:
        yield server


@pytest.fixture(scope="session")
def reader(app_with_limits: Server) -> Client:
    """Asks the application itself."""
    return Client(app_with_limits.port)


@pytest.fixture(scope="session")
def shipped(app_home: Path) -> Release:
    """The release it shows."""
    engine = open_store(f"sqlite:///{app_home / 'equity.sqlite3'}")
    current = current_release_id(engine, "public")
    assert current is not None
    release = load_release(engine, current)
    engine.dispose()
    return release
