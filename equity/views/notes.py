"""Sentences about a figure: why it is hidden, what was last printed, what is made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from equity.release.counted import SUBMITTED
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.precedence import COVERED
from equity.release.reported_service import SPLIT
from equity.release.service import SLOTS_METHOD
from equity.views.format import figure_period, full_text, inside
from equity.words import knows, say

#: How the method of slots begins, by the rule by which they were split.
SPLIT_BY: Final = {
    "births": (SLOTS_METHOD, "split by births"),
    "caseload": (SPLIT, "split by caseload"),
    "equal": ("split by equal",),
}
#: Measures of service that programs report, or that are worked out from what they report.
OF_REPORTS: Final = ("slots", "caseload", "saturation", "coverage", "service_gap", "unreached")


def why(release: Release, figure: Figure) -> str:
    """The reason a figure is hidden or marked; empty where it is shown plainly.

    For a figure its publisher withheld, the last window that was printed is named too.
    """
    if not figure.reason:
        return ""
    withheld = figure.reason == "withheld_by_publisher"
    code = "withheld_other" if withheld and figure.measure not in COVERED else figure.reason
    limits = thresholds(release.manifest.get("rules", {}))
    sentence = say(f"figure.reason.{code}", period=figure_period(figure), **limits)
    if withheld:
        return f"{sentence} {last_printed(release, figure)}"
    return sentence


def two_kinds(bases: Iterable[str]) -> str:
    """The warning that an order has made-up gaps and others in it, by the basis of each; else empty."""
    found = list(bases)
    made_up = found.count("demonstration")
    if made_up in (0, len(found)):
        return ""
    return say("view.two_kinds", made_up=made_up, others=len(found) - made_up)


def beside(release: Release, figure: Figure) -> str:
    """What must stand beside a figure: why it is hidden or marked, whose reports it is from, and that slots
    are a share by a rule."""
    parts = (why(release, figure), reported_by(release, figure), slots_rule(figure))
    return " ".join(part for part in parts if part)


def reported_by(release: Release, figure: Figure) -> str:
    """How many programs a count of service is from, where it is from reports: others may not have reported.

    The release says of a report only which program and quarter it is of, not of which places.
    """
    if figure.measure not in OF_REPORTS or not figure.visible or SUBMITTED not in figure.source:
        return ""
    reports = release.tables.get("reports")
    if reports is None:
        return ""
    own = reports.loc[reports["quarter"].str.startswith(str(figure.last_year)), "program_id"]
    return say("figure.reported_by", programs=own.nunique(), year=figure.last_year)


def slots_rule(figure: Figure) -> str:
    """How the slots of a place were split off those of whole programs; empty for anything else, and for none.

    Programs report slots as a whole, so those of a region are counted, and those within it worked out.
    """
    rule = next((rule for rule, method in SPLIT_BY.items() if figure.method.startswith(method)), "")
    if figure.measure != "slots" or not figure.value or figure.area_kind == "region" or not rule:
        return ""
    return say("figure.slots_share", rule=say(f"figure.slots_split.{rule}"))


def policy_name(policy: str) -> str:
    """A policy in words; an own one by its name."""
    key = f"view.policy.{policy}"
    return say(key) if knows(key) else policy


def thresholds(rules: Mapping[str, Any]) -> dict[str, int]:
    """The thresholds of a policy, by the names that sentences have for them.

    ``rules`` are those of a release's manifest; what they do not say is taken to be as in the public policy.
    """
    low, high = rules.get("hidden_counts", (1, 9))
    return {
        "low": low,
        "high": high,
        "over": high + 1,
        "floor": rules.get("deaths_for_a_rate", 10),
        "widest": round(rules.get("widest_relative_interval_percent", 160)),
        "steady": rules.get("marked_below_deaths", 20),
        "births": rules.get("births_for_a_rate", 0),
    }


def last_printed(release: Release, figure: Figure) -> str:
    """Which earlier window the publisher did print for the same cell, and what it said."""
    cell = (figure.measure, figure.area_kind, figure.area, figure.group)
    printed = [
        found
        for found in release.series(*cell)
        if found.visible and found.basis == "reported" and found.last_year < figure.last_year
    ]
    if not printed:
        return say("view.never_printed")
    last = printed[-1]
    return say("view.last_printed", value=full_text(last), period=figure_period(last))


def widened(release: Release, place: str, figure: Figure) -> str:
    """Say which place and period stand in for one with too few deaths."""
    around = release.area_name(figure.area_kind, figure.area)
    return say("view.widened", place=place, around=inside(around), period=figure_period(figure))


def demonstration_notice(figures: Iterable[Figure]) -> str:
    """The notice a page or file with made-up figures must carry; empty where there are none."""
    shown = [figure for figure in figures if figure.visible]
    made_up = [figure for figure in shown if figure.basis == "demonstration"]
    if not made_up:
        return ""
    return say("view.demonstration_all" if len(made_up) == len(shown) else "view.demonstration")


def schemes_note(figures: Iterable[Figure]) -> str:
    """A warning where figures of one line recorded race in different ways."""
    schemes = list(dict.fromkeys(f.scheme for f in figures if f.visible and f.scheme))
    if len(schemes) < 2:
        return ""
    first, second = (say(f"figure.scheme.{scheme}") for scheme in schemes[:2])
    return say("view.schemes_differ", first=first, second=second)


def source_titles(release: Release, figures: Iterable[Figure]) -> list[str]:
    """``Publisher: title (vintage)`` for every source the figures rest on, each once, in order."""
    known = release.sources
    ids = dict.fromkeys(key for figure in figures for key in figure.source.split(";") if key in known)
    return [source_title(known[key]["publisher"], known[key]["title"], known[key]["vintage"]) for key in ids]


def source_title(publisher: str, title: str, vintage: str) -> str:
    """A source in words: ``Publisher: title (vintage)``."""
    return f"{publisher}: {title}" + (f" ({vintage})" if vintage else "")
