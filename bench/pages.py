"""How long each page takes, against a plain page that computes the same on every run.

Both run on a real server of their own (``streamlit run``) with the same settings. One reader goes round all
pages again and again through a websocket, to another place, layer or region each time, so that nearly every
map and profile is the first of its kind that the server draws, and what the server keeps grows as it does
in use. The time of the script is Streamlit's own measurement, a few milliseconds of which are that
measurement. The reader's wait, over all pages, is longer (see ``bench/session.py``): it also holds sending,
and Streamlit's collection of garbage after each run. The first rounds, which import and fill caches, are not
counted. The plain pages hold their tables in the session and read nothing again; as they are slower, they go
round less often.
"""

from __future__ import annotations

import time
from itertools import chain
from typing import Final

from tqdm import tqdm

from bench import servers
from bench.row import Row
from bench.session import Session, Visit
from bench.subject import Subject
from bench.timing import median, p95
from bench.visits import PAGES, page_name, visits
from tests.ui.server import Server

ROUNDS: Final = 80
WARM_UP: Final = 5
#: The plain pages are left after so many seconds, but not before so many rounds.
PLAIN_SECONDS: Final = 40.0
PLAIN_LEAST: Final = 10
MEDIAN_TARGET: Final = 60.0
P95_TARGET: Final = 200.0

Runs = dict[str, list[Visit]]


def pages(subject: Subject) -> list[Row]:
    """Median and 95th percentile of every page, in milliseconds."""
    queries = visits(subject.release, ROUNDS)
    with servers.ours(subject.home) as server:
        ours = _rounds(server, queries, WARM_UP, float("inf"), "rounds")
    with servers.plain(subject.home) as server:
        plain = _rounds(server, queries, 1, PLAIN_SECONDS, "rounds, plain")
    rows = [row for page in PAGES for row in _script(page, ours[page], plain[page])]
    return rows + _answered(list(chain(*ours.values())), list(chain(*plain.values())))


def _rounds(server: Server, queries: dict[str, list[str]], warm_up: int, patience: float, name: str) -> Runs:
    """Every page's runs, round by round, until the queries or the patience are at an end."""
    runs: Runs = {page: [] for page in PAGES}
    with Session(server.url) as session:
        for _ in range(warm_up):
            for page in PAGES:
                session.visit(page_name(page))
        end = time.monotonic() + patience
        for place in tqdm(range(ROUNDS), desc=name, leave=False):
            if place >= PLAIN_LEAST and time.monotonic() > end:
                break
            for page in PAGES:
                runs[page].append(session.visit(page_name(page), queries[page][place]))
    return runs


def _script(page: str, ours: list[Visit], plain: list[Visit]) -> list[Row]:
    times, plain_times = [run.script for run in ours], [run.script for run in plain]
    detail = {"runs": len(ours), "plain_runs": len(plain)}
    return [
        Row(f"page {page}, median", median(times), median(plain_times), "ms", MEDIAN_TARGET, detail),
        Row(f"page {page}, p95", p95(times), p95(plain_times), "ms", P95_TARGET, detail),
    ]


def _answered(ours: list[Visit], plain: list[Visit]) -> list[Row]:
    times, plain_times = [run.answered for run in ours], [run.answered for run in plain]
    return [
        Row("reader's wait, median", median(times), median(plain_times), "ms"),
        Row("reader's wait, p95", p95(times), p95(plain_times), "ms"),
    ]
