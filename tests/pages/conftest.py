"""The five pages of the application, as they ship, in a browser of each width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.pages.reader import DESK, PHONE, Shelf
from tests.ui.server import Server
from tests.ui.visitor import Visitor


@pytest.fixture(params=[pytest.param(DESK, id="1440"), pytest.param(PHONE, id="390")])
def reader(request: pytest.FixtureRequest, app_server: Server, visit: Callable[..., Visitor]) -> Visitor:
    """A reader at a desk, and one with a phone: the test runs for both."""
    device: dict[str, Any] = request.param
    return visit(app_server, **device)


@pytest.fixture(params=[pytest.param(DESK, id="1440"), pytest.param(PHONE, id="390", marks=pytest.mark.slow)])
def second_reader(
    request: pytest.FixtureRequest, app_server: Server, visit: Callable[..., Visitor]
) -> Visitor:
    """The same for what a page does beside its first answer: with a phone only among the heavy tests."""
    device: dict[str, Any] = request.param
    return visit(app_server, **device)


@pytest.fixture
def desk(app_server: Server, visit: Callable[..., Visitor]) -> Visitor:
    """A reader at a desk."""
    return visit(app_server, **DESK)


@pytest.fixture(scope="session")
def shelves(browser: Browser, app_server: Server) -> Iterator[dict[str, Shelf]]:
    """What a reader has read at a desk, and what one has read with a phone."""
    found = {}
    for name, device in (("1440", DESK), ("390", PHONE)):
        options = dict(device)
        width, height = options.pop("size")
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-US", **options)
        found[name] = Shelf(Visitor(context.new_page(), app_server.url))
    yield found
    for kept in found.values():
        kept.visitor.page.context.close()
        assert kept.visitor.trouble == []


@pytest.fixture
def desk_shelf(shelves: dict[str, Shelf]) -> Shelf:
    """What a reader has read at a desk."""
    return shelves["1440"]


@pytest.fixture(params=["1440", "390"])
def shelf(request: pytest.FixtureRequest, shelves: dict[str, Shelf]) -> Shelf:
    """The same, at a desk and with a phone."""
    return shelves[request.param]
