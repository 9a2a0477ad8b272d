"""The steward's rooms for looking back: what was published, with the way back, and who did what."""

from __future__ import annotations

from dataclasses import astuple
from typing import Final

import pandas as pd
import streamlit as st

from equity.release.freeze import FORMAT
from equity.release.publish import rollback
from equity.store.events import EVENT_COLUMNS, latest_events, list_events
from equity.store.releases import ReleaseRow, list_releases
from equity.ui.plain import plain
from equity.ui.said import attempt, keep, tell
from equity.ui.session import look_again, open_engine
from equity.ui.show import LONG_TABLE, table
from equity.ui.steward import acting_as, recorded
from equity.views.documents.rows_csv import rows_csv
from equity.views.record import minute, record_table, short
from equity.words import say

PART: Final = "history"
#: What taking the record away is called in the record.
EXPORTED: Final = "events export"


def history() -> None:
    """Draw both rooms."""
    st.header(say("data.history.title"), divider="gray", anchor="releases")
    _releases(list_releases(open_engine()))
    st.header(say("data.record.title"), divider="gray", anchor="record")
    _record()


def _releases(rows: list[ReleaseRow]) -> None:
    shown = rows[:LONG_TABLE]
    names = ("created", "id", "policy", "by", "figures", "current")
    cells = [
        (
            minute(row.created_at),
            row.id,
            row.policy,
            short(row.created_by),
            f"{row.figure_count:,}",
            _mark(row),
        )
        for row in shown
    ]
    columns = [say(f"data.history.{name}") for name in names]
    table(pd.DataFrame(cells, columns=columns), say("data.history.caption", shown=LONG_TABLE))
    others = {row.id: row for row in rows if not row.current and row.manifest.get("format") == FORMAT}
    if not others:
        st.markdown(plain(say("data.history.none")))
        return
    chosen = st.selectbox(
        say("data.history.pick"),
        list(others),
        format_func=lambda id: f"{minute(others[id].created_at)}, {others[id].policy}, {id}",
        key="history:to",
    )
    if st.button(say("data.history.back"), key="history:back"):
        with st.spinner(say("data.history.going")):
            attempt(lambda: _back(others[chosen]), PART)
    tell(PART)


def _back(row: ReleaseRow) -> None:
    rollback(open_engine(), row.policy, row.id, acting_as())
    look_again()
    keep(PART, "done", say("data.history.done", release=row.id, policy=row.policy))


def _record() -> None:
    engine = open_engine()
    found = record_table(latest_events(engine, LONG_TABLE))
    table(found, say("data.record.caption", shown=LONG_TABLE))
    st.download_button(
        say("data.record.download"),
        data=recorded(
            lambda: rows_csv(EVENT_COLUMNS, map(astuple, list_events(engine))), EXPORTED, "audit_event"
        ),
        file_name="events.csv",
        mime="text/csv",
        key="history:events",
        on_click="ignore",
        icon=":material/download:",
    )


def _mark(row: ReleaseRow) -> str:
    return say("data.history.is_current") if row.current else ""
