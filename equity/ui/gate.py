"""What stands before the pages: how much a visitor may ask for, and what a browser has no business asking.

Streamlit answers more than pages need: its own measurements, a driver for programs without a browser, and
messages that empty every visitor's cache, tell of the repository, or install files on the server. None of
that passes the gate. What it tells a browser of the machine (paths, versions, an id) is taken out on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from equity.config import ROOT
from equity.words import say

#: Takes a permit of a client: 0 where there was one, else the seconds until there is.
Take = Callable[[str], int]

#: Permits of one address, and the seconds in which they come back: pages opened, files taken, files given.
RATES: Final = {"opens": (300, 60.0), "files": (600, 60.0), "uploads": (30, 3600.0)}
#: Pages that may be open at a time: of one address, and of all.
OPEN_OF_ONE: Final = 200
OPEN_OF_ALL: Final = 1000
#: The longest message a page may get from its browser; its widgets hold codes and short texts.
LONGEST_MESSAGE: Final = 256 * 1024

_CORE: Final = "/_stcore/"
_UPLOADS: Final = "/_stcore/upload_file/"
_SERVED: Final = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
_MEDIA: Final = "/media/"
#: Components of others, which these pages have none of.
_CLOSED: Final = ("/component/",)
_ALLOWED: Final = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request")
_OPERATIONS: Final = ("deferred_file", "dataframe_chunk")
#: Close codes of websockets: a message of the wrong kind, one that is too long, try again later.
_UNREADABLE, _TOO_LONG, _LATER = 1003, 1009, 1013


@dataclass(frozen=True)
class Permits:
    """Where each kind of permit is taken."""

    opens: Take
    files: Take
    uploads: Take


def is_allowed(message: BackMsg) -> bool:
    """True for what these pages' own browser side sends."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind in _ALLOWED


def without_machine(content: bytes) -> bytes:
    """A message to a browser without what it would tell of the machine: only the first of a run tells any."""
    if str(ROOT).encode() not in content:
        return content
    message = ForwardMsg.FromString(content)
    if not message.HasField("new_session"):
        return content
    begun = message.new_session
    begun.main_script_path = begun.main_script_path.rpartition("/")[2]
    about = begun.initialize
    for part, names in (
        (about.user_info, ("installation_id", "installation_id_v3", "installation_id_v4")),
        (about.environment_info, ("python_version", "server_os")),
    ):
        for name in names:
            setattr(part, name, "")
    return message.SerializeToString()


class Gate:
    """ASGI middleware; ``client`` names whom a request is from.

    ``uploads`` says that somebody may have a page on which files are given: else none is taken. Streamlit
    itself takes them from whoever has any page open, and keeps them in memory.
    """

    def __init__(
        self, app: ASGIApp, client: Callable[[Scope], str], permits: Permits, uploads: bool = True
    ) -> None:
        self.app, self.client, self.permits = app, client, permits
        self._taken = (_UPLOADS,) if uploads else ()
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._page(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        if path.startswith(_CLOSED) or (
            path.startswith(_CORE) and path not in _SERVED and not path.startswith(self._taken)
        ):
            await PlainTextResponse(say("ui.gate.nothing"), 404)(scope, receive, send)
            return
        wait = 0
        if path.startswith(_MEDIA):
            wait = self.permits.files(self.client(scope))
        elif path.startswith(_UPLOADS) and scope["method"] == "PUT":
            wait = self.permits.uploads(self.client(scope))
        if wait:
            told = PlainTextResponse(
                say("ui.gate.too_many", seconds=wait), 429, headers={"Retry-After": str(wait)}
            )
            await told(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = self.client(scope)
        if (
            self._open[client] >= OPEN_OF_ONE
            or self._open.total() >= OPEN_OF_ALL
            or self.permits.opens(client)
        ):
            await send({"type": "websocket.close", "code": _LATER})
            return
        self._open[client] += 1
        try:
            await self.app(scope, _Inward(receive, send), _outward(send))
        finally:
            self._open[client] -= 1
            self._open += Counter()  # forget those with none


class _Inward:
    """What a browser sends, less what it may not; the page is closed over what cannot be read."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send

    async def __call__(self) -> Message:
        """The next message that may pass."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            content = message.get("bytes")
            if content is None:
                return await self._closed(_UNREADABLE)
            if len(content) > LONGEST_MESSAGE:
                return await self._closed(_TOO_LONG)
            try:
                allowed = is_allowed(BackMsg.FromString(content))
            except DecodeError:
                return await self._closed(_UNREADABLE)
            if allowed:
                return message

    async def _closed(self, code: int) -> Message:
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _outward(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "websocket.send" and message.get("bytes") is not None:
            message = {**message, "bytes": without_machine(message["bytes"])}
        await send(message)

    return sending
