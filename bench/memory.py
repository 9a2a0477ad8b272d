"""What each reader costs in memory, against plain pages that keep their tables in the session.

Readers come to a real server one after another, look at three pages each, and stay. The first few come
before the first measurement, so that what is loaded once for all is not counted.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, ExitStack
from typing import Final

from tqdm import tqdm

from bench import servers
from bench.process import resident_megabytes
from bench.row import Row
from bench.session import Session
from bench.subject import Subject
from tests.ui.server import Server

#: Ours are so small that it takes many of them to be seen; the plain ones are slow to open.
SESSIONS: Final = 60
PLAIN_SESSIONS: Final = 10
FIRST: Final = 3
TARGET_MB: Final = 5.0
SEEN: Final = ("", "map", "profile")


def memory(subject: Subject) -> list[Row]:
    """Megabytes of resident memory for each open session."""
    ours, before = _each(servers.ours(subject.home), SESSIONS, "sessions")
    plain, plain_before = _each(servers.plain(subject.home), PLAIN_SESSIONS, "sessions, plain")
    detail = {
        "sessions": SESSIONS,
        "plain_sessions": PLAIN_SESSIONS,
        "server_mb": round(before),
        "plain_server_mb": round(plain_before),
    }
    return [Row("memory of a session", ours, plain, "MB", TARGET_MB, detail)]


def _each(starting: AbstractContextManager[Server], count: int, name: str) -> tuple[float, float]:
    """Megabytes for each of ``count`` sessions, and of the server before the first of them."""
    with starting as server, ExitStack() as open_sessions:

        def come() -> None:
            session = open_sessions.enter_context(Session(server.url))
            for page in SEEN:
                session.visit(page)

        def held() -> float:
            time.sleep(1)  # the server collects garbage after the last run has been answered
            return resident_megabytes(server.process.pid)

        for _ in range(FIRST):
            come()
        before = held()
        for _ in tqdm(range(count), desc=name, leave=False):
            come()
        return (held() - before) / count, before
