"""Families who could benefit from home visiting, by stated rules of thumb.

No public table counts them below the state. The National Home Visiting Resource Center (NHVRC) prints, for
each state, how many families with young children there are and the share of them with each of its priority
marks. A rule here takes births of a place, and Missouri's share scaled to the place's poverty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._limits import byar_limits

Array = NDArray[np.float64]

#: Share of Missouri families with at least one NHVRC priority mark. NHVRC state profile Missouri, 2024.
MISSOURI_PRIORITY_SHARE: Final = 0.44
#: No place is taken to have more than this share: the rule is a proportion, not a licence to extrapolate.
LARGEST_SHARE: Final = 0.95
#: Missouri families who are pregnant or have a child under six not yet in kindergarten. NHVRC, 2024.
MISSOURI_FAMILIES: Final = 326_400
#: Missouri births in a year: 493,276 in the seven years 2017-2023 (County Health Rankings, 2026).
MISSOURI_BIRTHS: Final = 493_276 / 7
#: Share of people whom the American Community Survey reaches in five years, and its design factor for
#: poverty: round numbers, taken to judge how far a ZIP code's poverty may be off where no margin is printed.
SURVEY_SHARE: Final = 0.075
DESIGN_FACTOR: Final = 1.5
#: Above this an error relative to the value means "not known"; more would only widen ranges without end.
LARGEST_ERROR: Final = 1.0
Z: Final = 1.959963984540054


@dataclass(frozen=True)
class NeedRule:
    """One way to say who could benefit.

    ``share``: Missouri's share of families who meet it (1: every family). ``under_six``: of all families
    with a child under six or pregnant, else of those with a birth in the year. ``follows_poverty``: whether
    the share is scaled by the place's poverty against Missouri's.
    """

    share: float
    under_six: bool
    follows_poverty: bool


#: The rules on offer, by the id of their measure; shares as NHVRC prints them for Missouri, 2024.
NEED_RULES: Final[Mapping[str, NeedRule]] = {
    "need": NeedRule(MISSOURI_PRIORITY_SHARE, under_six=False, follows_poverty=True),
    "need_newborn": NeedRule(1.0, under_six=False, follows_poverty=False),
    "need_under_six": NeedRule(1.0, under_six=True, follows_poverty=False),
    "need_one_mark": NeedRule(MISSOURI_PRIORITY_SHARE, under_six=True, follows_poverty=True),
    "need_two_marks": NeedRule(0.13, under_six=True, follows_poverty=True),
    "need_low_income": NeedRule(0.14, under_six=True, follows_poverty=True),
    "need_single_mother": NeedRule(0.21, under_six=True, follows_poverty=True),
    "need_no_diploma": NeedRule(0.04, under_six=True, follows_poverty=True),
    "need_under_21": NeedRule(0.02, under_six=True, follows_poverty=True),
}


def priority_share(
    child_poverty: ArrayLike,
    state_child_poverty: float,
    poverty: ArrayLike,
    county_poverty: ArrayLike,
    state_share: float = MISSOURI_PRIORITY_SHARE,
) -> Array:
    """Share of families with a mark of priority, by place.

    Missouri's share, scaled by the county's child poverty against Missouri's and by the ZIP code's
    poverty against its county's. All arguments are shares in [0, 1], arrays of shape (n,) or scalars; a
    place whose own poverty is not known takes its county's. Returns shares in [0, ``LARGEST_SHARE``].

    >>> priority_share([0.30], 0.15, [0.20], [0.20]).round(2).tolist()
    [0.88]
    """
    county = np.asarray(child_poverty, float) / state_child_poverty
    local, around = np.asarray(poverty, float), np.asarray(county_poverty, float)
    known = np.isfinite(local) & (around > 0)
    within = np.divide(local, around, out=np.ones(np.broadcast(local, around).shape), where=known)
    return np.clip(state_share * county * within, 0, LARGEST_SHARE)


def families_who_could_benefit(
    births: ArrayLike, years: ArrayLike, share: ArrayLike, under_six: bool = False
) -> Array:
    """Families: mean births a year times ``share``. Shapes (n,); births over ``years`` years.

    With ``under_six`` for all families with a child under six or pregnant, of whom Missouri has 4.63 for
    each birth in a year.

    >>> families_who_could_benefit([700], [7], [0.5]).tolist()
    [50.0]
    >>> families_who_could_benefit([700], [7], [1.0], under_six=True).round().tolist()
    [463.0]
    """
    for_each_birth = MISSOURI_FAMILIES / MISSOURI_BIRTHS if under_six else 1.0
    return np.asarray(births, float) / np.asarray(years, float) * for_each_birth * np.asarray(share, float)


def split_by_group(need: ArrayLike, births: ArrayLike, poverty: ArrayLike) -> Array:
    """Need of a place by group, in proportion to births times each group's poverty; adds up to ``need``.

    ``need`` (places,), ``births`` (places, groups), ``poverty`` (groups,), the state's shares of poor
    children. Returns (places, groups); zeros where nobody was born.

    >>> split_by_group([90], [[100, 100]], [0.30, 0.15]).tolist()
    [[60.0, 30.0]]
    """
    weight = np.asarray(births, float) * np.asarray(poverty, float)
    total = weight.sum(-1, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return np.asarray(need, float)[..., None] * share


def survey_error(poverty: ArrayLike, people: ArrayLike) -> Array:
    """Standard error of a ZIP code's poverty, relative to it, where the source prints no margin.

    Shapes (n,). The generalised form of the Census Bureau's survey: a share of a sample of
    ``SURVEY_SHARE``, its error times ``DESIGN_FACTOR``. Not above ``LARGEST_ERROR``, which also stands for
    what is not known.

    >>> survey_error([0.20], [10_000]).round(3).tolist()
    [0.105]
    """
    share, base = np.asarray(poverty, float), np.asarray(people, float)
    known = (share > 0) & (base > 0)
    odds = np.divide(1 - share, share * base, out=np.full(share.shape, np.inf), where=known)
    error = DESIGN_FACTOR * np.sqrt((1 - SURVEY_SHARE) / SURVEY_SHARE * np.maximum(odds, 0.0))
    return np.minimum(error, LARGEST_ERROR)


def need_limits(need: ArrayLike, births: ArrayLike, share_error: ArrayLike) -> tuple[Array, Array]:
    """95 % limits of a need: the chance of its births and the error of its share, joined on a log scale.

    Shapes (n,); ``share_error`` is relative (a standard error over the value). Births: Byar's limits. The two
    distances are squared and added (the method of variance estimates recovery: Zou and Donner 2008,
    Statistics in Medicine 27:1693). Missouri's own share is taken as given. Without births the lower limit
    is 0 and the upper one that of no births seen, where the need is known from elsewhere.

    >>> [limit.round(1).tolist() for limit in need_limits([95.0], [700], [0.0])]
    [[88.1], [102.3]]
    """
    value, seen, error = (np.asarray(x, float) for x in (need, births, share_error))
    low, high = byar_limits(seen, 0.95)
    some = (seen > 0) & (value > 0)
    base = np.where(some, seen, 1.0)
    down = np.hypot(np.log(base / np.where(some, low, 1.0)), Z * error)
    up = np.hypot(np.log(np.where(some, high, 1.0) / base), Z * error)
    return np.where(some, value * np.exp(-down), 0.0), np.where(some, value * np.exp(up), 0.0)


def reached_limits(
    share: ArrayLike,
    limits: tuple[ArrayLike, ArrayLike],
    need: ArrayLike,
    need_range: tuple[ArrayLike, ArrayLike],
) -> tuple[Array, Array]:
    """95 % limits of a coverage whose base is itself an estimate. Shapes (n,).

    ``limits`` are those with the need taken as given, ``need_range`` those of the need; joined as in
    `need_limits` (Donner and Zou 2012, Statistical Methods in Medical Research 21:347).

    >>> [x.round(3).tolist() for x in reached_limits([0.5], ([0.4], [0.6]), [100.0], ([100.0], [100.0]))]
    [[0.4], [0.6]]
    """
    value, base = np.asarray(share, float), np.asarray(need, float)
    low, high = (np.asarray(x, float) for x in limits)
    fewer, more = (np.asarray(x, float) for x in need_range)
    some = (value > 0) & (low > 0) & (fewer > 0) & (base > 0)
    v, b = np.where(some, value, 1.0), np.where(some, base, 1.0)
    down = np.hypot(np.log(v / np.where(some, low, 1.0)), np.log(np.where(some, more, 1.0) / b))
    up = np.hypot(np.log(np.where(some, high, 1.0) / v), np.log(b / np.where(some, fewer, 1.0)))
    return np.where(some, value * np.exp(-down), low), np.where(some, value * np.exp(up), high)
