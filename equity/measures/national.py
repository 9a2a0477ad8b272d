"""The planner at the size of a nation: tens of thousands of places, budgets, floors by county or state."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide, read_counts
from equity.measures._large import Large, check_floors, highest, most
from equity.measures._plan_search import check_objective, relative
from equity.measures.plan_problem import Whole


@dataclass(frozen=True)
class LargePlan:
    """Slots added by place, what they bring, and how far from the best it could be.

    ``added``, ``reached``, ``coverage_after`` (places,) and ``value``, ``bound``, ``gap`` as in
    `plan_problem.Plan`; ``binding``: the budgets that are used up.
    """

    added: Whole
    slots_used: int
    dollars_used: float
    reached: Array
    coverage_after: Array
    value: float
    bound: float
    gap: float
    binding: tuple[str, ...]
    objective: str


@dataclass(frozen=True)
class LargeProblem:
    """A nation of places: columns of shape (places,), or one number for all.

    ``need``: households who could benefit; ``slots``: slots now; ``cost``: dollars a slot and year there;
    ``weight``: good of reaching one unserved household; ``group``: number of the place's county or state.
    """

    need: ArrayLike
    slots: ArrayLike
    cost: ArrayLike = 1.0
    weight: ArrayLike = 1.0
    group: ArrayLike = 0


def plan_large(
    problem: LargeProblem,
    budget_slots: float | None = None,
    budget_dollars: float | None = None,
    floor: ArrayLike = 0.0,
    objective: str = "reach",
) -> LargePlan:
    """Share out slots over a nation, within seconds.

    Parameters
    ----------
    problem : LargeProblem
        Columns of shape (places,).
    budget_slots, budget_dollars : float, optional
        The most that is added, at least one given.
    floor : array_like, shape (groups,)
        Least slots added in each group.
    objective : {"reach", "deaths", "worst"}
        As for `planner.plan`. No place is given more slots than its need, rounded up.

    Returns
    -------
    LargePlan
        Raises InfeasiblePlan where floors ask too much. Source: "reach" and "deaths" by linear programme
        (Dantzig 1951), rounded and repaired, its optimum the bound; "worst" by bisection, exact.

    Examples
    --------
    >>> plan_large(LargeProblem([9, 6, 3], [0, 0, 0], group=[0, 0, 1]), 8, floor=[0, 2]).added.tolist()
    [6, 0, 2]
    """
    check_objective(objective)
    need, slots, large = _read(problem, budget_slots, budget_dollars, floor, objective)
    check_floors(large)
    least, bound = highest(large, need, slots) if objective == "worst" else (np.zeros_like(need), np.nan)
    added, ideal = most(large, least)
    return _described(need, slots, large, added, ideal if objective != "worst" else bound, objective)


def _read(
    problem: LargeProblem,
    budget_slots: float | None,
    budget_dollars: float | None,
    floor: ArrayLike,
    objective: str,
) -> tuple[Array, Array, Large]:
    if budget_slots is None and budget_dollars is None:
        raise ValueError("Give a budget: slots, dollars or both.")
    columns = {entry.name: getattr(problem, entry.name) for entry in fields(problem)}
    need, slots, cost, weight, group = read_counts(**columns)
    if need.ndim != 1 or not need.size or not all(np.isfinite(x).all() for x in (need, slots, cost, weight)):
        raise ValueError("Give a known need, slots, cost and weight for every place, and at least one place.")
    if not (cost > 0).all() or not np.array_equal(group, np.floor(group)):
        raise ValueError("cost must be dollars above zero, and group whole numbers from 0, for every place.")
    label = group.astype(np.int64)
    floors = _floors(floor, int(label.max()) + 1)
    limits = [np.inf if limit is None else float(limit) for limit in (budget_slots, budget_dollars)]
    if not all(limit >= 0 for limit in limits):
        raise ValueError("budgets must be zero or more.")
    good = weight if objective == "deaths" else np.ones_like(weight)
    unmet = np.maximum(need - slots, 0.0)
    return need, slots, Large(unmet, good, cost, label, floors, np.floor(limits[0]), limits[1])


def _floors(floor: ArrayLike, groups: int) -> Array:
    (least,) = read_counts(floor=floor)
    if least.ndim > 1 or 1 < least.size < groups:
        raise ValueError(f"floor must be one number for each group, 0 to {groups - 1}, or one for all.")
    if not np.array_equal(least, np.floor(least)):
        raise ValueError("floor must be whole slots.")
    return np.broadcast_to(least, (max(groups, least.size),))


def _described(
    need: Array, slots: Array, large: Large, added: Array, bound: float, objective: str
) -> LargePlan:
    reached = np.minimum(added, large.unmet)
    after = divide(slots + added, need)
    lowest = min(float(np.nanmin(after, initial=1.0)), 1.0)
    value = lowest if objective == "worst" else float(large.good @ reached)
    used = {
        "budget_slots": added.sum() >= large.slots,
        "budget_dollars": large.dollars - large.cost @ added < large.cost.min(),
    }
    return LargePlan(
        added=added.astype(np.int64),
        slots_used=int(added.sum()),
        dollars_used=float(large.cost @ added),
        reached=reached,
        coverage_after=after,
        value=value,
        bound=max(bound, value),
        gap=relative(value, bound),
        binding=tuple(name for name, binds in used.items() if binds),
        objective=objective,
    )
