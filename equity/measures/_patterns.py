"""Patterns of points on a control chart, and where they are found.

Points run along the last axis. NaN matches nothing, so that a point that is not known breaks every pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from equity.measures._arrays import Array

Signs = NDArray[np.int8]
Flags = NDArray[np.bool_]
#: Which points of (values, distance from the centre, sigma) match a pattern upward, and which downward.
Match = Callable[[Array, Array, Array], tuple[Flags, Flags]]


@dataclass(frozen=True)
class Rule:
    """A pattern of ``needed`` matching points among ``size`` in a row.

    ``steps`` is 1 where the match is about a point and the one before it, so that it takes one match fewer;
    ``together`` asks that all points of the pattern lie on the same side; ``sided`` says that it has a side.
    """

    size: int
    needed: int
    match: Match
    steps: int = 0
    together: bool = False
    sided: bool = True


def _beyond(low: float, high: float = np.inf) -> Match:
    """More than ``low`` and at most ``high`` sigma from the centre, on one side."""

    def match(_: Array, distance: Array, sigma: Array) -> tuple[Flags, Flags]:
        # a shift asks for a side only, also where sigma is not known
        least = low * sigma if low else np.zeros(())
        inside = np.abs(distance) <= high * sigma if np.isfinite(high) else np.True_
        return (distance > least) & inside, (distance < -least) & inside

    return match


def _steps(values: Array, _: Array, __: Array) -> tuple[Flags, Flags]:
    step = np.diff(values, axis=-1, prepend=np.nan)
    return step > 0, step < 0


def _turns(values: Array, _: Array, __: Array) -> tuple[Flags, Flags]:
    """Steps up at every second point, counted from either."""
    up, down = _steps(values, values, values)
    even = np.arange(values.shape[-1]) % 2 == 0
    return np.where(even, up, down), np.where(even, down, up)


def _within(_: Array, distance: Array, sigma: Array) -> tuple[Flags, Flags]:
    return np.abs(distance) < sigma, np.zeros(distance.shape, bool)


def _outside(_: Array, distance: Array, sigma: Array) -> tuple[Flags, Flags]:
    return np.abs(distance) > sigma, np.zeros(distance.shape, bool)


_LIMIT, _TWO_OF_THREE, _FOUR_OF_FIVE = Rule(1, 1, _beyond(3)), Rule(3, 2, _beyond(2)), Rule(5, 4, _beyond(1))
#: The rules of each set by name.
RULE_SETS: Final[Mapping[str, Mapping[str, Rule]]] = {
    "nhs": {
        "limit": _LIMIT,
        "shift": Rule(7, 7, _beyond(0)),
        "trend": Rule(7, 6, _steps, steps=1),
        "two_of_three": Rule(3, 2, _beyond(2, 3), together=True),
    },
    "nelson": {
        "limit": _LIMIT,
        "shift": Rule(9, 9, _beyond(0)),
        "trend": Rule(6, 5, _steps, steps=1),
        "alternating": Rule(14, 13, _turns, steps=1, sided=False),
        "two_of_three": _TWO_OF_THREE,
        "four_of_five": _FOUR_OF_FIVE,
        "within": Rule(15, 15, _within, sided=False),
        "outside": Rule(8, 8, _outside, sided=False),
    },
    "western_electric": {
        "limit": _LIMIT,
        "two_of_three": _TWO_OF_THREE,
        "four_of_five": _FOUR_OF_FIVE,
        "shift": Rule(8, 8, _beyond(0)),
    },
}


def find_pattern(rule: Rule, values: Array, distance: Array, sigma: Array) -> tuple[Signs, Flags]:
    """Signals at the points that complete a pattern, and every point that belongs to one."""
    signals, members = np.zeros(values.shape, np.int8), np.zeros(values.shape, bool)
    span = rule.size - rule.steps
    for side, match in zip((1, -1), rule.match(values, distance, sigma), strict=True):
        complete = _windows(match, span).sum(-1) >= rule.needed
        if rule.together:
            complete &= _windows(side * distance > 0, span).all(-1)
        complete[..., : rule.size - 1] = False  # no pattern is complete before its full number of points
        signals[complete] = side if rule.sided else 1
        ahead = _windows(complete[..., ::-1], rule.size).any(-1)
        ahead = np.flip(ahead, axis=-1)
        members |= ahead & match if rule.needed < span else ahead
    return signals, members


def _windows(flags: Flags, size: int) -> Flags:
    """The last ``size`` flags up to each point; there are none before the first."""
    before = [(0, 0)] * (flags.ndim - 1) + [(size - 1, 0)]
    return sliding_window_view(np.pad(flags, before), size, axis=-1)
