"""The application with sign-in switched on, a provider beside it, and visitors who sign in there."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from equity.config import ROOT
from equity.store.engine import open_store
from tests.sign_in.provider import CLIENT, SECRET, Fault, Provider, running_provider
from tests.ui.server import Server, running
from tests.ui.visitor import Visitor

HUB = "Bootheel hub"


@pytest.fixture(scope="session")
def session_provider() -> Iterator[Provider]:
    with running_provider() as found:
        yield found


@pytest.fixture
def provider(session_provider: Provider) -> Iterator[Provider]:
    """The provider, as a good one; the test may change it."""
    session_provider.fault, session_provider.seconds, session_provider.user = "", 3600, {}
    yield session_provider
    session_provider.fault = ""


def settings_file(folder: Path, provider: Provider) -> dict[str, str]:
    """Write the secrets a server needs, and give the settings that switch sign-in on."""
    file = folder / "secrets.toml"
    file.write_text(
        "[auth]\n"
        'redirect_uri = "http://localhost:{port}/oauth2callback"\n'
        f'cookie_secret = "{"0123456789abcdef" * 4}"\n'
        f'client_id = "{CLIENT}"\n'
        f'client_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n'
    )
    return {"EQUITY_SIGN_IN": "on", "STREAMLIT_SECRETS_FILES": str(file)}


@pytest.fixture(scope="session")
def door_home(app_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own with the first release."""
    home = tmp_path_factory.mktemp("door-home")
    shutil.copytree(app_home, home, dirs_exist_ok=True)
    return home


@pytest.fixture(scope="session")
def door_server(door_home: Path, session_provider: Provider) -> Iterator[Server]:
    """The application where people may sign in."""
    with running(ROOT, door_home, settings=settings_file(door_home, session_provider)) as server:
        yield server


@pytest.fixture
def door_store(door_home: Path) -> Iterator[Engine]:
    """The store behind that application."""
    engine = open_store(f"sqlite:///{door_home / 'equity.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def come(door_server: Server, provider: Provider, visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Let somebody with certain claims sign in, from a page on; the visitor stands where the browser ends."""

    def came(user: dict[str, Any], path: str = "/data", fault: Fault = "") -> Visitor:
        provider.user, provider.fault = {"sub": "u1", **user}, fault
        visitor = visit(door_server)
        visitor.open(path)
        visitor.page.get_by_role("button", name="Sign in").click()
        return visitor

    return came


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
