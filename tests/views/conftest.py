"""What tests of views share: the first release of everything that ships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from equity.release.load import Release, load_release
from equity.store.engine import open_store
from equity.store.releases import current_release_id
from tests.shipped import shipped_home


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The first release of everything that ships."""
    store = open_store(f"sqlite:///{shipped_home(tmp_path_factory) / 'equity.sqlite3'}")
    current = current_release_id(store, "public")
    assert current is not None
    yield load_release(store, current)
    store.dispose()
