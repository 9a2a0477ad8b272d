"""Serving the API over a store by a real server in this process, and asking it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware

from equity.api.app import create_api
from equity.api.later import Later, mounted
from equity.config import ApiConfig
from equity.store.engine import StoreError
from equity.ui.headers import SecurityHeaders

#: Limits that no test meets unless it is about them.
WIDE = ApiConfig(reads_per_minute=1_000_000, submissions_per_hour=1_000_000)
ROOT = "/api/v1"


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        """What kind of problem the answer is; it is checked to be a whole one."""
        assert self.headers["Content-Type"] == "application/problem+json"
        document = self.json()
        assert document["status"] == self.status
        assert document["title"] and document["detail"]
        root, _, kind = document["type"].partition("#")
        assert root.endswith("/problems")
        return str(kind)


@dataclass(frozen=True)
class Client:
    """Asks a server on this machine; ``token`` goes with every request."""

    port: int
    token: str = ""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request to a path of the API, or a whole one that an answer gave."""
        given = dict(headers or {})
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            full = path if path.startswith(ROOT) else ROOT + path
            connection.request(method, full, body, given)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path; underscores in header names stand for hyphens."""
        return self.ask(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def send(self, content: bytes, name: str = "a.txt") -> Answer:
        """Hand a file in as it is."""
        kind = {"Content-Type": "application/octet-stream"}
        return self.ask("POST", f"/submissions?name={name}", content, kind)

    def send_form(self, content: bytes, name: str = "a.txt", part: str = "file") -> Answer:
        """Hand a file in as a browser's form does."""
        edge = "----edge"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.ask(
            "POST", "/submissions", body, {"Content-Type": f"multipart/form-data; boundary={edge}"}
        )


@contextmanager
def serving(store: Engine | StoreError, config: ApiConfig = WIDE) -> Iterator[Client]:
    """Serve the API over a store; a :class:`StoreError` in its place is what opening it comes to."""

    def open_engine() -> Engine:
        if isinstance(store, StoreError):
            raise store
        return store

    routes = [mounted(Later(lambda: create_api(open_engine, config)))]
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
