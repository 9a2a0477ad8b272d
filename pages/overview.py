"""Overview: the state of the two regions in a minute."""

import streamlit as st

from equity.ui import gathered
from equity.ui.foot import foot
from equity.ui.lead import lead
from equity.ui.links import page_link
from equity.ui.session import current_release
from equity.ui.show import chart, table
from equity.ui.statements import cards, say_statements
from equity.ui.target_card import target_list
from equity.views.format import inside
from equity.views.overview import RegionOverview, in_print_table
from equity.words import say

release = current_release()
view = gathered.overview()
lead("ui.page.overview", "overview.lead", view.notice)


def show_region(region: RegionOverview) -> None:
    """One region: rates, gap, trend, service."""
    st.header(region.name, divider="gray")
    st.subheader(say("overview.rates_title"))
    cards(region.rates)
    st.subheader(say("overview.gap_title"))
    cards(region.gap, across=2)
    if region.reported:
        with st.expander(say("overview.in_print"), icon=":material/newspaper:"):
            table(
                in_print_table(release, region.reported),
                say("overview.in_print_lead", place=inside(region.name)),
            )
    st.subheader(say("overview.trend_title"))
    trend = region.trend
    chart(trend.figure, alt=trend.alt, sentence=trend.sentence, table=trend.table, key=f"trend-{region.code}")
    st.subheader(say("overview.service_title"))
    cards(region.service, across=2)
    page_link(
        "profile",
        say("overview.to_profile", place=inside(region.name)),
        icon=":material/description:",
        area=region.code,
    )


for column, part in zip(st.columns(len(view.regions), gap="large"), view.regions, strict=True):
    with column:
        show_region(part)

st.header(say("overview.largest_title"), divider="gray")
say_statements(view.largest, numbered=True)
st.caption(view.ties)
page_link("coverage", say("overview.to_coverage"), icon=":material/format_list_numbered:")
page_link("map", say("overview.to_map"), icon=":material/map:")

st.header(say("overview.targets_title"), divider="gray")
target_list(gathered.targets())
page_link("targets", say("overview.to_targets"), icon=":material/flag:")

foot(release, view.figures, ())
