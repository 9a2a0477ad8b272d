"""A reader without a browser: one websocket to a running Streamlit server, as a browser holds one."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

#: The longest that a page may take before it counts as failed, in seconds.
PATIENCE: Final = 120


class PageFailedError(RuntimeError):
    """A page showed an error instead of itself."""


@dataclass(frozen=True)
class Visit:
    """One run of a page.

    ``script`` is the time of the script as Streamlit itself takes it, in milliseconds; ``answered`` the time
    until the reader's side knows that it has finished; ``sent`` counts all bytes, ``map_bytes`` those of its
    maps; ``elements`` is what it shows.
    """

    script: float
    answered: float
    sent: int
    map_bytes: int
    elements: tuple[Element, ...]

    def texts(self) -> list[str]:
        """Headings and paragraphs, as they were sent."""
        return [
            element.heading.body if element.HasField("heading") else element.markdown.body
            for element in self.elements
            if element.HasField("heading") or element.HasField("markdown")
        ]


class _PromptSocket(socket.socket):
    """Acknowledges at once what it receives, where the system can (Linux).

    ``streamlit run`` leaves Nagle's algorithm on: its second packet waits for the acknowledgement of the
    first, which a system may hold back for 40 ms. That is no time of a script's.
    """

    def recv(self, size: int, flags: int = 0) -> bytes:
        content = super().recv(size, flags)
        if hasattr(socket, "TCP_QUICKACK"):
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return content


class Session:
    """One session of the server at ``url``, open inside a ``with`` block.

    Nothing sent before is remembered: each run comes whole.
    """

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        line = _PromptSocket()
        line.connect((self._address.hostname, self._address.port))
        self._socket = self._open.enter_context(
            connect(
                f"ws://{self._address.netloc}/_stcore/stream",
                sock=line,
                subprotocols=[Subprotocol("streamlit")],
                max_size=None,
                close_timeout=1,
            )
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def visit(self, page: str = "", query: str = "") -> Visit:
        """Run a page (``""`` the first one) at an address; raise :class:`PageFailedError` where it fails.

        The server must have usage statistics on: only then it measures its scripts. ``answered`` holds also
        the making and sending of messages, the server's pauses between them (5 ms), and the collection of
        garbage after the run before, when a request comes at once.
        """
        request = BackMsg()
        request.rerun_script.page_name = page
        request.rerun_script.query_string = query
        start = time.perf_counter()
        received = self.exchange(request)
        answered = 1000 * (time.perf_counter() - start)
        return _visit(
            f"/{page}?{query}", answered, [(message, len(content)) for message, content in received]
        )

    def exchange(self, request: BackMsg, last: str = "script_finished") -> list[tuple[ForwardMsg, bytes]]:
        """Send a request and give what comes, read and as sent, up to a message of the kind ``last``."""
        self._socket.send(request.SerializeToString())
        received: list[tuple[ForwardMsg, bytes]] = []
        while not received or received[-1][0].WhichOneof("type") != last:
            content = self._socket.recv(timeout=PATIENCE, decode=False)
            received.append((ForwardMsg.FromString(content), content))
        return received


def _visit(address: str, answered: float, received: list[tuple[ForwardMsg, int]]) -> Visit:
    end = received[-1][0]
    if end.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or any(
        message.HasField("page_not_found") for message, _ in received
    ):
        raise PageFailedError(f"{address} did not run to its end.")
    drawn = [
        (message.delta.new_element, size)
        for message, size in received
        if message.HasField("delta") and message.delta.HasField("new_element")
    ]
    for element, _ in drawn:
        if element.HasField("exception") or element.alert.format == Alert.ERROR:
            raise PageFailedError(f"{address}: {element.exception.message or element.alert.body}")
    (profile,) = (message.page_profile for message, _ in received if message.HasField("page_profile"))
    return Visit(
        script=profile.exec_time / 1000,
        answered=answered,
        sent=sum(size for _, size in received),
        map_bytes=sum(size for element, size in drawn if element.HasField("deck_gl_json_chart")),
        elements=tuple(element for element, _ in drawn),
    )
