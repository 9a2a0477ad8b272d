"""Every page in a browser whose console, policy violations and requests are all written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import pytest

from equity.config import ROOT
from tests.pages.reader import DESK, PHONE, drawn, read
from tests.ui.server import Server
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser
#: Each page, and those addresses that draw what the page alone does not.
WALK: Final = (
    "/", "/map", "/map?layer=infant_mortality_pattern&level=zip&region=stl", "/coverage", "/planner",
    "/profile", "/profile?area=bootheel", "/targets", "/data", "/about",
)  # fmt: skip
_OPEN_ALL: Final = (
    "() => document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())"
)
_LISTEN: Final = (
    "document.addEventListener('securitypolicyviolation', event => "
    "window.tellViolation(`${event.effectiveDirective}: ${event.blockedURI}`))"
)


@dataclass
class Record:
    """What a browser did: its console (kind and text), violations of the policy, hosts it asked."""

    console: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def about_policy(self) -> list[str]:
        """What the console says of the policy: it also hears of workers, in which no page can listen."""
        return [text for text in self.console if "Content Security Policy" in text]

    def strangers(self, url: str) -> set[str]:
        """Hosts (with port) that were asked and are not the server."""
        return {host for host in self.asked if host != urlsplit(url).netloc}


def _recorded(visitor: Visitor) -> Record:
    record, page = Record(), visitor.page
    page.expose_function("tellViolation", lambda text: record.violations.append(text))
    page.add_init_script(_LISTEN)
    page.on("console", lambda message: record.console.append(f"{message.type}: {message.text}"))
    page.on("websocket", lambda socket: record.asked.append(urlsplit(socket.url).netloc))
    page.context.on("request", lambda request: _asked(record, request.url))
    return record


def _asked(record: Record, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob"):
        record.asked.append(parts.netloc)


@pytest.mark.parametrize("device", [pytest.param(DESK, id="1440"), pytest.param(PHONE, id="390")])
def test_no_page_breaks_the_policy_or_asks_another_host(
    app_server: Server, visit: Callable[..., Visitor], device: dict[str, object]
) -> None:
    visitor = visit(app_server, **device)
    record = _recorded(visitor)
    for path in WALK:
        read(visitor, path)
        visitor.page.evaluate(_OPEN_ALL)
        drawn(visitor)
    assert record.violations == [] and record.about_policy == []
    assert record.strangers(app_server.url) == set()
    # the record was kept: each page is a document, its files and a socket
    assert len(record.asked) > 10 * len(WALK) and record.console


def test_no_page_is_left_out() -> None:
    pages = {file.stem for file in (ROOT / "pages").glob("*.py")}
    assert pages == {urlsplit(path).path.strip("/") or "overview" for path in WALK}


def test_the_record_notices_what_it_is_there_for(app_server: Server, visit: Callable[..., Visitor]) -> None:
    visitor = visit(app_server)
    record = _recorded(visitor)
    read(visitor, "/about")
    visitor.page.evaluate("() => { new Image().src = 'http://localhost:9/picture.png' }")
    visitor.page.evaluate(
        "() => { const one = document.createElement('script'); one.text = '1'; document.body.append(one) }"
    )
    visitor.page.wait_for_timeout(500)
    assert {text.split(":")[0] for text in record.violations} == {"img-src", "script-src-elem"}
    assert len(record.about_policy) == 2
    visitor.page.evaluate("() => { location.href = 'http://localhost:9/elsewhere' }")
    visitor.page.wait_for_timeout(500)
    assert record.strangers(app_server.url) == {"localhost:9"}
    visitor.trouble.clear()
