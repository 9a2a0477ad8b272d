"""Readers are compared with pandas on files both sides read whole and come to the same totals of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench import readers as bench
from bench.subject import Subject
from equity.intake.formats import MODULES
from equity.intake.known import Known, load_known

#: So few rows, or such a share of a year of records, that a file is read at once.
SMALL = 600
SHARE = 2_000


@pytest.fixture(scope="module")
def known(subject: Subject) -> Known:
    return load_known(subject.engine)


def test_every_reader_has_a_bench() -> None:
    assert len(bench.CASES) == len(MODULES) + 2  # one as a workbook too, and record-level files


@pytest.mark.parametrize("case", bench.CASES.values(), ids=lambda case: case.name)
def test_both_sides_come_to_the_same(case: bench.Case, known: Known, tmp_path: Path) -> None:
    path = tmp_path / f"file{case.suffix}"
    rows = case.make(path, SHARE if case.suffix == "" else SMALL)
    assert rows > SMALL / 2
    bench.check(case, path, known)


def test_a_difference_ends_the_bench(known: Known, tmp_path: Path) -> None:
    case = bench.CASES["roster"]
    path = tmp_path / "file.csv"
    case.make(path, SMALL)
    wrong = replace(case, plain=lambda file: {name: total + 1 for name, total in case.plain(file).items()})
    with pytest.raises(RuntimeError, match=r"roster: .*ours, plain"):
        bench.check(wrong, path, known)
    strange = replace(case, plain=lambda _: {"nobody": 1})
    with pytest.raises(RuntimeError, match="no place on both sides"):
        bench.check(strange, path, known)


@pytest.mark.parametrize("plain", [False, True])
def test_the_most_memory_of_a_side_is_told(subject: Subject, tmp_path: Path, plain: bool) -> None:
    case = bench.CASES["roster"]
    path = tmp_path / "file.csv"
    case.make(path, SMALL)
    assert bench.peak(case, path, subject.home, plain) > 50
