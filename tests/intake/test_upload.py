"""Hostile and clumsy files: opened as text cells, or refused with a sentence, never run or followed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.intake import spreadsheet
from equity.intake.report import IntakeError
from equity.intake.upload import MOST_BYTES, open_path, open_upload, safe_name

ROWS = [["zip", "name", "births"], ["01003", "Élise", "12"], ["63106", "a,b", "1,234"]]
TEXT = 'zip,name,births\n01003,Élise,12\n63106,"a,b","1,234"\n'


def workbook(*sheets: list[list[object]]) -> bytes:
    """A real .xlsx file with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_text_is_read_in_whatever_encoding_it_comes(encoding: str, line_end: str) -> None:
    content = TEXT.replace("\n", line_end).encode(encoding)
    assert open_upload("rows.csv", content).sheets[0].cells == ROWS


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_any_separator_is_found(separator: str) -> None:
    content = "\n".join(separator.join(row) for row in ROWS).encode()
    sheet = open_upload("rows.txt", content).sheets[0]
    assert sheet.cells == ROWS
    assert len(sheet.repairs) == 1


def test_a_spreadsheet_gives_the_same_cells_as_text() -> None:
    content = workbook([["zip", "name", "births"], ["01003", "Élise", 12], ["63106", "a,b", 0.5]])
    upload = open_upload("rows.csv", content)  # the name may say what it likes
    assert upload.sheets[0].cells == [
        ["zip", "name", "births"],
        ["01003", "Élise", "12"],
        ["63106", "a,b", "0.5"],
    ]


def test_formulas_are_never_run_and_are_told_of() -> None:
    content = workbook([["a", "b"], ["=1+1", '=HYPERLINK("http://x","y")'], ["1", "2"]])
    upload = open_upload("rows.xlsx", content)
    assert upload.sheets[0].cells[1:] == [[], ["1", "2"]]  # nobody had worked them out
    assert [finding.found for finding in upload.sheets[0].repairs] == ["2 cells hold formulas"]


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    plain = workbook([["a"], ["=[1]Sheet1!A1"]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr(
            "xl/externalLinks/externalLink1.xml", '<externalLink><externalBook r:id="rId1"/></externalLink>'
        )
    assert open_upload("rows.xlsx", buffer.getvalue()).sheets[0].cells == [["a"]]


def test_a_bomb_is_not_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000_000)
    assert len(buffer.getvalue()) < 200_000
    with pytest.raises(IntakeError, match="would unpack to far more than a table"):
        open_upload("bomb.xlsx", buffer.getvalue())


def test_entities_are_not_unfolded() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a"]]))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb if name == "xl/worksheets/sheet1.xml" else old.read(name))
    with pytest.raises(IntakeError, match="cannot be read as a spreadsheet"):
        open_upload("entities.xlsx", buffer.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n\n ", "is empty"),
        (b"PK\x03\x04 not an archive", "is a damaged spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "locked with a password"),
        (b"%PDF-1.7\x00\x01\x02", "neither a spreadsheet"),
        (b"\xff\xfea", "neither a spreadsheet"),
        (b"a,b\n" + b"x" * 20_000 + b",2", "a cell of more than 10,000 characters"),
        (b'a,b\n"never closed', "never closed"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(IntakeError, match=words):
        open_upload("file.csv", content)


def test_an_archive_of_other_things_is_named_as_such() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("births.csv", TEXT)
    with pytest.raises(IntakeError, match="is an archive, not a spreadsheet"):
        open_upload("births.zip", buffer.getvalue())


def test_a_sheet_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    with pytest.raises(IntakeError, match="more than 3 rows"):
        open_upload("rows.xlsx", workbook([["a"]] * 4))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1024**3)  # a gigabyte that takes no room
    with pytest.raises(IntakeError, match="larger than 30 MB"):
        open_path(path)
    with pytest.raises(IntakeError, match="larger than 30 MB"):
        open_upload("huge.csv", b"," * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\births 2023.csv", "births 2023.csv"),
        ("<img src=x>.csv", "_img src_x_.csv"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_never_a_path(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    try:
        upload = open_upload("any", content)
    except IntakeError as reason:
        assert str(reason).endswith(".")
    else:
        assert all(isinstance(cell, str) for sheet in upload.sheets for row in sheet.cells for cell in row)
