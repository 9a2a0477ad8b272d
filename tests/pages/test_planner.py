"""The Planner in a browser: a funder's question, wishes that clash, plans kept, sent and compared."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.pages.reader import (
    DESK,
    PICTURES,
    grave_faults,
    keep_picture,
    pick,
    read,
    release_id,
    rows_of,
    taken,
    too_wide,
    words,
)
from tests.ui.server import Server
from tests.ui.visitor import PATIENCE_MS, Visitor

pytestmark = pytest.mark.browser

ANSWER = re.compile(r"(ZIP \d{5} .*) come first: together they gain (\d+) of (\d+) slots")
SURE = re.compile(r"How sure: need is an estimate, so it was drawn 100 times")
#: A hundred plans, each with needs of its own, on a busy machine.
DRAWN_MS = 6 * PATIENCE_MS
#: A wish whose draws take little time.
SMALL = "n20_worst_need_bootheel_all"
MOST_CLICKS = 6


def until_sure(visitor: Visitor) -> str:
    """Wait until it stands how sure the first places are, and read the page."""
    expect(visitor.page.get_by_text(SURE).first).to_be_visible(timeout=DRAWN_MS)
    return words(visitor)


def five(text: str) -> list[str]:
    """The first five ZIP codes of the answer."""
    found = ANSWER.search(text)
    assert found, text[:1500]
    return re.findall(r"ZIP (\d{5})", found.group(1))[-5:]


def test_it_opens_with_an_answer_and_then_says_how_sure(reader: Visitor) -> None:
    reader.page.goto(reader.url + "/planner")
    reader.heading("Planner")
    reader.sees(ANSWER)
    text = until_sure(reader)
    assert len(set(five(text))) == 5
    assert "Exactly these places come first in" in text
    assert "DEMONSTRATION" in text and "within 0.1 % of the best possible" in text
    expect(reader.page.get_by_role("figure", name=re.compile("^Map of Slots added by a plan"))).to_have_count(
        2
    )
    expect(reader.page.get_by_role("img", name=re.compile("^Legend of the map"))).to_be_visible()
    assert too_wide(reader) == 0
    assert grave_faults(reader) == []
    keep_picture(reader, "planner")


def test_which_five_first_and_how_sure_in_six_clicks(second_reader: Visitor) -> None:
    read(second_reader, "/")
    path = ["open /"]
    link = second_reader.page.get_by_role("link", name="Planner", exact=True)
    size = second_reader.page.viewport_size
    assert size is not None
    if size["width"] < 768:
        second_reader.page.get_by_test_id("stExpandSidebarButton").click()
        path.append("click the menu")
    link.click()
    path.append("click Planner")
    second_reader.heading("Planner")
    text = until_sure(second_reader)
    found = five(text)
    assert len(set(found)) == 5
    said = re.search(r"How sure: .*?come first in \d+ of 100\.", text)
    assert said and "of 100 draws" in said.group()
    clicks = sum(step.startswith("click") for step in path)
    assert clicks <= MOST_CLICKS
    PICTURES.mkdir(parents=True, exist_ok=True)
    lines = [*path, f"{clicks} clicks", f"read: {', '.join(found)}", f"read: {said.group()}"]
    (PICTURES / f"planner-path-{size['width']}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_wish_is_in_the_address_and_the_answer_follows(desk: Visitor) -> None:
    read(desk, "/planner?plan=n30_worst_need_bootheel_all")
    assert "of 30 slots" in words(desk)
    amount = desk.page.get_by_label("How many slots")
    amount.fill("20")
    amount.press("Enter")
    desk.page.wait_for_url(f"**/planner?plan={SMALL}")
    desk.sees(re.compile("together they gain .* of 20 slots|gain slots: 20 in all"))
    pick(desk, "What comes first", "The most families")
    desk.page.wait_for_url("**/planner?plan=n20_reach_need_bootheel_all")
    desk.sees("Every family without a slot counts the same")
    pick(desk, "You can add", "a sum of dollars a year")
    desk.sees(re.compile(r"Spent: \$"))
    desk.page.go_back()
    desk.sees("Slots used: 20 of at most 20")


def test_wishes_that_clash_are_named_and_can_be_loosened(desk: Visitor) -> None:
    text = read(desk, "/planner?plan=n100_worst_need_both_all_b")
    assert "These wishes cannot be met together" in text
    assert (
        "No plan can keep to all of these:" in text
        and "What you can change:" in text
        and "allow more slots" in text
    )
    assert "Slots added on the map" not in text
    assert grave_faults(desk) == [] and too_wide(desk) == 0
    desk.page.get_by_test_id("stCheckbox").filter(has_text="Black families").locator("label").click()
    desk.sees(ANSWER)
    assert desk.page.url.endswith("plan=n100_worst_need_both_all")


def test_nothing_to_add_is_a_sentence(desk: Visitor) -> None:
    text = read(desk, "/planner?plan=n0_worst_need_both_all")
    assert "With nothing to add, the plan is to add nothing" in text
    assert "This page could not be drawn" not in text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("n-5", "The code of the plan in this link cannot be read.", marks=pytest.mark.slow),
        pytest.param(
            "n20_worst_need_both_zzz", "names models that this release does not have", marks=pytest.mark.slow
        ),
        ("%3Cscript%3Ealert(1)%3C/script%3E", "The code of the plan in this link cannot be read."),
    ],
)
def test_a_bad_link_is_reported_and_never_quietly_replaced(desk: Visitor, code: str, said: str) -> None:
    text = read(desk, f"/planner?plan={code}&with=nonsense")
    assert said in text and "Shown instead: the plan this page opens with." in text
    assert "This release has no plan to compare with" in text
    assert ANSWER.search(text)


def test_two_plans_stand_side_by_side_and_leave_as_files(desk: Visitor) -> None:
    read(desk, f"/planner?plan={SMALL}")
    until_sure(desk)  # the page grows when it comes, which shuts an open list
    pick(desk, "Compare with", "20 slots, the most families")
    desk.page.wait_for_url("**with=n20_reach_need_bootheel_all")
    desk.sees("Two plans side by side")
    text = words(desk)
    assert "The two plans in short" in text and f"both from release {release_id(desk)}" in text
    name, content = taken(desk, "Comparison (CSV)")
    assert release_id(desk) in name
    rows = rows_of(content)
    plans = [key for key in rows[0] if key not in ("ZIP code", "Release")]
    assert [sum(int(row[plan]) for row in rows) for plan in plans] == [20, 20]
    sheets = load_workbook(io.BytesIO(taken(desk, "Comparison (Excel)")[1]))
    assert sheets.sheetnames == ["Comparison", "Places", "Notes"]


def test_the_plan_leaves_as_files_that_agree_with_the_page(desk: Visitor) -> None:
    read(desk, f"/planner?plan={SMALL}")
    text = until_sure(desk)
    name, content = taken(desk, "Plan (CSV)")
    assert SMALL in name and release_id(desk) in name
    rows = rows_of(content)
    added = {row["Code"]: int(row["Slots added"] or 0) for row in rows}
    assert sum(added.values()) == 20
    assert sorted(added.values(), reverse=True)[:5] == [added[code] for code in five(text)]
    assert any(float(row["Share of draws among the first five"] or 0) > 0 for row in rows)
    unseen = [row for row in rows if "Hidden" in row["Note"]]
    assert unseen and all(row["Slots added"] == "" for row in unseen)
    book = load_workbook(io.BytesIO(taken(desk, "Plan (Excel)")[1]))
    assert book.sheetnames == ["Places", "Programs", "Who gains", "Notes"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_named_plan_is_kept_and_its_link_opens_the_same(
    desk: Visitor, app_server: Server, visit: Callable[..., Visitor]
) -> None:
    read(desk, f"/planner?plan={SMALL}")
    name = "<b>*Ours*</b> $5 =1+1"
    box = desk.page.get_by_label("A name for this plan")
    box.fill(name)
    box.press("Enter")
    desk.page.wait_for_url("**name=**")
    assert name in words(desk)
    desk.page.get_by_role("button", name="Keep this plan").click()
    desk.sees(f"Open {name}")
    link = desk.page.get_by_test_id("stCode").inner_text().strip()
    before = words(desk)

    desk.page.get_by_role("link", name="About", exact=True).click()
    desk.heading("About")
    desk.page.get_by_role("link", name="Planner", exact=True).click()
    desk.heading("Planner")
    desk.page.get_by_role("button", name=f"Open {name}").click()
    desk.page.wait_for_url(f"**plan={SMALL}**")
    desk.sees(re.compile("of 20 slots|20 in all"))

    other = visit(app_server, **DESK)
    other.page.goto(link)
    opened = words(other)
    assert name in opened and "<b>" in opened
    assert five(opened) == five(before)
