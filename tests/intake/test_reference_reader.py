"""Rows that contradict themselves or name unknown things are refused with file, row, column and reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from equity.intake.reference import REFERENCE, read_reference
from equity.intake.report import IntakeError

CITY_BLACK = ",black,nchs_single_nh,infant_mortality,13.904982618771726"
WITHHELD = "county,29069,2017,2023,all,,infant_mortality,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Change the first row that holds ``old``; return its row number as a spreadsheet counts."""
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if old in line)
    lines[number] = lines[number].replace(old, new, 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "reason"),
    [
        ("published_estimates.csv", CITY_BLACK, CITY_BLACK.replace("13.9", "13.8"), "value",
         "'13.804982618771726' does not follow from numerator and denominator; check all three."),
        ("published_estimates.csv", "11.873606843151986", "14.1", "value",
         "'13.904982618771726' lies outside its own interval; check value, low and high."),
        ("published_estimates.csv", "4.7,11.7", "4.7,", "low",
         "only one end of the interval is given; give both ends or none."),
        ("published_estimates.csv", CITY_BLACK, CITY_BLACK.replace("black", "Black"), "group",
         "'Black' is not a group; use one of all, black, white, hispanic, other, unknown."),
        ("published_estimates.csv", "nation,us,2010", "nation,usa,2010", "area",
         "'usa' is not a known place of this area_kind; add it to areas.csv or correct the code."),
        ("published_estimates.csv", "county,29155,2013,2019", "county,29155,2013,2009", "last_year",
         "'2009' lies before first_year; swap them."),
        ("published_estimates.csv", "county,29155,2013", "county,29155,13", "first_year",
         "'13' is out of bounds: it must be from 1900 to 2100."),
        ("published_estimates.csv", WITHHELD, WITHHELD + "7.1", "value",
         "a hidden or missing figure must not carry a number; empty this cell."),
        ("published_estimates.csv", "16.477857878", "", "value",
         "the status says shown, but there is no value."),
        ("published_estimates.csv", "shown,chr-2014", "shown,chr-2041", "source_id",
         "'chr-2041' is not a source in sources.csv; add it there."),
        ("published_estimates.csv", CITY_BLACK, CITY_BLACK.replace("nchs_single_nh", ""), "scheme",
         "say how race was recorded."),
        ("published_estimates.csv", "infant_mortality,9.26,,,,,", "infant_deaths,16,,,17,,", "numerator",
         "'17' differs from the value, though the measure is a count."),
        ("published_estimates.csv", "infant_mortality,9.26,", "infant_mortality,nine,", "value",
         "'nine' is not a number; write digits with a point for decimals."),
        ("context_county.csv", "child_poverty,0.147", "child_poverty,14.7", "value",
         "'14.7' is more than 1: write a share as 0.12, not as 12."),
        ("context_zip.csv", "2022,all,median_income", "2022,all,median", "measure",
         "'median' is not a measure."),
        ("county_births.csv", "births,,", "births,weight=heavy,", "stratum",
         "'weight=heavy' is not a known stratum."),
        ("county_births.csv", ",births,,501,", ",births,,-501,", "count",
         "'-501' is out of bounds: it must be at least 0."),
        ("targets.csv", "7.871", "7.8", "target_value",
         "'7.8' does not follow from baseline_value and relative_change."),
        ("targets.csv", "black;white", "black;purple", "groups",
         "'black;purple' names an unknown group; join known ones by ';'."),
        ("program_evidence.csv", ",4100,", ",,", "value", "there is neither a value nor a range."),
        ("areas.csv", "zip,63106,", "zip,6310,", "geoid",
         "'6310' has not the digits of such a code; keep leading zeros."),
        ("sources.csv", "reported", "rumoured", "basis",
         "'rumoured' is not a basis; use one of reported, estimated, allocated, demonstration."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_place_and_reason(
    folder: Path, file: str, old: str, new: str, column: str, reason: str
) -> None:
    row = change(folder, file, old, new)
    refused = read_reference(folder)[file].refused
    assert (file, row, column, reason) in [(r.file, r.row, r.column, r.reason) for r in refused]
    assert {r.row for r in refused} == {row}
    assert refused[0].sentence().startswith(f"{file}, row {row}, column ")


def test_a_refused_row_is_left_out_and_the_others_stay(folder: Path) -> None:
    before = read_reference(folder)["published_estimates.csv"]
    change(folder, "published_estimates.csv", CITY_BLACK, CITY_BLACK.replace("13.9", "13.8"))
    after = read_reference(folder)["published_estimates.csv"]
    assert len(after.table) == len(before.table) - 1
    assert after.rows_refused == 1
    assert after.refused[0].source_id == "chr-2026-v129"
    assert after.source.sha256 != before.source.sha256


def test_a_repeated_row_is_refused(folder: Path) -> None:
    path = folder / "areas.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    (refusal,) = read_reference(folder)["areas.csv"].refused
    assert refusal.reason == "the row repeats an earlier one with the same kind, geoid."
    assert refusal.row == len(text.splitlines()) + 1


def test_a_value_agrees_when_it_is_rounded(folder: Path) -> None:
    change(folder, "published_estimates.csv", CITY_BLACK, ",black,nchs_single_nh,infant_mortality,13.9")
    assert read_reference(folder)["published_estimates.csv"].refused == ()


def test_a_missing_file_is_a_sentence(folder: Path) -> None:
    (folder / "targets.csv").unlink()
    with pytest.raises(IntakeError, match=r"targets\.csv is not there or cannot be read: put the file there"):
        read_reference(folder)


def test_other_columns_are_a_sentence(folder: Path) -> None:
    path = folder / "targets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("due_year", "due", 1), encoding="utf-8")
    sentence = r"targets\.csv lacks the column due_year and has a column due that does not belong there: the"
    with pytest.raises(IntakeError, match=sentence):
        read_reference(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00\x01", b"kind,geoid,name,region\nzip,63106,A,stl,extra\n", b"PK\x03\x04\x80"],
)
def test_what_is_no_csv_is_a_sentence(folder: Path, content: bytes) -> None:
    (folder / "areas.csv").write_bytes(content)
    with pytest.raises(
        IntakeError, match=r"areas\.csv (cannot be read as a CSV table in UTF-8|lacks the column)"
    ):
        read_reference(folder)


def test_a_short_row_is_refused_not_guessed(folder: Path) -> None:
    path = folder / "areas.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "zip,63999"]) + "\n", encoding="utf-8")
    refused = read_reference(folder)["areas.csv"].refused
    assert [(refusal.column, refusal.reason) for refusal in refused] == [
        ("name", "this cell is empty; fill it.")
    ]
