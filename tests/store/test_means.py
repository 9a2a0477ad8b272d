"""Tests without their means are left out on a desk, and fail with a reason where everything is required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from equity.config import ROOT

_TESTS = """
import pytest

@pytest.mark.shared
def test_shared(): pass

@pytest.mark.browser
def test_browser(): pass

@pytest.mark.slow
def test_slow(): pass

def test_plain(): pass
"""


def _run(tmp_path: Path, **environment: str) -> str:
    (tmp_path / "test_some.py").write_text(_TESTS)
    asked = ("CI", "EQUITY_REQUIRE_ALL", "EQUITY_SHARED_DATA", "EQUITY_CHROMIUM", "EQUITY_SLOW")
    kept = {name: value for name, value in os.environ.items() if name not in asked}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_on_a_desk_they_are_left_out(tmp_path: Path) -> None:
    assert "1 passed, 3 deselected" in _run(tmp_path, EQUITY_CHROMIUM="/nosuch")


def test_with_their_means_they_run(tmp_path: Path) -> None:
    found = _run(tmp_path, EQUITY_CHROMIUM=sys.executable, EQUITY_SHARED_DATA=str(tmp_path), EQUITY_SLOW="1")
    assert "4 passed" in found


@pytest.mark.parametrize("required", [{"CI": "true"}, {"EQUITY_REQUIRE_ALL": "1"}])
def test_where_everything_is_required_they_fail_and_say_why(tmp_path: Path, required: dict[str, str]) -> None:
    found = _run(tmp_path, EQUITY_CHROMIUM="/nosuch", **required)
    assert "1 passed, 1 deselected, 2 errors" in found
    assert "This test is required here: set EQUITY_SHARED_DATA to the folder of real source files." in found
    assert "This test is required here: there is no browser at /nosuch" in found
