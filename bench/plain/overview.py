"""Both regions: infant mortality, gap, trend, service, the largest gaps, and the targets."""

import streamlit as st

from bench.plain import data
from bench.plain.charts import bars, difference, ratio, shown
from bench.plain.figures import BLOCKS, GROUPS, service_figures, vital_figures, zip_service

tables, names = data.tables(), data.names()
st.title("Overview")
rates = [
    row for row in vital_figures(tables, "region", "block", GROUPS) if row["measure"] == "infant_mortality"
]
service = zip_service(tables)
regions = service_figures(tables, service, "region")
year = max(row["last_year"] for row in regions)

for column, region in zip(st.columns(2), ("stl", "bootheel"), strict=True):
    with column:
        st.header(names["region", region])
        mine = [row for row in rates if row["area"] == region]
        latest = {row["group"]: row for row in mine if row["first_year"] == BLOCKS[1][0]}
        for card, group in zip(st.columns(3), GROUPS, strict=True):
            card.metric(f"Infant mortality, {group}", shown(latest[group]))
        st.metric("Black to white ratio", ratio(latest["black"], latest["white"]))
        st.metric("Black minus white", difference(latest["black"], latest["white"]))
        st.plotly_chart(bars(mine, x="period", color="group"), key=f"trend-{region}")
        here = [row for row in regions if row["area"] == region and row["last_year"] == year]
        wanted = ("need", "slots", "caseload", "coverage")
        for card, row in zip(st.columns(4), [row for row in here if row["measure"] in wanted], strict=False):
            card.metric(row["measure"], shown(row, 2 if row["measure"] == "coverage" else 0))

st.header("Largest gaps between need and slots")
gaps = [
    row
    for row in service_figures(tables, service, "zip")
    if row["measure"] == "service_gap" and row["last_year"] == year and row["value"] is not None
]
for row in sorted(gaps, key=lambda row: -row["value"])[:3]:
    st.markdown(f"- {names['zip', row['area']]}: {shown(row, 0)} families")

st.header("Targets")
st.dataframe(tables["target"][["initiative", "title", "measure", "due_year"]], hide_index=True)
