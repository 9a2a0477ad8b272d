"""Only what is released is served: pages, files, answers and errors are searched for planted secrets."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bench.session import Session
from equity.config import ROOT
from equity.release.freeze import Draft, read_figures
from equity.release.load import Release, load_release
from equity.release.publish import publish_draft, rollback
from equity.store.engine import open_store
from equity.store.releases import current_release_id, read_release
from tests.served.plant import WORD
from tests.served.recorder import Recorder
from tests.served.rounds import WITH_FILES, round_of
from tests.served.search import search
from tests.shipped import shipped_home, surroundings
from tests.ui.server import Server, running

#: Answers of the API, by their path, with the parameters each is asked with.
API = (
    ("", {}),
    ("releases", {}),
    ("releases/current", {}),
    ("releases/current/figures", {"format": "csv", "limit": "2000"}),
    ("releases/current/figures", {"status": "suppressed", "limit": "2000"}),
    ("releases/current/figures", {"format": "geojson", "measure": "infant_mortality", "period": "2017-2023"}),
    ("measures", {}),
    ("areas", {}),
    ("sources", {}),
    ("problems", {}),
    ("openapi.json", {}),
)
#: Kinds of content that a round must have met.
KINDS = {
    "application/geo+json",
    "application/json",
    "application/pdf",
    "application/problem+json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/png",
    "text/csv",
    "text/html",
}
#: Requests that are refused or lead nowhere.
ERRORS = (
    "/api/v1/releases/nothing",
    "/api/v1/releases/current/figures?nothing=1",
    "/api/v1/submissions",
    "/api/v1/submissions/1",
    "/app/static/../../equity.sqlite3",
    "/media/0000.csv",
    "/_stcore/upload_file/a/b",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/api/v1/nowhere",
    "/nowhere",
    "/api/ready",
)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A home with a release of a store with secrets, and the secrets."""
    home = tmp_path_factory.mktemp("planted")
    shutil.copytree(shipped_home(tmp_path_factory), home, dirs_exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.served.plant", str(home)],
        cwd=ROOT,
        env=surroundings(home),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return home, json.loads(done.stdout)


@pytest.fixture(scope="module")
def server(planted: tuple[Path, dict[str, Any]]) -> Iterator[Server]:
    with running(ROOT, planted[0]) as server:
        yield server


@pytest.fixture(scope="module")
def engine(planted: tuple[Path, dict[str, Any]]) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{planted[0] / 'equity.sqlite3'}")
    yield engine
    engine.dispose()


def current(engine: Engine) -> Release:
    return load_release(engine, str(current_release_id(engine, "public")))


def test_no_release_holds_a_number_that_it_hides(
    engine: Engine, planted: tuple[Path, dict[str, Any]]
) -> None:
    _, parts = read_release(engine, str(current_release_id(engine, "public")))
    figures = read_figures(parts["figures"][1]).to_json(double_precision=15).encode()
    pieces = [("figures", figures), *((name, content) for name, (_, content) in parts.items())]
    # the names of programs that report are part of their codes, which a release holds and nothing serves
    assert [found for found in search(pieces, planted[1]["numbers"]) if found.where != "table/reports"] == []


def test_no_secret_is_served(server: Server, engine: Engine, planted: tuple[Path, dict[str, Any]]) -> None:
    secrets, recorder = planted[1], Recorder(server)
    assert len(secrets["numbers"]) > 5_000
    with Session(server.url) as session:
        files = sum(recorder.visit(session, page, query, files=True) for page, query in WITH_FILES)
        for page, query in round_of(current(engine)):
            recorder.visit(session, page, query)
    for path, query in API:
        recorder.api(path, **query)
    for path in ERRORS:
        recorder.get(path, None)
    assert files > 25
    assert set(recorder.kinds) >= KINDS, recorder.kinds
    pieces = [*recorder.pieces(), ("the log", server.log.read_bytes())]
    assert search(pieces, secrets["numbers"]) == []
    inside = (str(ROOT).encode(), str(planted[0]).encode(), b"Traceback")
    served = list(recorder.pieces())
    assert [(where, word) for where, content in served for word in inside if word in content] == []


def test_a_secret_that_a_release_lets_out_is_found(
    server: Server, engine: Engine, planted: tuple[Path, dict[str, Any]]
) -> None:
    numbers = planted[1]["numbers"]
    mutated = publish_draft(engine, _mutated(current(engine), numbers[len(numbers) // 2]), "public")
    while json.loads(server.get("/api/ready")[2])["release"] != mutated.id:
        time.sleep(0.2)
    recorder = Recorder(server)
    with Session(server.url) as session:
        recorder.visit(session, "map", "layer=births&level=county&region=both", files=True)
        recorder.visit(session, "profile", "area=29510", files=True)
    recorder.api("releases/current/figures", measure="births", area="29510")
    found = search(recorder.pieces(), numbers)
    rollback(engine)
    for carrier in ("over the websocket", ".csv", ".geojson", ".pdf", ".xlsx", "/api/v1/releases"):
        assert any(carrier in one.where and one.secret.startswith(WORD) for one in found), carrier
    assert any("is" in one.secret and not one.secret.startswith(WORD) for one in found)


def _mutated(release: Release, number: float) -> Draft:
    """A release whose makers forgot to hide a number, and named a place by a secret."""
    figures = release.figures.copy()
    city = figures["area"].eq("29510") & figures["measure"].eq("births") & figures["group"].eq("all")
    figures.loc[city, ["value", "numerator"]] = number
    figures.loc[city, "status"] = "shown"
    areas = release.areas.copy()
    areas.loc[areas["geoid"].eq("29510"), "name"] = f"{WORD} City"
    return Draft(figures, release.tables | {"areas": areas}, release.layers, release.manifest)
