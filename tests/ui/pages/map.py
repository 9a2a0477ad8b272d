"""A page for tests: a map of four squares, its list twin, and a region that its places depend on."""

import pandas as pd
import streamlit as st

from equity.ui.choose import choose
from equity.ui.maps import map_view

PLACES = {"stl": ("63106", "63113", "63107", "63115"), "bootheel": ("63857", "63830")}
NAMES = {code: f"ZIP {code}" for codes in PLACES.values() for code in codes}

st.title("Map")
region = choose(
    "Region",
    "region",
    tuple(PLACES),
    {"stl": "St. Louis", "bootheel": "Bootheel"},
    look="buttons",
    noun="region",
    clears=("area",),
)
area = choose("Place", "area", PLACES[region], NAMES, noun="ZIP")


def square(number: int, code: str) -> dict[str, object]:
    """One cell of a two by two board around St. Louis."""
    west, south = -90.4 + 0.2 * (number % 2), 38.5 + 0.2 * (number // 2)
    ring = [[west, south], [west + 0.2, south], [west + 0.2, south + 0.2], [west, south + 0.2], [west, south]]
    return {
        "type": "Feature",
        "id": code,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"fill": [20, 86 + 40 * number, 107], "name": NAMES[code]},
    }


map_view(
    {
        "board": {
            "initialViewState": {"longitude": -90.2, "latitude": 38.7, "zoom": 9},
            "views": [{"@@type": "MapView", "controller": True}],
            "layers": [
                {
                    "@@type": "GeoJsonLayer",
                    "id": "places",
                    "data": {
                        "type": "FeatureCollection",
                        "features": [square(n, code) for n, code in enumerate(PLACES[region])],
                    },
                    "getFillColor": "@@=properties.fill",
                    "getLineColor": [255, 255, 255],
                    "lineWidthMinPixels": 1,
                    "pickable": True,
                },
                {
                    "@@type": "TextLayer",
                    "id": "names",
                    "data": [{"mark": "h", "position": [-90.3, 38.6]}],
                    "getText": "@@=mark",
                    "getPosition": "@@=position",
                    "getColor": [255, 255, 255],
                },
            ],
        }
    },
    alt="Four squares.",
    sentence="Four squares stand for four places.",
    table=pd.DataFrame({"Place": [NAMES[code] for code in PLACES[region]]}),
    key="places",
    tooltip={"text": "{name}"},
    height=420,
)
st.text(f"Chosen {area}")
