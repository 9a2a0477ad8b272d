"""The parts of the Planner: the answer with how sure it is, its tables, and plans to keep and compare."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import streamlit as st

from equity.release.planning import DRAWS, Drawing
from equity.release.scenario import GOALS
from equity.ui import gathered
from equity.ui.canvas import canvas
from equity.ui.choose import choose
from equity.ui.maps import map_view
from equity.ui.plain import plain
from equity.ui.planner_wish import NAME, PLAN, asked, name_box
from equity.ui.show import chart, legend, table
from equity.views.charts.first import first_chart
from equity.views.deck import TOOLTIP, deck_spec
from equity.views.legend import legend_alt, legend_svg
from equity.views.plan import PlanView
from equity.views.plan_compare import Comparison
from equity.views.plan_tables import (
    evidence_table,
    first_table,
    gains_table,
    groups_table,
    places_table,
    programs_table,
    unknown_residents,
)
from equity.views.plan_words import short_name
from equity.words import say

WITH: Final = "with"
#: Seconds between two looks at draws that are still being made.
BEAT: Final = 0.5
_FRESH: Final = "planner:fresh"
_KEPT: Final = "planner:kept"


def answer(view: PlanView) -> None:
    """Which places come first; then, while the page already stands, how sure that is."""
    st.header(say("plan.result.first_title"), divider="gray")
    if view.refused:
        st.warning(plain("\n\n".join(view.refused)), title=say("plan.clash.title"), icon=":material/rule:")
        return
    st.markdown(f"**{plain(view.lead)}** {plain(view.tied)}")
    if not view.first:
        return
    drawing = gathered.drawing(view)
    st.session_state[_FRESH] = True
    st.fragment(_how_sure, run_every=None if drawing.finished else BEAT)(view, drawing)


def _how_sure(view: PlanView, drawing: Drawing) -> None:
    """How often each place comes first in the draws so far; makes some more unless the page is fresh."""
    fresh, sure = st.session_state.pop(_FRESH, False), drawing.sure
    room = st.empty()
    if drawing.finished:
        room.markdown(plain(view.sure_text(sure)))
    table(first_table(view, sure if drawing.finished else None), say("plan.result.first_caption"))
    if drawing.finished:
        if sure.draws:
            drawn = first_chart(view, sure)
            chart(drawn.figure, alt=drawn.alt, sentence=drawn.sentence, table=drawn.table, key="first")
        return

    def tell(done: int) -> None:
        room.progress(done / DRAWS, plain(say("plan.answer.running", done=done, total=DRAWS)))

    tell(drawing.done)
    if not fresh:
        drawing.step(tell)
        if drawing.finished:
            st.rerun()


def results(view: PlanView) -> None:
    """What the plan uses, reaches and costs, what holds it back, and what it leaves."""
    st.subheader(say("plan.result.title"))
    lines = [*view.results, view.largest]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines if line))


def on_map(view: PlanView) -> None:
    """Slots added on the map."""
    st.subheader(say("plan.section.map"))
    shown, spot = view.map, canvas()
    left, right = st.columns([5, 3])
    with right:
        legend(legend_svg(shown), alt=legend_alt(shown))
        st.caption(say("map.approximate"))
    with left:
        specs = {part: deck_spec(shown, part, "", **spot) for part in shown.regions}
        map_view(
            specs,
            alt=shown.alt,
            sentence=shown.sentence,
            table=shown.table,
            key="plan",
            tooltip=TOOLTIP,
            height=spot["height"] + 20,
        )


def tables(view: PlanView) -> None:
    """Place by place, who gains, and which programs."""
    drawing = gathered.drawing(view)
    st.subheader(say("plan.section.places"))
    places = places_table(view, drawing.sure if drawing.finished else None)
    if len(places):
        table(places, say("plan.section.places_caption"))
    else:
        st.markdown(say("plan.section.places_none"))
    st.subheader(say("plan.section.gains"))
    table(gains_table(view), say("plan.section.gains_caption"))
    groups = groups_table(view)
    if len(groups):
        table(groups, say("plan.section.groups_caption"))
    st.caption(plain(" ".join([say("plan.section.groups_note"), unknown_residents(view)]).strip()))
    st.subheader(say("plan.section.programs"))
    programs = programs_table(view)
    if len(programs):
        table(programs, say("plan.section.programs_caption"))
    else:
        st.markdown(say("plan.section.programs_none"))


def left_out(view: PlanView) -> None:
    """Places and programs that are no part of the plan."""
    st.subheader(say("plan.section.left_out"))
    st.markdown("\n".join(f"- {plain(line)}" for line in view.left_out))


def share(view: PlanView, name: str) -> None:
    """Name the plan, keep it for this visit, copy its link, open those kept."""
    st.subheader(say("plan.section.share"))
    name_box()
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    code = view.scenario.code
    if st.button(say("plan.share.keep"), icon=":material/bookmark_add:"):
        kept[code] = name
    st.markdown(say("plan.share.link"))
    codes = {PLAN: code} | ({NAME: name} if name else {})
    st.code(f"{(st.context.url or '').partition('?')[0]}?{urlencode(codes)}", language=None, wrap_lines=True)
    st.caption(say("plan.share.kept" if kept else "plan.share.kept_none"))
    for other, given in kept.items():
        label = short_name(asked(view.release, other)[0], given)
        # a link to the page one is on would leave the address as it is
        st.button(
            plain(say("plan.share.open", name=label)),
            key=f"planner:open:{other}",
            on_click=_open,
            args=(other, given),
            type="tertiary",
            icon=":material/bookmark:",
        )


def _open(code: str, name: str) -> None:
    """Put a kept plan into the address."""
    st.query_params.from_dict({PLAN: code} | ({NAME: name} if name else {}))


def compared(view: PlanView, name: str) -> Comparison | None:
    """Choose another plan and set both side by side."""
    st.subheader(say("plan.section.compare"))
    release, own = view.release, view.scenario
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    labels = {"": say("plan.no_with")}
    labels |= {code: short_name(asked(release, code)[0], given) for code, given in kept.items()}
    for goal in GOALS:
        labels.setdefault(own.aiming(goal).code, short_name(own.aiming(goal)))
    wanted = str(st.query_params.get(WITH, "")).strip()
    scenario, problem = asked(release, wanted)
    if wanted and not problem:
        labels.setdefault(wanted, short_name(scenario))
    labels.pop(own.code, None)
    other = choose(say("plan.pick_with"), WITH, list(labels), labels, noun=say("plan.noun_with"), default="")
    if not other:
        return None
    found = Comparison(view, gathered.plan(other), (name, kept.get(other, "")))
    st.markdown(plain(found.sentence))
    table(found.summary, say("plan.compare.summary_caption"))
    table(found.places, say("plan.compare.places_caption"))
    return found


def beside(view: PlanView) -> None:
    """What stands beside a plan and is no part of it: printed results, and how the planner works."""
    with st.expander(say("plan.section.evidence"), icon=":material/menu_book:"):
        st.markdown(plain(say("plan.section.evidence_lead")))
        table(evidence_table(view.release), say("plan.section.evidence_caption"))
    with st.expander(say("plan.section.method"), icon=":material/help:"):
        st.markdown(plain(say("plan.method.text")))
