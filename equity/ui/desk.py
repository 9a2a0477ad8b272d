"""The steward's desk on the Data page: hand a file in, see what it would change, take it in, withdraw it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from equity.config import load_config
from equity.intake.submit import accept, clear_refused, decline, receive, withdraw
from equity.release.publish import publish
from equity.steward.preview import preview
from equity.store.submissions import Submission, list_submissions
from equity.ui.handed import counted_findings, keep_bytes, show_file
from equity.ui.landed import keep_landed, show_landed
from equity.ui.plain import plain
from equity.ui.said import attempt, keep, tell
from equity.ui.session import current_release, look_again, open_engine
from equity.ui.show import table
from equity.ui.steward import LOCAL, acting_as
from equity.views.handed_in import preview_table, replaced_sentence
from equity.words import say

#: Refused files that are listed, the newest.
REFUSED_SHOWN: Final = 3
#: Parts of the desk, by the anchor that leads to each.
WAITING, REFUSED, TAKEN = "waiting", "refused", "taken"
#: Where a file of each status stands.
_PART_OF: Final = {"waiting": WAITING, "refused": REFUSED, "accepted": TAKEN}


def desk() -> None:
    """Draw the desk."""
    st.header(say("data.desk.title"), divider="gray", anchor="desk")
    who = acting_as()
    if who == LOCAL:
        st.markdown(plain(say("data.desk.note")))
    else:
        st.text(say("data.desk.note_signed_in", who=who))  # Markdown would make a link of an address
    _hand_in()
    found = list_submissions(open_engine(), ("waiting", "refused", "accepted", "withdrawn"))
    of = {status: [row for row in found if row.status == status] for status in (*_PART_OF, "withdrawn")}
    st.subheader(say("data.desk.waiting"), anchor=WAITING)
    _each(WAITING, of["waiting"], _waiting, say("data.desk.waiting_none"))
    _refused([row for row in of["refused"] if row.decided_at is None])
    st.subheader(say("data.desk.accepted"), anchor=TAKEN)
    count = len(of["withdrawn"])
    none = say("data.desk.accepted_withdrawn", count=count) if count else say("data.desk.accepted_none")
    _each(TAKEN, of["accepted"], _taken, none)


def _each(part: str, rows: Sequence[Submission], draw: Callable[[Submission, str], None], none: str) -> None:
    """Draw every file of a part; what became of one that is gone stands where the file stood."""
    for at, row in enumerate(rows):
        _told(f"{part}:{at}")
        draw(row, f"{part}:{at}")
    _told(f"{part}:{len(rows)}")
    if not rows:
        st.markdown(plain(none))


def _told(spot: str) -> None:
    """What became of the file that stood here, and where it is seen now."""
    tell(spot)
    show_landed(spot)


def _hand_in() -> None:
    st.subheader(say("data.desk.hand_in"))
    given = st.file_uploader(say("data.desk.upload"), key="desk:file")
    if given is not None and st.button(say("data.desk.check"), type="primary", key="desk:check"):
        with st.spinner(say("data.desk.checking", file=plain(given.name))):
            attempt(lambda: _received(given.name, given.getvalue()), "check")
    tell("check")


def _received(name: str, content: bytes) -> None:
    received = receive(open_engine(), name, content, acting_as())
    row = received.submission
    keep_bytes(row.id, content)
    part = _PART_OF.get(row.status, "")
    key = f"read_{part}" if not received.again else "again" if part else "again_replaced"
    said = say(
        f"data.desk.{key}",
        file=row.file_name,
        findings=counted_findings(row),
        part=say(f"data.desk.{row.status}") if part else "",
    )
    keep("check", "trouble" if part == REFUSED else "done", said, part)


def _waiting(row: Submission, spot: str) -> None:
    with st.container(border=True):
        show_file(row)
        if st.button(say("data.desk.preview"), key=f"desk:preview:{row.id}"):
            with st.spinner(say("data.desk.previewing")):
                attempt(lambda: _previewed(row), f"preview:{row.id}")
        tell(f"preview:{row.id}")
        _show_preview(row)
        reason = st.text_input(say("data.desk.reason"), key=f"desk:reason:{row.id}", max_chars=500)
        with st.container(horizontal=True):
            taken = st.button(say("data.desk.accept"), key=f"desk:accept:{row.id}", type="primary")
            turned = st.button(say("data.desk.decline"), key=f"desk:decline:{row.id}")
        if taken:
            _decide(row, reason, accept, "accept", spot)
        if turned:
            _decide(row, reason, decline, "decline", spot)
        tell(row.id)


def _previewed(row: Submission) -> None:
    config = load_config()
    seen = preview(open_engine(), config.home, row.id, config.policy)
    st.session_state[f"desk:seen:{row.id}"] = (
        {change: f"{seen.count(change):,}" for change in ("new", "changed", "gone")},
        replaced_sentence(seen.changes),
        seen.supersedes,
        preview_table(seen.changes, current_release()),
    )


def _show_preview(row: Submission) -> None:
    seen = st.session_state.get(f"desk:seen:{row.id}")
    if seen is None:
        return
    counts, replaced, supersedes, changes = seen
    st.markdown(plain(f"{say('data.desk.preview_counts', **counts)} {replaced}".strip()))
    if supersedes:
        st.markdown(plain(say("data.desk.preview_supersedes")))
    table(changes, say("data.desk.preview_caption"))


def _refused(rows: Sequence[Submission]) -> None:
    """The newest refused files, until the list is cleared."""
    if rows:
        st.subheader(say("data.desk.refused"), anchor=REFUSED)
        for row in rows[:REFUSED_SHOWN]:
            show_file(row)
        if st.button(say("data.desk.clear"), key="desk:clear", icon=":material/clear_all:"):
            attempt(_cleared, REFUSED)
    tell(REFUSED)


def _cleared() -> None:
    count = clear_refused(open_engine(), acting_as())
    keep(REFUSED, "done", say("data.desk.cleared", count=count))


def _taken(row: Submission, spot: str) -> None:
    with st.container(border=True):
        show_file(row)
        reason = st.text_input(say("data.desk.reason"), key=f"desk:reason:{row.id}", max_chars=500)
        if st.button(say("data.desk.withdraw"), key=f"desk:withdraw:{row.id}"):
            _decide(row, reason, withdraw, "withdraw", spot)
        tell(row.id)


def _decide(row: Submission, reason: str, act: Callable[..., Any], name: str, spot: str) -> None:
    """Do it, publish where readers are to see it, and draw the page anew."""

    def done() -> None:
        act(open_engine(), row.id, acting_as(), reason)
        release = ""
        if name != "decline":
            config = load_config()
            release = publish(open_engine(), config.home, config.policy, acting_as()).id
            look_again()
            if name == "accept":
                keep_landed(row.id, spot)
        keep(spot, "done", say(f"data.desk.done_{name}", file=row.file_name, release=release))

    spinner = {"accept": "data.desk.accepting", "withdraw": "data.desk.withdrawing"}.get(name)
    if spinner is None:
        attempt(done, row.id)
    else:
        with st.spinner(say(spinner)):
            attempt(done, row.id, spot)
