"""The brief is one tagged page, the spreadsheet holds plain cells, and both say what the page says."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from equity.release.load import Release
from equity.views.coverage import Asked, Coverage, build_coverage, with_range
from equity.views.documents.brief import brief_data, brief_pdf
from equity.views.documents.coverage_sheets import coverage_geojson, coverage_xlsx
from equity.views.documents.tables import csv_bytes
from equity.words import say

ASKED = (
    Asked(),
    Asked(region="stl", need="need_under_six", rule="equal"),
    Asked(level="county", group="black"),
    Asked(level="zip_group", funder="medicaid", quarter="2021Q2"),
)


@pytest.fixture(scope="module", params=ASKED, ids=lambda asked: f"{asked.level}-{asked.need}-{asked.group}")
def view(request: pytest.FixtureRequest, shipped: Release) -> Coverage:
    """Views that differ in every way a brief can."""
    return build_coverage(shipped, request.param)


def words_of(content: bytes) -> str:
    """The words of a PDF in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_brief_is_one_tagged_page_that_says_what_the_page_says(view: Coverage) -> None:
    content = brief_pdf(view)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    root = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"  # type: ignore[index]
    assert b"pdfuaid:part" in content
    assert reader.metadata and reader.metadata.title == view.finding
    text = words_of(content)
    for place in view.places[:10]:
        assert place.name in text and with_range(place.gap) in text and with_range(place.need) in text
    assert view.release.id in text and view.notice in text and say("coverage.brief.marked") in text
    assert brief_data(view)["map"]["alt"]


def test_the_same_view_gives_the_same_bytes(shipped: Release) -> None:
    view = build_coverage(shipped, Asked(region="bootheel", level="county"))
    again = build_coverage(shipped, Asked(region="bootheel", level="county"))
    assert brief_pdf(view) == brief_pdf(again)
    assert coverage_xlsx(view) == coverage_xlsx(again)


def test_the_spreadsheet_holds_places_programs_and_notes_without_formulas(view: Coverage) -> None:
    book = load_workbook(io.BytesIO(coverage_xlsx(view)))
    assert book.sheetnames == [say(f"coverage.sheet.{name}") for name in ("places", "programs", "notes")]
    for sheet in book:
        assert all(
            cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row
        )
    places, programs, notes = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert len(places) == len(view.places) + 1 and len(programs) == len(view.programs) + 1
    head = list(places[0])
    gap = next(
        at for at, name in enumerate(head) if str(name).startswith("Families") and "(families)" in str(name)
    )
    for place, row in zip(view.places, places[1:], strict=True):
        assert row[0] == place.name
        assert row[gap] == (None if place.gap.value is None else pytest.approx(place.gap.value))
        assert row[1] == (place.ranks[0] if place.ranks else None)
    said = " ".join(str(row[0]) for row in notes)
    assert view.release.id in said and view.rule_text in said and view.notice in said


def test_text_that_looks_like_a_formula_stays_text(shipped: Release) -> None:
    view = build_coverage(shipped, Asked(level="county"))
    odd = replace(view, places=(replace(view.places[0], name='=HYPERLINK("x")'), *view.places[1:]))
    sheet = load_workbook(io.BytesIO(coverage_xlsx(odd))).worksheets[0]
    assert sheet.cell(2, 1).value == '\'=HYPERLINK("x")' and sheet.cell(2, 1).data_type == "s"


def test_shapes_and_rows_carry_the_same_numbers(view: Coverage) -> None:
    document = json.loads(coverage_geojson(view))
    assert len(document["features"]) == len(view.places)
    measure = view.places[0].gap.measure
    for place, feature in zip(view.places, document["features"], strict=True):
        found = feature["properties"]
        assert found["area"] == place.area and feature["geometry"]
        assert found[measure] == (None if place.gap.value is None else pytest.approx(place.gap.value))
        assert found[f"{measure}_status"] == place.gap.status
    rows = csv_bytes(view.release, view.figures).decode("utf-8-sig")
    assert len(re.findall(rf"^{measure},", rows, re.MULTILINE)) == len(view.places)


def test_a_hidden_number_stops_every_file(shipped: Release) -> None:
    view = build_coverage(shipped, Asked(level="county"))
    leaking = replace(view.places[0].need, status="suppressed")
    odd = replace(view, places=(replace(view.places[0], need=leaking), *view.places[1:]))
    for build in (brief_pdf, coverage_xlsx, coverage_geojson):
        with pytest.raises(ValueError, match="hidden figure"):
            build(odd)
