"""Classes of a map: few, with limits that mean something, the same for page, legend and picture."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from equity.registry import measure
from equity.views.format import amount, word
from equity.words import knows, say

#: Five steps of one calm hue, light to dark: told apart in print and by every kind of colour vision.
SEQUENCE: Final = ("#e3eef0", "#b3d3d9", "#78b0bc", "#3d8293", "#134f5d")
#: The step for values below zero, where "less than none" is a kind of its own.
BELOW_ZERO: Final = "#f0e2c4"
#: Fill of a place without a visible value; the drawn mark says which kind.
NO_VALUE: Final = "#fafaf7"

#: Colours of measures whose classes are kinds and no steps, in the order of their codes. Blue stands for low
#: and brown for high, which every kind of colour vision tells apart; no two are equally light.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "infant_mortality_pattern": ("#e6e5de", "#2b75b3", "#a9cfe6", "#f0953f", "#7f2704"),
}

#: Limits set by what they mean: targets in use, one in ten, one in four, half (in stored units).
FIXED: Final[dict[str, tuple[float, ...]]] = {
    "infant_mortality": (5.0, 6.5, 8.0, 12.0),
    "infant_mortality_smoothed": (5.0, 6.5, 8.0, 12.0),
    # below one in five, cannot tell, four in five, nineteen in twenty
    "infant_mortality_excess": (0.20, 0.80, 0.95),
    "infant_mortality_cluster": (1.0,),
    "infant_mortality_pattern": (1.0, 2.0, 3.0, 4.0),
    "coverage": (0.05, 0.10, 0.25, 0.50),
    # one slot for twenty families, for ten, for five, for three
    "access": (0.05, 0.10, 0.20, 0.33),
    "saturation": (0.50, 0.75, 0.90, 1.00),
    # none, a few, about a group that one home visitor sees, more
    "slots_added": (1.0, 5.0, 10.0, 20.0),
    "preterm": (0.08, 0.10, 0.12, 0.15),
    "low_birthweight": (0.06, 0.08, 0.10, 0.13),
    "very_low_birthweight": (0.010, 0.015, 0.020, 0.030),
    "poverty": (0.05, 0.10, 0.20, 0.30),
}
#: Round numbers that quantile limits are drawn to.
_ROUND: Final = (1, 2, 5)


@dataclass(frozen=True)
class Classes:
    """Classes from low to high: ``len(colours) == len(labels) == len(edges) + 1``.

    A value falls in the class above the last edge that it reaches. ``meanings`` says in words what a
    class stands for, where it stands for something.
    """

    edges: tuple[float, ...]
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    meanings: tuple[str, ...]

    def of(self, value: float) -> int:
        """The number of the class a value falls in, from 0."""
        return bisect_right(self.edges, value)

    def colour(self, value: float | None) -> str:
        """The fill of a value; of no value where it is ``None``."""
        return NO_VALUE if value is None else self.colours[self.of(value)]


def classes(measure_id: str, values: Sequence[float]) -> Classes:
    """Classes for a measure and the values on the map: fixed limits where they mean something.

    Otherwise up to five classes of about equal size, at round numbers; a class of its own below zero.
    """
    edges = FIXED.get(measure_id) or _round_quantiles(values)
    entry = measure(measure_id)
    negative = min(values, default=0) < 0
    if negative:
        edges = (0.0, *(edge for edge in edges if edge > 0))[: len(SEQUENCE)]
    steps = len(edges) + 1
    one_hue = (BELOW_ZERO, *_spread(steps - 1)) if negative else _spread(steps)
    colours = KINDS.get(measure_id, one_hue)[:steps]
    labels = tuple(_label(entry.id, edges, step) for step in range(steps))
    meanings = tuple(_meaning(measure_id, step) for step in range(steps))
    return Classes(tuple(edges), labels, tuple(colours), meanings)


def _spread(steps: int) -> tuple[str, ...]:
    """``steps`` colours spread over the whole sequence."""
    if steps <= 1:
        return SEQUENCE[2:3]
    last = len(SEQUENCE) - 1
    return tuple(SEQUENCE[round(step * last / (steps - 1))] for step in range(steps))


def _round_quantiles(values: Sequence[float]) -> tuple[float, ...]:
    positive = sorted(value for value in values if value > 0)
    if len(positive) < 2:
        return ()
    cuts = [positive[int(len(positive) * share)] for share in (0.2, 0.4, 0.6, 0.8)]
    return tuple(sorted({_rounded(cut) for cut in cuts}))


def _rounded(value: float) -> float:
    """The round number nearest to ``value`` (1, 2 or 5 times a power of ten)."""
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 1.0
    choices = [step * power * scale for step in _ROUND for scale in (1, 10)]
    best = min(choices, key=lambda choice: abs(choice - value))
    return float(round(best)) if value >= 1 else 1.0


def _label(measure_id: str, edges: Sequence[float], step: int) -> str:
    entry = measure(measure_id)
    if word(measure_id, step):
        return word(measure_id, step)
    if not edges:
        return say("map.class.any")
    if step == 0:
        return say("map.class.below", edge=amount(entry, edges[0]))
    if step == len(edges):
        return say("map.class.from", edge=amount(entry, edges[-1]))
    return say("map.class.between", low=amount(entry, edges[step - 1]), high=amount(entry, edges[step]))


def _meaning(measure_id: str, step: int) -> str:
    key = f"map.meaning.{measure_id}.{step}"
    return say(key) if knows(key) else ""
