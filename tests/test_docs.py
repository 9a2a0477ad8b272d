"""The README and the registry are complete: nothing a user meets is left undescribed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from equity.api.app import create_api
from equity.api.later import PATH
from equity.config import ApiConfig
from equity.registry import Measure, measures
from equity.store.errors import StoreError
from tests.shipped import run_equity

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("overview", "map", "coverage", "planner", "profile", "targets", "data", "about")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _sources() -> list[Path]:
    return [file for folder in ("equity", "geo", "tests", "bench") for file in (ROOT / folder).rglob("*.py")]


def test_readme_names_every_environment_variable() -> None:
    texts = [file.read_text(encoding="utf-8") for file in _sources()]
    named = {name for text in texts for name in re.findall(r"\bEQUITY_[A-Z_]+[A-Z]\b", text)}
    assert named
    for name in named:
        assert f"`{name}`" in README, name


def test_readme_shows_every_page_and_its_picture_exists() -> None:
    for page in PAGES:
        assert f"| {page.capitalize()} |" in README
    pictures = re.findall(r"\]\((docs/screens/[^)]+)\)", README)
    assert len(pictures) >= len(PAGES)
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture


def test_readme_names_every_command(tmp_path: Path) -> None:
    listed = run_equity(tmp_path, "--help").stdout
    commands = re.findall(r"^    ([a-z]+)(?: +\S|$)", listed, re.MULTILINE)
    assert {"bootstrap", "publish", "releases", "rollback"} <= set(commands)
    for command in commands:
        assert f"python -m equity {command}" in README
    for target in ("make run", "make test"):
        assert target in README


def test_every_route_of_the_api_is_named_with_its_method() -> None:
    def no_store() -> Engine:
        raise StoreError("Its document needs no store.")

    paths = create_api(no_store, ApiConfig()).openapi()["paths"]
    assert "/releases/{release}/figures" in paths
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert "(docs/api.md)" in README
    for path, methods in paths.items():
        for method in methods:
            assert f"| `{method.upper()} {PATH}{path}` |" in guide


@pytest.mark.parametrize("entry", measures().values(), ids=lambda entry: entry.id)
def test_every_measure_is_fully_described(entry: Measure) -> None:
    for text in (entry.name, entry.definition, entry.unit, entry.interval, entry.misleads):
        assert text.strip()
    assert entry.definition.endswith(".") and entry.misleads.endswith(".")
    assert entry.scale > 0 and entry.decimals >= 0
    assert entry.next_review > dt.date(2026, 1, 1)
    assert entry.overdue(entry.next_review + dt.timedelta(days=1)) and not entry.overdue(entry.next_review)
