"""Notices that a reader must not miss, and the line under every page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from equity.release.load import Release
from equity.ui.plain import plain
from equity.views.notes import policy_name
from equity.words import say


def demonstration(sentence: str = "") -> None:
    """Say that figures here are made up; ``sentence`` says which, where that can be said."""
    text = f"{sentence or say('ui.notice.demonstration')} {say('ui.notice.demonstration_use')}"
    st.warning(plain(text), title=say("ui.notice.demonstration_title"), icon=":material/science:")


def withheld(sentences: Sequence[str]) -> None:
    """Say what is hidden and why, one sentence each; nothing where nothing is hidden."""
    if sentences:
        text = "\n\n".join(plain(sentence) for sentence in sentences)
        st.info(text, title=say("ui.notice.withheld_title"), icon=":material/shield:")


def footer(release: Release) -> None:
    """Close the page with the release it shows."""
    st.divider()
    policy, created = policy_name(release.policy), release.created_at[:10]
    line = say("ui.footer.release", release=release.id, policy=policy, created=created)
    st.caption(plain(line))
