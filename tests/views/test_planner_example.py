"""The worked example in the docs says what the shipped release says, to the last number."""

from __future__ import annotations

from equity.config import ROOT
from equity.release.load import Release
from tests.views.example import sentences, table

PAGE = "docs/planner-example.md"


def test_the_worked_example_is_not_stale(shipped: Release) -> None:
    text = " ".join((ROOT / PAGE).read_text(encoding="utf-8").split())
    missing = [row for row in [*table(shipped), *sentences(shipped)] if " ".join(row.split()) not in text]
    assert not missing, f"{PAGE} must say:\n" + "\n".join(missing)


def test_the_example_is_marked_as_made_up_and_linked() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert "DEMONSTRATION" in text.split("\n\n")[1]
    assert PAGE in (ROOT / "README.md").read_text(encoding="utf-8")
