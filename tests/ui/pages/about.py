"""A page for tests: it fails when asked to."""

import streamlit as st

st.title("About")
if "fail" in st.query_params:
    raise RuntimeError("password=topsecret")
st.text("All is well")
