"""Whether a visit comes from the machine that this runs on."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


def on_this_machine(address: str | None, host: str, proxied: bool) -> bool:
    """True for a visit over the loopback interface: by the address (``None`` is Streamlit's word for it),
    the host the browser asked for, and no proxy in between."""
    return address in (None, *LOOPBACK) and urlsplit(f"//{host}").hostname in LOOPBACK and not proxied
