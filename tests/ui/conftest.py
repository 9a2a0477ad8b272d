"""The shell: the application as it is served, with small pages in place of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from equity.config import ROOT
from tests.ui.release import publish_small
from tests.ui.server import Server, running


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application with the small pages of ``tests/ui/pages`` in place of its own."""
    root = tmp_path_factory.mktemp("shell")
    for folder in ("equity", "geo", ".streamlit"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(__file__).parent / "pages", root / "pages")
    shutil.copy(ROOT / "app.py", root)
    return root


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for a store with one small release."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def small_release(small_home: Path) -> str:
    """The small release, published: its id."""
    return publish_small(small_home, rate=9.1)


@pytest.fixture(scope="session")
def shell_server(shell: Path, small_home: Path, small_release: str) -> Iterator[Server]:
    """The shell, served by ``streamlit run app.py``, with the small release."""
    assert small_release
    with running(shell, small_home) as server:
        yield server
