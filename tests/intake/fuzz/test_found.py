"""What spoilt files have brought to light, each once."""

from __future__ import annotations

import io

import openpyxl
import pytest
from xlsxwriter import Workbook

from equity.intake.findings import Finding, Reading
from equity.intake.formats import read_upload
from equity.intake.marked import marked_copy
from equity.intake.report import IntakeError
from equity.intake.sheet import MOST_CELLS, Sheet, Upload
from equity.intake.upload import open_upload
from tests.intake.formats.service_files import known
from tests.intake.fuzz.watch import bounded

WONDER = (
    "Notes\tCounty of Residence\tCounty of Residence Code\tYear\tYear Code\tInfant Birth Weight 12\t"
    "Infant Birth Weight 12 Code\tBirths\tAverage Birth Weight (grams)\n"
)
ROW = "\tSt. Louis County, MO\t29189\t2022\t2022\t3000 - 3499 grams\t08\t3512\t3251.10\n"
FOOT = "---\nDataset: Natality, 2016-2024 expanded\nShow Suppressed: False\n---\n"


def read(text: str) -> Reading:
    return read_upload(open_upload("file.txt", text.encode()), known())


def faults(reading: Reading, level: str = "error") -> list[str]:
    return [finding.sentence() for finding in reading.findings if finding.level == level]


def test_a_row_whose_cells_moved_does_not_give_its_class_as_a_count() -> None:
    (fault,) = faults(read(WONDER + ROW + "\t" + ROW + FOOT))
    assert fault.startswith("row 3: 10 cells under 9 headings")


def test_a_code_is_no_count() -> None:
    moved = "\t\tSt. Louis County, MO\t29189\t2022\t2022\t3000 - 3499 grams\t08\t3512\n"
    assert any("“08”" in fault for fault in faults(read(WONDER + ROW + moved + FOOT)))


def test_a_row_of_an_export_counts_once() -> None:
    (fault,) = faults(read(WONDER + ROW + ROW + FOOT))
    assert fault.startswith("row 3: the row repeats row 2")


def test_a_number_torn_in_two_by_its_comma_is_asked_about() -> None:
    reading = read("ZIP,Year,Births\n63106,2021,150\n63107,2021,1,204\n")
    (warning,) = faults(reading, "warning")
    assert "1 rows have more cells than there are headings, the first is row 3" in warning


def test_hidden_rows_of_an_export_may_miss_from_its_total_and_no_others() -> None:
    head = "Notes\tCounty of Residence\tCounty of Residence Code\tYear\tYear Code\tBirths\n"
    rows = ["\tSt. Louis County, MO\t29189\t2021\t2021\t900\n",
            "\tSt. Louis County, MO\t29189\t2022\t2022\tSuppressed\n"]  # fmt: skip

    def total(number: str) -> str:
        return f"Total\tSt. Louis County, MO\t29189\t\t\t{number}\n"

    assert faults(read(head + "".join(rows) + total("907") + FOOT), "warning") == []
    (fault,) = faults(read(head + "".join(rows) + total("890") + FOOT))
    assert "“890” is the file's own total, and its rows add up to 900" in fault
    (fault,) = faults(read(head + rows[0] + total("907") + FOOT), "warning")
    assert "add up to 900" in fault


@pytest.mark.parametrize("name", ["a/b", "[x]", "a:b*?", "'x'", "..\\x", "", "Findings", "x" * 60])
def test_any_name_of_a_sheet_goes_into_the_marked_copy(name: str) -> None:
    sheets = (Sheet(name, [["ZIP"], ["=1+1"]]), Sheet(name, [["b"]]))
    content = marked_copy(
        Upload("a.xlsx", "0" * 64, 1, sheets), [Finding("error", "x", "y", "", name, 2, "ZIP")]
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 3
    cell = book[book.sheetnames[0]]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s") and cell.comment is not None


def test_a_sheet_of_far_cells_takes_no_memory() -> None:
    buffer = io.BytesIO()
    with Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(MOST_CELLS // 1_000):
            sheet.write_number(row, 1_499, row)
    with bounded(200), pytest.raises(IntakeError, match="more than 3,000,000 cells"):
        open_upload("far.xlsx", buffer.getvalue())


@pytest.mark.parametrize(
    "row", [b"ab,", b'"\n",', b"ab,cd\n"], ids=["one line", "one row of many lines", "rows"]
)
def test_text_of_very_many_cells_takes_bounded_memory(row: bytes) -> None:
    with bounded(600), pytest.raises(IntakeError, match=r"more than (1500|3,000,000) cells"):
        open_upload("many.csv", row * (29_000_000 // len(row)))


@pytest.mark.parametrize("name", ["Rivière", "École", "Peña", "Zoë", "Saint-Geneviève’s"])
def test_a_few_accents_are_read_as_the_programs_here_write_them(name: str) -> None:
    rows = f"Agency,Program,County\n{name} Health,Nurse Visits,Pemiscot\n"
    assert open_upload("a.csv", rows.encode("cp1252")).sheets[0].cells[1][0] == f"{name} Health"
