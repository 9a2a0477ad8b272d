"""Two servers on one PostgreSQL: what is published shows on both, and restarts of either are survived."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from equity.config import ROOT
from tests.ops.postgres import OwnServer, StopMode
from tests.ops.publishing import publish_elsewhere
from tests.ui.server import Server, running

pytestmark = pytest.mark.postgres
#: How long to wait for what must come, on a busy machine.
PATIENCE = 60
FIGURES = "/api/v1/releases/current/figures?measure=infant_mortality&area_kind=county&area=29510"
DOWN = (503, {"ready": False, "reason": "the store cannot be used"})


@pytest.fixture(scope="module")
def url(own_postgres: OwnServer) -> str:
    """A database with the release of 250 deaths."""
    found = own_postgres.database("two_servers")
    publish_elsewhere(found, 250)
    return found


@pytest.fixture(scope="module")
def servers(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """The application twice, as it is started by Streamlit and by uvicorn."""
    settings = {"EQUITY_DATABASE_URL": url}
    homes = [tmp_path_factory.mktemp("server") for _ in range(2)]
    with (
        running(ROOT, homes[0], settings=settings) as first,
        running(ROOT, homes[1], "uvicorn", settings) as second,
    ):
        yield first, second


def ready(server: Server) -> tuple[int, dict[str, Any]]:
    status, _, body = server.get("/api/ready")
    return status, json.loads(body)


def wait_for(found: Callable[[], object], wanted: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while (last := found()) != wanted:
        assert time.monotonic() < deadline, f"{last} is not {wanted}"
        time.sleep(0.25)


def wait_for_release(servers: tuple[Server, ...], release: str) -> None:
    for server in servers:
        wait_for(lambda server=server: ready(server), (200, {"ready": True, "release": release}))  # type: ignore[misc]


def deaths(server: Server) -> float:
    """The figure as the server gives it to anybody who asks."""
    status, _, body = server.get(FIGURES)
    assert status == 200, body
    (figure,) = json.loads(body)["figures"]
    return float(figure["numerator"])


def tracebacks(servers: tuple[Server, ...]) -> list[str]:
    return [server.log.read_text() for server in servers if "Traceback" in server.log.read_text()]


def test_both_show_what_a_third_process_publishes(servers: tuple[Server, Server], url: str) -> None:
    pids = [server.process.pid for server in servers]
    for number in (251, 252):
        release = publish_elsewhere(url, number)
        wait_for_release(servers, release)
        wait_for(lambda: [deaths(server) for server in servers], [float(number)] * 2)
    assert [server.process.poll() for server in servers] == [None, None]
    assert [server.process.pid for server in servers] == pids
    assert tracebacks(servers) == []


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_of_the_database_is_survived(
    servers: tuple[Server, Server], url: str, own_postgres: OwnServer, mode: StopMode
) -> None:
    before = publish_elsewhere(url, 260)
    wait_for_release(servers, before)
    own_postgres.stop(mode)
    for server in servers:
        wait_for(lambda server=server: ready(server), DOWN)  # type: ignore[misc]
        assert server.get("/")[0] == 200 and server.get("/_stcore/health")[2] == b"ok"
        assert server.get(FIGURES)[0] == 503
    own_postgres.start()
    wait_for_release(servers, before)
    wait_for(lambda: [deaths(server) for server in servers], [260.0, 260.0])
    after = publish_elsewhere(url, 261)
    wait_for_release(servers, after)
    wait_for(lambda: [deaths(server) for server in servers], [261.0, 261.0])
    assert [server.process.poll() for server in servers] == [None, None]
    assert tracebacks(servers) == []


def test_a_server_that_starts_before_the_database_does_recovers_by_itself(
    servers: tuple[Server, Server], url: str, own_postgres: OwnServer, tmp_path: Path
) -> None:
    release = publish_elsewhere(url, 270)
    own_postgres.stop("fast")
    with running(ROOT, tmp_path, settings={"EQUITY_DATABASE_URL": url}) as third:
        assert ready(third) == DOWN
        own_postgres.start()
        wait_for_release((*servers, third), release)
        third.process.kill()
        third.process.wait()
    with running(ROOT, tmp_path, settings={"EQUITY_DATABASE_URL": url}) as again:
        wait_for_release((again,), release)
        assert deaths(again) == 270
