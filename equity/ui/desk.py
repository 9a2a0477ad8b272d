"""The steward's desk on the Data page: hand a file in, see what it would change, take it in, take it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from equity.config import load_config
from equity.intake.submit import accept, decline, receive, withdraw
from equity.release.publish import publish
from equity.steward.preview import preview
from equity.store.submissions import Submission, list_submissions
from equity.ui.attempt import attempt, tell, told
from equity.ui.handed import keep_bytes, show_file
from equity.ui.plain import plain
from equity.ui.session import current_release, look_again, open_engine
from equity.ui.show import table
from equity.ui.steward import LOCAL, acting_as
from equity.views.handed_in import preview_table
from equity.words import say

#: Refused files that are listed, the newest.
REFUSED_SHOWN: Final = 3
PART: Final = "desk"


def desk() -> None:
    """Draw the desk."""
    st.header(say("data.desk.title"), divider="gray", anchor="desk")
    who = acting_as()
    if who == LOCAL:
        st.markdown(plain(say("data.desk.note")))
    else:
        st.text(say("data.desk.note_signed_in", who=who))  # Markdown would make a link of an address
    told(PART)
    _hand_in()
    found = list_submissions(open_engine(), ("waiting", "refused", "accepted"))
    waiting = [row for row in found if row.status == "waiting"]
    st.subheader(say("data.desk.waiting"))
    for row in waiting:
        _waiting(row)
    if not waiting:
        st.markdown(plain(say("data.desk.waiting_none")))
    refused = [row for row in found if row.status == "refused"][:REFUSED_SHOWN]
    if refused:
        st.subheader(say("data.desk.refused"))
        for row in refused:
            show_file(row)
    st.subheader(say("data.desk.accepted"))
    taken = [row for row in found if row.status == "accepted"]
    for row in taken:
        _taken(row)
    if not taken:
        st.markdown(plain(say("data.desk.accepted_none")))


def _hand_in() -> None:
    st.subheader(say("data.desk.hand_in"))
    given = st.file_uploader(say("data.desk.upload"), key="desk:file")
    if given is not None and st.button(say("data.desk.check"), type="primary", key="desk:check"):
        with st.spinner(say("data.desk.checking", file=plain(given.name))):
            attempt(PART, lambda: _received(given.name, given.getvalue()))


def _received(name: str, content: bytes) -> None:
    received = receive(open_engine(), name, content, acting_as())
    keep_bytes(received.submission.id, content)
    if received.again:
        tell(PART, "done", say("data.desk.again"))


def _waiting(row: Submission) -> None:
    with st.container(border=True):
        show_file(row)
        if st.button(say("data.desk.preview"), key=f"desk:preview:{row.id}"):
            with st.spinner(say("data.desk.previewing")):
                attempt(PART, lambda: _previewed(row))
        _show_preview(row)
        reason = st.text_input(say("data.desk.reason"), key=f"desk:reason:{row.id}", max_chars=500)
        with st.container(horizontal=True):
            taken = st.button(say("data.desk.accept"), key=f"desk:accept:{row.id}", type="primary")
            turned = st.button(say("data.desk.decline"), key=f"desk:decline:{row.id}")
        if taken:
            _decide(row, reason, accept, "accept")
        if turned:
            _decide(row, reason, decline, "decline")


def _previewed(row: Submission) -> None:
    config = load_config()
    seen = preview(open_engine(), config.home, row.id, config.policy)
    st.session_state[f"desk:seen:{row.id}"] = (
        {change: f"{seen.count(change):,}" for change in ("new", "changed", "gone")},
        seen.supersedes,
        preview_table(seen.changes, current_release()),
    )


def _show_preview(row: Submission) -> None:
    seen = st.session_state.get(f"desk:seen:{row.id}")
    if seen is None:
        return
    counts, supersedes, changes = seen
    st.markdown(plain(say("data.desk.preview_counts", **counts)))
    if supersedes:
        st.markdown(plain(say("data.desk.preview_supersedes")))
    table(changes, say("data.desk.preview_caption"))


def _taken(row: Submission) -> None:
    with st.container(border=True):
        show_file(row)
        reason = st.text_input(say("data.desk.reason"), key=f"desk:reason:{row.id}", max_chars=500)
        if st.button(say("data.desk.withdraw"), key=f"desk:withdraw:{row.id}"):
            _decide(row, reason, withdraw, "withdraw")


def _decide(row: Submission, reason: str, act: Callable[..., Any], name: str) -> None:
    """Do it, publish where readers are to see it, and draw the page anew."""

    def done() -> None:
        act(open_engine(), row.id, acting_as(), reason)
        release = ""
        if name != "decline":
            config = load_config()
            release = publish(open_engine(), config.home, config.policy, acting_as()).id
            look_again()
        tell(PART, "done", say(f"data.desk.done_{name}", file=row.file_name, release=release))

    spinner = {"accept": "data.desk.accepting", "withdraw": "data.desk.withdrawing"}.get(name)
    if spinner is None:
        attempt(PART, done)
    else:
        with st.spinner(say(spinner)):
            attempt(PART, done)
