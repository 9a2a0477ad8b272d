"""The application as it is served, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from equity.config import ROOT
from tests.ui.release import publish_small
from tests.ui.server import Server, environment, running
from tests.ui.visitor import BROWSER_ARGUMENTS, Visitor

DESK = (1440, 900)


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


@pytest.fixture(scope="session")
def app_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the first release of what ships, made by ``python -m equity bootstrap``."""
    home = tmp_path_factory.mktemp("app-home")
    made = subprocess.run(
        [sys.executable, "-m", "equity", "bootstrap"],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture(scope="session")
def app_server(app_home: Path) -> Iterator[Server]:
    """The application itself, with its own pages and the first release."""
    with running(ROOT, app_home) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium for all tests (``EQUITY_CHROMIUM``, else Debian's)."""
    program = os.environ.get("EQUITY_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(BROWSER_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open tabs; at the end of the test none of them may have met trouble.

    ``visit(server)`` gives a :class:`Visitor` of 1440 by 900 points; ``visit(server, size=(390, 844))`` a
    phone's. Where a test provokes an error, it empties the visitor's ``trouble`` itself.
    """
    visitors: list[Visitor] = []

    def opened(server: Server, size: tuple[int, int] = DESK) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, accept_downloads=True, locale="en-US"
        )
        visitors.append(Visitor(context.new_page(), server.url))
        return visitors[-1]

    yield opened
    trouble = [found for visitor in visitors for found in visitor.trouble]
    for visitor in visitors:
        visitor.page.context.close()
    assert not trouble, "\n".join(trouble)
