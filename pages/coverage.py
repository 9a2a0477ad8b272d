"""Coverage: need beside service, place by place, for those who fund visits."""

import streamlit as st

from equity.ui import gathered
from equity.ui import need_and_service as parts
from equity.ui.choose import choose
from equity.ui.files import coverage_files
from equity.ui.foot import foot
from equity.ui.lead import lead
from equity.ui.links import page_link
from equity.ui.plain import plain
from equity.ui.session import current_release
from equity.ui.show import table
from equity.views.coverage import Coverage
from equity.words import say

release = current_release()
head = st.container()
asked = parts.controls(release)
view = gathered.coverage(asked)
with head:
    lead("ui.page.coverage", "coverage.lead", view.notice)
st.caption(plain(view.rule_text))


def show(view: Coverage) -> None:
    """Everything below the choices."""
    st.markdown(plain(view.scope))
    st.header(plain(view.finding), divider="gray")
    parts.ranked_list(view)

    options = {"": say("map.no_place")} | {place.area: place.name for place in view.places}
    map_room = st.container()
    st.subheader(say("coverage.place_title"))
    area = choose(
        say("map.pick_place"), "area", list(options), options, noun=say(f"figure.area_kind.{asked.level}")
    )
    parts.one_place(view, area)
    with map_room:
        parts.two_way(view, area)

    st.subheader(say("coverage.table_title"))
    table(view.table, say("coverage.table_caption"))
    parts.programs_in_use(view, area)
    parts.follows(view)
    parts.by_race(view)
    parts.through_time(view)
    page_link("map", say("coverage.to_map"), icon=":material/map:", layer="service_gap", level=asked.level)
    foot(release, view.figures, coverage_files(view))


if view.none_match:
    st.warning(plain(say("coverage.none_match", region=view.region_name)), icon=":material/search_off:")
else:
    show(view)
