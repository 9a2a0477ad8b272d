"""A page for tests: nothing but its name."""

import streamlit as st

st.title("Coverage")
