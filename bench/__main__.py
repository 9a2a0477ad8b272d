"""``python -m bench [NAME ...]``: measure, print a table, write ``bench/results.json``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tqdm import tqdm

from bench.build import build
from bench.disclosure import disclosure
from bench.load import load
from bench.machine import machine
from bench.memory import memory
from bench.models import models
from bench.pages import pages
from bench.payload import payload
from bench.planner import planner
from bench.readers import readers
from bench.records import records
from bench.row import Row, table
from bench.smoothing import smoothing
from bench.subject import Subject, bootstrapped

RESULTS: Final = Path(__file__).with_name("results.json")
BENCHES: Final[dict[str, Callable[[Subject], list[Row]]]] = {
    "build": build,
    "load": load,
    "pages": pages,
    "payload": payload,
    "memory": memory,
    "smoothing": smoothing,
    "models": models,
    "planner": planner,
    "records": records,
    "readers": readers,
    "disclosure": disclosure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen benches in order. Only a run of all of them is written to the file of results."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure speed and size beside a plain alternative."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all")
    chosen = parser.parse_args(arguments).names or list(BENCHES)
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {', '.join(unknown)}; choose from {', '.join(BENCHES)}")
    before = machine()
    rows: list[Row] = []
    with bootstrapped() as subject:
        for name in tqdm(chosen, desc="benches", leave=False, file=sys.stderr):
            rows += BENCHES[name](subject)
        about = {**before, "release": subject.release_id}
    print(table(rows))
    if set(chosen) == set(BENCHES):
        RESULTS.write_text(results(rows, about), encoding="utf-8")
        print(f"\nWritten to {RESULTS}")
    return 0


def results(rows: Sequence[Row], about: dict[str, object]) -> str:
    """The file of results as JSON."""
    document = {"machine": about, "results": [row.record() for row in rows]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
