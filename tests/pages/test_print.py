"""A page sent to the printer loses nothing that stands on the screen."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.pages.reader import read
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser


def test_the_printed_profile_holds_every_section(desk: Visitor) -> None:
    read(desk, "/profile?area=29510")
    sections = [heading.inner_text() for heading in desk.page.get_by_role("heading").all()]
    assert len(sections) >= 7
    pages = PdfReader(io.BytesIO(desk.page.pdf(format="Letter"))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert [section for section in sections if section not in text] == []
    for told in ("9.0", "(likely 7.9 to 10.2)", "2.91", "Every file from this page names the release."):
        assert told in text
