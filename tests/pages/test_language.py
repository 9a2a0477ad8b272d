"""A page in Spanish: asked for by a button on top of each page, kept from page to page, in files too."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.pages.reader import grave_faults, keep_picture, read, taken, too_wide
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser


FOOT = {"en": "Every file from this page names the release.", "es": "de qué edición es."}


def shown(reader: Visitor, code: str) -> str:
    """The words of the page once it is drawn in a language."""
    reader.sees(FOOT[code])
    return " ".join(reader.page.get_by_test_id("stMain").inner_text().split())


def test_a_button_leads_to_spanish_with_the_same_choices_and_back(reader: Visitor) -> None:
    read(reader, "/map?layer=slots&period=2022&area=63106")
    page = reader.page
    page.get_by_role("button", name="Español").click()
    assert "Cupos de visitas al hogar, 2022, por código ZIP" in shown(reader, "es")
    expect(page).to_have_url(re.compile("layer=slots.*area=63106.*lang=es"))
    said = page.get_by_test_id("stMain")
    expect(said.get_by_text("Home-visiting slots")).to_have_count(0)
    expect(said.get_by_text("ZIP code", exact=True)).to_have_count(0)
    assert too_wide(reader) == 0
    assert grave_faults(reader) == []
    keep_picture(reader, "map-es")
    # the menu is folded away on a phone; this link is on the page
    page.get_by_role("link", name=re.compile("perfil de equidad")).click()
    reader.sees("Perfil de equidad:")
    expect(page).to_have_url(re.compile("profile.*lang=es"))
    page.reload()
    assert "Perfil de equidad:" in shown(reader, "es")
    page.get_by_role("button", name="English").click()
    reader.sees("Equity profile:")
    expect(page).to_have_url(re.compile("area=63106"))


def test_the_document_and_a_file_are_in_the_language_of_the_page(reader: Visitor) -> None:
    reader.open("/profile?area=29155&lang=es")
    assert "Perfil de equidad: Pemiscot County" in shown(reader, "es")
    assert reader.page.locator("html").get_attribute("lang") == "es"
    name, content = taken(reader, "Perfil para imprimir (PDF)")
    assert name.endswith("-es.pdf")
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "es"
    keep_picture(reader, "profile-es")


def test_an_unknown_language_is_english(reader: Visitor) -> None:
    assert "Equity profile: Pemiscot County" in read(reader, "/profile?area=29155&lang=xx")
