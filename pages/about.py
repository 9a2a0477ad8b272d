"""About: methods in plain words, every measure, glossary, sources, and what is made up."""

import datetime as dt

import streamlit as st

from equity.ui.lead import lead
from equity.ui.session import current_release
from equity.ui.show import Download, downloads, table
from equity.views.about import (
    contents,
    glossary,
    measures_table,
    method_topics,
    release_facts,
    sources_table,
)
from equity.views.documents.frame_csv import frame_csv
from equity.views.documents.tables import csv_bytes
from equity.words import say

release = current_release()
lead("ui.page.about", "about.lead", "")
st.header(say("about.contents"), anchor="contents")
st.markdown(contents())


def section(title: str, anchor: str) -> None:
    """Begin a section, with a way back to the list of sections."""
    st.header(title, divider="gray", anchor=anchor)
    st.markdown(f"[{say('about.to_contents')}](#contents)")


section(say("about.demonstration_title"), "demonstration")
st.markdown(say("about.demonstration"))

rules = release.manifest["rules"]
for part in method_topics(rules):
    section(part.title, part.key)
    st.markdown(part.links)
    for method in part.methods:
        st.subheader(method.question, anchor=method.anchor)
        st.markdown(method.text)

section(say("about.measures_title"), "measures")
definitions = measures_table(dt.datetime.now(dt.UTC).date())
table(definitions, say("about.measures_caption"), whole=True)

section(say("about.glossary_title"), "glossary")
for term, meaning in glossary(rules).items():
    st.markdown(f"**{term}.** {meaning}")

section(say("about.sources_title"), "sources")
table(sources_table(release), say("about.sources_caption"), whole=True)

section(say("about.release_title"), "release")
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
