"""The plain pages: ``streamlit run app.py`` in this folder."""

import streamlit as st

st.set_page_config(page_title="Infant mortality and home visiting", layout="wide")
pages = [st.Page("overview.py", title="Overview", default=True)]
pages += [st.Page(f"{name}.py", title=name.title()) for name in ("map", "profile", "targets", "about")]
st.navigation(pages, position="top").run()
