"""A store with everything that ships, built once, and copied for tests that change it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from equity.release.load import Release, load_release
from equity.store.engine import open_store
from equity.store.releases import current_release_id
from tests.shipped import shipped_home


@pytest.fixture
def home(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ``EQUITY_HOME`` of its own for a test, with the first release published."""
    return Path(shutil.copytree(shipped_home(tmp_path_factory), tmp_path / "home"))


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """The store in ``home``."""
    found = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    yield found
    found.dispose()


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The first release, from everything that ships."""
    home = shipped_home(tmp_path_factory)
    found = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    current = current_release_id(found, "public")
    assert current is not None
    yield load_release(found, current)
    found.dispose()
