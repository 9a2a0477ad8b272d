"""The head of every page: its name, what it is for, and the demonstration notice where one is due."""

from __future__ import annotations

import streamlit as st

from equity.ui.notices import demonstration
from equity.ui.plain import plain
from equity.words import say


def lead(title_key: str, lead_key: str, notice: str) -> None:
    """Open a page. ``notice`` is the sentence on what is made up; empty where nothing is."""
    st.title(say(title_key))
    st.markdown(plain(say(lead_key)))
    if notice:
        demonstration(notice)
