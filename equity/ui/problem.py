"""What a reader sees when a page cannot be shown: a sentence and what to do, never a traceback."""

from __future__ import annotations

import datetime as dt
import logging

import streamlit as st

from equity.config import load_config
from equity.release.load import OtherFormatError, ReleaseError
from equity.store.errors import StoreError
from equity.ui.plain import plain
from equity.ui.session import NoReleaseError
from equity.words import say

log = logging.getLogger(__name__)


def show_problem(reason: StoreError | ReleaseError) -> None:
    """Fill the page with what is wrong with the store or the release, and what to do about it."""
    if isinstance(reason, NoReleaseError):
        title, text = "no_release_title", say("ui.problem.no_release", policy=load_config().policy)
        steward = say("ui.problem.no_release_steward")
    elif isinstance(reason, OtherFormatError):
        title, text = "format_title", say("ui.problem.format")
        steward = plain(say("ui.problem.format_steward", detail=str(reason)))
    else:
        title, text = "store_title", say("ui.problem.store")
        # the sentence names files and servers, which is nothing for readers
        log.warning("A page cannot be shown. %s", reason)
        steward = say("ui.problem.store_steward")
    st.title(say(f"ui.problem.{title}"))
    st.error(plain(text), icon=":material/error:")
    st.markdown(steward)


def on_script_error(_error: Exception) -> bool:
    """Say that the page failed; the server has already logged why, with the time."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    st.error(say("ui.problem.page", time=now), title=say("ui.problem.page_title"), icon=":material/error:")
    return True
