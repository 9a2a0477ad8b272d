"""A measure on a map."""

import json

import pandas as pd
import pydeck as pdk
import streamlit as st

from bench.plain import data
from bench.plain.charts import shown
from bench.plain.figures import BLOCKS, Row, service_figures, vital_figures, zip_service

LAYERS = (
    "service_gap", "births", "need", "slots", "coverage", "infant_mortality", "low_birthweight", "poverty",
)  # fmt: skip
COLOURS = ([227, 238, 240], [179, 211, 217], [120, 176, 188], [61, 130, 147], [19, 79, 93])
EMPTY = [250, 250, 247]
REGIONS = ("stl", "bootheel", "both")
TOOLTIP = {"text": "{name}\n{text}"}
KINDS = ("zip", "zip_group", "county")

tables, names = data.tables(), data.names()
asked = st.query_params
st.title("Map")
layer = st.selectbox("Measure", LAYERS, index=LAYERS.index(asked.get("layer", LAYERS[0])))
kind = st.selectbox("Places", KINDS, index=KINDS.index(asked.get("level", KINDS[0])))
region = st.selectbox("Region", REGIONS, index=REGIONS.index(asked.get("region", REGIONS[0])))

if layer == "poverty":
    context = tables["context"]
    known = context[(context["measure"] == layer) & (context["area_kind"] == kind)]
    rows: list[Row] = known.assign(status="shown").to_dict("records")
elif layer in ("births", "infant_mortality", "low_birthweight"):
    rows = [
        row
        for row in vital_figures(tables, kind, "block", ("all",))
        if row["measure"] == layer and row["first_year"] == BLOCKS[1][0]
    ]
else:
    rows = service_figures(tables, zip_service(tables), kind)
    year = max(row["last_year"] for row in rows)
    rows = [row for row in rows if row["measure"] == layer and row["last_year"] == year]

places = data.shapes()[kind][["geoid", "geometry"]]
areas = tables["area"]
inside = areas[(areas["kind"] == kind) & ((areas["region"] == region) | (region == "both"))]
places = places[places["geoid"].isin(inside["geoid"])]
values = pd.DataFrame([{"geoid": row["area"], "value": row["value"], "text": shown(row, 2)} for row in rows])
places = places.merge(values, on="geoid", how="left")
places["name"] = [names[kind, geoid] for geoid in places["geoid"]]
places["text"] = places["text"].fillna("not reported")
classes = pd.qcut(pd.to_numeric(places["value"]), 5, labels=False, duplicates="drop")
places["fill"] = [EMPTY if pd.isna(number) else COLOURS[int(number)] for number in classes]
west, south, east, north = places.total_bounds

shapes = pdk.Layer(
    "GeoJsonLayer",
    # a GeoDataFrame handed over as it is draws nothing: pydeck needs GeoJSON
    data=json.loads(places.drop(columns="value").to_json()),
    id="places",
    get_fill_color="properties.fill",
    get_line_color=[255, 255, 255],
    line_width_min_pixels=1,
    pickable=True,
)
view = pdk.ViewState(longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=8)
deck = pdk.Deck(layers=[shapes], initial_view_state=view, map_provider=None, tooltip=TOOLTIP)
st.pydeck_chart(deck, height=560)
table = places[["name", "text"]].sort_values("name")
st.dataframe(table, hide_index=True)
st.download_button("Download CSV", table.to_csv(index=False), "map.csv")
st.download_button("Download GeoJSON", places.to_json(), "map.geojson")
