"""One place against the places around it."""

import pandas as pd
import streamlit as st

from bench.plain import data
from bench.plain.charts import bars, difference, ratio, shown
from bench.plain.figures import BLOCKS, GROUPS, service_figures, vital_figures, zip_service

SHARES = ("preterm", "low_birthweight")
OUTCOMES = ("infant_mortality", "neonatal_mortality", "postneonatal_mortality", "births", *SHARES)
SPINE = ("infant_mortality", "preterm", "low_birthweight", "teen_births", "child_poverty", "uninsured")

tables, names = data.tables(), data.names()
asked = st.query_params
kinds = ("county", "region", "zip_group", "zip")
areas = tables["area"][tables["area"]["kind"].isin(kinds)]
options = areas["geoid"].tolist()
area = st.selectbox("Place", options, index=options.index(asked.get("area", "29510").removeprefix("zip-")))
place = areas[areas["geoid"] == area].iloc[0]
kind, region = place["kind"], place["region"]
first = int(asked.get("period", "2017-2023")[:4])
blocks = [block[0] for block in BLOCKS]
first = st.selectbox("Period", blocks, index=blocks.index(first))
st.title(place["name"])

everywhere = vital_figures(tables, kind, "block", GROUPS)
mine = [row for row in everywhere if row["area"] == area]
now = [row for row in mine if row["first_year"] == first]
st.header("Outcomes")
for card, measure in zip(st.columns(3) + st.columns(3), OUTCOMES, strict=True):
    found = [row for row in now if row["measure"] == measure and row["group"] == "all"]
    card.metric(
        measure, shown(found[0], 3 if measure in ("preterm", "low_birthweight") else 1) if found else "–"
    )

st.header("By race")
rates = {row["group"]: row for row in now if row["measure"] == "infant_mortality"}
if rates:
    st.plotly_chart(bars(list(rates.values()), x="group"), key="race")
if "black" in rates and "white" in rates:
    st.metric("Black to white ratio", ratio(rates["black"], rates["white"]))
    st.metric("Black minus white", difference(rates["black"], rates["white"]))
trend = [row for row in mine if row["measure"] == "infant_mortality"]
st.plotly_chart(bars(trend, x="period", color="group"), key="trend")

printed = tables["published_estimate"]
printed = printed[(printed["area_kind"] == kind) & (printed["area"] == area)]
st.header("In print")
st.dataframe(printed, hide_index=True)

st.header("Against the places around")
around = vital_figures(tables, "region", "block", ("all",))
around = [row for row in around if row["area"] == region and row["first_year"] == first]
context = tables["context"]
counted = tables["published_estimate"]
for measure in SPINE:
    rows = [row for row in (*now, *around) if row["measure"] == measure and row["group"] == "all"]
    for other_kind, other in ((kind, area), ("state", "29"), ("nation", "us")):
        for source in (context, counted):
            known = source[
                (source["measure"] == measure)
                & (source["area_kind"] == other_kind)
                & (source["area"] == other)
                & (source["group"] == "all")
            ]
            rows += known.sort_values("last_year").tail(1).to_dict("records")
    if rows:
        st.plotly_chart(bars(rows, x="area", title=measure), key=measure)

st.header("Service")
service = service_figures(tables, zip_service(tables), kind)
year = max(row["last_year"] for row in service)
service = [row for row in service if row["area"] == area and row["last_year"] == year]
for card, row in zip(st.columns(len(service) or 1), service, strict=False):
    card.metric(row["measure"], shown(row, 2))

st.header("Context")
mine_context = context[(context["area_kind"] == kind) & (context["area"] == area)]
st.dataframe(mine_context.sort_values("last_year").drop_duplicates("measure", keep="last"), hide_index=True)
st.download_button("Download CSV", pd.DataFrame(now + service).to_csv(index=False), "profile.csv")
