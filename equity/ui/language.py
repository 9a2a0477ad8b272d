"""The language of a page: in its address, kept for the visit, carried into the files taken from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from equity.words import DEFAULT, LANGUAGES, language, say, speak, speaking

#: Its name in the address.
LANG: Final = "lang"
_KEPT: Final = "language"


def hear() -> None:
    """Speak the language that the address names, else the one of the visit, for this run of the page."""
    asked = st.query_params.get(LANG, "")
    if asked in LANGUAGES:
        st.session_state[_KEPT] = asked
    spoken = st.session_state.get(_KEPT, DEFAULT)
    speak(spoken)
    if spoken != st.query_params.get(LANG, DEFAULT):
        st.query_params[LANG] = spoken


def offer_languages() -> None:
    """Buttons for the other languages, each by its own name: the page stays, and so does what was chosen."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        for code, name in LANGUAGES.items():
            if code != language():
                st.button(name, key=f"language:{code}", type="tertiary", icon=":material/translate:",
                          help=say("ui.site.language"), on_click=_change, args=(code,))  # fmt: skip


def _change(code: str) -> None:
    st.session_state[_KEPT] = code
    # set in one go, so that Back never stops halfway
    st.query_params.from_dict({**st.query_params.to_dict(), LANG: code})


def carried(build: Callable[[], bytes]) -> Callable[[], bytes]:
    """A file that is made later, in another thread, in the language of now."""
    code = language()

    def made() -> bytes:
        with speaking(code):
            return build()

    return made
