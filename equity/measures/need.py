"""Families who could benefit from home visiting, by a stated rule of thumb.

No public table counts them below the state. The National Home Visiting Resource Center (NHVRC) prints,
for each state, the share of families with young children who meet at least one of its priority marks.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Share of Missouri families with at least one NHVRC priority mark. NHVRC state profile Missouri, 2024.
MISSOURI_PRIORITY_SHARE: Final = 0.44
#: No place is taken to have more than this share: the rule is a proportion, not a licence to extrapolate.
LARGEST_SHARE: Final = 0.95


def priority_share(
    child_poverty: ArrayLike, state_child_poverty: float, poverty: ArrayLike, county_poverty: ArrayLike
) -> NDArray[np.float64]:
    """Share of families with at least one priority mark, by place.

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
    return np.clip(MISSOURI_PRIORITY_SHARE * county * within, 0, LARGEST_SHARE)


def families_who_could_benefit(births: ArrayLike, years: ArrayLike, share: ArrayLike) -> NDArray[np.float64]:
    """Families a year: mean births a year times ``share``. Shapes (n,); births over ``years`` years.

    >>> families_who_could_benefit([700], [7], [0.5]).tolist()
    [50.0]
    """
    return np.asarray(births, float) / np.asarray(years, float) * np.asarray(share, float)
