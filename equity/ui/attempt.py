"""Doing what somebody pressed a button for, and saying on the page drawn anew what came of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from equity.intake.report import IntakeError
from equity.release.load import ReleaseError
from equity.store.errors import StoreError
from equity.ui.plain import plain
from equity.words import say


def attempt(part: str, act: Callable[[], None]) -> None:
    """Do something, or keep the sentence that says why not for a part of the page; then draw it anew."""
    try:
        act()
    except (IntakeError, StoreError) as reason:
        tell(part, "trouble", str(reason))
    except ReleaseError as reason:
        # what was decided stands in the store; readers go on seeing the release before
        tell(part, "trouble", f"{reason} {say('data.desk.not_published')}")
    st.rerun()


def tell(part: str, kind: str, text: str) -> None:
    """Keep a sentence (``done`` or ``trouble``) for the next time that part of the page is drawn."""
    st.session_state.setdefault(_key(part), []).append((kind, text))


def told(part: str) -> None:
    """Show what was kept for a part of the page, once."""
    for kind, text in st.session_state.pop(_key(part), []):
        {"done": st.success, "trouble": st.error}[kind](plain(text))


def _key(part: str) -> str:
    return f"{part}:said"
