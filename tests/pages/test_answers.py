"""Each page, opened by its own address in a fresh browser, answers its question in words at both widths."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from equity.words import topic
from tests.pages.reader import (
    cards,
    grave_faults,
    keep_picture,
    open_numbers,
    read,
    release_id,
    too_wide,
    words,
)
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

STATUSES = set(topic("target.status").values())


def fits_and_is_accessible(reader: Visitor, name: str) -> None:
    """What holds for every page: no wider than its window, no grave fault, a picture for the record."""
    assert too_wide(reader) == 0
    assert grave_faults(reader) == []
    keep_picture(reader, name)


def test_overview_says_how_both_regions_stand(reader: Visitor) -> None:
    text = read(reader, "/")
    reader.heading("Overview")
    assert [heading.inner_text() for heading in reader.page.get_by_role("heading", level=2).all()][:2] == [
        "St. Louis City and County",
        "The Bootheel",
    ]
    seen = cards(reader)
    louis, bootheel = seen[:9], seen[9:]
    assert [card.value for card in louis[:4]] == ["6.8", "12.1", "3.6", "3.34"]
    assert "(likely 6.3 to 7.3)" in louis[0].sentence
    assert [card.label for card in louis[5:]] == [
        "Families who could benefit", "Home-visiting slots", "Families enrolled", "Families reached",
    ]  # fmt: skip
    assert len(bootheel) == 9
    for card in bootheel:
        assert card.value == "hidden" or "DEMONSTRATION" in card.sentence, card
    assert "DEMONSTRATION" not in " ".join(card.sentence for card in louis[:5])
    gaps = [int(found) for found in re.findall(r"In ZIP \d{5} \([^)]*\), (\d+) more families", text)]
    assert len(gaps) == 3
    assert gaps == sorted(gaps, reverse=True)
    items = [item.inner_text() for item in reader.page.get_by_test_id("stMain").get_by_role("listitem").all()]
    targets = items[len(gaps) :]
    assert len(targets) == 11
    for target in targets:
        assert target.split(":")[0].lower() in STATUSES
    assert "6.8 deaths per 1,000 births (likely 6.3 to 7.3), 2017–2023" in text
    fits_and_is_accessible(reader, "overview")


def test_map_opens_on_a_layer_that_is_full(reader: Visitor) -> None:
    text = read(reader, "/map")
    reader.heading("Map")
    expect(reader.page.get_by_role("combobox", name="What to show")).to_have_value("Families without a slot")
    assert "Families without a slot, 2023, by ZIP code in St. Louis City and County." in text
    assert "Every place has a value." in text
    map_of = reader.page.get_by_role("figure", name=re.compile("^Map of Families without a slot"))
    expect(map_of).to_be_visible()
    legend = reader.page.get_by_role("img", name=re.compile("^Legend of the map"))
    expect(legend).to_be_visible()
    fits_and_is_accessible(reader, "map")


def test_profile_of_the_city_holds_the_published_figures(reader: Visitor) -> None:
    read(reader, "/profile?area=29510")
    reader.heading("Profile")
    seen = {card.label: card for card in cards(reader)}
    assert seen["Infant mortality"].value == "9.0"
    assert "(likely 7.9 to 10.2)" in seen["Infant mortality"].sentence
    assert "DEMONSTRATION" not in seen["Infant mortality"].sentence
    assert seen["Black-to-white ratio of infant mortality"].value == "2.91"
    assert seen["Births"].value == "26,307"
    for which in (0, 1, 2):
        open_numbers(reader, which)
    text = words(reader)
    # Black and white, 2017 to 2023, with the printed intervals; then Missouri's, beside them
    for figures in ("13.9", "11.9 to 15.9", "180 of 12,945", "4.8", "3.5 to 6.4", "46 of 9,640"):
        assert figures in text
    assert "Of every 1,000 Black babies born in Missouri, about 12.3 died" in text
    assert "Of every 1,000 white babies born in Missouri, about 4.9 died" in text
    assert re.search(r"Missouri\b.{0,60}\b6\.1\b.{0,60}5\.8 to 6\.3", text)
    # the City's own report of 2011 to 2015
    for figures in ("9.8", "13.5", "4.4", "3.04"):
        assert re.search(rf"{figures}\b.*?2011–2015", text)
    fits_and_is_accessible(reader, "profile")


def test_targets_shows_every_initiative_with_its_status(reader: Visitor) -> None:
    text = read(reader, "/targets")
    reader.heading("Targets")
    assert [heading.inner_text() for heading in reader.page.get_by_role("heading", level=2).all()] == [
        "Bootheel Babies and Families",
        "FLOURISH St. Louis (Generate Health)",
        "Healthy People 2030",
        "Infant Mortality Reduction Initiative (Missouri Foundation for Health)",
    ]
    found = re.findall(r"Status: ([^.]+)\.", text)
    assert len(found) == 11
    assert set(found) <= STATUSES
    assert "Judged on DEMONSTRATION figures" in text
    fits_and_is_accessible(reader, "targets")


def test_about_explains_words_methods_sources_and_release(reader: Visitor) -> None:
    text = read(reader, "/about")
    reader.heading("About")
    assert "How is infant mortality counted?" in text
    assert "Infant mortality rate. Infant deaths for every 1,000 babies born alive." in text
    for publisher in ("County Health Rankings & Roadmaps", "City of St. Louis"):
        assert publisher in text
    assert f"Release. {release_id(reader)}" in text
    assert reader.page.get_by_role("heading", name="What is made up").is_visible()
    fits_and_is_accessible(reader, "about")
