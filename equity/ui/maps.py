"""The map: boundaries without tiles, drawn by deck.gl, where a click chooses a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import orjson
import pandas as pd
import pydeck
import streamlit as st

from equity.ui.plain import plain
from equity.ui.selection import CODE, written
from equity.ui.show import described, numbers


class CompactDeck(pydeck.Deck):
    """A deck.gl document as it is sent: no base map, no white space."""

    def __init__(self, spec: Mapping[str, Any], tooltip: Mapping[str, Any] | None = None) -> None:
        super().__init__(map_provider=None, tooltip=dict(tooltip) if tooltip else False)
        # pydeck's own mark for "no style was named", without which a style is fetched from outside.
        self.spec = {**spec, "mapStyle": self.map_style, "layers": [_unfading(x) for x in spec["layers"]]}

    def to_json(self) -> str:
        """The document as one line of JSON."""
        return orjson.dumps(self.spec, option=orjson.OPT_SERIALIZE_NUMPY).decode()


#: Colours of a layer that Streamlit fades where another place is chosen, and the part that draws with them.
_FADING: Final = {"GeoJsonLayer": ("getFillColor", "polygons-fill"), "TextLayer": ("getColor", "characters")}


def _unfading(layer: Mapping[str, Any]) -> dict[str, Any]:
    """Hand a layer's colour to the part that draws with it, out of Streamlit's reach.

    A faded colour would no longer be the one in the legend.
    """
    kept = dict(layer)
    colour, part = _FADING.get(str(kept.get("@@type")), ("", ""))
    if colour in kept:
        kept["_subLayerProps"] = {part: {colour: kept.pop(colour)}}
    return kept


def map_view(
    specs: Mapping[str, Mapping[str, Any]],
    *,
    alt: str,
    sentence: str,
    table: pd.DataFrame,
    key: str,
    tooltip: Mapping[str, Any] | None = None,
    chooses: str = "area",
    clears: Sequence[str] = (),
    height: int = 560,
) -> None:
    """Show a map on which a click chooses a place, in one part for each of ``specs``.

    A spec is a deck.gl document (``initialViewState``, ``views``, ``layers``); each layer has an ``id``,
    and each pickable object (a GeoJSON feature, a row) its code under ``id``. A click writes the code
    into the address under ``chooses``, where the choice of the same key (``choose``) finds it.
    """

    def clicked(name: str) -> None:
        code = picked(st.session_state[name])
        if code:
            st.query_params.from_dict(written(st.query_params, chooses, code, clears))

    st.markdown(plain(sentence))
    for part, spec in specs.items():
        name = f"map:{key}:{part}"
        deck = CompactDeck(spec, tooltip)
        st.pydeck_chart(deck, key=name, height=height, on_select=partial(clicked, name), alt=described(alt))
    numbers(table, sentence)


def picked(event: Mapping[str, Any]) -> str:
    """The code of the object that was clicked, empty where there is none or it is no code."""
    objects: Mapping[str, Sequence[Mapping[str, Any]]] = event.get("selection", {}).get("objects", {})
    for layer in objects.values():
        for found in layer:
            code = str(found.get("id", ""))
            if CODE.fullmatch(code):
                return code
    return ""
