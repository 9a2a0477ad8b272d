"""The application with the first release, and a browser to look at it, for every folder of tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from equity.config import ROOT
from tests.shipped import shipped_home
from tests.ui.server import Server, running
from tests.ui.visitor import BROWSER_ARGUMENTS, Visitor

DESK = (1440, 900)


@pytest.fixture(scope="session")
def app_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the first release of what ships, made by ``python -m equity bootstrap``."""
    home = tmp_path_factory.mktemp("app-home")
    shutil.copytree(shipped_home(tmp_path_factory), home, dirs_exist_ok=True)
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
    narrow one; more options, such as a phone's, are those of a browser context. Where a test provokes an
    error, it empties the visitor's ``trouble`` itself.
    """
    visitors: list[Visitor] = []

    def opened(server: Server, size: tuple[int, int] = DESK, **options: Any) -> Visitor:
        viewport = ViewportSize(width=size[0], height=size[1])
        context = browser.new_context(viewport=viewport, accept_downloads=True, locale="en-US", **options)
        visitors.append(Visitor(context.new_page(), server.url))
        return visitors[-1]

    yield opened
    trouble = [found for visitor in visitors for found in visitor.trouble]
    for visitor in visitors:
        visitor.page.context.close()
    assert not trouble, "\n".join(trouble)
