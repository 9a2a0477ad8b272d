"""Who looks at the page: signed in by Streamlit's own ``st.login``, or the public. Off unless switched on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from equity.access.look import look, note_download, sign_out
from equity.access.visitor import PUBLIC, Access, ClaimNames
from equity.config import SignInConfig, load_sign_in_config
from equity.release.load import Release
from equity.store.errors import StoreError
from equity.ui.answers import FAILED, FAILURES
from equity.ui.plain import plain
from equity.ui.session import current_release, open_engine
from equity.words import say

_VISITOR: Final = "visitor"
_FAILED: Final = "visitor:failed"


def arrive() -> Access:
    """Find out who looks, once for every run of a page, and remember it for the rest of the run.

    Raises ``StoreError`` where the store cannot be opened.
    """
    config = load_sign_in_config()
    if not config.on:
        return PUBLIC
    found = look(open_engine(), _claims(), _names(config))
    st.session_state[_VISITOR] = found
    return found


def current_visitor() -> Access:
    """Who looks, as found when this run of the page began."""
    return st.session_state.get(_VISITOR, PUBLIC) if load_sign_in_config().on else PUBLIC


def welcome(visitor: Access, release: Release, closed: str = "") -> None:
    """Say on top of a page who looks and what is open, with what to press; nothing where sign-in is off.

    ``closed`` says why the figures of an agreement are not open, as a code.
    """
    if not load_sign_in_config().on:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        # as text: Markdown would make a link of an address, in a colour that is hard to read
        st.text(_line(visitor))
        if visitor.public:
            st.button(say("access.sign_in"), on_click=st.login, key="visitor:in", icon=":material/login:")
        if visitor.sign_in:
            st.button(say("access.sign_out"), on_click=_leave, key="visitor:out", icon=":material/logout:")
    if visitor.refusal is not None:
        told = say(
            f"access.refusal.{visitor.refusal}", organization=visitor.organization, until=visitor.until
        )
        _warn(told)
    elif closed:
        _warn(say(f"access.closed.{closed}", organization=visitor.organization))
    elif "areas" in release.manifest:
        names = [release.area_name(*code.split(":", 1)) for code in release.manifest["areas"]]
        st.info(plain(say("access.some_areas", organization=visitor.organization, areas=", ".join(names))))
    elif visitor.policy and release.policy != visitor.policy:
        st.info(plain(say("access.nothing_yet")))
    elif visitor.public and (failed := _failure()):
        st.warning(
            plain(say(f"access.failed.{failed}")), title=say("access.failed_title"), icon=":material/lock:"
        )


def watched(build: Callable[[], bytes], file_name: str) -> Callable[[], bytes]:
    """A file that is recorded each time somebody takes it, where the page shows more than the public release.

    Whether it is still open to them is looked up at that moment, and not when the page was drawn. What cannot
    be recorded is not given away.
    """
    visitor = current_visitor()
    if not visitor.policy:
        return build
    release = current_release()
    if release.policy != visitor.policy:
        return build
    shown = release.id, release.manifest
    engine, claims, names = open_engine(), _claims(), _names(load_sign_in_config())

    def recorded() -> bytes:
        note_download(engine, claims, names, visitor, shown, file_name)
        return build()

    return recorded


def look_later() -> Callable[[], Access]:
    """A look at the same visitor, to be had when the page has been drawn."""
    engine, claims, names = open_engine(), _claims(), _names(load_sign_in_config())
    return lambda: look(engine, claims, names)


def _warn(told: str) -> None:
    st.warning(plain(told), title=say("access.refused_title"), icon=":material/lock:")


def _line(visitor: Access) -> str:
    if visitor.public:
        return say("access.public")
    roles = ", ".join(say(f"access.role.{role}") for role in sorted(visitor.roles))
    return say("access.signed_in", who=visitor.who, roles=roles)


def _failure() -> str:
    """What came of a sign-in that failed; told for as long as the session lasts."""
    found = st.query_params.get(FAILED, "")
    if found:
        # a link that is copied from here must not tell its reader of a sign-in
        del st.query_params[FAILED]
    if found in FAILURES:
        st.session_state[_FAILED] = found
    return str(st.session_state.get(_FAILED, ""))


def _leave() -> None:
    """End the sign-in for every copy of its cookie, and let the browser forget it."""
    try:
        sign_out(open_engine(), _claims())
    except StoreError:
        # the cookie goes all the same: what was open must not stay so because something else is broken
        st.session_state.pop(_VISITOR, None)
    st.logout()


def _claims() -> dict[str, Any]:
    return dict(st.user.to_dict())


def _names(config: SignInConfig) -> ClaimNames:
    return ClaimNames(config.roles_claim, config.organization_claim)
