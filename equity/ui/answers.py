"""What the browser is told when a sign-in comes back: to the page it began on, and why where it failed.

Streamlit sends everybody to the first page and says nothing of a sign-in that failed. This module knows no
page.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equity.store.errors import StoreError

log = logging.getLogger(__name__)

#: The key in the address that says what came of a sign-in, and what it may say.
FAILED: Final = "sign_in"
FAILURES: Final = ("refused", "unreachable")
LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
#: Anybody can make a sign-in fail: so many failures are recorded in a minute, and the others counted.
MOST_A_MINUTE: Final = 20
_BACK: Final = "equity_back"
_BACK_SECONDS: Final = 900
_LONGEST_BACK: Final = 2000
_SIGNED_IN: Final = "_streamlit_user="

Record = Callable[[str, Mapping[str, Any]], None]


class SignInAnswers:
    """ASGI middleware around Streamlit's routes for sign-in. ``record`` keeps a failure, with its reason."""

    def __init__(self, app: ASGIApp, record: Record) -> None:
        self.app = app
        self.failures = Failures(record)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; send the browser where it came from on the way back."""
        path = scope["path"] if scope["type"] == "http" else ""
        if not path.endswith((LOGIN, CALLBACK)):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        answer = self._login if path.endswith(LOGIN) else self._callback
        emptied = False

        async def send_changed(message: Message) -> None:
            nonlocal emptied
            if message["type"] == "http.response.start":
                emptied = await answer(request, message)
            elif emptied:
                message = {
                    "type": "http.response.body",
                    "body": b"",
                    "more_body": message.get("more_body", False),
                }
            await send(message)

        await self.app(scope, receive, send_changed)

    async def _login(self, request: Request, message: Message) -> bool:
        """On the way to the provider: remember the page. Where there is no way there, go back to it."""
        back = page_of(request.headers.get("referer", ""), request.headers.get("host", ""))
        if message["status"] >= 400:
            await self._note(request, "unreachable")
            _redirect(message, _with_failure(back, "unreachable"))
            return True
        _set_back(message, request, back)
        return False

    async def _callback(self, request: Request, message: Message) -> bool:
        """On the way back from the provider: to the page it began on."""
        if not {"state", "code", "error"} & set(request.query_params):
            return False  # the provider sends those here too who have signed out
        back = inside(unquote(request.cookies.get(_BACK, "")))
        set_now = MutableHeaders(scope=message).getlist("set-cookie")
        if not any(
            line.startswith(_SIGNED_IN) and not line.startswith(f'{_SIGNED_IN}""') for line in set_now
        ):
            await self._note(request, "refused")
            back = _with_failure(back, "refused")
        _redirect(message, back)
        _set_back(message, request, "")
        return True

    async def _note(self, request: Request, reason: str) -> None:
        address = request.client.host if request.client else ""
        await anyio.to_thread.run_sync(self.failures.note, reason, address)


class Failures:
    """Keeps failed sign-ins, some a minute. One that cannot be kept is in the server's log."""

    def __init__(self, record: Record, clock: Callable[[], float] = time.monotonic) -> None:
        self._record, self._clock = record, clock
        self._began, self._kept, self._left_out = clock(), 0, 0

    def note(self, reason: str, address: str) -> None:
        """Keep a failure with the address it came from, and how many were left out before it."""
        if self._clock() - self._began >= 60:
            self._began, self._kept = self._clock(), 0
        if self._kept >= MOST_A_MINUTE:
            self._left_out += 1
            return
        self._kept += 1
        left_out, self._left_out = self._left_out, 0
        try:
            self._record(reason, {"address": address, "left_out": left_out})
        except StoreError as error:
            log.warning("A failed sign-in could not be recorded. %s", error)


def page_of(referer: str, host: str) -> str:
    """The page of this server that a request came from, as path and query; the first page for any other."""
    parts = urlsplit(referer)
    return inside(urlunsplit(("", "", parts.path, parts.query, ""))) if parts.netloc == host else "/"


def inside(address: str) -> str:
    """An address that stays on this server; the first page for one that could lead away."""
    safe = address.startswith("/") and not address.startswith("//") and "\\" not in address
    if not safe or len(address) > _LONGEST_BACK or not address.isprintable():
        return "/"
    parts = urlsplit(address)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != FAILED]
    return urlunsplit(("", "", parts.path, urlencode(kept), ""))


def _with_failure(back: str, reason: str) -> str:
    return f"{back}{'&' if '?' in back else '?'}{FAILED}={reason}"


def _redirect(message: Message, to: str) -> None:
    message["status"] = 302
    headers = MutableHeaders(scope=message)
    headers["location"] = to
    headers["content-length"] = "0"


def _set_back(message: Message, request: Request, back: str) -> None:
    """Let the browser remember the page, or forget it."""
    cookie = SimpleCookie({_BACK: quote(back, safe="")})
    cookie[_BACK].update(
        {"path": "/", "httponly": "True", "samesite": "lax", "max-age": str(_BACK_SECONDS if back else 0)}
    )
    if request.url.scheme == "https":
        cookie[_BACK]["secure"] = "True"
    MutableHeaders(scope=message).append("set-cookie", cookie[_BACK].OutputString())
