"""What is said of something done, kept over a new drawing of the page and shown beside its button."""

from __future__ import annotations

from typing import Final, Literal

import streamlit as st

from equity.ui.plain import plain
from equity.words import say

Kind = Literal["done", "trouble"]
_SAID: Final = "said"


def keep(spot: str, kind: Kind, text: str, anchor: str = "") -> None:
    """Keep a sentence for a spot of the page; ``anchor`` names the part of the page that a link leads to."""
    st.session_state.setdefault(_SAID, {}).setdefault(spot, []).append((kind, text, anchor))


def tell(spot: str) -> None:
    """Show, once, what is kept for a spot."""
    for kind, text, anchor in st.session_state.get(_SAID, {}).pop(spot, []):
        link = f" [{plain(say('data.desk.go'))}](#{anchor})" if anchor else ""
        {"done": st.success, "trouble": st.error}[kind](plain(text) + link)
