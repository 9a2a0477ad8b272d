"""The plain reader of record-level files comes to the same counts as ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import records as bench
from bench.plain import records as plain
from bench.record_files import nation_2015


def test_both_sides_come_to_what_the_file_was_made_of(tmp_path: Path) -> None:
    made = nation_2015(tmp_path / "file", 400)
    bench.check(made)
    counted = plain.count(made.path)
    assert {(group, event): n for group, row in counted.items() for event, n in row.items()} == {
        (group, event): n for (_, group, event), n in made.counts.items()
    }


def test_a_difference_ends_the_bench(tmp_path: Path) -> None:
    made = nation_2015(tmp_path / "file", 2000)
    made.counts["us", "black", "births"] += 1  # type: ignore[index]
    with pytest.raises(RuntimeError, match="births of black"):
        bench.check(made)


def test_the_most_memory_of_a_process_is_told(tmp_path: Path) -> None:
    made = nation_2015(tmp_path / "file", 2000)
    assert bench.peak(made.path) > 50
