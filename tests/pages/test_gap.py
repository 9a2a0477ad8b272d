"""The Profile in a browser: the gap in deaths, what drives it, its pace, or why there is none."""

from __future__ import annotations

import pytest

from equity.words import say
from tests.pages.reader import read
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser


def test_the_city_shows_its_gap_its_drivers_and_its_pace(desk: Visitor) -> None:
    text = read(desk, "/profile?area=29510")
    for heading in ("drivers.gap_title", "drivers.what_title"):
        desk.page.get_by_role("heading", name=say(heading), exact=True).wait_for()
    for words in (
        "118 more Black babies died in 2017–2023 than would have at the rate of white babies (likely 86",
        "Careful: the gap narrowed because white babies fared worse",
        "75.0 were Black",
        "9.1 more deaths per 1,000 among Black babies",
        "white babies of the whole region and of all years together are the yardstick",
        "would ordinarily bring between 22 and 47 deaths",
    ):
        assert words in text, words
    for start in ("Bar chart of the gap in infant mortality", "Bar chart of deaths above the white rate"):
        picture = desk.page.locator(f'[aria-label^="{start}"]')
        picture.first.wait_for()
    desk.page.get_by_text(say("drivers.inequality_title")).click()
    desk.sees(say("drivers.inequality_misleads"))
    assert desk.trouble == []


def test_a_withheld_county_says_in_sentences_why_there_is_none(desk: Visitor) -> None:
    text = read(desk, "/profile?area=29069")
    assert say("drivers.gap_hidden", period="2017–2023") in text
    for key in ("kitagawa", "risk"):
        assert say(f"drivers.{key}.none", place="Dunklin County", period="2017–2023") in text
    assert say("drivers.trend.none", place="Dunklin County") in text


def test_the_region_warns_of_the_ecological_fallacy(desk: Visitor) -> None:
    assert say("drivers.association.warning") in read(desk, "/profile?area=stl")
