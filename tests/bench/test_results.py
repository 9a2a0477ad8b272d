"""What is printed and written of the measurements."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from bench.__main__ import BENCHES, main, results
from bench.machine import machine
from bench.process import resident_megabytes
from bench.row import Row, table
from bench.timing import in_turns, p95


def test_a_row_knows_its_ratio_and_whether_the_target_is_met() -> None:
    fast, slow = Row("page", 50.0, 500.0, "ms", 60.0), Row("page", 61.0, 30.5, "ms", 60.0)
    assert (fast.ratio, fast.met) == (10.0, True)
    assert (slow.ratio, slow.met) == (0.5, False)
    assert Row("load", 1.0, 2.0, "s").met is None


def test_the_table_has_a_line_for_each_row() -> None:
    head, page, load = table(
        [Row("page", 50.0, 1234.5, "ms", 60.0), Row("load", 0.04, 0.06, "s")]
    ).splitlines()
    assert head.split() == ["what", "ours", "plain", "ratio", "target", "met"]
    assert page.split() == ["page", "50.00", "ms", "1,234", "ms", "24.7", "x", "<=", "60", "ms", "yes"]
    assert load.split() == ["load", "0.04", "s", "0.06", "s", "1.5", "x"]


def test_results_are_json_without_infinity() -> None:
    text = results([Row("session", 0.0, 20.0, "MB", 5.0, {"sessions": 60})], machine())
    document = json.loads(text, parse_constant=pytest.fail)
    assert document["results"][0] == {
        "what": "session", "unit": "MB", "ours": 0.0, "plain": 20.0, "ratio": None, "target": 5.0,
        "met": True, "sessions": 60,
    }  # fmt: skip
    assert {"date", "cores", "python", "packages"} <= set(document["machine"])


def test_the_95th_percentile_is_numpys() -> None:
    values = np.random.default_rng(3).exponential(50, 80).tolist()
    assert p95(values) == pytest.approx(np.percentile(values, 95))


def test_both_sides_take_turns_after_one_run_for_warming_up() -> None:
    runs: list[str] = []
    found = in_turns(lambda: runs.append("ours"), lambda: runs.append("plain"), 3, "work")
    assert [len(times) for times in found] == [3, 3]
    assert runs == ["ours", "plain"] * 4


def test_memory_that_is_taken_is_seen() -> None:
    before = resident_megabytes(os.getpid())
    block = np.ones(4_000_000)
    assert resident_megabytes(os.getpid()) - before == pytest.approx(block.nbytes / 1e6, rel=0.2)


def test_an_unknown_bench_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["speed"])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "no bench speed" in said
    assert all(name in said for name in BENCHES)
