"""The same expression on a real Spark cluster: a driver and two workers, each a process of its own."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from bench.record_files import make
from equity.intake.records.cluster import spark
from equity.intake.records.read import aggregate_records
from equity.intake.report import IntakeError
from tests.intake.records import plain_count
from tests.intake.records.lines import by_cell, line

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: It takes the better part of a minute to start the workers.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[SparkSession]:
    # Work begins when both workers have come.
    settings = {
        "spark__sql__shuffle__partitions": "4",
        "spark__scheduler__minRegisteredResourcesRatio": "1.0",
        "spark__scheduler__maxRegisteredResourcesWaitingTime": "300s",
    }
    with spark("local-cluster[2,1,1024]", **settings) as session:
        yield session


def test_two_workers_take_part(cluster: SparkSession) -> None:
    assert cluster.range(8, numPartitions=4).count() == 8
    status = cluster.sparkContext._jsc.sc().getExecutorMemoryStatus()  # the driver is one of them
    assert status.size() == 3


@pytest.mark.parametrize(
    ("layout", "year", "counties", "weighted"),
    [("natality-2014", 2016, 7, False), ("natality-2005", 2009, 0, False), ("linked-2014", 2015, 7, False),
     ("linked-2014", 2014, 0, True), ("linked-2005", 2008, 7, True)],
)  # fmt: skip
def test_counts_are_equal(
    cluster: SparkSession, tmp_path: Path, layout: str, year: int, counties: int, weighted: bool
) -> None:
    deaths = (900, 400) if layout.startswith("linked") else (0, 0)
    made = make(tmp_path / "file", layout, year, 30_000, *deaths, foreign=60, counties=counties, seed=year)
    with made.path.open("a", encoding="latin-1") as file:
        file.write(f"short\n\n{line(1384, {9: '1999'})}\n{line(1345, {9: '2015', 104: '9'})}\nno end, Ã©")
    one, many = (aggregate_records(made.path, engine, weighted) for engine in ("duckdb", cluster))
    pd.testing.assert_frame_equal(one.counts, many.counts, check_dtype=False)
    assert (one.left_out, one.unplaced, one.places) == (many.left_out, many.unplaced, many.places)
    assert not one.counts.empty


def test_it_comes_to_what_a_loop_counts(cluster: SparkSession, tmp_path: Path) -> None:
    made = make(tmp_path / "file", "linked-2014", 2014, 4_000, 300, 150, foreign=20, counties=4)
    packed = tmp_path / "file.gz"
    with made.path.open("rb") as plain, gzip.open(packed, "wb") as file:
        shutil.copyfileobj(plain, file)
    for path in (made.path, packed):
        found = by_cell(aggregate_records(path, cluster, weighted=True))
        assert found == plain_count.linked_2014(path, weighted=True)


def test_a_compressed_file_must_say_so_in_its_name(cluster: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(gzip.compress((line(1384, {9: "2015", 104: "1"}) + "\n").encode()))
    with pytest.raises(IntakeError, match="use gzip and a name"):
        aggregate_records(path, cluster)
