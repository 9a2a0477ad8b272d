"""Widgets that keep in step with the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from equity.ui.plain import plain
from equity.ui.selection import follow, seen_name, widget_name, written
from equity.words import knows, say

Look = Literal["list", "buttons", "dots"]


def choose(
    label: str,
    key: str,
    options: Sequence[str],
    labels: Mapping[str, str],
    *,
    default: str | None = None,
    look: Look = "list",
    noun: str | None = None,
    clears: Sequence[str] = (),
    help: str | None = None,
) -> str:
    """Draw a choice of one code and return the chosen code.

    ``key`` is the name in the address; ``options`` are codes, shown by ``labels``. Without a word in the
    address ``default`` (else the first option) is shown and the address stays as it is, so that Back
    works. An unknown code is reported under the widget, calling the thing ``noun`` (“county”), else by the
    word for its ``key``.
    ``clears`` names keys whose options depend on this one (a region's places). ``look`` is a ``list``
    with search, ``buttons`` in a row, or ``dots`` (radio buttons).
    """
    code, unknown = follow(st.query_params, st.session_state, key, options, default)
    name = widget_name(key)

    def changed() -> None:
        chosen = str(st.session_state[name])
        st.query_params.from_dict(written(st.query_params, key, chosen, clears))
        # The widget already shows it: the address says nothing new.
        st.session_state[seen_name(key)] = chosen

    read = labels.__getitem__
    if look == "list":
        st.selectbox(label, options, format_func=read, key=name, on_change=changed, help=help)
    elif look == "buttons":
        st.segmented_control(
            label, options, required=True, format_func=read, key=name, on_change=changed, help=help
        )
    else:
        st.radio(label, options, horizontal=True, format_func=read, key=name, on_change=changed, help=help)
    if unknown is not None:
        word = f"ui.noun.{key}"
        noun = noun or say(word if knows(word) else "ui.choice.place")
        st.warning(plain(unknown.sentence(noun, labels[code])), icon=":material/info:")
    return code
