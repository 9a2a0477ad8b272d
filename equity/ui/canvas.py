"""How large a map may be drawn on the reader's screen, as far as the browser tells."""

from __future__ import annotations

from typing import Final, TypedDict

import streamlit as st


class Canvas(TypedDict):
    """Width and height in pixels that a map is fitted to."""

    width: int
    height: int


DESK: Final[Canvas] = {"width": 700, "height": 540}
PHONE: Final[Canvas] = {"width": 340, "height": 400}


def on_phone() -> bool:
    """True for a phone, which says so in its request; everything else is taken for a desk."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def canvas() -> Canvas:
    """The room for a map."""
    return PHONE if on_phone() else DESK
