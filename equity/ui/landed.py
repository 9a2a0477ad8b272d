"""After a file was taken in: where readers see it now, with a link to the Map and to a profile."""

from __future__ import annotations

from typing import Final

import streamlit as st

from equity.intake.submit import source_id_of
from equity.ui.links import page_link
from equity.ui.plain import plain
from equity.ui.session import load_current
from equity.views.landed import landed
from equity.words import say

_KEPT: Final = "desk:landed"


def keep_landed(submission_id: str, spot: str) -> None:
    """Note what a file brought into the release that is current now, for a spot of the page."""
    found = landed(load_current(), source_id_of(submission_id))
    st.session_state.setdefault(_KEPT, {})[spot] = found


def show_landed(spot: str) -> None:
    """Draw, once, what is noted for a spot."""
    found = st.session_state.get(_KEPT, {}).pop(spot, None)
    if found is None:
        return
    st.markdown(plain(found.sentence))
    if found.map_codes:
        with st.container(horizontal=True):
            page_link("map", say("data.landed.map_link"), icon=":material/map:", **found.map_codes)
            label = say("data.landed.profile_link", name=found.profile_name)
            page_link("profile", label, icon=":material/description:", **found.profile_codes)
