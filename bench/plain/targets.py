"""Every target with the figures of both blocks."""

import pandas as pd
import streamlit as st

from bench.plain import data
from bench.plain.charts import difference, ratio, shown
from bench.plain.figures import BLOCKS, GROUPS, Row, vital_figures

tables, names = data.tables(), data.names()
st.title("Targets")
regions = ("stl", "bootheel", "both")
region = st.selectbox("Region", regions, index=regions.index(st.query_params.get("region", "both")))
figures = [
    row
    for kind in ("region", "county")
    for row in vital_figures(tables, kind, "block", GROUPS)
    if row["measure"] in ("infant_mortality", "preterm", "low_birthweight", "infant_deaths")
]
targets = tables["target"]
if region != "both":
    targets = targets[targets["area"] == region]


def end(target: pd.Series, first: int) -> str:
    """The figure that a target is measured by, in one block of years."""
    here: dict[tuple[str, str], Row] = {
        (row["measure"], row["group"]): row
        for row in figures
        if row["area"] == target["area"] and row["first_year"] == first
    }
    measure = target["measure"]
    if measure.startswith("infant_mortality_") and ("infant_mortality", "black") in here:
        rates = [here["infant_mortality", group] for group in ("black", "white")]
        return ratio(*rates) if measure.endswith("ratio") else difference(*rates)
    row = here.get((measure, "all"))
    return shown(row) if row else "not reported"


table = targets[["initiative", "title", "due_year", "target_value", "relative_change"]].assign(
    start=[end(target, BLOCKS[0][0]) for _, target in targets.iterrows()],
    latest=[end(target, BLOCKS[1][0]) for _, target in targets.iterrows()],
)
st.dataframe(table, hide_index=True)
for (_, target), (_, line) in zip(targets.iterrows(), table.iterrows(), strict=True):
    with st.container(border=True):
        st.subheader(target["title"])
        place = names.get((target["area_kind"], target["area"]), "")
        st.markdown(f"{place}: {line['start']} → {line['latest']}")
        st.caption(target["note"])
st.download_button("Download CSV", table.to_csv(index=False), "targets.csv")
