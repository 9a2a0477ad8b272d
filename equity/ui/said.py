"""What is said of something done, kept over a new drawing of the page and shown beside its button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import streamlit as st

from equity.intake.report import IntakeError
from equity.release.load import ReleaseError
from equity.store.errors import StoreError
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


def attempt(act: Callable[[], None], spot: str, moved: str = "") -> None:
    """Do something, or keep the sentence that says why not for ``spot``; then draw the page anew.

    ``moved``: where it is said that a file was decided on, and is gone from ``spot``, but not published.
    """
    try:
        act()
    except (IntakeError, StoreError) as reason:
        keep(spot, "trouble", str(reason))
    except ReleaseError as reason:
        # what was decided stands in the store; readers go on seeing the release before
        keep(moved or spot, "trouble", f"{reason} {say('data.desk.not_published')}")
    st.rerun()
