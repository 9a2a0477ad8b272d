"""A page for tests: one choice among places."""

import streamlit as st

from equity.ui.choose import choose

AREAS = {"29510": "St. Louis City", "29189": "St. Louis County", "29069": "Dunklin County"}

st.title("Profile")
area = choose("Place", "area", tuple(AREAS), AREAS, noun="county")
st.text(f"Profile of {area}")
