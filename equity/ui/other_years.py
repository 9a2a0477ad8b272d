"""What a profile lists of other years: windows in print, and single years by race where there are such."""

from __future__ import annotations

import streamlit as st

from equity.ui.show import table
from equity.views.profile import Profile, rows_table
from equity.words import say


def other_years(profile: Profile) -> None:
    """Draw both lists; nothing where the release has none for the place."""
    if profile.printed:
        st.markdown(f"**{say('profile.printed_title')}**")
        table(rows_table(profile.release, profile.printed), say("profile.printed_lead"))
    if profile.by_year:
        with st.expander(say("profile.by_year_title"), icon=":material/table_rows:"):
            table(rows_table(profile.release, profile.by_year), say("profile.by_year_lead"), whole=True)
