"""Plain text for places where Streamlit would read Markdown."""

from __future__ import annotations

import re

# an underscore between letters starts nothing, and escaped it would break an address it is part of
_ANYWHERE = re.compile(r"[\\`*\[\]<~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=[A-Za-z])")
_AT_START = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s)", re.MULTILINE)


def plain(text: str) -> str:
    """Make ``text`` show as it is written.

    Names come from files that others send in: a dollar sign must not start a formula, nor a bracket a
    link or a picture.
    """
    escaped = _ANYWHERE.sub(lambda found: "\\" + found.group(), text)
    return _AT_START.sub(lambda found: found.group(1) + _guard(found.group(2)), escaped)


def _guard(mark: str) -> str:
    """Escape a list or heading mark: the mark itself, or the stop after a number."""
    return f"{mark[:-1]}\\{mark[-1]}"
