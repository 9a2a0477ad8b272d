"""About: methods in plain words, every measure, glossary, sources, and what is made up."""

import datetime as dt

import streamlit as st

from equity.ui.lead import lead
from equity.ui.session import current_release
from equity.ui.show import Download, downloads, table
from equity.views.about import glossary, measures_table, methods, release_facts, sources_table
from equity.views.documents.frame_csv import frame_csv
from equity.views.documents.tables import csv_bytes
from equity.words import say

release = current_release()
lead("ui.page.about", "about.lead", "")

st.header(say("about.demonstration_title"), divider="gray")
st.markdown(say("about.demonstration"))

st.header(say("about.methods_title"), divider="gray")
for question, answer in methods():
    st.subheader(question)
    st.markdown(answer)

st.header(say("about.measures_title"), divider="gray")
definitions = measures_table(dt.datetime.now(dt.UTC).date())
table(definitions, say("about.measures_caption"))

st.header(say("about.glossary_title"), divider="gray")
for term, meaning in glossary().items():
    st.markdown(f"**{term}.** {meaning}")

st.header(say("about.sources_title"), divider="gray")
table(sources_table(release), say("about.sources_caption"), whole=True)

st.header(say("about.release_title"), divider="gray")
for name, fact in release_facts(release).items():
    st.markdown(f"**{name}.** {fact}")

downloads(
    [
        Download(
            say("about.download_measures"),
            f"measures-{release.id}.csv",
            "text/csv",
            lambda: frame_csv(definitions, release),
        ),
        Download(
            say("about.download_figures"),
            f"figures-{release.id}.csv",
            "text/csv",
            lambda: csv_bytes(release, release.figures),
        ),
    ]
)
