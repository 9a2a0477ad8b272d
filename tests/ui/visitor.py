"""A reader with a real browser, who notices what must not happen."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

#: Chromium in a container without a graphics card; WebGL in software.
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
)
LOCAL = ("localhost", "127.0.0.1")
PATIENCE_MS = 30_000
#: Opened below ``/``, Streamlit's script first looks for its server under the page's own address, where
#: there is none, and then finds it at ``/``. The browser reports the first answer (404) as an error.
BASE_SEARCH = re.compile(r"//[^/]+/\w+/_stcore/(health|host-config)$")


class Visitor:
    """One browser tab. ``trouble`` collects console errors, page errors and requests to other machines."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.trouble: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        page.on("request", self._request)

    def open(self, path: str) -> None:
        """Open an address of the application and wait until its page stands."""
        self.page.goto(self.url + path)
        self.settled()

    def settled(self) -> None:
        """Wait until the page's script has run to its end."""
        app = self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
        app.wait_for(state="attached")

    def heading(self, text: str) -> Locator:
        """The page's heading, once it is there."""
        found = self.page.get_by_role("heading", name=text, level=1)
        expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until a text stands on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        if message.type == "error" and not BASE_SEARCH.search(place):
            self.trouble.append(f"console: {message.text} ({place})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL:
            self.trouble.append(f"request to another machine: {request.url}")
