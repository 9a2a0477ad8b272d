"""What ``python -m equity bootstrap`` makes, made once per test session."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_MADE: list[Path] = []


def shipped_home(factory: pytest.TempPathFactory) -> Path:
    """The folder of a bootstrapped store; do not write into it, copy it."""
    if not _MADE:
        home = factory.mktemp("shipped")
        done = run_equity(home, "bootstrap")
        assert done.returncode == 0, done.stderr
        _MADE.append(home)
    return _MADE[0]


def run_equity(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m equity`` in a process of its own on the store in ``home``."""
    return subprocess.run(
        [sys.executable, "-m", "equity", *arguments],
        cwd=ROOT,
        env=surroundings(home, **environment),
        capture_output=True,
        text=True,
        timeout=300,
    )


def surroundings(home: Path, **environment: str) -> dict[str, str]:
    """The environment of such a process."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("EQUITY_")}
    return plain | {"EQUITY_HOME": str(home)} | environment
