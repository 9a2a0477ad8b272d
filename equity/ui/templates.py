"""Files to fill in, and what each of their columns means, from the declarations that check them."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from equity.intake.templates import KINDS, dictionary, file_name, template
from equity.ui.plain import plain
from equity.ui.show import XLSX, Download, offer, table
from equity.words import say

#: Columns of the dictionary that readers need; the others are for programs.
SHOWN: Final = ("heading", "description", "write", "needed", "allowed", "example")


def templates() -> None:
    """Each report: its dictionary, to be opened, and its spreadsheets, empty and with an example."""
    st.markdown(plain(say("data.templates_lead")))
    for kind in KINDS:
        name = say(f"data.kind.{kind}")
        with st.expander(say("data.dictionary_title", name=name)):
            columns = dictionary(kind)[list(SHOWN)]
            columns.columns = [say(f"data.dictionary.{column}") for column in SHOWN]
            table(columns, say("data.dictionary_caption", name=name), whole=True)
    offer([_file(kind, filled) for kind in KINDS for filled in (False, True)])


def _file(kind: str, filled: bool) -> Download:
    label = "data.template_filled" if filled else "data.template_empty"
    return Download(
        say(label, name=say(f"data.kind.{kind}")),
        file_name(kind, "xlsx", filled=filled),
        XLSX,
        partial(template, kind, "xlsx", filled=filled),
    )
