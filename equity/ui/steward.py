"""Who may take files in: where there is no sign-in, only whoever sits at the machine itself."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from equity.config import load_config

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
#: Headers that a proxy adds: then the visitor is elsewhere, whatever the last address says.
_PROXIED: Final = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip", "Via")
#: How the local steward is named in records of who did what.
LOCAL: Final = "steward at this machine"


def is_steward() -> bool:
    """True where ``EQUITY_STEWARD`` is ``local`` and the visitor's browser runs on this machine."""
    headers = st.context.headers
    return load_config().steward == "local" and on_this_machine(
        st.context.ip_address, headers.get("Host") or "", any(name in headers for name in _PROXIED)
    )


def on_this_machine(address: str | None, host: str, proxied: bool) -> bool:
    """True for a visit over the loopback interface: by the address (``None`` is Streamlit's word for it),
    the host the browser asked for, and no proxy in between."""
    return address in (None, *LOOPBACK) and urlsplit(f"//{host}").hostname in LOOPBACK and not proxied
