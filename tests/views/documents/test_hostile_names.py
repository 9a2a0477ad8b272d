"""Names that others hand in (of agencies, programs, places, plans, files) do nothing in any file."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from itertools import cycle
from typing import Any, Final

import pandas as pd
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from equity.release.load import Release
from equity.release.scenario import Scenario
from equity.views.about import sources_table
from equity.views.completeness import open_problems, reporting
from equity.views.coverage import Asked, Coverage, build_coverage
from equity.views.deck import TOOLTIP
from equity.views.documents.brief import brief_pdf
from equity.views.documents.coverage_sheets import coverage_geojson, coverage_xlsx
from equity.views.documents.frame_csv import frame_csv
from equity.views.documents.geo_files import map_geojson
from equity.views.documents.legible import legible
from equity.views.documents.pdf import profile_pdf
from equity.views.documents.plan_files import compare_csv, compare_xlsx, plan_csv, plan_xlsx
from equity.views.documents.spreadsheet import profile_xlsx
from equity.views.documents.tables import csv_bytes, inert
from equity.views.plan import PlanView, build_plan
from equity.views.plan_compare import Comparison
from equity.views.profile import Profile, build_profile

LONG: Final = "A" * 80
HOSTILE: Final = (
    '=HYPERLINK("http://evil.invalid","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
    "name;=1+1",
    "<img src=x onerror=alert(1)>",
    '#read("/etc/passwd") $x$ *b*',
    "../../../etc/passwd",
    "家\u202e\U0001f4a3\u2028\x07",
    "[press](javascript:alert(1))",
    LONG,
)
#: How a formula begins, in a cell or after a sign at which a spreadsheet program may cut one.
FORMULA: Final = re.compile(r"(^|[;\t\r\n])\s*[=@＝＠]|^\s*[+\-＋－](?![\d.]+$)")


@pytest.fixture(scope="module")
def hostile(shipped: Release) -> Release:
    """What ships, under names that nobody should give."""

    def named(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return table.assign(**{
            column: [name for name, _ in zip(cycle(HOSTILE), range(len(table)), strict=False)]
            for column in columns
        })  # fmt: skip

    tables = dict(shipped.tables)
    tables["programs"] = named(tables["programs"], "name", "agency", "funder", "model")
    tables["areas"] = named(tables["areas"], "name")
    tables["sources"] = named(tables["sources"], "title", "publisher", "note", "vintage")
    years = {"agency": list(HOSTILE), "program_id": list(HOSTILE), "quarter": "2023Q4"}
    tables["reports"] = pd.DataFrame(years)
    return Release(
        shipped.id, shipped.policy, shipped.parent, shipped.created_at, shipped.manifest, shipped.figures,
        tables, shipped.layers,
    )  # fmt: skip


@pytest.fixture(scope="module")
def coverage(hostile: Release) -> Coverage:
    return build_coverage(hostile, Asked())


@pytest.fixture(scope="module")
def profile(hostile: Release) -> Profile:
    return build_profile(hostile, "county", "29510", (2017, 2023))


@pytest.fixture(scope="module")
def plan(hostile: Release) -> PlanView:
    return build_plan(hostile, Scenario(slots=30))


def no_formula_in_csv(content: bytes) -> None:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if FORMULA.search(cell)]


def no_formula_in_book(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name]
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None


def words_of(content: bytes, release: Release) -> str:
    """The words of a PDF, in which nothing acts, no file is hidden and links lead to sources alone."""
    document = PdfReader(io.BytesIO(content))
    assert "/OpenAction" not in document.root_object and "/AcroForm" not in document.root_object
    assert not document.attachments
    notes = [note.get_object() for page in document.pages for note in page.get("/Annots") or []]
    assert {note["/Subtype"] for note in notes} <= {"/Link"}
    actions = [note["/A"] for note in notes if "/A" in note]
    assert {action["/S"] for action in actions} <= {"/URI"}
    assert {action["/URI"] for action in actions} <= set(release.tables["sources"]["url"].dropna())
    return " ".join(page.extract_text() for page in document.pages)


def test_what_is_inert_and_what_stays_as_it_is() -> None:
    assert all(not FORMULA.search(inert(name)) for name in HOSTILE)
    for name in ("St. Louis City", "2017-2023", "a; b", "a; −5 to 3", "−5", "x=1", LONG, ""):
        assert inert(name) == name


def test_tables_for_spreadsheets(
    hostile: Release, coverage: Coverage, profile: Profile, plan: PlanView
) -> None:
    other = build_plan(hostile, Scenario(slots=40))
    compared = Comparison(plan, other, (HOSTILE[0], HOSTILE[7]))
    odd = pd.DataFrame([HOSTILE[:4]], columns=list(HOSTILE[4:8]))
    for content in (
        csv_bytes(hostile, coverage.figures),
        csv_bytes(hostile, profile.figures()),
        frame_csv(odd, hostile),
        frame_csv(reporting(hostile), hostile),
        frame_csv(open_problems(hostile), hostile),
        frame_csv(sources_table(hostile), hostile),
        plan_csv(plan, None),
        compare_csv(compared),
    ):
        no_formula_in_csv(content)
    for content in (
        profile_xlsx(profile),
        coverage_xlsx(coverage),
        plan_xlsx(plan, None, HOSTILE[0]),
        compare_xlsx(compared),
    ):
        no_formula_in_book(content)
    assert LONG in coverage_xlsx_text(coverage)


def coverage_xlsx_text(coverage: Coverage) -> str:
    with zipfile.ZipFile(io.BytesIO(coverage_xlsx(coverage))) as archive:
        return archive.read("xl/sharedStrings.xml").decode()


def test_maps_for_other_programs(hostile: Release, coverage: Coverage) -> None:
    figures = hostile.select("births", "zip", group="all", first_year=2017)
    for content in (map_geojson(hostile, "zip", figures), coverage_geojson(coverage)):
        document: dict[str, Any] = json.loads(content)
        names = {
            str(feature["properties"].get("area_name") or feature["properties"].get("name"))
            for feature in document["features"]
        }
        assert names <= set(HOSTILE)  # whole, as plain texts of JSON
        assert all(re.fullmatch(r"[\w-]+", str(feature["id"])) for feature in document["features"])


def test_documents_to_print(profile: Profile, coverage: Coverage) -> None:
    for content in (profile_pdf(profile), brief_pdf(coverage)):
        assert "root:" not in words_of(content, profile.release)


def test_signs_that_the_font_lacks_take_no_document_away() -> None:
    said = {"name": "Café – “A”", "rows": [["家\tA\u202e", 1, None, "x"]]}
    assert legible(said) == {"name": "Café – “A”", "rows": [["? A?", 1, None, "x"]]}


def test_a_tooltip_shows_text_and_no_html() -> None:
    assert set(TOOLTIP) == {"text"}
