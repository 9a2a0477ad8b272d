"""The foot of a page: where its numbers come from, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from equity.release.figure import Figure
from equity.release.load import Release
from equity.ui.show import Download, downloads, table
from equity.views.origins import origins_table
from equity.words import say


def foot(release: Release, figures: Iterable[Figure], files: Sequence[Download]) -> None:
    """Show the sources of a page's figures, to be opened, and offer its files, where it has any."""
    found = origins_table(release, figures)
    if len(found):
        with st.expander(say("view.origins.title")):
            table(found, say("view.origins.lead"))
    if files:
        downloads(files)
