"""Which layer of the Map to use when, and what a layer of kinds, or of yes and no, has found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from equity.release.figure import Figure
from equity.views.format import number, word
from equity.words import knows, say

CLUSTER: Final = "infant_mortality_cluster"
PATTERN: Final = "infant_mortality_pattern"
#: What is published of places that stand out but whose own rate would give a hidden count away.
SIDE_HIDDEN: Final = ("among_high", "among_low")
#: Moran's I is told from chance where at most this share of maps of chance is as clear.
LEVEL: Final = 0.05


def advice(layer: str, figures: Sequence[Figure], models: Mapping[str, Any] | None = None) -> str:
    """What the layer found, and when to use it; empty where the layer needs no such words.

    ``models``: what the release's manifest says of its models.
    """
    key = f"map.advice.{layer}"
    parts = (finding(layer, figures), together(layer, figures, models or {}), say(key) if knows(key) else "")
    return " ".join(part for part in parts if part)


def finding(layer: str, figures: Sequence[Figure]) -> str:
    """How many places lie in a cluster or stand out, or why nobody looked; empty for other layers."""
    looked_at = [figure for figure in figures if figure.visible]
    if layer not in (CLUSTER, PATTERN):
        return ""
    if not looked_at:
        return say("figure.reason.not_scanned") if any(f.reason == "not_scanned" for f in figures) else ""
    if layer == PATTERN:
        return _patterns(figures, looked_at)
    inside = sum(figure.value == 1 for figure in looked_at)
    return say("map.clusters_some" if inside else "map.clusters_none", count=inside, total=len(looked_at))


def _patterns(figures: Sequence[Figure], looked_at: Sequence[Figure]) -> str:
    """How many places stand out in which way, and around how many more this cannot be said."""
    codes = sorted((int(figure.value or 0) for figure in looked_at), reverse=True)
    kinds = Counter(word(PATTERN, code) for code in codes if code)
    named = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    key = "map.pattern_some" if kinds else "map.pattern_none"
    told = say(key, count=kinds.total(), total=len(looked_at), kinds=named)
    hidden = sum(figure.reason in SIDE_HIDDEN for figure in figures)
    return f"{told} {say('map.pattern_hidden', count=hidden)}" if hidden else told


def together(layer: str, figures: Sequence[Figure], models: Mapping[str, Any]) -> str:
    """Whether high rates lie together at all, for each region on the map; empty for other layers."""
    if layer != PATTERN or not any(figure.visible for figure in figures):
        return ""
    period = [figures[0].first_year, figures[0].last_year]
    found = [row for row in models.get(PATTERN, {}).get("together", []) if row["period"] == period]
    return " ".join(_together(row) for row in found)


def _together(row: Mapping[str, Any]) -> str:
    """Moran's I of a region in words: which way, how sure, and how much."""
    above = row["z"] > 0
    way = ("high" if above else "low") if row["p"] <= LEVEL else "none"
    return say(
        "map.together.measured",
        sentence=say(f"map.together.{way}", region=say(f"map.region.{row['region']}")),
        chance=_chance(row["p"]),
        moran=number(row["moran_i"], 2),
        z=number(abs(row["z"]), 1),
        side=say("map.together.above" if above else "map.together.below"),
    )


def _chance(p: float) -> str:
    """A p-value as a number of maps."""
    if p < 0.001:
        return say("map.together.rare")
    base = 100 if p >= 0.01 else 1000
    return say("map.together.often", count=number(p * base), base=number(base))
