"""Map: one layer over the places of a region; a place's panel; the same as a table and as files."""

import streamlit as st

from equity.registry import measure
from equity.ui import gathered
from equity.ui.canvas import canvas, on_phone
from equity.ui.choose import choose
from equity.ui.files import map_files
from equity.ui.foot import foot
from equity.ui.lead import lead
from equity.ui.links import page_link
from equity.ui.maps import map_view
from equity.ui.session import current_release
from equity.ui.show import legend
from equity.ui.statements import say_statements
from equity.views import selecting
from equity.views.advice import advice
from equity.views.deck import TOOLTIP, deck_spec
from equity.views.format import period_text
from equity.views.legend import legend_alt, legend_svg
from equity.views.panel import panel
from equity.words import say

release = current_release()
head = st.container()
controls = st.container(horizontal=not on_phone())
with controls:
    layer = choose(
        say("map.pick_layer"),
        "layer",
        selecting.LAYERS,
        {code: measure(code).name for code in selecting.LAYERS},
        clears=["period"],
    )
    levels = selecting.levels_of(release, layer)
    level = choose(
        say("map.pick_level"),
        "level",
        levels,
        {code: say(f"figure.area_kind.{code}") for code in levels},
        clears=["area"],
    )
    regions, offered = selecting.region_names(), gathered.periods(layer, level)
    region = choose(
        say("map.pick_region"),
        "region",
        list(regions),
        regions,
        look="buttons",
        clears=selecting.hung_on_region(offered),
    )
    periods = selecting.period_codes(offered[region])
    period = choose(
        say("map.pick_period"),
        "period",
        list(periods),
        {code: period_text(*years) for code, years in periods.items()},
    )

view = gathered.place_map(layer, level, region, periods[period])
with head:
    lead("ui.page.map", "map.lead", view.notice)

options = {"": say("map.no_place")} | dict(
    selecting.places(release, level, region)[["geoid", "name"]].itertuples(index=False)
)
left, right = st.columns([5, 3])
with right:
    area = choose(
        say("map.pick_place"), "area", list(options), options, noun=say(f"figure.area_kind.{level}")
    )
    told = panel(release, layer, level, area, view.period) if area else []
    if area:
        st.subheader(options[area])
        say_statements(told)
        page_link(
            "profile", say("map.profile_link", name=options[area]), icon=":material/description:", area=area
        )
    else:
        st.caption(say("map.place_hint"))
# On a phone the columns stand one below the other: there the legend goes with the map.
with left if on_phone() else right:
    legend(legend_svg(view), alt=legend_alt(view))
with left:
    map_view(
        {part: deck_spec(view, part, area, **canvas()) for part in view.regions},
        alt=view.alt,
        sentence=view.sentence,
        table=view.table,
        key="places",
        tooltip=TOOLTIP,
        height=canvas()["height"] + 20,
    )
    if text := advice(layer, view.figures, release.manifest.get("models")):
        st.caption(text)
    if level != "county":
        st.caption(say("map.approximate"))
figures = [*view.figures, *(statement.figure for statement in told)]
foot(release, figures, map_files(view, f"{layer}-{level}-{region}-{period}-{release.id}"))
