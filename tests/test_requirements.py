"""What the requirements name is pinned to one version, is what is installed, and fits together."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-dev.txt")
#: A name, extras perhaps, and one whole version without a wildcard.
PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[a-z0-9,_-]+\])?==(?P<version>[0-9][0-9A-Za-z.!+]*)")


def _lines(file: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-r ")]


def _pinned() -> dict[str, str]:
    found = [PINNED.fullmatch(line) for file in FILES for line in _lines(file)]
    return {each["name"]: each["version"] for each in found if each}


@pytest.mark.parametrize("file", [*FILES, "bench/requirements.txt"])
def test_every_requirement_is_pinned_to_one_version(file: str) -> None:
    assert _lines(file)
    assert [line for line in _lines(file) if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("line", ["numpy", "numpy>=2", "numpy==2.*", "numpy==2.1,<3", "git+https://x/y"])
def test_what_could_be_two_versions_is_not_pinned(line: str) -> None:
    assert not PINNED.fullmatch(line)


@pytest.mark.parametrize("name", _pinned())
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    assert version(name) == _pinned()[name]


def test_what_is_installed_fits_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
