"""Home visiting in a profile: its figures, its service gap among places of its kind, and who serves it."""

from __future__ import annotations

import streamlit as st

from equity.registry import measure
from equity.ui import gathered
from equity.ui.links import page_link
from equity.ui.plain import plain
from equity.ui.statements import cards
from equity.views.coverage import Asked
from equity.views.overview import state
from equity.views.profile import Profile
from equity.views.selecting import LEVELS
from equity.views.standing import gap_place
from equity.words import say


def home_visiting(profile: Profile) -> None:
    """Show the section; a region has no place in an order, only a link to its places."""
    st.subheader(say("profile.service_title", end=profile.service_end))
    cards([state(profile.release, row.figure) for row in profile.service])
    st.markdown(f"**{measure('service_gap').name}**")
    kind, area = profile.area_kind, profile.area
    if kind not in LEVELS:
        page_link("coverage", say("coverage.profile.to_places", place=profile.name), region=area)
        return
    gap = next(row.figure for row in profile.service if row.measure.id == "service_gap")
    st.markdown(plain(gap_place(gathered.coverage(Asked(level=kind)), gap)))
    label = say("coverage.profile.to_coverage", place=profile.name)
    page_link("coverage", label, icon=":material/format_list_numbered:", level=kind, area=area)
