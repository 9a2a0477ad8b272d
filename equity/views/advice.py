"""Which layer of the Map to use when, and what a layer of yes and no has found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from equity.release.figure import Figure
from equity.words import knows, say

CLUSTER: Final = "infant_mortality_cluster"


def advice(layer: str, figures: Sequence[Figure]) -> str:
    """What the layer found, and when to use it; empty where the layer needs no such words."""
    key = f"map.advice.{layer}"
    parts = (finding(layer, figures), say(key) if knows(key) else "")
    return " ".join(part for part in parts if part)


def finding(layer: str, figures: Sequence[Figure]) -> str:
    """How many places lie in a cluster, or that none was found; empty for other layers."""
    looked_at = [figure for figure in figures if figure.visible]
    if layer != CLUSTER or not looked_at:
        return ""
    inside = sum(figure.value == 1 for figure in looked_at)
    return say("map.clusters_some" if inside else "map.clusters_none", count=inside, total=len(looked_at))
