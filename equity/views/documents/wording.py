"""Words of documents that depend on a figure: its value, status, group and place, as people read them."""

from __future__ import annotations

from typing import Final

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.format import value_text
from equity.views.profile import SERVICE
from equity.words import say

#: Rules of measures that count babies: their whole is "all babies", that of the others "everyone".
_OF_BABIES: Final = ("count", "rate", "share", "comparison")
_WITHHELD: Final = "withheld_by_publisher"


def group_words(figure: Figure) -> str:
    """The group in words; for measures that are not of babies the whole is ``Everyone``."""
    of_babies = measure(figure.measure).floor in _OF_BABIES and figure.measure not in SERVICE
    if figure.group == "all" and not of_babies:
        return say("document.everyone")
    return say(f"figure.group.{figure.group}")


def status_words(figure: Figure) -> str:
    """The status in words; what its publisher withheld is told from what our rules hide."""
    if figure.reason == _WITHHELD:
        return say("document.withheld_status")
    return say(f"figure.status.{figure.status}")


def shown_value(figure: Figure) -> str:
    """The value without its unit, or one word for why there is none."""
    if figure.reason == _WITHHELD:
        return say("document.withheld")
    return value_text(figure)


def release_date(release: Release) -> str:
    """The day the release was made, as ``2026-01-31``."""
    return release.created_at[:10]
