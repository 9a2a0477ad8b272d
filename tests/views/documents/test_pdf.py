"""The profile as PDF, read back: its words, its structure, its pictures in words, its sameness."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from equity.views.documents.pages import profile_pages
from equity.views.documents.pdf import profile_pdf
from equity.views.profile import Profile, Row


@pytest.fixture(scope="module")
def city_pdf(city: Profile) -> PdfReader:
    return reader(city)


@pytest.fixture(scope="module")
def dunklin_pdf(dunklin: Profile) -> PdfReader:
    return reader(dunklin)


def reader(profile: Profile) -> PdfReader:
    return PdfReader(io.BytesIO(profile_pdf(profile)))


def words(found: PdfReader) -> str:
    """All text with every run of white space as one space."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in found.pages))


def elements(node: Any) -> list[DictionaryObject]:
    """Every structure element below a node of the structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for child in node for found in elements(child)]
    if not isinstance(node, DictionaryObject):
        return []
    return [node, *(elements(node["/K"]) if "/K" in node else [])]


def test_the_city_stands_as_printed(city: Profile, city_pdf: PdfReader) -> None:
    text = words(city_pdf)
    assert "St. Louis City" in text
    for printed in (
        "238 of 26,307",
        "7.9 to 10.2",
        "180 of 12,945",
        "11.9 to 15.9",
        "46 of 9,640",
        "3.5 to 6.4",
    ):
        assert printed in text
    assert "2.91" in text
    assert "2.10 to 4.12" in text
    assert city.release.id in text


def test_a_withheld_rate_says_why_and_what_was_last_printed(dunklin_pdf: PdfReader) -> None:
    text = words(dunklin_pdf)
    assert "Infant mortality in Dunklin County, 2017–2023, is not shown" in text
    assert "withheld" in text
    assert "fewer than 20 deaths in 2017–2023" in text
    assert "Last printed: 7.6 deaths per 1,000 births" in text
    assert "4.7 to 11.4) in 2013–2019" in text


def test_an_unstable_rate_is_marked_in_words(one_zip: Profile) -> None:
    text = words(reader(one_zip))
    assert "few deaths" in text
    assert "Fewer than 20 deaths" in text


def test_demonstration_figures_are_named_on_every_page(city_pdf: PdfReader) -> None:
    assert "DEMONSTRATION" in city_pdf.pages[0].extract_text()
    for page in city_pdf.pages:
        assert "Contains demonstration figures" in page.extract_text()


def test_reported_figures_alone_carry_no_notice(city: Profile) -> None:
    reported = tuple(row for row in city.headline if row.figure.basis == "reported")
    bare = replace(city, headline=reported, service=(), spine=(), printed=())
    assert "demonstration figures" not in words(reader(bare)).casefold()


def test_two_to_four_letter_pages_numbered_with_the_release(
    city: Profile, city_pdf: PdfReader, dunklin_pdf: PdfReader
) -> None:
    for pages in (city_pdf.pages, dunklin_pdf.pages):
        assert 2 <= len(pages) <= 4
        for number, page in enumerate(pages, 1):
            assert (page.mediabox.width, page.mediabox.height) == (612, 792)
            assert f"Page {number} of {len(pages)}" in page.extract_text()
            assert city.release.id in page.extract_text()


def test_it_is_tagged_titled_and_in_a_language(city: Profile, city_pdf: PdfReader) -> None:
    found, root = city_pdf, city_pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata is not None
    assert found.metadata.title == "Equity profile of St. Louis City, 2017–2023"
    assert found.metadata.creation_date is not None
    assert found.metadata.creation_date.date().isoformat() == city.release.created_at[:10]
    assert b"pdfuaid:part" in profile_pdf(city)


def test_pictures_are_said_in_words_and_tables_have_headers(city: Profile, city_pdf: PdfReader) -> None:
    tree = elements(city_pdf.trailer["/Root"]["/StructTreeRoot"]["/K"])
    kinds = [element.get("/S") for element in tree]
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure"} <= set(kinds)
    said = [element["/Alt"] for element in tree if element.get("/S") == "/Figure"]
    assert len(said) == 3 + len(city.spine)
    race = next(text for text in said if text.startswith("Dot chart of infant mortality by race"))
    assert "Black: 13.9, likely range 11.9 to 15.9" in race


def test_charts_hold_no_letters_that_need_a_font(city: Profile) -> None:
    _, charts = profile_pages(city)
    for content in charts.values():
        assert b"<text" not in content
        assert b"<dc:date>" not in content


def test_notes_are_lettered_in_order_and_said_once(dunklin: Profile) -> None:
    data, _ = profile_pages(dunklin)
    marks = [note["mark"] for note in data["race"]["notes"]]
    assert marks == ["a", "b"]
    assert [row[1]["mark"] for row in data["race"]["rows"]] == ["a", "b", "b"]
    assert data["race"]["chart"] is None


def test_a_place_made_up_is_not_judged_against_a_reported_one(one_zip: Profile) -> None:
    data, _ = profile_pages(one_zip)
    said = " ".join(sentence["text"] for part in data["summary"] for sentence in part)
    assert "Missouri" not in said


def test_nothing_is_printed_when_a_hidden_figure_carries_a_number(dunklin: Profile) -> None:
    row = dunklin.headline[0]
    leaking = Row(row.measure, replace(row.figure, value=9.87))
    with pytest.raises(ValueError, match="hidden figure carries a number"):
        profile_pdf(replace(dunklin, headline=(leaking, *dunklin.headline[1:])))


def test_the_same_release_gives_the_same_bytes(city: Profile) -> None:
    assert profile_pdf(city) == profile_pdf(city)


def test_pages_drawn_at_once_do_not_disturb_each_other(city: Profile, dunklin: Profile) -> None:
    alone = [profile_pdf(city), profile_pdf(dunklin)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(profile_pdf, [city, dunklin] * 3))
    assert together == alone * 3
