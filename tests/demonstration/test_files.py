"""The shipped files are what the generator makes, in the shapes of the store."""

from __future__ import annotations

import gzip
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from equity.demonstration import DemoData, Plan, generate
from equity.demonstration.__main__ import main
from equity.demonstration.plan import DEMO_FOLDER
from equity.demonstration.write import write
from equity.intake.csvfile import shipped_columns
from equity.store import schema

TABLES = {
    "vital_zip": schema.vital_count,
    "vital_county": schema.vital_count,
    "agencies": schema.agency,
    "programs": schema.program,
    "service_areas": schema.service_area,
    "capacity": schema.capacity,
    "enrollment": schema.enrollment,
}


def text_of(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


@pytest.fixture(scope="module")
def written(demo: DemoData, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(demo, tmp_path_factory.mktemp("demo"))


def test_the_shipped_files_are_what_the_seed_makes(written: list[Path]) -> None:
    for path in written:
        assert text_of(DEMO_FOLDER / path.name) == text_of(path), path.name


def test_writing_twice_gives_the_same_bytes(demo: DemoData, written: list[Path], tmp_path: Path) -> None:
    again = write(demo, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_another_seed_gives_other_data_with_the_same_totals(plan: Plan, demo: DemoData) -> None:
    other = generate(plan, seed=1)
    assert not other.vital_zip["count"].equals(demo.vital_zip["count"])
    for event in ("births", "infant_deaths"):
        totals = [t[t["event"] == event]["count"].sum() for t in (other.vital_zip, demo.vital_zip)]
        assert totals[0] == totals[1]


@pytest.mark.parametrize("name", TABLES)
def test_columns_and_keys_are_the_stores(demo: DemoData, name: str) -> None:
    table: pd.DataFrame = getattr(demo, name)
    one_source = ("source_id",) if name in ("service_areas", "capacity", "enrollment") else ()
    assert list(table.columns) == shipped_columns(TABLES[name], without=one_source)
    key = [column.name for column in TABLES[name].primary_key.columns if column.name in table]
    assert not table.duplicated(key).any()
    assert not table.isna().any(axis=None)


def test_rows_are_sorted(demo: DemoData) -> None:
    orders = {
        "vital_zip": ["area", "first_year", "group", "event", "stratum"],
        "vital_county": ["area", "first_year", "group", "event", "stratum"],
        "agencies": ["id"],
        "programs": ["id"],
        "service_areas": ["program_id", "zip"],
        "capacity": ["program_id", "quarter"],
        "enrollment": ["program_id", "zip", "group", "quarter"],
    }
    assert set(orders) == {field.name for field in fields(demo)}
    for name, order in orders.items():
        table: pd.DataFrame = getattr(demo, name)
        assert table.index.equals(table.sort_values(order).index), name


def test_the_shipped_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO_FOLDER.iterdir()) < 1_500_000


def test_the_command_writes_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "7", "--out", str(tmp_path / "new")]) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "vital_zip.csv.gz", "vital_county.csv.gz", "agencies.csv", "programs.csv",
        "service_areas.csv", "capacity.csv", "enrollment.csv.gz",
    }  # fmt: skip
    assert "vital_zip.csv.gz" in capsys.readouterr().out


def test_the_command_refuses_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scale", "state"]) == 2
    assert "--scale needs --out" in capsys.readouterr().err
    (tmp_path / "file").write_text("in the way")
    assert main(["--out", str(tmp_path / "file")]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
    assert main(["--transcribe", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["--seed", "-3"])
    assert "'-3' is not a whole number" in capsys.readouterr().err
