"""How agencies and partners are named, so that they can be told apart in lists and files."""

from __future__ import annotations

import re
from typing import Final

from equity.store.errors import StoreError

_NAME: Final = re.compile(r"\w[\w .,&'()-]{0,79}")


def check_name(name: str, whose: str) -> None:
    """Raise :class:`StoreError` for a name that cannot be; ``whose`` says of what, such as *agency*."""
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"The name of the {whose} must begin with a letter or digit and hold at most 80 letters, digits, "
            "spaces and . , & ' ( ) -: write it so that its files can be told by it."
        )
