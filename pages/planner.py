"""Planner: what further slots would do, where, and how sure that is."""

import streamlit as st

from equity.ui import gathered, planner, planner_wish
from equity.ui.files import plan_files
from equity.ui.foot import foot
from equity.ui.lead import lead
from equity.ui.plain import plain
from equity.ui.session import current_release
from equity.words import say

release = current_release()
scenario, problem, name = planner_wish.begin(release)
head = st.container()
planner_wish.controls(release, scenario)
if problem:
    st.warning(plain(problem), icon=":material/link_off:")
view = gathered.plan(scenario.code)
with head:
    lead("ui.page.planner", "plan.lead", view.notice)

if name:
    st.markdown(f"**{plain(name)}**")
st.caption(plain(f"{view.wish} {say(f'plan.goal_note.{scenario.goal}')}"))
planner.answer(view)
if not view.refused:
    planner.results(view)
    planner.on_map(view)
    planner.tables(view)
planner.left_out(view)
found = planner.compared(view, name)
planner.share(view, name)
planner.beside(view)
foot(
    release,
    [*view.question.need, *view.question.slots],
    plan_files(view, gathered.drawing(view), name, found),
)
