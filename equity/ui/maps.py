"""The map: boundaries without tiles, drawn by deck.gl, where a click chooses a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pandas as pd
import pydeck
import streamlit as st

from equity.ui.plain import plain
from equity.ui.selection import CODE, write
from equity.ui.show import described, numbers


class CompactDeck(pydeck.Deck):
    """A deck.gl document as it is sent: no base map, no white space."""

    def __init__(self, spec: Mapping[str, Any], tooltip: Mapping[str, Any] | None = None) -> None:
        super().__init__(layers=[], map_provider=None, tooltip=dict(tooltip) if tooltip else False)
        self.spec = {key: value for key, value in spec.items() if key not in ("mapStyle", "mapProvider")}

    def to_json(self) -> str:
        """The document as one line of JSON."""
        return orjson.dumps(self.spec, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def map_view(
    spec: Mapping[str, Any],
    *,
    alt: str,
    sentence: str,
    table: pd.DataFrame,
    key: str,
    tooltip: Mapping[str, Any] | None = None,
    chooses: str = "area",
    clears: Sequence[str] = (),
    height: int = 560,
) -> str:
    """Show a map and return the code of the place last clicked on it, empty before the first click.

    ``spec`` is a deck.gl document (``initialViewState``, ``views``, ``layers``); each layer has an ``id``,
    and each pickable object (a GeoJSON feature, a row) its code under ``id``. A click writes the code
    into the address under ``chooses``, where the choice of the same key (``choose``) finds it.
    """
    name = f"map:{key}"

    def clicked() -> None:
        code = picked(st.session_state[name])
        if code:
            write(st.query_params, chooses, code, clears)

    st.markdown(plain(sentence))
    event = st.pydeck_chart(
        CompactDeck(spec, tooltip), key=name, height=height, on_select=clicked, alt=described(alt)
    )
    numbers(table, sentence)
    return picked(event)


def picked(event: Mapping[str, Any]) -> str:
    """The code of the object that was clicked, empty where there is none or it is no code."""
    objects: Mapping[str, Sequence[Mapping[str, Any]]] = event.get("selection", {}).get("objects", {})
    for layer in objects.values():
        for found in layer:
            code = str(found.get("id", ""))
            if CODE.fullmatch(code):
                return code
    return ""
