"""What is measured: a store made by ``python -m equity bootstrap``, and its release."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from equity.config import ROOT
from equity.release.load import Release, load_release
from equity.store.engine import open_store
from equity.store.releases import current_release_id
from tests.ui.server import environment


@dataclass(frozen=True)
class Subject:
    """A store and its current release. ``home`` is the folder that ``EQUITY_HOME`` names."""

    home: Path
    engine: Engine
    release_id: str

    @property
    def database(self) -> Path:
        """The SQLite file, which the plain alternatives read too."""
        return self.home / "equity.sqlite3"

    @cached_property
    def release(self) -> Release:
        """The release, loaded."""
        return load_release(self.engine, self.release_id)


@contextmanager
def bootstrapped() -> Iterator[Subject]:
    """A store of its own with everything that ships, gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="equity-bench-") as folder:
        home = Path(folder)
        subprocess.run(
            [sys.executable, "-m", "equity", "bootstrap"], cwd=ROOT, env=environment(home), check=True
        )
        with opened(home) as subject:
            yield subject


@contextmanager
def opened(home: Path) -> Iterator[Subject]:
    """The store that a home already holds, under the policy ``public``."""
    engine = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    try:
        release_id = current_release_id(engine, "public")
        if release_id is None:
            raise RuntimeError(f"Nothing is published in {home}: run python -m equity bootstrap first.")
        yield Subject(home, engine, release_id)
    finally:
        engine.dispose()
