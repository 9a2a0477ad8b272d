"""How often a client may ask, who the client is, and what is said to one who asks too often."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from equity.api.limits import MOST_CLIENTS, Buckets, client_of
from equity.api.services import FAILURES_PER_MINUTE
from equity.config import ROOT, ApiConfig, load_api_config
from equity.store.tokens import SCOPES, create_token
from tests.api.serve import Client, serving
from tests.shipped import surroundings


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_for_each_client_alone() -> None:
    clock = Clock()
    buckets = Buckets(3, 60, clock)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 20, 20]
    assert buckets.take("b") == 0
    assert (buckets.wait("a"), buckets.wait("c")) == (20, 0)
    clock.now = 19.5
    assert buckets.take("a") == 1
    clock.now = 20.5
    assert [buckets.take("a"), buckets.take("a")] == [0, 20]
    clock.now = 10_000
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 20]


def test_only_so_many_clients_are_remembered() -> None:
    buckets = Buckets(1, 60, Clock())
    for number in range(MOST_CLIENTS + 1):
        assert buckets.take(str(number)) == 0
    assert buckets.take(str(MOST_CLIENTS)) == 60
    # forgotten, so it starts afresh
    assert buckets.take("0") == 0


def scope(host: str, forwarded: str = "") -> dict[str, Any]:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"type": "http", "client": (host, 1), "headers": headers}


@pytest.mark.parametrize(
    ("host", "forwarded", "proxies", "client"),
    [
        ("8.8.8.8", "", "", "8.8.8.8"),
        ("8.8.8.8", "1.1.1.1", "", "8.8.8.8"),
        ("10.0.0.9", "1.1.1.1", "10.0.0.0/8", "1.1.1.1"),
        ("10.0.0.9", "9.9.9.9, 1.1.1.1, 10.0.0.8", "10.0.0.0/8", "1.1.1.1"),
        ("10.0.0.9", "", "10.0.0.0/8", "10.0.0.9"),
        ("10.0.0.9", "nonsense", "10.0.0.0/8", "10.0.0.9"),
        ("8.8.8.8", "1.1.1.1", "10.0.0.0/8", "8.8.8.8"),
        # as uvicorn hands on what a program on this machine claims
        ("1.1.1.1", "1.1.1.1", "", "127.0.0.1"),
        ("1.1.1.1", "9.9.9.9, 1.1.1.1", "127.0.0.1", "1.1.1.1"),
        ("8.8.8.8", "8.8.8.8, 1.1.1.1", "127.0.0.1", "8.8.8.8"),
        ("2001:db8:1:2:3::4", "", "", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "", "", "2001:db8:1:2::"),
    ],
)
def test_who_asks_is_told_by_the_line_or_a_proxy_that_was_named(
    host: str, forwarded: str, proxies: str, client: str
) -> None:
    networks = tuple(ipaddress.ip_network(name) for name in proxies.split(",") if name)
    assert client_of(scope(host, forwarded), networks) == client


def test_who_reads_too_often_is_told_how_long_to_wait(store: Engine) -> None:
    with serving(store, ApiConfig(reads_per_minute=5)) as client:
        # an address that is only claimed is no other client
        answers = [client.get("/measures", X_Forwarded_For=f"9.9.9.{number}") for number in range(7)]
        assert [answer.status for answer in answers] == [200] * 5 + [429] * 2
        assert answers[-1].kind == "too-many"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 12
        assert answers[-1].headers["X-Content-Type-Options"] == "nosniff"
        assert client.ask("HEAD", "/measures").body == b""
    named = ApiConfig(reads_per_minute=1, proxies=(ipaddress.ip_network("127.0.0.1"),))
    with serving(store, named) as client:
        answers = [client.get("/measures", X_Forwarded_For=f"9.9.9.{number}") for number in range(4)]
        assert [answer.status for answer in answers] == [200] * 4
        assert client.get("/measures", X_Forwarded_For="9.9.9.0").status == 429


def test_files_are_counted_by_token_and_refused_tokens_by_address(store: Engine) -> None:
    tokens = [create_token(store, "Hub", SCOPES, 1, "steward")[1] for _ in range(2)]
    config = ApiConfig(reads_per_minute=1000, submissions_per_hour=2)
    with serving(store, config) as client:
        first, second = (Client(client.port, token) for token in tokens)
        assert [first.send(b"x").status for _ in range(3)] == [422, 422, 429]
        told = first.send(b"x")
        assert told.kind == "too-many" and 1700 < int(told.headers["Retry-After"]) <= 1800
        assert second.send(b"x").status == 422
        assert first.get("/submissions").status == 200
        stranger = Client(client.port, "equity_wrong")
        statuses = [stranger.get("/submissions").status for _ in range(FAILURES_PER_MINUTE + 1)]
        assert statuses == [401] * FAILURES_PER_MINUTE + [429]
        # guessing is over for this address, reading is not
        assert first.get("/submissions").kind == "too-many"
        assert client.get("/measures").status == 200


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("READS", "SUBMISSIONS", "PROXIES"):
        monkeypatch.delenv(f"EQUITY_API_{name}", raising=False)
    assert load_api_config() == ApiConfig(300, 60, ())
    monkeypatch.setenv("EQUITY_API_READS", "7")
    monkeypatch.setenv("EQUITY_API_SUBMISSIONS", "8")
    monkeypatch.setenv("EQUITY_API_PROXIES", "10.0.0.0/8, ::1")
    networks = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))
    assert load_api_config() == ApiConfig(7, 8, networks)
    for name, value in (("READS", "0"), ("SUBMISSIONS", "many"), ("PROXIES", "here")):
        with monkeypatch.context() as wrong:
            wrong.setenv(f"EQUITY_API_{name}", value)
            with pytest.raises(ValueError, match=f"EQUITY_API_{name} must"):
                load_api_config()


def test_a_server_with_a_limit_that_cannot_be_does_not_start(tmp_path: Path) -> None:
    environment = surroundings(tmp_path, EQUITY_API_READS="none")
    command = [sys.executable, "-c", "import app"]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == "EQUITY_API_READS must be a whole number of at least 1: such as 300."
