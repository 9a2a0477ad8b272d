"""The five pages of the application, as they ship, in a browser of each width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.reader import DESK, PHONE
from tests.ui.server import Server
from tests.ui.visitor import Visitor


@pytest.fixture(params=[pytest.param(DESK, id="1440"), pytest.param(PHONE, id="390")])
def reader(request: pytest.FixtureRequest, app_server: Server, visit: Callable[..., Visitor]) -> Visitor:
    """A reader at a desk, and one with a phone: the test runs for both."""
    device: dict[str, Any] = request.param
    return visit(app_server, **device)


@pytest.fixture
def desk(app_server: Server, visit: Callable[..., Visitor]) -> Visitor:
    """A reader at a desk."""
    return visit(app_server, **DESK)
