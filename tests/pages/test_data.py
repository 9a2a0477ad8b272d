"""The Data page: open to everybody for reading; at the machine itself a desk that takes files in and out."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from equity.intake.templates import template
from equity.ui.machine import on_this_machine
from tests.intake.sources import shared
from tests.pages.reader import grave_faults, keep_picture, read, taken, too_wide, words
from tests.ui.server import Server, running
from tests.ui.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
EXPORT = "wonder/Natality_2016-2024_expanded_county_year_oegest10.txt"
#: Building a release twice, on a busy machine.
PATIENCE_MS = 180_000


@pytest.fixture(scope="module")
def desk_server(app_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application on a store of its own, with a steward at this machine."""
    home = tmp_path_factory.mktemp("desk-home")
    shutil.copytree(app_home, home, dirs_exist_ok=True)
    with running(ROOT, home, settings={"EQUITY_STEWARD": "local"}) as server:
        yield server


@pytest.fixture
def steward(desk_server: Server, visit: Callable[..., Visitor]) -> Visitor:
    return visit(desk_server)


@pytest.mark.parametrize(
    ("address", "host", "proxied", "here"),
    [
        (None, "localhost:8501", False, True),
        ("127.0.0.1", "127.0.0.1:8501", False, True),
        ("::1", "[::1]:8501", False, True),
        (None, "dashboard.example.org", False, False),
        ("192.168.1.7", "localhost:8501", False, False),
        (None, "localhost:8501", True, False),
        (None, "", False, False),
        (None, "localhost.example.org", False, False),
    ],
)
def test_only_the_machine_itself_has_a_desk(
    address: str | None, host: str, proxied: bool, here: bool
) -> None:
    assert on_this_machine(address, host, proxied) is here


@pytest.mark.browser
def test_everybody_reads_and_nobody_else_writes(reader: Visitor) -> None:
    text = read(reader, "/data")
    for heading in ("What is open", "Who has reported", "Templates and what each column means", "Sources"):
        assert heading in text
    assert "County Health Rankings" in text and "5 counties have no infant mortality rate" in text
    assert "desk" not in text and reader.page.locator('input[type="file"]').count() == 0
    reader.page.get_by_text(re.compile("^Columns of: .*[Qq]uarterly")).click()
    reader.sees("Capacity percentage")
    assert too_wide(reader) == 0
    assert grave_faults(reader) == []
    keep_picture(reader, "data")


@pytest.mark.browser
@pytest.mark.shared
def test_an_export_goes_in_is_seen_and_comes_out_again(steward: Visitor) -> None:
    read(steward, "/data")
    page = steward.page
    page.locator('input[type="file"]').set_input_files(shared(EXPORT))
    page.get_by_role("button", name="Check this file").click()
    steward.sees("6,101 rows read, 0 refused")
    text = words(steward)
    assert "0 errors, 0 warnings, 10 notes" in text
    page.get_by_role("button", name="What would it change?").click()
    expect(page.get_by_text(re.compile("In the next release"))).to_be_visible(timeout=PATIENCE_MS)
    assert "new Births St. Louis County all 2020 no figure 10,576" in words(steward)
    keep_picture(steward, "data-desk")
    page.get_by_role("button", name="Take in and publish").click()
    expect(page.get_by_text(re.compile("is taken in: release"))).to_be_visible(timeout=PATIENCE_MS)
    text = words(steward)
    assert "Nothing waits." in text
    assert "6,101 rows read, 0 refused" in text
    # the steward is named, and not the account that the server runs under
    assert re.search(r"local steward publish [0-9a-f]{16} ", text) and "local steward accept" in text
    assert "What the Map and profiles show from it: Births, 2020, 2024; " in text
    page.get_by_role("link", name="See it on the Map").click()
    steward.sees("Births, 2024, by county in St. Louis")
    assert "St. Louis County" in words(steward) and "9,921" in words(steward)
    page.go_back()
    read(steward, "/profile?area=29189")
    assert re.search(r"Year by year.*2024\s+9,921, with care", words(steward), re.DOTALL)
    read(steward, "/data")
    page.locator('input[type="file"]').set_input_files(shared(EXPORT))
    page.get_by_role("button", name="Check this file").click()
    steward.sees("This very file came in before")
    page.get_by_role("textbox", name=re.compile("^Reason")).last.fill("a trial")
    page.get_by_role("button", name="Withdraw and publish").click()
    expect(page.get_by_text(re.compile("is withdrawn: release"))).to_be_visible(timeout=PATIENCE_MS)
    assert "No file is taken in now: 1 was taken in and withdrawn again." in words(steward)


