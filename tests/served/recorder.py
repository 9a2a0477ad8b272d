"""Everything a server sends, kept as it came: pages over the websocket, their files, answers over HTTP."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.session import Session
from tests.served.search import of_message
from tests.ui.server import Server

#: Files that a page names: what it makes on the click, pictures, fonts.
_FILE: Final = re.compile(rb"/media/[0-9a-f]{20,}\.[a-z0-9]+")
#: What the place of a message ends with.
_MESSAGES: Final = "over the websocket"


class Recorder:
    """Visits a running server and keeps each thing that comes once, with the request that brought it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.kinds: dict[str, int] = {}
        self._kept: dict[bytes, tuple[str, bytes]] = {}
        self._media: set[str] = set()

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """What came, each with its request; messages also with their tables as text."""
        for where, content in self._kept.values():
            yield from (
                ((where, part) for part in of_message(content))
                if where.endswith(_MESSAGES)
                else ((where, content),)
            )

    def get(self, path: str, status: int | None = 200) -> bytes:
        """Ask for a path over HTTP; ``status`` is what it must be answered with, ``None`` for whatever."""
        answered, headers, body = self.server.get(path)
        assert status is None or answered == status, f"{path}: {answered} {body[:200]!r}"
        self._keep(path, str(headers).encode() + body)
        self._keep(path, body)
        kind = str(headers.get("Content-Type")).partition(";")[0]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        return body

    def api(self, path: str, **query: str) -> None:
        """Ask the API for something and follow it to its last page."""
        address = f"/api/v1/{path}?{urlencode(query)}"
        while address:
            body = self.get(address)
            following = json.loads(body).get("links", {}) if body[:1] == b"{" else {}
            address = following.get("next", "") if isinstance(following, dict) else ""

    def visit(self, session: Session, page: str, query: str = "", *, files: bool = False) -> int:
        """Open a page at an address, with ``files`` each of its downloads too; how many those were."""
        where = f"/{page}?{query}"
        request = BackMsg()
        request.rerun_script.page_name, request.rerun_script.query_string = page, query
        messages = [message for message, content in self._told(session, request, where)]
        assert messages[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, where
        for name in sorted(self._media):
            self.get(name)
        self._media.clear()
        buttons = [
            message.delta.new_element.download_button
            for message in messages
            if message.HasField("delta") and message.delta.new_element.HasField("download_button")
        ]
        if files:
            for button in buttons:
                self._download(session, button.deferred_file_id, f"{where} {button.label}")
        return len(buttons) if files else 0

    def _download(self, session: Session, file_id: str, where: str) -> None:
        request = BackMsg()
        operation = request.backend_operation_request
        operation.request_id, operation.session_id = file_id, self._session_id
        operation.deferred_file.file_id = file_id
        answer = self._told(session, request, where, "backend_operation_response")[-1][0]
        made = answer.backend_operation_response
        assert made.deferred_file.url, f"{where}: {made.error_msg}"
        self._media.discard(made.deferred_file.url)
        self.get(made.deferred_file.url)

    def _told(
        self, session: Session, request: BackMsg, where: str, last: str = "script_finished"
    ) -> list[tuple[ForwardMsg, bytes]]:
        received = session.exchange(request, last)
        for message, content in received:
            if message.HasField("new_session"):
                self._session_id = message.new_session.initialize.session_id
            self._keep(f"{where} {_MESSAGES}", content)
            self._media |= {name.decode() for name in _FILE.findall(content)}
        return received

    def _keep(self, where: str, content: bytes) -> None:
        self._kept.setdefault(hashlib.sha256(content).digest(), (where, content))
