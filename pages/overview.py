"""Overview: the state of the two regions in a minute."""

import streamlit as st

from equity.ui.lead import lead
from equity.ui.session import current_release
from equity.ui.show import Headline, chart, headline, table
from equity.ui.statements import say_statements
from equity.views.overview import RegionOverview, build_overview, headline_texts, in_print_table
from equity.views.targets import target_views, targets_summary
from equity.words import say

release = current_release()
view = build_overview(release)

lead("ui.page.overview", "overview.lead", view.notice)


def show_region(region: RegionOverview) -> None:
    """One region: rates, gap, trend, service."""
    st.header(region.name, divider="gray")
    st.subheader(say("overview.rates_title"))
    headline([Headline(*texts) for texts in headline_texts(region.rates)])
    say_statements(region.rates)
    if region.reported:
        st.markdown(f"**{say('overview.in_print')}**")
        table(in_print_table(release, region.reported), say("overview.in_print_lead", place=region.name))
    st.subheader(say("overview.gap_title"))
    headline([Headline(*texts) for texts in headline_texts(region.gap)])
    say_statements(region.gap)
    st.subheader(say("overview.trend_title"))
    trend = region.trend
    chart(trend.figure, alt=trend.alt, sentence=trend.sentence, table=trend.table, key=f"trend-{region.code}")
    st.subheader(say("overview.service_title"))
    headline([Headline(*texts) for texts in headline_texts(region.service)])
    say_statements(region.service)
    st.page_link(
        "pages/profile.py",
        label=say("overview.to_profile", place=region.name),
        query_params={"area": region.code},
        icon=":material/description:",
    )


st.header(say("overview.largest_title"), divider="gray")
say_statements(view.largest, numbered=True)
st.caption(view.ties)
st.page_link("pages/map.py", label=say("overview.to_map"), icon=":material/map:")

st.header(say("overview.targets_title"), divider="gray")
table(targets_summary(target_views(release)), say("overview.targets_title"))
st.page_link("pages/targets.py", label=say("overview.to_targets"), icon=":material/flag:")

for part in view.regions:
    show_region(part)
