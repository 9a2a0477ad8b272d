"""Starting the real application on a free port, for tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Literal

Launcher = Literal["streamlit", "uvicorn"]

#: How long a server may take to answer, with two busy cores.
START_SECONDS = 90


@dataclass(frozen=True)
class Server:
    """A running application: its port, its log, and its process."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port}"

    def get(self, path: str) -> tuple[int, HTTPMessage, bytes]:
        """Status, headers and body of a path."""
        connection = HTTPConnection("localhost", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@contextmanager
def running(
    root: Path, home: Path, launcher: Launcher = "streamlit", settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run ``app.py`` of ``root`` with ``EQUITY_HOME=home`` and more ``settings`` until the block ends.

    Raises ``RuntimeError`` with the server's log where it dies or does not answer.
    """
    port = _free_port()
    log = home / f"server-{port}.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            _command(launcher, port),
            cwd=root,
            env=environment(home, settings or {}),
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        server = Server(port, log, process)
        try:
            _wait(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(launcher: Launcher, port: int) -> list[str]:
    if launcher == "streamlit":
        options = [f"--server.port={port}", "--server.address=localhost"]
        return [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    return [sys.executable, "-m", "uvicorn", "app:app", "--host", "localhost", "--port", str(port)]


def environment(home: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of this process without settings of its own, for a home, with more ``settings``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("EQUITY_", "STREAMLIT_"))
    }
    return kept | {"EQUITY_HOME": str(home)} | dict(settings or {})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(
                f"The server ended with code {server.process.returncode}:\n{server.log.read_text()}"
            )
        try:
            if server.get("/_stcore/health")[2] == b"ok":
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The server does not answer after {START_SECONDS} s:\n{server.log.read_text()}")
