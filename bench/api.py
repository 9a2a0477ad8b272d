"""The API under readers and senders at once: requests a second and how long they take.

``python -m bench.api`` wants a bootstrapped store: ``EQUITY_HOME`` names its folder, which is copied first.

Served by uvicorn: under ``streamlit run`` a small answer waits 40 ms for the reader's system to confirm the
one before it, since Streamlit opens its socket without saying that it is TCP (its sockets keep small packets
back).
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from equity.config import ROOT, load_config
from equity.store.engine import open_store
from equity.store.tokens import SCOPES, create_token
from tests.intake.test_submit import export
from tests.ui.server import Server, running

READERS, SECONDS = 50, 10.0
FIGURES = "/api/v1/releases/current/figures"
#: What is read: made anew each time (the limit differs), ready from before, and held by the reader already.
KINDS: dict[str, Callable[[int], str]] = {
    "one county's rates, filtered anew": lambda n: (
        f"{FIGURES}?measure=infant_mortality&area=29510&limit={n % 1990 + 10}"
    ),
    "200 figures, ready from before": lambda _: f"{FIGURES}?measure=need",
    "200 figures, made anew": lambda n: f"{FIGURES}?measure=need&area_kind=zip&limit={200 + n % 50}",
    "a map of ZIP codes, ready": lambda _: f"{FIGURES}?measure=need&period=2023&format=geojson",
}
_HEALTH = "/_stcore/health"


def ask(line: HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> float:
    """Milliseconds until an answer was read; a fault of the server ends the run."""
    start = time.perf_counter()
    line.request(method, path, body, headers)
    answer = line.getresponse()
    answer.read()
    if answer.status >= 500:
        raise RuntimeError(f"{path}: {answer.status}")
    return (time.perf_counter() - start) * 1000


def repeat(port: int, path: Callable[[int], str], until: float, numbers: count[int]) -> list[float]:
    """Ask for one path after another on one line until a moment."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    while time.perf_counter() < until:
        times.append(ask(line, "GET", path(next(numbers)), None, {}))
    line.close()
    return times


def told(name: str, times: list[float], seconds: float) -> None:
    """Print one line of results."""
    ranked = statistics.quantiles(times, n=20)
    rate = f"{len(times) / seconds:6.0f} a second"
    print(f"{name:46} {rate}   median {ranked[9]:7.1f} ms   95 % {ranked[18]:7.1f} ms")


def send(server: Server, token: str, stop: threading.Event, times: list[float]) -> None:
    """Hand one file in after the other until told to stop."""
    line = HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    for number in count(1):
        if stop.is_set():
            return
        times.append(ask(line, "POST", "/api/v1/submissions", export(number), headers))


def main() -> None:
    """Run every kind of reading alone, then with files coming in; print as it goes."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(shutil.copytree(load_config().home, Path(folder) / "home"))
        store = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
        token = create_token(store, "Bench", SCOPES, 1, "bench")[1]
        wide = {"EQUITY_API_READS": "1000000000", "EQUITY_API_SUBMISSIONS": "1000000000"}
        with running(ROOT, home, "uvicorn", wide) as server:
            one = HTTPConnection("127.0.0.1", server.port, timeout=60)
            for kind, path in KINDS.items():
                ask(one, "GET", path(0), None, {})
                told(f"{kind}, 1 reader", repeat(server.port, path, time.perf_counter() + 3, count(1)), 3)
            for name, path in KINDS.items():
                crowd(server, name, path)
            stop, sent = threading.Event(), list[float]()
            sender = threading.Thread(target=send, args=(server, token, stop, sent))
            sender.start()
            crowd(server, "the same map, and files come in", KINDS["a map of ZIP codes, ready"])
            stop.set()
            sender.join()
            told("files handed in meanwhile", sent, SECONDS)


def crowd(server: Server, name: str, path: Callable[[int], str]) -> None:
    """Many readers at once, and how long the pages' own health check takes beside them."""
    numbers, until = count(), time.perf_counter() + SECONDS
    with ThreadPoolExecutor(READERS + 1) as pool:
        readers = [pool.submit(repeat, server.port, path, until, numbers) for _ in range(READERS)]
        beside = pool.submit(repeat, server.port, lambda _: _HEALTH, until, numbers)
        told(f"{name}, {READERS}", [taken for reader in readers for taken in reader.result()], SECONDS)
        told("  pages beside (health)", beside.result(), SECONDS)


if __name__ == "__main__":
    main()
