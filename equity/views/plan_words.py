"""A plan's wish, its limits and what is wrong with a wish, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from equity.registry import measure
from equity.release.load import Release
from equity.release.planning import LATE, UNKNOWN_SHARES
from equity.release.scenario import Scenario, model_codes
from equity.views.format import inside, number
from equity.views.selecting import ALL_REGIONS
from equity.words import say

#: Letters that the name of a plan may have.
NAME_LENGTH: Final = 60


def clean_name(text: str) -> tuple[str, bool]:
    """A name as given, in one line and no longer than allowed; whether it had to be cut."""
    kept = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return kept[:NAME_LENGTH].rstrip(), len(kept) > NAME_LENGTH


def budget_text(scenario: Scenario) -> str:
    """``100 slots`` or ``$500,000 a year``."""
    if scenario.dollars is not None:
        return say("plan.unit_short.dollars", amount=number(scenario.dollars))
    if scenario.slots == 1:
        return say("plan.unit_short.slots_one")
    return say("plan.unit_short.slots", amount=number(scenario.slots or 0))


def short_name(scenario: Scenario, name: str = "") -> str:
    """The plan's own name, else what it is in few words."""
    goal = say(f"plan.goal_inline.{scenario.goal}")
    return name or say("plan.compare.unnamed", budget=budget_text(scenario), goal=goal)


def where_text(release: Release, scenario: Scenario) -> str:
    """The places of a wish as they read inside a sentence."""
    if scenario.counties:
        return ", ".join(release.area_name("county", county) for county in scenario.counties)
    if scenario.region == ALL_REGIONS:
        return say("map.both_inline")
    return inside(release.area_name("region", scenario.region))


def wish_sentences(release: Release, scenario: Scenario) -> list[str]:
    """The whole wish, a sentence for each part of it."""
    names = model_codes(release)
    models = ", ".join(names[code] for code in scenario.models) or say("plan.all_models").lower()
    parts = [
        say(
            "plan.wish.sentence",
            budget=budget_text(scenario),
            goal=say(f"plan.goal_inline.{scenario.goal}"),
            where=where_text(release, scenario),
            models=models,
        ),
        say("plan.wish.families", need=measure(scenario.need).name),
        say("plan.wish.extend" if scenario.extend else "plan.wish.own"),
    ]
    if scenario.movable:
        parts.append(say("plan.wish.movable", share=scenario.movable))
        parts += [say("plan.wish.floor")] if scenario.floor else []
    for region, share in scenario.shares:
        parts.append(say("plan.wish.share", share=share, region=inside(release.area_name("region", region))))
    if scenario.agency_cap is not None:
        parts.append(say("plan.wish.cap", count=number(scenario.agency_cap)))
    if scenario.black:
        parts.append(say("plan.wish.black"))
    return parts


def limit_text(release: Release, limit: str, kind: str = "limit") -> str:
    """A limit in words (``kind`` limit), or how to loosen it (``change``)."""
    name, _, place = limit.partition(":")
    if not place:
        return say(f"plan.{kind}.{name}")
    areas = release.areas
    regions = sorted(str(code) for code in areas.loc[areas["kind"].eq("region"), "geoid"])
    region = inside(release.area_name("region", regions[int(place)]))
    return say(f"plan.{kind}.{name}", region=region)


def clash_sentences(release: Release, clash: Sequence[str]) -> list[str]:
    """Which limits clash, and what can be changed."""
    for special in (UNKNOWN_SHARES, LATE):
        if special in clash:
            return [say(f"plan.clash.{special}")]
    named, changes = ([limit_text(release, limit, kind) for limit in clash] for kind in ("limit", "change"))
    said = say("plan.clash.sentence" if len(clash) > 1 else "plan.clash.one", limits="; ".join(named))
    return [said, say("plan.clash.change", changes=say("plan.or").join(changes))]


def listed(names: Iterable[str]) -> str:
    """``A, B and C``."""
    *others, last = list(names)
    return say("plan.and", others=", ".join(others), last=last) if others else last
