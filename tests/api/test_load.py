"""Fifty readers at once, with files coming in between: every answer whole, none a fault of the server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine

from equity.config import ROOT
from equity.release.load import Release
from equity.store.engine import open_store
from equity.store.submissions import list_submissions
from equity.store.tokens import SCOPES, create_token
from equity.views.documents.tables import tidy
from tests.api.serve import Client
from tests.intake.test_submit import export
from tests.shipped import shipped_home
from tests.ui.server import Server, running

READERS, SENDERS = 50, 4
#: What each reader reads, and files each sender sends: little under CI, much in check-all.
ROUNDS = 20 if os.environ.get("EQUITY_SLOW") == "1" else 2
MEASURES = ("infant_mortality", "need", "coverage", "caseload", "births")


@pytest.fixture
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Engine]]:
    """The application on a store of its own, and that store."""
    home = tmp_path_factory.mktemp("load") / "home"
    shutil.copytree(shipped_home(tmp_path_factory), home)
    settings = {"EQUITY_API_READS": "1000000", "EQUITY_API_SUBMISSIONS": "1000000"}
    store = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    with running(Path(ROOT), home, settings=settings) as server:
        yield server, store
    store.dispose()


def read_all(client: Client, **query: Any) -> tuple[list[dict[str, Any]], set[int]]:
    """Every page of a query, and the statuses met."""
    rows: list[dict[str, Any]] = []
    statuses = set()
    path: str | None = f"/releases/current/figures?{urlencode(query)}"
    while path:
        answer = client.get(path)
        statuses.add(answer.status)
        page = answer.json()
        rows += page["figures"]
        path = page["links"].get("next")
    return rows, statuses


def test_many_readers_and_some_senders_at_once(loaded: tuple[Server, Engine], shipped: Release) -> None:
    server, store = loaded
    texts = [create_token(store, f"Hub {number}", SCOPES, 1, "steward")[1] for number in range(SENDERS)]
    expected = {name: tidy(shipped, shipped.figures.query("measure == @name")) for name in MEASURES}
    plain = Client(server.port)

    def read(reader: int) -> list[bool]:
        whole = []
        for step in range(ROUNDS):
            name = MEASURES[(reader + step) % len(MEASURES)]
            # pages of another length each time, so that few answers are ready from before
            rows, statuses = read_all(plain, measure=name, limit=400 + 10 * reader + step)
            whole.append(statuses == {200} and rows == expected[name])
        return whole

    def send(sender: int) -> list[int]:
        client = Client(server.port, texts[sender])
        files = [export(10_000 * (sender + 1) + step) for step in range(ROUNDS)]
        first = [client.send(file, f"{step}.txt").status for step, file in enumerate(files)]
        return first + [client.send(file, "again.txt").status for file in files]

    with ThreadPoolExecutor(READERS + SENDERS) as pool:
        reading = [pool.submit(read, reader) for reader in range(READERS)]
        sending = [pool.submit(send, sender) for sender in range(SENDERS)]
        alive = [server.get("/_stcore/health")[2] for _ in range(20)]
        assert [done.result() for done in reading] == [[True] * ROUNDS] * READERS
        assert [done.result() for done in sending] == [[201] * ROUNDS + [200] * ROUNDS] * SENDERS
    assert alive == [b"ok"] * 20
    kept = list_submissions(store)
    assert len(kept) == len({row.sha256 for row in kept}) == SENDERS * ROUNDS
    for number, text in enumerate(texts):
        told = Client(server.port, text).get("/submissions?limit=200").json()
        own = {row.id for row in kept if row.received_from == f"Hub {number}"}
        assert {row["id"] for row in told["submissions"]} == own and told["total"] == ROUNDS
    assert "Traceback" not in server.log.read_text()
