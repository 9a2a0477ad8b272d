"""Who may take files in: stewards who signed in; where that is set, whoever sits at the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from equity.access.look import RefusedError, note
from equity.config import load_config
from equity.ui.machine import on_this_machine
from equity.ui.session import open_engine
from equity.ui.sign_in import current_visitor, look_later

#: Headers that a proxy adds: then the visitor is elsewhere, whatever the last address says.
_PROXIED: Final = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip", "Via")
#: How the local steward is named in records of who did what.
LOCAL: Final = "local steward"


def acting_as() -> str:
    """The name under which a visitor may take files in, and is recorded; empty for whoever may not.

    That is a steward who signed in, from anywhere; and, where ``EQUITY_STEWARD`` is ``local``, whoever's
    browser runs on this machine.
    """
    visitor = current_visitor()
    if visitor.desk:
        return visitor.who
    headers = st.context.headers
    local = load_config().steward == "local" and on_this_machine(
        st.context.ip_address, headers.get("Host") or "", any(name in headers for name in _PROXIED)
    )
    return LOCAL if local else ""


def recorded(build: Callable[[], bytes], action: str, subject: str) -> Callable[[], bytes]:
    """A file for stewards alone, recorded each time one takes it.

    Whether who signed in still is one is looked up at that moment. What cannot be recorded is not given away.
    """
    who, engine, again = acting_as(), open_engine(), look_later()

    def given() -> bytes:
        if who != LOCAL and not again().desk:
            raise RefusedError(f"What is for stewards is not open to {who} any more.")
        note(engine, who, action, subject, {})
        return build()

    return given
