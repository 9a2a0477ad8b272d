"""The release that a page shows: read once per process, the same for a whole run of a page."""

from __future__ import annotations

import gc
from typing import Final

import streamlit as st
from sqlalchemy import Engine

from equity.config import load_config
from equity.release.load import Release, ReleaseError, load_release, require_format
from equity.store.engine import open_store
from equity.store.releases import current_release_id, find_release

#: Publishing or rolling back shows after at most this many seconds.
LOOK_AGAIN_SECONDS: Final = 3
#: Releases kept in memory: the current one, and those that open pages still speak of.
RELEASES_KEPT: Final = 3
_PINNED: Final = "release_id"


class NoReleaseError(ReleaseError):
    """The store is in order, but nothing has been published under the policy."""


def current_release() -> Release:
    """The release this page shows.

    Raises ``StoreError`` or ``ReleaseError``; the router has already met both by the time a page asks.
    """
    pinned = st.session_state.get(_PINNED)
    return _release(load_config().database_url, pinned) if pinned else pin_release()


def pin_release(policy: str = "") -> Release:
    """Fix the release for one run of a page, so that its parts, footer and files agree.

    ``policy`` names the one whose release the visitor may see in place of the public one.
    """
    release = load_current(policy)
    st.session_state[_PINNED] = release.id
    return release


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


@st.cache_resource(max_entries=RELEASES_KEPT, show_spinner=False)
def _release(url: str, release_id: str) -> Release:
    release = load_release(_engine(url), release_id)
    # the server collects garbage after every run: what lives as long as the process is kept out of it
    gc.collect()
    gc.freeze()
    return release
