"""Words of documents that depend on a figure: its value, status, group and place, as people read them."""

from __future__ import annotations

from typing import Final

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.format import interval_text, period_text, value_text
from equity.views.profile import SERVICE, Profile
from equity.words import knows, say

#: Rules of measures that count babies: their whole is "all babies", that of the others "everyone".
_OF_BABIES: Final = ("count", "rate", "share", "comparison")
_WITHHELD: Final = ("withheld_by_publisher", "inside_withheld")


def group_words(figure: Figure) -> str:
    """The group in words; for measures that are not of babies the whole is ``Everyone``."""
    of_babies = measure(figure.measure).floor in _OF_BABIES and figure.measure not in SERVICE
    if figure.group == "all" and not of_babies:
        return say("document.everyone")
    return say(f"figure.group.{figure.group}")


def status_words(figure: Figure) -> str:
    """The status in words; what its publisher withheld is told from what our rules hide."""
    if figure.reason in _WITHHELD:
        return say("document.withheld_status")
    return say(f"figure.status.{figure.status}")


def shown_value(figure: Figure) -> str:
    """The value without its unit, or one word for why there is none."""
    if figure.reason in _WITHHELD:
        return say("document.withheld")
    return value_text(figure)


def caution(figure: Figure) -> str:
    """Why an unstable value is marked, in two or three words; empty for any other."""
    if figure.status != "unstable":
        return ""
    key = f"document.caution.{figure.reason}"
    return say(key) if knows(key) else say("figure.short.unstable")


def marks_text(figure: Figure) -> str:
    """What must stand beside a visible value: few deaths, made up; empty where it stands on its own."""
    basis = say(f"figure.basis_short.{figure.basis}") if figure.basis != "reported" else ""
    return ", ".join(mark for mark in (caution(figure), basis) if mark)


def spoken(figure: Figure) -> str:
    """A figure for alternative text: value, likely range and marks, or why there is no value."""
    if not figure.visible:
        return status_words(figure)
    interval = interval_text(figure)
    parts = [shown_value(figure), say("document.alt.likely", interval=interval) if interval else ""]
    return ", ".join(part for part in (*parts, marks_text(figure)) if part)


def profile_title(profile: Profile) -> str:
    """``Equity profile of St. Louis City, 2017–2023``."""
    return say("document.profile.title", name=profile.name, period=period_text(*profile.period))


def release_date(release: Release) -> str:
    """The day the release was made, as ``2026-01-31``."""
    return release.created_at[:10]
