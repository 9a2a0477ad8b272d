"""Publish a small release in a process of its own: ``python -m tests.ops.publishing URL DEATHS``."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd

from equity.config import ROOT
from equity.release.freeze import Draft
from equity.release.publish import publish_draft
from equity.store.engine import open_store, upgrade
from tests.release.cells import cells, rate


def small_draft(deaths: int) -> Draft:
    """One county, one figure: ``deaths`` of 27,000 births."""
    places = pd.DataFrame({"kind": ["county"], "geoid": ["29510"], "name": ["City"], "region": ["stl"]})
    sources = pd.DataFrame(
        {"id": ["test"], "title": ["A test"], "publisher": ["Nobody"], "basis": ["reported"]}
    )
    figures = cells(rate(deaths, 27_000, status="shown"))
    return Draft(figures, {"areas": places, "sources": sources}, {}, {"policy": "public"})


def publish_elsewhere(url: str, deaths: int) -> str:
    """Publish it from another process; the id of the release."""
    command = [sys.executable, "-m", "tests.ops.publishing", url, str(deaths)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main() -> None:
    url, deaths = sys.argv[1:]
    engine = open_store(url, create=True)
    upgrade(engine)
    sys.stdout.write(publish_draft(engine, small_draft(int(deaths)), "public").id)


if __name__ == "__main__":
    main()
