"""Addresses that nobody should write: each is answered by a sentence, and by a page that stands."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.pages.reader import read
from tests.ui.server import Server
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>document.title='broken'</script>",
    '=HYPERLINK("http://example.invalid","press")',
    "../../etc/passwd",
    "' OR 1=1 --",
    "\u202e63106\x00",
)


def quiet(visitor: Visitor, server: Server, text: str) -> None:
    """No traceback on the page or in the log, and nothing of the address became part of the page."""
    assert "Traceback" not in text
    assert "could not be drawn" not in text
    assert "Traceback" not in server.log.read_text()
    assert visitor.page.title().endswith("Infant Health Equity Dashboard")


def test_unknown_codes_are_named_and_what_is_shown_instead(desk: Visitor, app_server: Server) -> None:
    text = read(desk, "/map?layer=witchcraft&level=street&region=mars&period=1999-2005&area=99999")
    for told in (
        "This release has no figure to map “witchcraft”; showing Families without a slot.",
        "This release has no kind of place “street”; showing ZIP code.",
        "This release has no region “mars”; showing St. Louis.",
        "This release has no period “1999-2005”; showing 2023.",
        "This release has no ZIP code “99999”; showing No place chosen.",
    ):
        assert told in text
    quiet(desk, app_server, text)
    text = read(desk, "/profile?area=nowhere&period=2031")
    assert "This release has no place “nowhere”; showing St. Louis City." in text
    assert "This release has no period “2031”; showing 2017–2023." in text
    quiet(desk, app_server, text)
    text = read(desk, "/targets?region=mars")
    assert "This release has no region “mars”; showing Both." in text
    quiet(desk, app_server, text)


def test_hostile_addresses_are_never_said_back(desk: Visitor, app_server: Server) -> None:
    keys = ("layer", "level", "region", "period", "area")
    text = read(
        desk, "/map?" + "&".join(f"{key}={quote(word)}" for key, word in zip(keys, HOSTILE, strict=True))
    )
    for noun in ("figure to map", "kind of place", "region", "period", "ZIP code"):
        assert f"The {noun} in this link cannot be read; showing " in text
    for word in HOSTILE:
        assert word[:20] not in text
    quiet(desk, app_server, text)
    text = read(desk, f"/profile?area={'A' * 10_000}&period={quote(HOSTILE[1])}&nonsense={quote(HOSTILE[0])}")
    assert "The place in this link cannot be read; showing St. Louis City." in text
    assert "The period in this link cannot be read; showing 2017–2023." in text
    assert "AAAA" not in text
    quiet(desk, app_server, text)


def test_an_address_without_a_page_leads_to_one(desk: Visitor, app_server: Server) -> None:
    desk.page.goto(f"{desk.url}/nowhere?area=63106")
    desk.heading("Overview")
    told = [line for line in desk.trouble if "does not seem to exist" in line]
    assert len(told) == 1
    desk.trouble.remove(told[0])
    assert "Traceback" not in app_server.log.read_text()
