"""The equity profile as a tagged PDF (PDF/UA-1) for a meeting: two to four Letter pages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from equity.views.documents.legible import legible
from equity.views.documents.pages import profile_pages
from equity.views.documents.style import ACCENT, FONTS, QUIET, RULE
from equity.views.profile import Profile

_TEMPLATE = Path(__file__).with_name("profile.typ")


def profile_pdf(profile: Profile) -> bytes:
    """The profile as PDF bytes; the same release and place always give the same bytes.

    The template (``profile.typ``) holds the layout and no words or numbers; both come as JSON beside it.
    Typst refuses to build a document that lacks a title, a language or the text for a picture.
    """
    import typst

    data, charts = profile_pages(profile)
    data["look"] = {"accent": ACCENT, "quiet": QUIET, "rule": RULE}
    files: Any = {  # typst takes files by name, which its type stubs do not know
        "main.typ": _template(),
        "data.json": json.dumps(legible(data), ensure_ascii=False, allow_nan=False).encode(),
        **legible(charts),
    }
    return typst.compile(
        files, font_paths=[FONTS], ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"]
    )


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
