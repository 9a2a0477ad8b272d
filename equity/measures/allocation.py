"""Where a number of further slots would do the most, under floors and caps: one budget, exact and fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._arrays import Array, divide, read_counts

OBJECTIVES: Final = ("benefit", "reach", "max_min")


@dataclass(frozen=True)
class Allocation:
    """Slots added by place, what they bring, and which limits hold it back.

    ``value``: the objective (benefit, households newly reached, or smallest coverage); ``bound``: what it
    could be if slots were divisible, never below ``value``; ``binding``: "slots" where all are used,
    "floor:i" and "cap:i" for the places (numbered from 0) whose limit is met.
    """

    added: NDArray[np.int64]
    value: float
    bound: float
    binding: tuple[str, ...]
    objective: str


def allocate(
    current: ArrayLike,
    eligible: ArrayLike,
    benefit: ArrayLike,
    cap: ArrayLike,
    slots: int,
    floor: ArrayLike | None = None,
    objective: str = "benefit",
) -> Allocation:
    """Share out further slots over places; at most ``slots`` are used.

    Parameters
    ----------
    current, eligible, benefit, cap : array_like, shape (places,)
        Slots now, households who could benefit, good that one slot does there (any unit), and the most
        slots the place can hold in all.
    slots : int
        Slots to share out.
    floor : array_like, optional
        Smallest share of the eligible to be covered, one for all places or by place.
    objective : {"benefit", "reach", "max_min"}
        Most benefit; most households reached; or the lowest coverage raised first, then the next.

    Returns
    -------
    Allocation
        ``.added .value .bound .binding``. Source: one budget with bounds is solved exactly by taking the
        best slot first (Dantzig 1957, Operations Research 5:266); Luss 1999 for the lowest first.

    Examples
    --------
    >>> allocate([20, 15], [120, 90], [2.0, 1.4], [70, 60], 60).added.tolist()
    [50, 10]
    """
    now, homes, good, most = read_counts(current=current, eligible=eligible, benefit=benefit, cap=cap)
    _check(now, good, slots, objective)
    reach = objective == "reach"
    room = np.maximum((np.minimum(most, homes) if reach else most) - now, 0.0)
    least = np.maximum(np.asarray(0.0 if floor is None else floor, float) * homes - now, 0.0)
    return _solve(_Problem(now, homes, good**0 if reach else good, good), objective, least, room, slots)


def _solve(problem: _Problem, objective: str, least: Array, room: Array, slots: int) -> Allocation:
    # a hair less, so that a floor that is met exactly does not ask for one slot more
    whole_least, whole_room = np.ceil(least - 1e-9), np.floor(room)
    _check_floors(whole_least, whole_room, slots)
    added = problem.solve(objective, whole_least, whole_room, slots, whole_slots=True)
    ideal = problem.solve(objective, np.minimum(least, room), room, slots, whole_slots=False)
    value, bound = (problem.value(objective, x) for x in (added, ideal))
    binding = _binding(added, whole_least, whole_room, slots)
    return Allocation(added.astype(np.int64), value, max(value, bound), binding, objective)


def _check(now: Array, good: Array, slots: int, objective: str) -> None:
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {', '.join(OBJECTIVES)}; it is {objective!r}.")
    if now.ndim != 1 or now.size == 0:
        raise ValueError("Give one number for every place, and at least one place.")
    if np.isnan(good).any():
        raise ValueError("The benefit of a slot is not known in every place.")
    if slots < 0 or slots != int(slots):
        raise ValueError(f"slots must be a whole number of zero or more; it is {slots}.")


def _check_floors(least: Array, room: Array, slots: int) -> None:
    if not np.isfinite(least + room).all():
        raise ValueError("A place's slots, eligible households or cap are not known.")
    if len(short := np.flatnonzero(least > room)):
        place = int(short[0])
        raise ValueError(
            f"Place {place} needs {least[place]:.0f} more slots for its floor but has room for "
            f"{room[place]:.0f}: lower the floor or raise the cap there."
        )
    if (needed := int(least.sum())) > slots:
        raise ValueError(
            f"The floors need {needed} slots and {slots} are offered: "
            f"lower the floor or offer {needed - slots} more."
        )


def _binding(added: Array, least: Array, room: Array, slots: int) -> tuple[str, ...]:
    found = ["slots"] if added.sum() == slots else []
    found += [f"floor:{place}" for place in np.flatnonzero((least > 0) & (added == least))]
    return (*found, *(f"cap:{place}" for place in np.flatnonzero((room > 0) & (added == room))))


@dataclass(frozen=True)
class _Problem:
    now: Array
    homes: Array
    good: Array
    second: Array

    def value(self, objective: str, added: Array) -> float:
        if objective != "max_min":
            return float((self.good * added).sum())
        some = self.homes > 0
        return float(divide(self.now + added, self.homes)[some].min()) if some.any() else 0.0

    def solve(self, objective: str, least: Array, room: Array, slots: int, whole_slots: bool) -> Array:
        if objective == "max_min":
            return self._lowest_first(least, room, slots, whole_slots)
        return self._best_first(least, room, slots)

    def _best_first(self, least: Array, room: Array, slots: int) -> Array:
        order = np.lexsort((-self.second, -self.good))
        useful = np.where(self.good[order] > 0, (room - least)[order], 0.0)
        left = slots - least.sum()
        taken = np.clip(left - (useful.cumsum() - useful), 0.0, useful)
        added = least.copy()
        added[order] += taken
        return added

    def _lowest_first(self, least: Array, room: Array, slots: int, whole_slots: bool) -> Array:
        """Fill every place to one level of coverage, as far as floors and caps let it."""
        room = np.where(self.homes > 0, room, least)
        budget = min(float(slots), room.sum())
        low, high = 0.0, float(divide(self.now + room, self.homes, empty=0.0).max()) + 1
        for _ in range(100):
            level = (low + high) / 2
            fits = self._fill(level, least, room, whole_slots).sum() <= budget
            low, high = (level, high) if fits else (low, level)
        added = self._fill(low, least, room, whole_slots)
        if whole_slots:
            # places that stand at the same level: one slot each, the lowest coverage first
            after = np.where(added < room, divide(self.now + added, self.homes, empty=np.inf), np.inf)
            added[np.argsort(after, kind="stable")[: round(budget - added.sum())]] += 1
        return added

    def _fill(self, level: float, least: Array, room: Array, whole_slots: bool) -> Array:
        wanted = level * self.homes - self.now
        return np.clip(np.ceil(wanted) if whole_slots else wanted, least, room)
