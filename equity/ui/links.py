"""Links between the pages that carry a choice along."""

from __future__ import annotations

import streamlit as st

from equity.config import ROOT
from equity.ui.language import LANG
from equity.ui.plain import plain
from equity.words import DEFAULT, language


def page_link(page: str, label: str, *, icon: str | None = None, **codes: str) -> None:
    """Link to a page by its name (``profile``), with codes for its address (``area="29510"``)."""
    chosen = {key: code for key, code in codes.items() if code}
    if language() != DEFAULT:
        chosen[LANG] = language()
    st.page_link(ROOT / "pages" / f"{page}.py", label=plain(label), icon=icon, query_params=chosen)
