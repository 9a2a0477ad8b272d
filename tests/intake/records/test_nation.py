"""What generated files were made of is what is counted, up to the nation's year, in flat memory."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from bench.record_files import NATION_2015, make, nation_2015
from bench.records import peak
from equity.intake.records.read import aggregate_records
from tests.intake.records import plain_count
from tests.intake.records.lines import by_cell

#: Memory may differ by a block or two between runs, never by the size of the file.
SLACK_MB = 60


@pytest.mark.parametrize(
    ("layout", "year", "counties"),
    [("natality-2014", 2015, 3), ("natality-2014", 2024, 0), ("natality-2005", 2013, 0),
     ("linked-2014", 2014, 3), ("linked-2005", 2005, 3)],
)  # fmt: skip
def test_counts_are_what_the_file_was_made_of(tmp_path: Path, layout: str, year: int, counties: int) -> None:
    deaths = (400, 200) if layout.startswith("linked") else (0, 0)
    made = make(tmp_path / "file", layout, year, 9_000, *deaths, foreign=30, counties=counties)
    found = aggregate_records(made.path, weighted=False)
    assert by_cell(found) == {key: n for key, n in made.counts.items() if n}
    assert found.left_out == {"foreign": 30}
    if deaths[0]:
        heavy = by_cell(aggregate_records(made.path, weighted=True))
        for (area, group), weight in made.weights.items():
            assert abs(heavy.get((area, group, "infant_deaths"), 0) - weight) <= 0.5 + 1e-6


@pytest.mark.parametrize("weighted", [False, True])
def test_it_comes_to_what_a_loop_over_lines_counts(tmp_path: Path, weighted: bool) -> None:
    made = make(tmp_path / "file", "linked-2014", 2015, 6_000, 500, 250, foreign=40, counties=5, seed=3)
    assert by_cell(aggregate_records(made.path, weighted=weighted)) == plain_count.linked_2014(
        made.path, weighted
    )


def test_a_hundredth_of_the_nation(tmp_path: Path) -> None:
    totals = _totals(nation_2015(tmp_path / "file", 100).path)
    assert totals == {
        event: total // 100 for event, total in NATION_2015.items() if event != "infant_deaths"
    } | {"infant_deaths": 15_554 // 100 + 7_772 // 100}


@pytest.mark.shared
def test_the_totals_are_the_published_ones() -> None:
    path = Path(os.environ["EQUITY_SHARED_DATA"]) / "nchs" / "external_validation_targets_v3_linked.csv"
    table = pd.read_csv(path, comment="#").query("year == 2015").set_index("metric_id")["expected_value"]
    names = {"resident_births": "births", "unweighted_infant_deaths": "infant_deaths",
             "neonatal_deaths": "neonatal", "postneonatal_deaths": "postneonatal"}  # fmt: skip
    assert {event: table[name] for name, event in names.items()} == NATION_2015


@pytest.mark.slow
def test_the_nations_year_2015(tmp_path: Path) -> None:
    path = nation_2015(tmp_path / "file").path
    assert _totals(path) == NATION_2015
    path.unlink()


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path) -> None:
    sizes = [peak(nation_2015(tmp_path / f"file{share}", share).path) for share in (40, 10)]
    for share in (40, 10):
        (tmp_path / f"file{share}").unlink()
    assert sizes[1] - sizes[0] < SLACK_MB


def _totals(path: Path) -> dict[str, int]:
    counts = aggregate_records(path).counts
    sums = counts.groupby("event")["count"].sum()
    return {event: int(sums[event]) for event in NATION_2015}
