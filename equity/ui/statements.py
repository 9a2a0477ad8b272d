"""Figures said in words: as cards with a large number, or as a list of sentences."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from equity.ui.plain import plain
from equity.ui.show import Headline, headline
from equity.views.overview import Statement, card_texts
from equity.words import say


def cards(statements: Sequence[Statement], across: int = 3) -> None:
    """Show each figure as a card: its name, the number, and the sentence that says it."""
    headline([Headline(label, value, note) for label, value, note in card_texts(statements)], across)


def say_statements(statements: Sequence[Statement], numbered: bool = False) -> None:
    """Show statements as a list; a made-up figure carries its mark, a hidden one its reason."""
    lines = []
    for place, statement in enumerate(statements, start=1):
        mark = f" *[{say('view.demonstration_mark')}]*" if _made_up(statement) else ""
        note = f" {plain(statement.note)}" if statement.note else ""
        bullet = f"{place}." if numbered else "-"
        lines.append(f"{bullet} {plain(statement.sentence)}{mark}{note}")
    st.markdown("\n".join(lines))


def _made_up(statement: Statement) -> bool:
    return statement.figure.visible and statement.figure.basis == "demonstration"
