"""How large a map may be drawn on the reader's screen, as far as the browser tells."""

from __future__ import annotations

from typing import Final

import streamlit as st

#: Width and height in pixels that a map is fitted to.
DESK: Final = {"width": 700, "height": 540}
PHONE: Final = {"width": 340, "height": 400}


def on_phone() -> bool:
    """True for a phone, which says so in its request; everything else is taken for a desk."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def canvas() -> dict[str, int]:
    """The room for a map."""
    return PHONE if on_phone() else DESK
