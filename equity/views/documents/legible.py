"""Texts that documents can print: names that others hand in may hold signs which the font does not have."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from equity.views.documents.style import FONTS

#: What stands for a sign that cannot be printed.
UNKNOWN: Final = "?"


def legible(value: Any) -> Any:
    """Texts (also of pictures, as bytes), lists and tables with every sign that the font lacks replaced.

    Typst refuses a whole document (PDF/UA-1) over one such sign: a name in another script would be enough to
    take a file from everybody.
    """
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        signs = _signs()
        return "".join(
            sign if sign == "\n" or ord(sign) in signs else " " if sign.isspace() else UNKNOWN
            for sign in value
        )
    if isinstance(value, bytes):
        return legible(value.decode()).encode()
    if isinstance(value, dict):
        return {key: legible(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [legible(item) for item in value]
    return value


@cache
def _signs() -> frozenset[int]:
    """Signs that every face of the documents' font has."""
    from matplotlib.ft2font import FT2Font

    faces = [set(FT2Font(str(file)).get_charmap()) for file in sorted(FONTS.glob("*.ttf"))]
    return frozenset(set.intersection(*faces))
