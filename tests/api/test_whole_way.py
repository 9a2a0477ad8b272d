"""The whole way of a number: handed in over HTTP, accepted, published, read over HTTP, taken back."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from equity.api.library import LOOK_AGAIN_SECONDS
from equity.config import ROOT
from equity.store.engine import open_store
from equity.store.tokens import SCOPES, create_token
from tests.api.serve import Client
from tests.intake.test_submit import export
from tests.shipped import run_equity, shipped_home
from tests.ui.server import running

FIGURES = "/releases/current/figures?area_kind=county&area=29510&period=2022&group=all&limit=2000"


def seen(client: Client) -> tuple[str, dict[str, Any]]:
    """The current release and the City's figures of 2022 by measure."""
    time.sleep(LOOK_AGAIN_SECONDS + 0.5)
    page = client.get(FIGURES).json()
    return page["release"], {row["measure"]: row for row in page["figures"]}


def test_a_number_goes_in_and_out_over_http_and_a_steward_decides(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Path(shutil.copytree(shipped_home(tmp_path_factory), tmp_path / "home"))
    store = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    token = create_token(store, "Hub", SCOPES, 1, "steward")[1]
    store.dispose()
    with running(ROOT, home) as server:
        client = Client(server.port, token)
        first, before = seen(client)
        sent = client.send(export(3545), "linked.txt").json()
        assert sent["status"] == "waiting"
        assert seen(client) == (first, before)
        done = run_equity(home, "accept", sent["id"], "--reason", "as printed", "--publish")
        assert done.returncode == 0, done.stderr
        second, after = seen(client)
        assert second != first
        source = f"submission-{sent['id']}"
        brought = {name: row["value"] for name, row in after.items() if row["source"] == source}
        assert brought == {"births": 3545, "infant_deaths": 33, "infant_mortality": pytest.approx(33 / 3.545)}
        assert {after[name]["basis"] for name in brought} == {"reported"}
        assert before["infant_mortality"]["basis"] == "demonstration"
        kept = set(after) - set(brought)
        assert kept and all(after[name]["value"] == before[name]["value"] for name in kept)
        assert client.get(sent["link"]).json()["status"] == "accepted"
        assert run_equity(home, "rollback").returncode == 0
        assert seen(client) == (first, before)
        assert client.get(f"/releases/{second}").status == 404
