"""The map: a click and its twin in the list, filters that last, the same content as a table, no mouse."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.pages.reader import grave_faults, keep_picture, open_numbers, pick, read, too_wide, words
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

BOOTHEEL = "/map?layer=infant_mortality&level=county&region=bootheel"
#: The class of Scott County's 6.5, the only county of the Bootheel with a rate: the only one with a colour.
SCOTT_COLOUR = (120, 176, 188)
#: Place and value of the rows that a long table shows at the moment.
FIRST_TWO_CELLS = """grid => [...grid.querySelectorAll('[role="row"]')]
    .map(row => [...row.querySelectorAll('[role="gridcell"]')].slice(0, 2).map(cell => cell.textContent))
    .filter(cells => cells.length === 2)"""
#: Scroll a long table down, and from its end to its beginning again.
SCROLL = "(table, top) => { table.scrollTop = top % table.scrollHeight }"
#: Presses of the tabulator after which a control must have been reached.
PRESSES = 20


def the_map(visitor: Visitor) -> Locator:
    """The picture of the first region on the map."""
    return visitor.page.get_by_role("figure", name=re.compile("^Map of ")).first


def coloured(visitor: Visitor, colour: tuple[int, int, int]) -> tuple[float, float] | None:
    """The middle of everything drawn in a colour, counted from the map's corner; none before it is drawn."""
    picture = Image.open(io.BytesIO(the_map(visitor).screenshot())).convert("RGB")
    width = picture.width
    places = [at for at, found in enumerate(picture.get_flattened_data()) if found == colour]
    if len(places) < 100:
        return None
    return sum(at % width for at in places) / len(places), sum(at // width for at in places) / len(places)


def drawn(visitor: Visitor, colour: tuple[int, int, int]) -> tuple[float, float]:
    """The middle of everything drawn in a colour, once there is any (up to minutes on a slow machine).

    The mouse is taken off the map first: a place under it is drawn lighter or darker.
    """
    visitor.page.mouse.move(0, 0)
    for _ in range(200):
        middle = coloured(visitor, colour)
        if middle is not None:
            return middle
        visitor.page.wait_for_timeout(300)
    raise AssertionError(f"Nothing was drawn in {colour}.")


def click_colour(visitor: Visitor, colour: tuple[int, int, int], code: str) -> None:
    """Click the place of a colour. Drawing without a graphics card can miss a click, so try again.

    Not too soon: a second click on a place that is being chosen would leave it.
    """
    for _ in range(10):
        x, y = drawn(visitor, colour)
        the_map(visitor).click(position={"x": x, "y": y})
        try:
            expect(visitor.page).to_have_url(re.compile(f"area={code}$"), timeout=10_000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"No click chose {code}.")


def test_a_click_opens_a_place_and_back_leaves_it(desk: Visitor) -> None:
    text = read(desk, BOOTHEEL)
    assert "5 of 6 places have no value to show: 5 withheld by their publisher." in text
    click_colour(desk, SCOTT_COLOUR, "29201")
    panel = desk.page.get_by_role("heading", name="Scott County", level=3)
    expect(panel).to_be_visible()
    text = words(desk)
    assert "born in Scott County, about 6.5 died" in text
    assert "(likely 4.1 to 9.9)" in text
    expect(desk.page.get_by_role("combobox", name="Place", exact=True)).to_have_value("Scott County")
    desk.page.reload()
    expect(panel).to_be_visible()
    desk.page.go_back()
    desk.sees("Click a place on the map")
    assert "area=" not in desk.page.url
    expect(panel).to_have_count(0)


def test_the_list_chooses_a_zip_and_links_to_its_profile(desk: Visitor) -> None:
    read(desk, "/map")
    pick(desk, "Place", "ZIP 63106 (St. Louis)")
    expect(desk.page).to_have_url(f"{desk.url}/map?area=63106")
    expect(desk.page.get_by_role("heading", name="ZIP 63106 (St. Louis)", level=3)).to_be_visible()
    assert re.search(r"In ZIP 63106 \(St. Louis\), \d+ more families could benefit", words(desk))
    desk.page.get_by_role("link", name="Open the equity profile of ZIP 63106 (St. Louis)").click()
    desk.heading("Profile")
    expect(desk.page).to_have_url(f"{desk.url}/profile?area=63106")
    desk.sees("Equity profile: ZIP 63106 (St. Louis)")


def test_every_filter_survives_a_reload_and_back_undoes_the_last(desk: Visitor) -> None:
    read(desk, "/map")
    pick(desk, "What to show", "Infant mortality")
    pick(desk, "Places", "ZIP group")
    desk.page.get_by_role("radio", name="Bootheel").click()
    expect(desk.page).to_have_url(re.compile("region=bootheel"))
    pick(desk, "Period", "2010–2016")
    address = f"{desk.url}/map?layer=infant_mortality&level=zip_group&region=bootheel&period=2010-2016"
    expect(desk.page).to_have_url(address)
    says = "Infant mortality, 2010–2016, by ZIP group in the Bootheel."
    desk.sees(re.compile(f"^{says}"))
    desk.page.reload()
    assert says in words(desk)
    assert desk.page.url == address
    expect(desk.page.get_by_role("combobox", name="Period")).to_have_value("2010–2016")
    expect(desk.page.get_by_role("radio", name="Bootheel")).to_be_checked()
    desk.page.go_back()
    desk.sees(re.compile("^Infant mortality, 2017–2023, by ZIP group in the Bootheel."))
    desk.page.go_back()
    desk.sees(re.compile("^Infant mortality, 2017–2023, by ZIP group in St. Louis City and County."))


def test_the_table_holds_every_zip_and_nearly_all_with_a_value(desk: Visitor) -> None:
    read(desk, "/map?region=both")
    twin = open_numbers(desk)
    grid = twin.locator('[role="grid"]')
    expect(grid).to_have_attribute("aria-rowcount", "126")  # 125 ZIP codes and the heads of the columns
    seen: dict[str, str] = {}
    scroller = twin.locator(".dvn-scroller")
    for step in range(100):
        scroller.evaluate(SCROLL, 200 * step)
        desk.page.wait_for_timeout(250)  # the table says its rows only when it has come to rest
        seen |= dict(grid.evaluate(FIRST_TWO_CELLS))
        if len(seen) == 125:
            break
    assert len(seen) == 125
    with_value = [value for value in seen.values() if re.fullmatch(r"−?[\d,]+", value)]
    assert len(with_value) >= 0.9 * len(seen)
    assert set(seen.values()) - set(with_value) <= {"hidden"}


def test_the_map_is_worked_by_keyboard_alone(desk: Visitor) -> None:
    read(desk, "/map")
    press = desk.page.keyboard.press
    focused = desk.page.locator(":focus")
    press("Tab")
    expect(focused).to_have_text("Skip to main content")
    stops = []
    while "What to show" not in stops and len(stops) < PRESSES:
        press("Tab")
        stops.append(focused.get_attribute("aria-label") or focused.inner_text().strip())
    assert stops[:8] == ["Overview", "Map", "Coverage", "Planner", "Profile", "Targets", "Data", "About"]
    desk.page.keyboard.type("Births")
    press("Enter")
    expect(desk.page).to_have_url(f"{desk.url}/map?layer=births")
    desk.sees(re.compile("^Births, .*by ZIP code in St. Louis City and County."))


def test_the_local_patterns_open_with_their_words(second_reader: Visitor) -> None:
    address = "/map?layer=infant_mortality_pattern"
    text = read(second_reader, address)
    assert (
        "Local pattern of infant mortality, 2017–2023, by ZIP code in St. Louis City and County. "
        "Each colour stands for a kind of place, which the legend names." in text
    )
    assert re.search(
        r"Places that stand out beyond chance: \d+ of \d+ \(|No place stands out beyond chance", text
    )
    assert re.search(r"In St. Louis as a whole, .* maps of chance \(Moran's I −?\d\.\d\d, ", text)
    assert "Which layer to use: this one asks which places are like those around them, or unlike." in text
    legend = second_reader.page.get_by_role(
        "img", name=re.compile("^Legend of the map. no pattern beyond chance")
    )
    expect(legend).to_be_visible()
    assert too_wide(second_reader) <= 0
    assert grave_faults(second_reader) == []
    keep_picture(second_reader, "map-pattern")
    text = read(second_reader, f"{address}&region=bootheel")
    assert "60 of 60 places have no value to show: 60 where the figure has no meaning." in text
    assert "Moran's I" not in text
    assert "too few places and deaths here to look for clusters or patterns." in text
