"""Who may take files in: stewards who signed in; where that is set, whoever sits at the machine itself."""

from __future__ import annotations

from typing import Final

import streamlit as st

from equity.config import load_config
from equity.ui.machine import on_this_machine
from equity.ui.sign_in import current_visitor

#: Headers that a proxy adds: then the visitor is elsewhere, whatever the last address says.
_PROXIED: Final = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip", "Via")
#: How the local steward is named in records of who did what.
LOCAL: Final = "steward at this machine"


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