@pytest.mark.browser
def test_a_filled_in_report_is_on_the_map_and_in_a_profile_and_comes_out_again(
    steward: Visitor, tmp_path: Path
) -> None:
    report = tmp_path / "form-4.xlsx"
    report.write_bytes(template("quarterly", "xlsx", filled=True))
    page = steward.page
    read(steward, "/data")
    page.locator('input[type="file"]').set_input_files(report)
    page.get_by_role("button", name="Check this file").click()
    steward.sees("5 rows read, 0 refused")
    # the template's own example is warned of: it takes a reason
    page.get_by_role("textbox", name=re.compile("^Reason")).first.fill("a trial")
    page.get_by_role("button", name="Take in and publish").click()
    expect(page.get_by_text(re.compile("is taken in: release"))).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name=re.compile("^See it in the profile of ZIP")).click()
    steward.sees("Home visiting")
    text = read(steward, "/map?layer=caseload&period=2023&area=63106")
    assert "19 families in ZIP 63106 (St. Louis) were enrolled at the end of March 2023" in text
    keep_picture(steward, "reported-map")
    page.get_by_text("Where these numbers come from").click()
    steward.sees(re.compile(r"form-4\.xlsx.*5 rows read, 0 refused"))
    text = read(steward, "/profile?area=63106")
    assert "19 families in ZIP 63106 (St. Louis) were enrolled at the end of March 2023" in text
    assert "slots and families here were reported, while need is still the demonstration" in text
    keep_picture(steward, "reported-profile")
    read(steward, "/data")
    page.get_by_role("textbox", name=re.compile("^Reason")).last.fill("a trial")
    page.get_by_role("button", name="Withdraw and publish").click()
    expect(page.get_by_text(re.compile("is withdrawn: release"))).to_be_visible(timeout=PATIENCE_MS)
    assert "19 families in ZIP 63106" not in read(steward, "/map?layer=caseload&period=2023&area=63106")


@pytest.mark.browser
def test_a_faulty_report_comes_back_marked(steward: Visitor, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("quarterly", "xlsx", filled=True)))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    place = heads.index("Current caseload") + 1
    sheet.cell(2, place).value = 31
    path = tmp_path / "report.xlsx"
    book.save(path)
    read(steward, "/data")
    steward.page.locator('input[type="file"]').set_input_files(path)
    steward.page.get_by_role("button", name="Check this file").click()
    steward.sees("Refused lately")
    text = words(steward)
    assert "31" in text and "error" in text
    name, content = taken(steward, "The file with these marks (Excel)")
    assert name.endswith(".xlsx")
    marked = openpyxl.load_workbook(io.BytesIO(content))
    comments = [cell.comment.text for row in marked.worksheets[0] for cell in row if cell.comment]
    assert any("31" in comment for comment in comments)
    assert marked["Findings"].max_row > 1


@pytest.mark.browser
def test_what_is_no_table_is_a_sentence(steward: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "<b>photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    read(steward, "/data")
    steward.page.locator('input[type="file"]').set_input_files(path)
    steward.page.get_by_role("button", name="Check this file").click()
    steward.sees("is neither a spreadsheet")
    assert grave_faults(steward) == []
