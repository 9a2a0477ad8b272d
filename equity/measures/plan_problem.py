"""What a planner is asked and what it answers: candidates and places, limits, the plan, the clash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from equity.measures._arrays import Array

Whole = NDArray[np.int64]
OPTIONS: Final = ("place", "program", "agency", "cost", "present")
INDICES: Final = ("place", "program", "agency", "county", "region")
SHARES: Final = ("share_black", "share_white")


@dataclass(frozen=True)
class PlanProblem:
    """Where slots could be added, and what each place has and needs.

    One row a candidate, that is a program in a place, shape (options,): ``place``, ``program`` and
    ``agency`` are numbers from 0; ``cost`` is dollars a slot and year; ``present`` is the slots the
    program has in that place now. One row a place, shape (places,): ``need`` is the households who could
    benefit; ``slots`` the slots of all programs there now, also of those that are not candidates;
    ``weight`` the good of reaching one unserved household (for the objective "deaths": deaths expected
    per household); ``county`` and ``region`` are numbers from 0; ``share_black`` and ``share_white`` are
    shares of the place's households, NaN where not known.

    Raises ValueError in a sentence that names the column where a value cannot be used.
    """

    place: Whole
    program: Whole
    agency: Whole
    cost: Array
    present: Array
    need: Array
    slots: Array
    weight: Array
    county: Whole
    region: Whole
    share_black: Array
    share_white: Array

    def __post_init__(self) -> None:
        for entry in fields(self):
            column = _column(entry.name, getattr(self, entry.name))
            object.__setattr__(self, entry.name, column)
        _check_lengths(self)
        _check_values(self)

    @property
    def offered(self) -> NDArray[np.bool_]:
        """Places that have a candidate, shape (places,)."""
        return np.bincount(self.place, minlength=len(self.need)) > 0

    def by_place(self, added: NDArray[np.generic]) -> Array:
        """Slots added by place, shape (places,), from slots added by candidate, shape (options,)."""
        weights = np.asarray(added, float)
        return np.asarray(np.bincount(self.place, weights=weights, minlength=len(self.need)), float)

    def reached(self, added: NDArray[np.generic]) -> Array:
        """Unserved households newly reached, shape (places,); below zero where families lose a slot."""
        unmet = self.need - self.slots
        return np.minimum(self.by_place(added), unmet) - np.minimum(unmet, 0.0)


@dataclass(frozen=True)
class PlanLimits:
    """What a plan must keep to.

    ``budget_slots`` and ``budget_dollars`` (a year): the most that may be added, at least one given;
    money of slots that move goes with them. ``movable``: share of a program's slots in a place that may
    go to another place of the same program, whose slots in all never fall. ``county_floor``: no county
    has fewer slots than now. ``region_share``: least share, by region, of the slots added. ``agency_cap``:
    most slots an agency may add. ``black_at_least_white``: after the plan, slots per household who could
    benefit are no fewer for Black than for white households, each place's slots shared as its households.
    ``place_cap``: a place is not given more slots than its need, rounded up; one that is over gets none.
    """

    budget_slots: int | None = None
    budget_dollars: float | None = None
    movable: float = 0.0
    county_floor: bool = True
    region_share: Mapping[int, float] = field(default_factory=dict)
    agency_cap: int | None = None
    black_at_least_white: bool = False
    place_cap: bool = True

    def __post_init__(self) -> None:
        if self.budget_slots is None and self.budget_dollars is None:
            raise ValueError("Give a budget: slots, dollars or both.")
        for name in ("budget_slots", "agency_cap"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0 and value == int(value)):
                raise ValueError(f"{name} must be a whole number of zero or more; it is {value}.")
        if self.budget_dollars is not None and not 0 <= self.budget_dollars < np.inf:
            raise ValueError(f"budget_dollars must be zero or more and finite; it is {self.budget_dollars}.")
        shares = {"movable": self.movable}
        shares |= {f"region_share of region {region}": share for region, share in self.region_share.items()}
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise ValueError(f"{name} must lie between 0 and 1; it is {share}.")


@dataclass(frozen=True)
class Plan:
    """Slots added by candidate, what they bring, and how far from the best it could be.

    ``added`` (options,): slots, below zero where they move away; ``reached`` (places,): unserved
    households newly reached; ``value``: households, deaths averted or the lowest coverage, by the
    objective; ``bound``: no plan under these limits has more; ``gap``: (bound - value) / value;
    ``coverage_after`` (places,): slots per household who could benefit, NaN without need; ``gap_after``
    (places,): need less slots; ``coverage_black``, ``coverage_white``: slots per household of the group,
    NaN where shares are not known; ``status``: "optimal", "time_limit" or "split"; ``binding``: names of
    the limits that hold the plan back, as in `InfeasiblePlan`.
    """

    added: Whole
    slots_used: int
    dollars_used: float
    reached: Array
    value: float
    bound: float
    gap: float
    coverage_after: Array
    gap_after: Array
    coverage_black: float
    coverage_white: float
    status: str
    binding: tuple[str, ...]
    objective: str


@dataclass(frozen=True)
class Stability:
    """How a plan changes when need (and weight) is drawn again; arrays have shape (places,).

    ``top``: share of draws in which the place is among the places that gain most; ``any``: share in which
    it gains; ``mean``, ``low``, ``high``: slots gained, their mean and the middle 95 % of draws;
    ``first``: places that gain most in the plan itself, most first; ``same_top``: share of draws in which
    the same places gain most; ``draws``: draws with a plan; ``clashed``: draws in which limits clash.
    """

    top: Array
    any: Array
    mean: Array
    low: Array
    high: Array
    first: tuple[int, ...]
    same_top: float
    draws: int
    clashed: int


class InfeasiblePlan(ValueError):  # noqa: N818  # it says what cannot be, not what went wrong
    """No plan keeps to all limits.

    ``limits``: a smallest set of limits that clash: without any one of them the others can be kept. Of
    "budget_slots", "budget_dollars", "movable", "county_floor", "region_share:i", "agency_cap",
    "black_at_least_white" and "place_cap". ``sentence``: "clash:" and the names, for a table of words.
    """

    def __init__(self, limits: tuple[str, ...]) -> None:
        super().__init__(f"No plan can keep to these limits together: {', '.join(limits)}.")
        self.limits = limits
        self.sentence = f"clash:{','.join(limits)}"


def _column(name: str, given: object) -> NDArray[np.generic]:
    values = np.asarray(given)
    if values.ndim != 1:
        raise ValueError(f"{name} must be one column of numbers; its shape is {values.shape}.")
    if name not in INDICES:
        return values.astype(np.float64)
    if not np.array_equal(values, np.floor(values)) or np.any(values < 0):
        raise ValueError(f"{name} must be whole numbers from 0.")
    return values.astype(np.int64)


def _check_lengths(problem: PlanProblem) -> None:
    columns = {entry.name: len(getattr(problem, entry.name)) for entry in fields(problem)}
    for names, of in ((OPTIONS, "candidate"), (tuple(n for n in columns if n not in OPTIONS), "place")):
        if len({columns[name] for name in names}) > 1:
            lengths = ", ".join(f"{name} {columns[name]}" for name in names)
            raise ValueError(f"Give one number for every {of} in each column; there are {lengths}.")
    if not columns["place"]:
        raise ValueError("There are no candidates: give at least one program in one place.")
    if problem.place.max() >= columns["need"]:
        raise ValueError(f"place must be below {columns['need']}, the number of places.")


def _check_values(problem: PlanProblem) -> None:
    if not np.all(np.isfinite(problem.cost) & (problem.cost > 0)):
        raise ValueError("cost must be dollars above zero for every candidate.")
    for name in ("present", "need", "slots", "weight"):
        values = getattr(problem, name)
        if not np.all(np.isfinite(values) & (values >= 0)):
            raise ValueError(f"{name} must be known, finite and zero or more in every row.")
    if not np.array_equal(problem.present, np.floor(problem.present)):
        raise ValueError("present must be whole slots.")
    for name in SHARES:
        values = getattr(problem, name)
        if np.any((values < 0) | (values > 1) | np.isinf(values)):
            raise ValueError(f"{name} must lie between 0 and 1, or be NaN where it is not known.")
    over = problem.by_place(problem.present) - problem.slots
    if (place := int(over.argmax())) >= 0 and over[place] > 1e-6:
        raise ValueError(
            f"Place {place} has {problem.slots[place]:g} slots in all, but its candidates have "
            f"{over[place] + problem.slots[place]:g} now: slots must count every program."
        )
