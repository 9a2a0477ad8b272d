"""What ``docs/running.md`` tells people to type."""

from __future__ import annotations

import re

from equity.config import ROOT

HANDBOOK = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", HANDBOOK, re.MULTILINE | re.DOTALL)


def command(start: str) -> str:
    """The one block of shell commands that begins so."""
    (found,) = [block for block in blocks("sh") if block.startswith(start)]
    return found


def statements(block: str) -> list[str]:
    """The statements of a block of SQL."""
    return [statement.strip() for statement in block.split(";\n") if statement.strip()]
