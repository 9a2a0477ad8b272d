"""The same figures in every language: only the words differ."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from pypdf import PdfReader

from equity.registry import measure
from equity.release.load import Release
from equity.views.charts.coverage import coverage_charts
from equity.views.coverage import Asked, build_coverage
from equity.views.documents.profile_pack import FORMATS, profile_name
from equity.views.overview import build_overview
from equity.views.place_map import build_map
from equity.views.profile import Profile, build_profile
from equity.views.targets import target_views
from equity.words import LANGUAGES, say, speaking

BLOCK = (2017, 2023)
#: Columns of plain figures that hold numbers and codes, which no language changes.
CODES = (
    "measure", "area_kind", "area", "group", "first_year", "last_year", "value", "low", "high", "numerator",
    "denominator", "status", "reason", "basis", "method", "scheme", "source", "release", "policy",
)  # fmt: skip
#: English words that a Spanish text would not have by chance.
ENGLISH = re.compile(r"\b(the|families|births|deaths|hidden|likely|which|where|slots)\b", re.IGNORECASE)


def made(shipped: Release, code: str, county: str, ending: str) -> tuple[Profile, bytes]:
    with speaking(code):
        profile = build_profile(shipped, "county", county, BLOCK)
        return profile, FORMATS[ending](profile)


def numbers(pdf: bytes) -> list[str]:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return sorted(re.findall(r"\d[\d,.]*\d|\d", text))


@pytest.mark.parametrize("county", ["29155", "29510"])
def test_plain_figures_are_the_same_in_every_language(shipped: Release, county: str) -> None:
    tables = []
    for code in LANGUAGES:
        _, content = made(shipped, code, county, "csv")
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        tables.append([[row[column] for column in CODES] for row in rows])
    assert all(table == tables[0] for table in tables) and tables[0]


@pytest.mark.parametrize("county", ["29155", "29510"])
def test_a_profile_to_print_is_in_its_language_with_the_same_numbers(shipped: Release, county: str) -> None:
    _, english = made(shipped, "en", county, "pdf")
    profile, spanish = made(shipped, "es", county, "pdf")
    found = PdfReader(io.BytesIO(spanish))
    assert found.trailer["/Root"]["/Lang"] == "es"
    # Spanish takes more room: four pages and two of notes
    assert 2 <= len(found.pages) <= 6
    text = " ".join(page.extract_text() for page in found.pages)
    assert "mortalidad infantil" in text.lower() and "Mortalidad infantil" in str(found.metadata)
    first, other = numbers(english), numbers(spanish)
    # sentences may say a number in a word, so a few may differ; figures do not
    assert len(set(first) ^ set(other)) <= 2 and set(first) & set(other)
    for row in profile.headline:
        if row.figure.visible and row.figure.numerator is not None:
            assert f"{int(row.figure.numerator):,}" in text


def test_files_of_another_language_say_so_in_their_name(shipped: Release) -> None:
    profile, _ = made(shipped, "es", "29155", "csv")
    assert profile_name(profile, "29155").endswith(shipped.id)
    with speaking("es"):
        assert profile_name(profile, "29155").endswith(f"{shipped.id}-es")


def test_a_spreadsheet_has_its_sheets_and_headings_in_its_language(shipped: Release) -> None:
    _, content = made(shipped, "es", "29155", "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    with speaking("es"):
        assert book.sheetnames[0] == say("document.sheet.figures")
        words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
        assert measure("infant_mortality").name in words
    assert "Infant mortality" not in words


def test_pages_have_no_english_sentence_left(shipped: Release) -> None:
    with speaking("es"):
        found = build_overview(shipped)
        told = [one for region in found.regions for one in (*region.rates, *region.gap, *region.service)]
        said = [found.ties, *(f"{one.label} {one.sentence} {one.note}" for one in (*told, *found.largest))]
        said += [region.trend.sentence for region in found.regions]
        view = build_map(shipped, "service_gap", "zip", "stl", (2023, 2023))
        said += [view.sentence, view.alt, view.notice]
        said += [f"{one.title} {one.sentence}" for one in target_views(shipped, "both")]
        coverage = build_coverage(shipped, Asked())
        charts = coverage_charts(coverage)
        said += [chart.sentence for pair in charts.years.values() for chart in pair]
        said += [charts.use.sentence, charts.follow.sentence, charts.race.sentence, charts.quarters.sentence]
    # names of places stay as their publisher writes them
    left = [text for text in said if ENGLISH.search(text.replace("The Bootheel", ""))]
    assert left == []
