"""The release that a page shows: read once per process, the same for a whole run of a page."""

from __future__ import annotations

import gc
import logging
from typing import Final

import streamlit as st
from sqlalchemy import Engine

from equity.config import load_config
from equity.release.cut import CutError, cut, put_together
from equity.release.load import Release, ReleaseError, load_release, require_format
from equity.store.engine import open_store
from equity.store.releases import current_release_id, find_release
from equity.words import say

log = logging.getLogger(__name__)

#: Publishing or rolling back shows after at most this many seconds.
LOOK_AGAIN_SECONDS: Final = 3
#: Releases kept in memory: the current one, and those that open pages still speak of.
RELEASES_KEPT: Final = 3
#: Areas of agreements whose figures were attacked, and what came of it.
VERDICTS_KEPT: Final = 256
_PINNED: Final = "release_id"


class NoReleaseError(ReleaseError):
    """The store is in order, but nothing has been published under the policy."""


def current_release() -> Release:
    """The release this page shows.

    Raises ``StoreError`` or ``ReleaseError``; the router has already met both by the time a page asks.
    """
    pinned = st.session_state.get(_PINNED)
    if pinned is None:
        return pin_release()[0]
    url = load_config().database_url
    return _cut(url, *pinned) if isinstance(pinned, tuple) else _release(url, pinned)


def pin_release(policy: str = "", areas: tuple[str, ...] = ()) -> tuple[Release, str]:
    """Fix the release for one run of a page, so that its parts, footer and files agree.

    ``policy`` names the one whose release the visitor may see in place of the public one, ``areas`` those
    for which it is, where it is not for all. Where such a release would tell too much it is the public one,
    and the text says why, as a code; else it is empty.
    """
    url = load_config().database_url
    if not areas:
        st.session_state[_PINNED] = current_id(policy)
        return current_release(), ""
    partner = _pointer(url, policy)
    if partner is None:
        return pin_release()
    parts = (current_id(), partner, areas)
    _check_format(url, partner)
    with st.spinner(say("access.cutting")):
        closed = _closed(url, *parts)
    st.session_state[_PINNED] = parts[0] if closed else parts
    return current_release(), closed


def load_current(policy: str = "") -> Release:
    """The release that is current now, outside of any page."""
    return _release(load_config().database_url, current_id(policy))


def current_id(policy: str = "") -> str:
    """The id of the current release: of ``policy`` where that is named and has one, else of the usual policy.

    Raises ``NoReleaseError`` where nothing is published, ``OtherFormatError`` where pages cannot read it.
    """
    config = load_config()
    current = _pointer(config.database_url, policy) if policy else None
    current = current or _pointer(config.database_url, config.policy)
    if current is None:
        raise NoReleaseError(config.policy)
    _check_format(config.database_url, current)
    return current


def open_engine() -> Engine:
    """The store that pages read, for those who write into it."""
    return _engine(load_config().database_url)


def look_again() -> None:
    """Ask the store at once which release is current: after publishing from a page."""
    _pointer.clear()


@st.cache_resource(show_spinner=False)
def _engine(url: str) -> Engine:
    return open_store(url)


@st.cache_resource(ttl=LOOK_AGAIN_SECONDS, show_spinner=False)
def _pointer(url: str, policy: str) -> str | None:
    return current_release_id(_engine(url), policy)


@st.cache_resource(max_entries=RELEASES_KEPT, show_spinner=False)
def _check_format(url: str, release_id: str) -> None:
    require_format(find_release(_engine(url), release_id))


@st.cache_resource(max_entries=VERDICTS_KEPT, show_spinner=False)
def _closed(url: str, public: str, partner: str, areas: tuple[str, ...]) -> str:
    """Why the figures of an agreement on these areas stay closed, as a code; empty where they do not."""
    try:
        cut(_release(url, public), _release(url, partner), areas)
    except CutError as reason:
        log.warning("An agreement opens nothing. %s", reason)
        return reason.why
    return ""


@st.cache_resource(max_entries=RELEASES_KEPT, show_spinner=False)
def _cut(url: str, public: str, partner: str, areas: tuple[str, ...]) -> Release:
    return put_together(_release(url, public), _release(url, partner), areas)


@st.cache_resource(max_entries=RELEASES_KEPT, show_spinner=False)
def _release(url: str, release_id: str) -> Release:
    release = load_release(_engine(url), release_id)
    # the server collects garbage after every run: what lives as long as the process is kept out of it
    gc.collect()
    gc.freeze()
    return release
