"""The parts of the Coverage page: what can be chosen, and each section."""

from __future__ import annotations

import streamlit as st

from equity.registry import measure
from equity.release.load import Release
from equity.release.places_served import NEEDS, SPLITS
from equity.ui import gathered
from equity.ui.canvas import canvas, on_phone
from equity.ui.choose import choose
from equity.ui.maps import map_view
from equity.ui.plain import plain
from equity.ui.show import chart, legend, table
from equity.ui.statements import say_statements
from equity.views.bivariate_legend import two_way_legend, two_way_legend_alt
from equity.views.charts.chart import Chart
from equity.views.coverage import Asked, Coverage, filters, groups_of, quarter_codes
from equity.views.deck import INK, TOOLTIP, deck_spec
from equity.views.place_service import marked, unplaced, waiting
from equity.views.selecting import LEVELS, region_names
from equity.words import say


def controls(release: Release) -> Asked:
    """Draw every choice and return the codes; each stands in the address."""
    with st.container(horizontal=not on_phone()):
        regions = region_names(both_first=True)
        region = choose(
            say("map.pick_region"), "region", list(regions), regions, look="buttons", clears=["area"]
        )
        levels = {code: say(f"figure.area_kind.{code}") for code in LEVELS}
        level = choose(say("map.pick_level"), "level", LEVELS, levels, clears=["area", "group"])
        needs = {code: measure(code).name for code in NEEDS}
        need = choose(say("coverage.pick_need"), "need", NEEDS, needs, clears=["group"])
        groups = {code: say(f"coverage.group.{code}") for code in groups_of(level, need)}
        group = choose(
            say("coverage.pick_group"), "group", list(groups), groups, help=say("coverage.group_help")
        )
    asked = {key: st.query_params.get(key, "") for key in ("rule", "funder", "model", "agency", "quarter")}
    with st.expander(say("coverage.more_choices"), icon=":material/tune:", expanded=any(asked.values())):
        chosen = _programs(release)
    return Asked(region=region, level=level, need=need, group=group, **chosen)


def _programs(release: Release) -> dict[str, str]:
    """Which programs, at the end of which quarter, split how."""
    chosen = {}
    with st.container(horizontal=not on_phone()):
        for column in ("funder", "model", "agency"):
            options = filters(release, column)
            chosen[column] = choose(say(f"coverage.pick_{column}"), column, list(options), options)
        quarters = quarter_codes(release)
        newest, *_ = quarters
        quarter = choose(say("coverage.pick_quarter"), "quarter", list(quarters), quarters)
        splits = {code: say(f"coverage.split_name.{code}") for code in SPLITS}
        rule = choose(say("coverage.pick_rule"), "rule", SPLITS, splits)
    return {**chosen, "rule": rule, "quarter": "" if quarter == newest else quarter}


def ranked_list(view: Coverage) -> None:
    """The first five in sentences, and what their order is worth."""
    st.subheader(say("coverage.first_title"))
    if not view.first:
        st.markdown(say("coverage.first_none"))
        return
    say_statements(view.first, numbered=True)
    for text in (view.ties, view.unserved):
        if text:
            st.markdown(plain(text))


def two_way(view: Coverage, area: str) -> None:
    """The map of need and service with its legend; a click chooses a place."""
    st.subheader(say("coverage.map_title"))
    spot, shown = canvas(), view.map
    high = spot["height"] if len(shown.regions) == 1 else 400
    specs = {part: deck_spec(shown, part, area, spot["width"], high, INK) for part in shown.regions}
    left, right = st.columns([5, 3])
    # On a phone the columns stand one below the other: there the legend comes before the map.
    with left if on_phone() else right:
        legend(two_way_legend(shown), alt=two_way_legend_alt(shown))
    with left:
        map_view(
            specs,
            alt=shown.alt,
            sentence=shown.sentence,
            table=shown.table,
            key="coverage",
            tooltip=TOOLTIP,
            height=high + 20,
        )
        if view.asked.level != "county":
            st.caption(say("map.approximate"))


def one_place(view: Coverage, area: str) -> None:
    """A chosen place: its figures, who serves it, who is full, and how many families at least."""
    served = gathered.served(view, area) if area else None
    if served is None:
        st.caption(say("coverage.place_none"))
        return
    st.markdown(f"**{plain(served.who)}**")
    say_statements(served.statements)
    for text in (served.rank, served.bound, served.access_note, waiting(view)):
        if text:
            st.markdown(plain(text))
    if served.programs:
        year = served.place.caseload.last_year
        table(served.table, say("coverage.programs_here", place=served.place.name, year=year))


def programs_in_use(view: Coverage, area: str) -> None:
    """How full programs are, one by one; marks where a report does not add up."""
    st.subheader(say("coverage.use_title"))
    draw(gathered.charts_of(view).use, "use")
    for text in (marked(view), unplaced(view)):
        if text:
            st.warning(plain(text), icon=":material/warning:")
    if not area:
        st.markdown(plain(waiting(view)))


def by_race(view: Coverage) -> None:
    """Black beside white families reached."""
    st.subheader(say("coverage.race_title"))
    draw(gathered.charts_of(view).race, "race")
    st.caption(say("coverage.race_rule"))


def follows(view: Coverage) -> None:
    """Whether slots follow need."""
    st.subheader(say("coverage.follow_title"))
    if view.by_group:
        st.markdown(say("coverage.follow.none_group"))
        return
    draw(gathered.charts_of(view).follow, "follow")


def through_time(view: Coverage) -> None:
    """Slots, families and coverage by year, then slots of the programs by quarter."""
    st.subheader(say("coverage.trend_title"))
    drawn = gathered.charts_of(view)
    for region, pair in drawn.years.items():
        for number, (half, one) in enumerate(zip(st.columns(2, gap="large"), pair, strict=True)):
            with half:
                draw(one, f"years-{region}-{number}")
    st.markdown(f"**{say('coverage.quarters_title')}**")
    draw(drawn.quarters, "quarters")


def draw(drawn: Chart, key: str) -> None:
    """A chart with its sentence and its numbers; its basis is said where all of it is made up."""
    chart(drawn.figure, alt=drawn.alt, sentence=drawn.sentence, table=drawn.table, key=key)
