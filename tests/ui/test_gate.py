"""The gate before the pages: what it lets pass, how much of it, and what it takes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bench.session import Session
from equity.config import ROOT
from equity.ui import gate
from equity.ui.gate import LONGEST_MESSAGE, Gate, Permits, is_allowed, without_machine
from tests.ui.server import Server

#: Messages that Streamlit acts on and no reader needs.
REFUSED = (
    "clear_cache",
    "load_git_info",
    "set_run_on_save",
    "debug_shutdown_runtime",
    "debug_disconnect_websocket",
)


def of_kind(kind: str) -> BackMsg:
    message = BackMsg()
    setattr(message, kind, True)
    return message


def operation(payload: str) -> BackMsg:
    message = BackMsg()
    getattr(message.backend_operation_request, payload).SetInParent()
    return message


def test_only_what_pages_themselves_send_may_pass() -> None:
    run = BackMsg()
    run.rerun_script.SetInParent()
    assert is_allowed(run)
    assert all(is_allowed(operation(payload)) for payload in ("deferred_file", "dataframe_chunk"))
    assert not any(is_allowed(of_kind(kind)) for kind in REFUSED)
    assert not any(is_allowed(operation(payload)) for payload in ("install_skills", "dismiss_skills_nudge"))
    assert not is_allowed(BackMsg())


def test_what_tells_of_the_machine_is_taken_out_and_nothing_else() -> None:
    message = ForwardMsg()
    message.new_session.main_script_path = str(ROOT / "equity" / "ui" / "router.py")
    begun = message.new_session.initialize
    begun.user_info.installation_id = "of this machine"
    begun.environment_info.python_version, begun.environment_info.streamlit_version = "3.11.7", "1.67.0"
    begun.session_id = "abc"
    sent = ForwardMsg.FromString(without_machine(message.SerializeToString())).new_session
    assert sent.main_script_path == "router.py"
    assert sent.initialize.session_id == "abc"
    assert sent.initialize.HasField("user_info") and not sent.initialize.user_info.installation_id
    assert sent.initialize.environment_info.streamlit_version == "1.67.0"
    assert not sent.initialize.environment_info.python_version
    assert without_machine(b"anything else") == b"anything else"


class Asked:
    """An application that counts who comes through, behind a gate with so many permits."""

    def __init__(self, permits: int, uploads: bool = True) -> None:
        self.left = {"opens": permits, "files": permits, "uploads": permits}
        self.came: list[str] = []
        self.gate = Gate(
            self._app, lambda scope: "somebody", Permits(*(self._take(kind) for kind in self.left)), uploads
        )

    def _take(self, kind: str) -> Callable[[str], int]:
        def take(_client: str) -> int:
            self.left[kind] -= 1
            return 0 if self.left[kind] >= 0 else 7

        return take

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        self.came.append(scope["path"])
        if scope["type"] == "websocket":
            await receive()

    def ask(self, path: str, kind: str = "http", method: str = "GET", *given: dict[str, Any]) -> list[Any]:
        """What is answered to a request, or to messages in a websocket."""
        sent: list[Any] = []
        waiting = [*given, {"type": "websocket.disconnect", "code": 1000}]

        async def receive() -> dict[str, Any]:
            return waiting.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": kind, "path": path, "method": method, "headers": []}
        # in a thread of its own: where a browser's tests ran before, this one has a loop already
        with ThreadPoolExecutor(1) as other:
            other.submit(asyncio.run, self.gate(scope, receive, send)).result()
        return sent


@pytest.mark.parametrize(("path", "method"), [("/media/a.csv", "GET"), ("/_stcore/upload_file/a/b", "PUT")])
def test_files_are_counted_in_both_directions(path: str, method: str) -> None:
    asked = Asked(2)
    assert asked.ask(path, "http", method) == asked.ask(path, "http", method) == []
    start, *_ = asked.ask(path, "http", method)
    assert start["status"] == 429
    assert (b"retry-after", b"7") in start["headers"]
    assert asked.came == [path] * 2
    assert asked.ask("/") == []


def test_no_file_is_taken_where_no_page_asks_for_one() -> None:
    asked = Asked(2, uploads=False)
    start, *_ = asked.ask("/_stcore/upload_file/a/b", "http", "PUT")
    assert start["status"] == 404 and asked.came == []
    assert asked.ask("/_stcore/health") == []


def test_pages_are_counted_too_also_those_that_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, refused = Asked(2), [{"type": "websocket.close", "code": 1013}]
    answers = [asked.ask("/_stcore/stream", "websocket") for _ in range(3)]
    assert answers == [[], [], refused]
    monkeypatch.setattr(gate, "OPEN_OF_ALL", 0)
    assert Asked(9).ask("/_stcore/stream", "websocket") == refused
    monkeypatch.setattr(gate, "OPEN_OF_ALL", 9)
    monkeypatch.setattr(gate, "OPEN_OF_ONE", 0)
    assert Asked(9).ask("/_stcore/stream", "websocket") == refused


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"bytes": b"\xff" * 20}, 1003),
        ({"text": "{}"}, 1003),
        ({"bytes": b"\0" * (LONGEST_MESSAGE + 1)}, 1009),
    ],
)
def test_a_page_is_closed_over_what_cannot_be_read(content: dict[str, Any], code: int) -> None:
    given = {"type": "websocket.receive", **content}
    answer = Asked(1).ask("/_stcore/stream", "websocket", "GET", given)
    assert answer == [{"type": "websocket.close", "code": code}]


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/mcp",
        "/_stcore/bidi-components/x/y.js",
        "/component/x/index.html",
    ],
)
def test_what_no_page_needs_is_not_there(shell_server: Server, path: str) -> None:
    status, headers, body = shell_server.get(path)
    assert (status, body) == (404, b"There is nothing here.")
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../../../../etc/passwd",
        "/app/static/%2e%2e/%2e%2e/app.py",
        "/app/static/..%2f..%2f..%2fapp.py",
        "/app/static/..\\..\\app.py",
        "/app/static//etc/passwd",
        "/media/../../equity.sqlite3",
        "//evil.invalid/x",
        "/%0d%0aSet-Cookie:a=b",
        "/api/v1/%00",
    ],
)
def test_paths_out_of_the_folder_lead_nowhere(shell_server: Server, path: str) -> None:
    status, headers, body = shell_server.get(path)
    assert status in (400, 404)
    assert "Location" not in headers and b"root:" not in body and b"import" not in body


def test_the_server_acts_on_no_message_that_pages_do_not_send(shell_server: Server, shell: Path) -> None:
    with Session(shell_server.url) as session:
        for kind in REFUSED:
            session._socket.send(of_kind(kind).SerializeToString())
        for payload in ("install_skills", "dismiss_skills_nudge"):
            session._socket.send(operation(payload).SerializeToString())
        run = BackMsg()
        run.rerun_script.SetInParent()
        answered = session.exchange(run)
    told = {message.WhichOneof("type") for message, _ in answered}
    assert "script_finished" in told
    assert not told & {"git_info_changed", "backend_operation_response"}
    assert not [content for _, content in answered if str(shell).encode() in content]


def test_other_sites_cannot_open_pages(shell_server: Server) -> None:
    with (
        pytest.raises(Exception, match="403"),
        connect(
            f"ws://localhost:{shell_server.port}/_stcore/stream",
            origin="https://evil.invalid",  # type: ignore[arg-type]
            subprotocols=[Subprotocol("streamlit")],
        ),
    ):
        pass


def test_a_flood_ends_the_page_and_not_the_server(shell_server: Server) -> None:
    with Session(shell_server.url) as session, pytest.raises(ConnectionClosed):
        session._socket.send(b"\xff" * (LONGEST_MESSAGE + 1))
        session._socket.recv(timeout=20)
    assert shell_server.get("/_stcore/health")[0] == 200
