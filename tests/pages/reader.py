"""What a reader does with a page: opens it, reads it, takes its files away, keeps a picture of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, TimeoutError, expect

from equity.config import ROOT
from tests.ui.visitor import PATIENCE_MS, Visitor

PICTURES: Final = ROOT / "artifacts" / "pages"
#: What the browser says of itself and how wide it is.
PHONE: Final[dict[str, Any]] = {
    "size": (390, 844),
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
}
DESK: Final[dict[str, Any]] = {"size": (1440, 900)}
#: A page is taken in pieces no higher than this: a browser's largest picture is about twice as high.
PIECE: Final = 4000
#: Opens everything on a page that can be opened.
_OPEN_ALL: Final = (
    "() => document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())"
)
_CARDS: Final = """() => [...document.querySelectorAll('[data-testid="stMetric"]')].map(metric => [
    metric.querySelector('[data-testid="stMetricLabel"]').innerText.trim(),
    metric.querySelector('[data-testid="stMetricValue"]').innerText.trim(),
    metric.closest('[data-testid="stVerticalBlock"]')
        .querySelector('[data-testid="stCaptionContainer"]').innerText.trim(),
])"""


class Card(NamedTuple):
    """A large number of a page: its name, the number (or the word for none) and its sentence."""

    label: str
    value: str
    sentence: str


def read(visitor: Visitor, path: str) -> str:
    """Open an address, wait until everything on the page is drawn, and give its words in one line."""
    visitor.open(path)
    return words(visitor)


def words(visitor: Visitor) -> str:
    """Everything a reader sees now, in one line, once the page is drawn to its end."""
    drawn(visitor)
    return " ".join(visitor.page.get_by_test_id("stMain").inner_text().split())


def drawn(visitor: Visitor) -> None:
    """Wait until the page's last line stands and no part is still a grey placeholder."""
    visitor.settled()
    visitor.sees("Every file from this page names the release.")
    expect(visitor.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE_MS)


def cards(visitor: Visitor) -> list[Card]:
    """The large numbers of a page, in reading order."""
    return [Card(*texts) for texts in visitor.page.evaluate(_CARDS)]


def open_numbers(visitor: Visitor, which: int = 0) -> Locator:
    """Open a table twin (the first, the second ...) and give what it holds."""
    twin = visitor.page.get_by_test_id("stExpander").filter(has_text="See the numbers").nth(which)
    twin.locator("summary").click()
    expect(twin.get_by_test_id("stExpanderDetails")).to_be_visible()
    return twin


def pick(visitor: Visitor, label: str, option: str) -> None:
    """Choose an option in a list, by writing its beginning: long lists show only a part of themselves.

    A page that grows while the list is open moves or shuts it; then it is opened again.
    """
    box = visitor.page.get_by_role("combobox", name=label, exact=True)
    wanted = visitor.page.get_by_role("option", name=option, exact=True)
    for left in range(3, -1, -1):
        box.click()
        box.fill(option)
        try:
            wanted.click(timeout=PATIENCE_MS / 3)
            break
        except TimeoutError:
            if not left:
                raise
            visitor.page.keyboard.press("Escape")
    visitor.settled()


def release_id(visitor: Visitor) -> str:
    """The release named at the foot of the page."""
    line = visitor.page.get_by_text("Every file from this page names the release.").inner_text()
    return line.removeprefix("Release ").split()[0]


def taken(visitor: Visitor, label: str) -> tuple[str, bytes]:
    """Press a download button: the name of the file and what is in it."""
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("button", name=label).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, by their column names."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def grave_faults(visitor: Visitor) -> list[tuple[str, list[str]]]:
    """What axe-core finds serious or critical: rules with the elements that break them."""
    found = Axe().run(visitor.page).response["violations"]
    return [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


def too_wide(visitor: Visitor) -> int:
    """By how many points the page is wider than the window."""
    wide: int = visitor.page.evaluate(
        """() => Math.max(...[document.documentElement,
            document.querySelector('[data-testid="stMain"]')].map(e => e.scrollWidth - e.clientWidth))"""
    )
    return wide


def keep_picture(visitor: Visitor, name: str) -> None:
    """Save a picture of the whole page under ``artifacts/pages``."""
    page, main = visitor.page, visitor.page.get_by_test_id("stMain")
    size = page.viewport_size
    assert size is not None
    height = _settled_height(main)
    page.set_viewport_size({"width": size["width"], "height": min(height, PIECE)})
    page.wait_for_timeout(400)  # charts and the map draw themselves anew
    height = _settled_height(main)
    whole = Image.new("RGB", (size["width"], height), "white")
    for top in range(0, height, PIECE):
        reached = main.evaluate("(main, top) => { main.scrollTop = top; return main.scrollTop }", top)
        page.wait_for_timeout(150)
        whole.paste(Image.open(io.BytesIO(page.screenshot())), (0, round(reached)))
        page.get_by_test_id("stHeader").evaluate("header => { header.style.visibility = 'hidden' }")
    PICTURES.mkdir(parents=True, exist_ok=True)
    whole.save(PICTURES / f"{name}-{size['width']}.png", compress_level=3)
    page.get_by_test_id("stHeader").evaluate("header => { header.style.visibility = '' }")
    page.set_viewport_size(size)


def _settled_height(main: Locator) -> int:
    """The height of the page's content, once it has stopped growing."""
    before, now = -1, int(main.evaluate("main => main.scrollHeight"))
    while now != before:
        main.page.wait_for_timeout(150)
        before, now = now, int(main.evaluate("main => main.scrollHeight"))
    return now


class Shelf:
    """Pages read in one tab, each once, with everything opened that can be opened."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.seen: dict[str, str] = {}

    def text(self, path: str) -> str:
        """All words of the page at an address, in one line."""
        if path not in self.seen:
            read(self.visitor, path)
            self.visitor.page.evaluate(_OPEN_ALL)
            self.seen[path] = words(self.visitor)
        return self.seen[path]
