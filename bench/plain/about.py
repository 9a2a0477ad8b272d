"""Methods, sources, and how many figures there are."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from bench.plain import data
from bench.plain.figures import all_figures
from equity.registry import measures
from equity.views.about import glossary, methods

tables = data.tables()
st.title("About")
for question, answer in methods():
    st.subheader(question)
    st.markdown(answer)
st.header("Measures")
st.dataframe(pd.DataFrame([asdict(entry) for entry in measures().values()]), hide_index=True)
st.header("Terms")
for term, meaning in glossary().items():
    st.markdown(f"**{term}.** {meaning}")
st.header("Sources")
st.dataframe(tables["source"], hide_index=True)
st.header("Figures")
figures = pd.DataFrame(all_figures(tables))
st.dataframe(figures.groupby(["measure", "status"]).size().rename("figures").reset_index(), hide_index=True)
st.download_button("Download all figures", figures.to_csv(index=False), "figures.csv")
