"""Coverage in a browser: the funder's question is answered, the definition moves the map, files agree."""

from __future__ import annotations

import io
import json
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.pages.reader import (
    grave_faults,
    keep_picture,
    open_numbers,
    pick,
    read,
    release_id,
    rows_of,
    taken,
    too_wide,
    words,
)
from tests.pages.test_map import click_colour
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

#: Clicks from the opening page to the first five ZIP codes, and how sure they are; six are allowed.
CLICKS = 1
#: Much need and few slots: St. Louis County is the only one of the two of that colour.
COUNTY_COLOUR = (230, 135, 15)
FIRST = re.compile(r"In ZIP (\d{5}) \([^)]*\), ([\d,]+) more families could benefit than")


def test_it_opens_cold_with_the_first_five_and_how_sure(reader: Visitor) -> None:
    text = read(reader, "/coverage")
    reader.heading("Coverage")
    gaps = [int(number.replace(",", "")) for _, number in FIRST.findall(text)]
    assert len(gaps) == 5 and gaps == sorted(gaps, reverse=True)
    assert text.count("By its range it could be place") == 5
    assert "places may be among them" in text
    assert "Rule: births a year x Missouri's share" in text
    expect(reader.page.get_by_role("figure", name=re.compile("^Map of need and slots"))).to_have_count(2)
    expect(reader.page.get_by_role("img", name=re.compile("^Legend of the map: a square"))).to_be_visible()
    for said in ("In St. Louis City and County, 9", "Slots lean away", "Of 29 programs", "No agency reports"):
        assert said in text
    assert too_wide(reader) == 0
    assert grave_faults(reader) == []
    keep_picture(reader, "coverage")


def test_which_five_zip_codes_first_is_one_click_away(desk: Visitor) -> None:
    read(desk, "/")
    clicks = 0
    desk.page.get_by_role("link", name="Coverage", exact=True).click()
    clicks += 1
    desk.heading("Coverage")
    text = words(desk)
    assert len(FIRST.findall(text)) == 5 and "Sure to be among the first 5" in text
    assert clicks == CLICKS


@pytest.mark.slow
def test_the_overview_leads_to_the_same_places(desk: Visitor) -> None:
    first = [code for code, _ in FIRST.findall(read(desk, "/"))]
    desk.page.get_by_role("link", name="See the first five").click()
    desk.heading("Coverage")
    assert [code for code, _ in FIRST.findall(words(desk))][:3] == first


def test_the_definition_and_the_filters_change_map_and_list(desk: Visitor) -> None:
    before = read(desk, "/coverage?region=stl")
    legend = desk.page.get_by_role("img", name=re.compile("^Legend of the map"))
    seen = legend.get_attribute("alt")
    pick(desk, "Who could benefit", "Families with a new baby")
    expect(desk.page).to_have_url(re.compile("need=need_newborn"))
    after = words(desk)
    assert "Rule: births a year." in after and FIRST.findall(after) != FIRST.findall(before)
    assert legend.get_attribute("alt") != seen
    desk.page.get_by_text("Which programs, which quarter").click()
    expect(desk.page.get_by_role("combobox", name="Funder", exact=True)).to_be_visible()
    desk.page.wait_for_timeout(800)  # the part slides open; a list in it closes while it moves
    pick(desk, "Funder", "Medicaid")
    expect(desk.page).to_have_url(re.compile("funder=medicaid"))
    assert "Slots of 2 of 29 programs" in words(desk)
    assert "than the chosen programs had slots" in words(desk)
    desk.page.go_back()
    desk.sees(re.compile("Slots of all 17 programs"))


def test_a_meeting_of_filters_that_is_empty_says_so(desk: Visitor) -> None:
    text = read(desk, "/coverage?region=bootheel&funder=medicaid")
    assert "No program is of this funder, model and agency together in the Bootheel" in text
    assert not FIRST.findall(text)


@pytest.mark.slow
def test_unknown_codes_are_reported(desk: Visitor) -> None:
    text = read(desk, "/coverage?need=everybody&funder=nobody&group=black")
    assert "This release has no definition of need “everybody”" in text
    assert "This release has no funder “nobody”" in text
    assert "This release has no group of families “black”" in text


def test_a_place_nobody_serves_says_so(second_reader: Visitor) -> None:
    text = read(second_reader, "/coverage?region=stl&area=63137")
    assert "Nobody serves ZIP 63137 (St. Louis)" in text
    assert "No family is enrolled here." in text
    assert too_wide(second_reader) == 0
    text = read(second_reader, "/coverage?region=stl&area=63136")
    assert "4 programs serve ZIP 63136" in text and "Within 15 miles of ZIP 63136" in text
    assert grave_faults(second_reader) == []


def test_by_race_need_stands_beside_families(desk: Visitor) -> None:
    text = read(desk, "/coverage?level=county&group=black")
    assert "more Black families could benefit than were enrolled" in text
    assert "By race this cannot be said: no slot is kept for one race." in text
    assert "hidden" in open_numbers(desk).inner_text()


def test_a_click_on_the_map_chooses_a_place(desk: Visitor) -> None:
    read(desk, "/coverage?level=county&region=stl")
    click_colour(desk, COUNTY_COLOUR, "29189")
    assert "programs serve St. Louis County" in words(desk)


def test_files_hold_what_the_page_says(desk: Visitor) -> None:
    text = read(desk, "/coverage?region=stl")
    release = release_id(desk)
    code, gap = FIRST.findall(text)[0]
    name, brief = taken(desk, "Brief of one page (PDF)")
    assert name.endswith(".pdf") and release in name
    pages = PdfReader(io.BytesIO(brief)).pages
    assert len(pages) == 1
    printed = " ".join(pages[0].extract_text().split())
    assert f"ZIP {code}" in printed and f"{gap} (" in printed and release in printed
    rows = rows_of(taken(desk, "Figures (CSV)")[1])
    own = [row for row in rows if row["area"] == code and row["measure"] == "service_gap"]
    assert f"{float(own[0]['value']):,.0f}" == gap and own[0]["basis"] == "demonstration"
    sheet = load_workbook(io.BytesIO(taken(desk, "Places and programs (Excel)")[1])).worksheets[0]
    assert code in str(sheet.cell(2, 1).value)
    shapes = json.loads(taken(desk, "Places with figures (GeoJSON)")[1])["features"]
    assert shapes[0]["id"] == code and f"{shapes[0]['properties']['service_gap']:,.0f}" == gap


def test_the_profile_names_the_place_of_its_gap(desk: Visitor) -> None:
    text = read(desk, "/profile?area=63137")
    assert re.search(r"it stands at place 2 of 119 ZIP codes in both regions; by its range .* 2 to \d+", text)
    desk.page.get_by_role("link", name="See who serves ZIP 63137").click()
    desk.heading("Coverage")
    assert "Nobody serves ZIP 63137" in words(desk)
