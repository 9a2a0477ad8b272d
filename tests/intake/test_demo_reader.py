"""The demonstration files: all accepted as shipped, and what is wrong in a changed copy is refused."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from equity.intake.demo import DEMO, FILES, read_demo
from equity.intake.reference import known_areas, read_areas
from equity.intake.report import IntakeError

AREAS = known_areas(read_areas())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def change(folder: Path, file: str, column: str, text: str) -> None:
    """Write ``text`` into a column of the first row."""
    path = folder / file
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).decode().splitlines()
    cells = lines[1].split(",")
    cells[lines[0].split(",").index(column)] = text
    lines[1] = ",".join(cells)
    changed = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(changed) if path.suffix == ".gz" else changed)


def test_everything_shipped_is_accepted_and_marked_as_made_up() -> None:
    results = read_demo(AREAS)
    assert set(results) == set(FILES)
    for name, result in results.items():
        assert result.refused == (), name
        assert len(result.table), name
    for name in ("vital_zip.csv.gz", "vital_county.csv.gz"):
        assert set(results[name].table["scheme"]) == {"demonstration"}
        assert set(results[name].table["source_id"]) == {"demonstration"}
    assert results["vital_zip.csv.gz"].table["stratum"].eq("").all()


@pytest.mark.parametrize(
    ("file", "column", "text", "reason"),
    [
        ("vital_zip.csv.gz", "area", "63999",
         "'63999' is not a known place of this area_kind; add it to areas.csv or correct the code."),
        ("vital_zip.csv.gz", "count", "3.5", "'3.5' must be a whole number."),
        ("vital_county.csv.gz", "event", "deaths",
         "'deaths' is not an event; use one of births, infant_deaths, neonatal, postneonatal, preterm, "
         "low_birthweight, very_low_birthweight, fetal_deaths."),
        ("vital_county.csv.gz", "scheme", "nchs_single_nh",
         "'nchs_single_nh' is not the way made-up figures record race; use one of demonstration."),
        ("agencies.csv", "name", "Real Agency",
         "'Real Agency' does not say that the agency is made up; end the name with (demo)."),
        ("agencies.csv", "county", "29095",
         "'29095' is not a known county; use one of 29069, 29133, 29143, 29155, 29189, 29201, 29207, 29510."),
        ("agencies.csv", "latitude", "381", "'381' is out of bounds: it must be from -90 to 90."),
        ("capacity.csv", "quarter", "2023-4", "'2023-4' is not a quarter; write it as 2023Q4."),
        ("capacity.csv", "slots", "", "this cell is empty; write a number."),
        ("enrollment.csv.gz", "new", "-1", "'-1' is out of bounds: it must be at least 0."),
        ("enrollment.csv.gz", "zip", "6310", "'6310' is not a known ZIP."),
        ("service_areas.csv", "program_id", "nobody", "'nobody' is not a program in programs.csv."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_reason(
    folder: Path, file: str, column: str, text: str, reason: str
) -> None:
    change(folder, file, column, text)
    refused = read_demo(AREAS, folder)[file].refused
    first = next(found for found in refused if found.row == 2)
    assert (first.file, first.column, first.reason) == (file, column, reason)


def test_what_hangs_on_a_refused_agency_is_refused_too(folder: Path) -> None:
    change(folder, "agencies.csv", "name", "Real Agency")
    results = read_demo(AREAS, folder)
    lost = set(read_demo(AREAS)["programs.csv"].table["id"]) - set(results["programs.csv"].table["id"])
    assert lost
    for name in ("capacity.csv", "enrollment.csv.gz", "service_areas.csv"):
        assert not results[name].table["program_id"].isin(lost).any()
        assert results[name].rows_refused > 0


@pytest.mark.parametrize("content", [b"", b"not packed", gzip.compress(b"a" * 999, mtime=0)[:20]])
def test_a_broken_archive_is_a_sentence(folder: Path, content: bytes) -> None:
    (folder / "vital_zip.csv.gz").write_bytes(content)
    with pytest.raises(IntakeError, match=r"vital_zip\.csv\.gz cannot be read as a CSV table"):
        read_demo(AREAS, folder)
