"""An agency's part of the Data page: the files it handed in, and what became of each."""

from __future__ import annotations

from typing import Final

import streamlit as st

from equity.store.submissions import list_submissions
from equity.ui.handed import show_file
from equity.ui.plain import plain
from equity.ui.session import open_engine
from equity.words import say

#: Files that are shown, the newest.
SHOWN: Final = 20


def own(sender: str) -> None:
    """Draw what an agency handed in. Nothing of anybody else is read."""
    st.header(say("data.own.title"), divider="gray", anchor="own")
    found = list_submissions(open_engine(), sender=sender)
    st.markdown(plain(say("data.own.note" if found else "data.own.none", sender=sender, shown=SHOWN)))
    for row in found[:SHOWN]:
        with st.container(border=True):
            show_file(row)
            st.markdown(plain(say(f"data.own.{row.status}", day=(row.decided_at or "")[:10])))
            if row.reason:
                st.markdown(plain(say("data.own.reason", reason=row.reason)))
