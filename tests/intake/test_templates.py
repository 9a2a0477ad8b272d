"""Templates: what people fill in is what the readers read, in every shape, and the same on every run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from equity.intake.formats import quarterly, roster, vital_extract
from equity.intake.schemas import SCHEMAS
from equity.intake.schemas.check import pandera_schema
from equity.intake.schemas.rules import rules_of
from equity.intake.sheet import plain
from equity.intake.templates import HOW, KINDS, SHAPES, Shape, dictionary, file_name, template
from equity.intake.upload import open_upload
from tests.intake.formats.service_files import as_bytes, known

READERS: dict[str, Any] = {"roster": roster, "quarterly": quarterly, "vital_extract": vital_extract}
#: The reports of programs, whose examples name programs.
SERVICE = ("quarterly", "roster")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_filled_in_template_is_read_without_error(kind: str, shape: Shape) -> None:
    upload = open_upload(file_name(kind, shape), template(kind, shape, filled=True))
    assert [name for name, reader in READERS.items() if reader.looks_right(upload)] == [kind]
    reading = READERS[kind].read(upload, known())
    assert reading.acceptable and reading.rows_refused == 0
    assert reading.rows_read == len(SCHEMAS[kind].rows)
    assert all(len(table) for table in reading.tables.values())
    assert not [finding for finding in reading.findings if "is not known" in finding.found]
    # nobody takes the example in without being told
    assert kind not in SERVICE or {finding.found for finding in reading.of("warning")} == {
        f"“{name}” is the template's example" for name in {row["program"] for row in SCHEMAS[kind].rows}
    }


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", SERVICE)
def test_an_empty_template_is_known_for_what_it_is_and_asked_to_be_filled_in(kind: str, shape: Shape) -> None:
    upload = open_upload(file_name(kind, shape), template(kind, shape))
    assert [name for name, reader in READERS.items() if reader.looks_right(upload)] == [kind]
    (error,) = READERS[kind].read(upload, known()).findings
    assert error.found == "the table has no rows"


@pytest.mark.parametrize("kind", KINDS)
def test_both_shapes_hold_the_same_cells_and_the_same_bytes_on_every_run(kind: str) -> None:
    for filled in (True, False):
        sheets = []
        for shape in SHAPES:
            content = template(kind, shape, filled=filled)
            assert content == template(kind, shape, filled=filled)
            sheets.append(open_upload(f"x.{shape}", content).sheets[0].cells)
        width = len(SCHEMAS[kind].columns)
        assert [row[:width] for row in sheets[1]] == sheets[0]
        assert not any(cell for row in sheets[1] for cell in row[width:])
        assert sheets[0][0] == [column.title for column in SCHEMAS[kind].columns]


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_says_how_to_fill_it_in_and_keeps_codes_as_text(kind: str) -> None:
    book = load_workbook(io.BytesIO(template(kind, "xlsx")))
    table, how = book.worksheets
    assert (table.title, how.title) == (SCHEMAS[kind].title, HOW)
    assert table.freeze_panes == "A2"
    assert book.properties.created == dt.datetime(2026, 1, 1)  # not the day on which it is fetched
    words = " ".join(str(cell) for row in how.iter_rows(values_only=True) for cell in row if cell)
    lists = {
        str(rule.sqref).split(":")[0]: rule.formula1 for rule in table.data_validations.dataValidation
        if rule.type == "list"
    }  # fmt: skip
    for at, column in enumerate(SCHEMAS[kind].columns, 1):
        assert column.title in words and column.write in words and column.example in words
        letter = table.cell(1, at).column_letter
        if column.holds in ("zip", "zips", "quarter", "area", "period"):
            assert table.column_dimensions[letter].number_format == "@", column.name
        if column.choices:
            assert lists[f"{letter}2"] == f'"{",".join(column.choices)}"'


def test_a_zip_code_typed_into_the_template_keeps_its_zero() -> None:
    book = load_workbook(io.BytesIO(template("quarterly", "xlsx", filled=True)))
    sheet = book.worksheets[0]
    at = [cell.value for cell in sheet[1]].index("ZIP code") + 1
    sheet.cell(3, at).value = "01003"
    reading = quarterly.read(open_upload("x.xlsx", as_bytes(book)), known())
    assert any("“01003” is not known here" in finding.found for finding in reading.findings)


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_of_a_template_is_a_formula_and_every_example_says_so(kind: str) -> None:
    rows = list(csv.DictReader(io.StringIO(template(kind, "csv", filled=True).decode("utf-8-sig"))))
    assert rows
    for row in rows:
        assert not any(cell.startswith(("=", "+", "@")) for cell in row.values())
        for title in {"Agency", "Program"} & set(row):
            assert row[title].startswith("Example ") and row[title].endswith("(example)")


@pytest.mark.parametrize("kind", KINDS)
def test_a_heading_belongs_to_one_column_and_every_example_is_right(kind: str) -> None:
    schema = SCHEMAS[kind]
    owners: dict[str, str] = {}
    for name, headings in schema.headings().items():
        for heading in {plain(name), *map(plain, headings)}:
            assert owners.setdefault(heading, name) == name, heading
    for column in schema.columns:
        assert column.description.endswith(".") and column.write.endswith(".")
        for row in ({column.name: column.example}, *schema.rows):
            text = row.get(column.name, "")
            assert all(rule.holds(column, text) for rule in rules_of(column) if text or rule.key == "filled")
    unknown = {name for row in schema.rows for name in row} - {column.name for column in schema.columns}
    assert unknown == set()


@pytest.mark.parametrize("kind", KINDS)
def test_the_dictionary_and_the_checks_are_of_the_same_columns(kind: str) -> None:
    table, checks = dictionary(kind), pandera_schema(SCHEMAS[kind])
    assert list(table["column"]) == list(checks.columns)
    assert list(table["heading"]) == [column.title for column in checks.columns.values()]
    needed = table.loc[table["needed"].eq("in every row"), "column"]
    assert list(needed) == [name for name, column in checks.columns.items() if column.required]
    assert not table[["heading", "description", "write", "needed", "holds", "example"]].eq("").any(axis=None)
    frame = pd.DataFrame(
        [dict.fromkeys(table["column"], "") | row for row in SCHEMAS[kind].rows], dtype="str"
    )
    assert len(checks.validate(frame)) == len(SCHEMAS[kind].rows)
