"""One target on the page: its status, its figures, its warnings, and the initiative's own words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from equity.ui.plain import plain
from equity.ui.show import chart, table
from equity.views.charts.fan import fan_chart
from equity.views.targets import TargetView
from equity.words import say


def target_list(views: Sequence[TargetView]) -> None:
    """Show targets at a glance: a line each, with its status first."""
    lines = []
    for view in views:
        mark = f" *[{say('view.demonstration_mark')}]*" if view.made_up else ""
        lines.append(
            f"- **{plain(view.status.capitalize())}:** {plain(view.title)}. {plain(view.glance)}{mark}"
        )
    st.markdown("\n".join(lines))


def target_card(view: TargetView) -> None:
    """Show one target in a frame."""
    with st.container(border=True):
        st.subheader(plain(view.title))
        st.markdown(f"**{say('target.column.status')}: {plain(view.status)}.** {plain(view.reason)}")
        if view.made_up:
            st.markdown(f"*{say('target.demonstration')}*")
        for guard in view.guards:
            st.markdown(f":material/warning: {plain(guard)}")
        rows = {
            say("target.column.baseline"): f"{view.baseline} ({view.baseline_origin})",
            say("target.column.latest"): view.latest,
            say("target.column.goal"): view.goal,
            say("target.column.achieved"): view.achieved,
            say("target.column.probability"): view.probability,
            say("target.column.required"): view.required,
        }
        facts = pd.DataFrame({say("table.measure"): list(rows), view.measure.name: list(rows.values())})
        table(facts, view.measure.name)
        if fan := fan_chart(view):
            chart(
                fan.figure, alt=fan.alt, sentence=fan.sentence, table=fan.table, key=f"fan:{view.row['id']}"
            )
        with st.expander(say("target.details")):
            st.markdown(plain(view.note))
