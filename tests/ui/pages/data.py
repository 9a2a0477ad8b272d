"""A page for tests: it says only its name."""

import streamlit as st

st.title("Data")
