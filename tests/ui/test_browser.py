"""The shell in a real browser, with the small pages of this folder."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, expect

from equity.ui.session import LOOK_AGAIN_SECONDS
from tests.release.own_policy import write_own
from tests.ui.release import publish_small
from tests.ui.server import Server, running
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
PHONE = (390, 844)


def the_map(visitor: Visitor) -> Locator:
    """The map of four squares."""
    return visitor.page.get_by_role("figure", name="Four squares.").first


def pixel(visitor: Visitor, right: int, down: int) -> tuple[int, ...]:
    """The colour of the map at a place counted from its centre."""
    picture = Image.open(io.BytesIO(the_map(visitor).screenshot())).convert("RGB")
    colour = picture.getpixel((picture.width // 2 + right, picture.height // 2 + down))
    assert isinstance(colour, tuple)
    return colour


def click_until_chosen(visitor: Visitor, right: int, down: int, code: str) -> None:
    """Click on the map. Drawing without a graphics card can miss a first click, so try again."""
    box = the_map(visitor).bounding_box()
    assert box is not None
    for _ in range(10):
        visitor.page.mouse.click(box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down)
        try:
            expect(visitor.page).to_have_url(re.compile(f"area={code}$"), timeout=2000)
        except AssertionError:
            continue
        visitor.sees(f"Chosen {code}")
        return
    raise AssertionError(f"No click chose {code}.")


def pick(visitor: Visitor, label: str, option: str) -> None:
    """Choose an option in a list."""
    visitor.page.get_by_role("combobox", name=label).click()
    visitor.page.get_by_role("option", name=option).click()


def test_a_deep_link_opens_its_page_on_a_fresh_process(
    shell: Path, small_home: Path, small_release: str, visit: Visit
) -> None:
    with running(shell, small_home) as server:
        visitor = visit(server)
        visitor.open("/profile?area=29189")
        visitor.heading("Profile")
        visitor.sees("Profile of 29189")
        visitor.sees(f"Release {small_release}")
        expect(visitor.page).to_have_title("Profile – Infant Health Equity Dashboard")
        links = visitor.page.get_by_role("navigation", name="App pages").get_by_role("link")
        pages = ["Overview", "Map", "Coverage", "Planner", "Profile", "Targets", "Data", "About"]
        assert links.all_inner_texts() == pages


def test_a_choice_survives_reload_back_and_forward(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/profile")
    visitor.sees("Profile of 29510")
    pick(visitor, "Place", "St. Louis County")
    visitor.sees("Profile of 29189")
    expect(visitor.page).to_have_url(f"{shell_server.url}/profile?area=29189")
    visitor.page.reload()
    visitor.sees("Profile of 29189")
    pick(visitor, "Place", "Dunklin County")
    visitor.sees("Profile of 29069")
    visitor.page.go_back()
    visitor.sees("Profile of 29189")
    expect(visitor.page.get_by_role("combobox", name="Place")).to_have_value("St. Louis County")
    visitor.page.go_forward()
    visitor.sees("Profile of 29069")


def test_an_unknown_code_is_named_and_not_replaced_in_silence(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/profile?area=99999")
    visitor.sees("This release has no county “99999”; showing St. Louis City.")
    visitor.open("/profile?area=%5Bx%5D(http://x.example)")
    visitor.sees("The county in this link cannot be read; showing St. Louis City.")
    assert visitor.page.get_by_role("link", name="x", exact=True).count() == 0


def test_a_click_on_the_map_chooses_a_place_and_keeps_the_colours(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/map")
    visitor.sees("Chosen 63106")
    click_until_chosen(visitor, 60, -60, "63115")
    expect(visitor.page.get_by_role("combobox", name="Place")).to_have_value("ZIP 63115")
    visitor.page.mouse.move(0, 0)
    assert pixel(visitor, 60, 60) == (20, 126, 107)
    assert pixel(visitor, 60, -60) == (20, 206, 107)
    visitor.page.reload()
    visitor.sees("Chosen 63115")
    visitor.page.go_back()
    visitor.sees("Chosen 63106")


def test_another_region_drops_the_place_and_back_restores_both(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/map?area=63113")
    visitor.sees("Chosen 63113")
    visitor.page.get_by_role("radio", name="Bootheel").click()
    visitor.sees("Chosen 63857")
    expect(visitor.page).to_have_url(f"{shell_server.url}/map?region=bootheel")
    visitor.page.go_back()
    visitor.sees("Chosen 63113")


def test_a_link_to_another_page_carries_the_choice(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/targets")
    visitor.page.get_by_role("link", name="Dunklin's profile, $5").click()
    visitor.sees("Profile of 29069")
    expect(visitor.page).to_have_url(f"{shell_server.url}/profile?area=29069")


def test_texts_are_shown_as_written(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/")
    visitor.sees("The rate fell from 9.4 to 9.1, at a cost of $6,500 and $7,000.")
    visitor.sees("2023, costs $3 to $5")
    visitor.page.get_by_text("See the numbers").click()
    visitor.sees("[a](b)")
    visitor.sees("*star*")


def test_a_file_is_made_on_the_click(shell_server: Server, visit: Visit, small_release: str) -> None:
    visitor = visit(shell_server)
    visitor.open("/")
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("button", name="Figures (CSV)").click()
    assert waiting.value.suggested_filename == "figures.csv"
    assert Path(waiting.value.path()).read_text(encoding="utf-8") == f"id\n{small_release}\n"


def test_a_page_that_fails_says_so_without_its_reason(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/about?fail=1")
    visitor.sees("This page could not be drawn")
    shown = visitor.page.locator("body").inner_text()
    assert "topsecret" not in shown
    assert "Traceback" not in shown
    assert "RuntimeError" not in shown


def test_the_typeface_comes_from_this_server(shell_server: Server, visit: Visit) -> None:
    visitor = visit(shell_server)
    visitor.open("/")
    visitor.heading("Overview")
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    assert "Atkinson Hyperlegible Next" in visitor.page.evaluate(loaded)


@pytest.mark.parametrize("page", ["", "map", "coverage", "planner", "profile", "targets", "about"])
def test_pages_fit_a_phone(shell_server: Server, visit: Visit, page: str) -> None:
    visitor = visit(shell_server, PHONE)
    visitor.open(f"/{page}")
    visitor.heading(page.capitalize() or "Overview")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("page", ["", "map", "coverage", "planner", "profile", "targets", "about"])
def test_pages_meet_the_accessibility_rules(shell_server: Server, visit: Visit, page: str) -> None:
    visitor = visit(shell_server)
    visitor.open(f"/{page}")
    visitor.heading(page.capitalize() or "Overview")
    visitor.sees("Release")
    found = Axe().run(visitor.page).response["violations"]
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in grave] == []


def test_a_missing_store_is_a_sentence_until_a_release_is_published(
    shell: Path, tmp_path: Path, visit: Visit
) -> None:
    with running(shell, tmp_path) as server:
        visitor = visit(server)
        visitor.open("/profile?area=29189")
        visitor.heading("The figures cannot be opened just now")
        visitor.sees("python -m equity bootstrap")
        first = publish_small(tmp_path, rate=9.1)
        visitor.page.reload()
        visitor.sees("Profile of 29189")
        visitor.sees(f"Release {first}")
        second = publish_small(tmp_path, rate=8.8)
        visitor.page.wait_for_timeout(LOOK_AGAIN_SECONDS * 1000 + 500)
        visitor.page.reload()
        visitor.sees(f"Release {second}")
    assert "Traceback" not in server.log.read_text()


def test_a_policy_without_a_release_is_a_sentence(
    shell: Path, small_home: Path, tmp_path: Path, visit: Visit
) -> None:
    own = {"EQUITY_POLICY": "own", "EQUITY_POLICY_FILE": str(write_own(tmp_path))}
    with running(shell, small_home, settings=own) as server:
        visitor = visit(server)
        visitor.open("/")
        visitor.heading("No figures have been published yet")
        visitor.sees("python -m equity publish")


def test_a_release_of_another_format_is_a_sentence_until_one_is_published(
    shell: Path, tmp_path: Path, visit: Visit
) -> None:
    publish_small(tmp_path, rate=9.1, with_format=False)
    with running(shell, tmp_path) as server:
        visitor = visit(server)
        visitor.open("/targets")
        visitor.heading("The figures are being brought up to date")
        visitor.sees(re.compile("run `python -m equity publish` to make a release that it can read"))
        new = publish_small(tmp_path, rate=9.1)
        visitor.page.wait_for_timeout(LOOK_AGAIN_SECONDS * 1000 + 500)
        visitor.page.reload()
        visitor.sees(f"Release {new}")
    assert "Traceback" not in server.log.read_text()


def test_a_damaged_store_is_a_sentence(shell: Path, tmp_path: Path, visit: Visit) -> None:
    (tmp_path / "equity.sqlite3").write_bytes(b"This is not a database." * 100)
    with running(shell, tmp_path) as server:
        visitor = visit(server)
        visitor.open("/map?area=63113")
        visitor.heading("The figures cannot be opened just now")
        # which file that is, only the log says
        assert str(tmp_path) not in visitor.page.content()
    told = server.log.read_text()
    assert "is not a database" in told and "Traceback" not in told
