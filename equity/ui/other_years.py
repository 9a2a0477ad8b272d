"""The part of the Profile page on years that are no period of ours: printed windows, single years,
and those by race where a release has them."""

from __future__ import annotations

import streamlit as st

from equity.ui.show import table
from equity.views.notes import why
from equity.views.profile import Profile, rows_table, years_table
from equity.words import say


def other_years(profile: Profile) -> None:
    """Draw a table of each kind that the place has."""
    if profile.printed:
        st.markdown(f"**{say('profile.printed_title')}**")
        table(rows_table(profile.release, profile.printed), say("profile.printed_lead"))
    if profile.yearly:
        st.markdown(f"**{say('profile.yearly_title')}**")
        reasons = dict.fromkeys(why(profile.release, row.figure) for row in profile.yearly)
        table(years_table(profile.yearly), " ".join([say("profile.yearly_lead"), *filter(None, reasons)]))
    if profile.by_year:
        with st.expander(say("profile.by_year_title"), icon=":material/table_rows:"):
            table(rows_table(profile.release, profile.by_year), say("profile.by_year_lead"), whole=True)
