"""Targets: every target with its start, its latest figure and what can be said of the change."""

import streamlit as st

from equity.ui import gathered
from equity.ui.choose import choose
from equity.ui.foot import foot
from equity.ui.lead import lead
from equity.ui.session import current_release
from equity.ui.show import Download
from equity.ui.target_card import target_card, target_list
from equity.views.documents.frame_csv import frame_csv
from equity.views.selecting import region_names
from equity.views.targets import initiatives, targets_table
from equity.words import say

release = current_release()
views = gathered.targets()
lead(
    "ui.page.targets",
    "target.lead",
    say("target.demonstration_some") if any(v.made_up for v in views) else "",
)
st.markdown(say("target.within"))

regions = region_names(both_first=True)
region = choose(say("map.pick_region"), "region", list(regions), regions, look="buttons")
chosen = gathered.targets(region)

target_list(chosen)
for initiative, members in initiatives(chosen).items():
    st.header(initiative, divider="gray")
    for view in members:
        target_card(view)

foot(
    release,
    [figure for view in chosen for figure in view.figures],
    [
        Download(
            say("target.download"),
            f"targets-{region}-{release.id}.csv",
            "text/csv",
            lambda: frame_csv(targets_table(chosen), release),
        )
    ],
)
