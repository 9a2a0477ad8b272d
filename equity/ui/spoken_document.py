"""The document that carries a page says which language the page is in, as screen readers ask."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equity.words import DEFAULT, LANGUAGES

#: How Streamlit's document begins, whatever is in it.
_SAID: Final = b'<html lang="en"'


class SpokenDocument:
    """ASGI middleware that puts the language of the address (``lang``) into the document's first element."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where its address names another language, so does the document."""
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
        if scope["type"] != "http" or asked not in LANGUAGES or asked == DEFAULT:
            await self.app(scope, receive, send)
            return
        headers = MutableHeaders(raw=list(scope["headers"]))
        del headers["accept-encoding"]  # what is packed cannot be looked into
        page = False

        async def send_spoken(message: Message) -> None:
            nonlocal page
            if message["type"] == "http.response.start":
                page = Headers(scope=message).get("content-type", "").startswith("text/html")
            elif page and message["type"] == "http.response.body":
                # codes are of one length, so the document is too
                spoken = _SAID.replace(DEFAULT.encode(), asked.encode())
                message = {**message, "body": message.get("body", b"").replace(_SAID, spoken, 1)}
            await send(message)

        await self.app({**scope, "headers": headers.raw}, receive, send_spoken)
