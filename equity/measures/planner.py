"""The planner: where further slots would do the most, under a funder's limits, proven to be the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide
from equity.measures._milp import group_coverage
from equity.measures._plan_search import OBJECTIVES, best, check_objective, lowest_coverage, relative
from equity.measures.apportion import largest_remainder
from equity.measures.plan_problem import InfeasiblePlan, Plan, PlanLimits, PlanProblem, Stability

__all__ = [
    "OBJECTIVES",
    "InfeasiblePlan",
    "Plan",
    "PlanLimits",
    "PlanProblem",
    "Stability",
    "plan",
    "split_by_need_population",
    "stability",
]

#: Told the draws done and all draws.
Progress = Callable[[int, int], None]
#: Seconds after which the search ends with the best plan so far.
SECONDS: Final = 10.0
#: The search ends when no plan can be better by more than this share.
GAP: Final = 0.001


def plan(
    problem: PlanProblem,
    limits: PlanLimits,
    objective: str,
    *,
    time_limit: float = SECONDS,
    gap: float = GAP,
) -> Plan:
    """Slots to add, by program and place, so that they do the most under all limits.

    Parameters
    ----------
    problem, limits : PlanProblem, PlanLimits
        Candidates (options,) and places (places,); what the plan must keep to.
    objective : {"reach", "deaths", "worst"}
        Most unserved households newly reached; the same, each times its place's weight; or the lowest
        share of need covered, of places with candidates, as high as can be, and then the most reached.
    time_limit, gap : float
        About the seconds after which the best plan so far is returned; the relative distance to the bound
        at which the search ends. Among plans of equal good: fewest moves, then fewest dollars.

    Returns
    -------
    Plan
        Raises InfeasiblePlan where limits clash. Source: maximal covering with capacities, as an integer
        programme (Church and ReVelle 1974, Papers of the Regional Science Association 32:101).

    Examples
    --------
    >>> two = [0.0, 0.0]
    >>> ask = PlanProblem([0, 1], [0, 0], [0, 0], [10, 20], two, [5, 3], two, [1, 1], two, two, two, two)
    >>> plan(ask, PlanLimits(budget_slots=6), "reach").added.tolist()
    [5, 1]
    """
    found = best(problem, limits, objective, time_limit, gap)
    binding = found.search.binding(found.added, found.level)
    status = "time_limit" if found.timed_out else "optimal"
    return _described(problem, objective, found.added, (found.value, found.bound), status, binding)


def split_by_need_population(
    problem: PlanProblem, limits: PlanLimits, weight: ArrayLike, objective: str = "reach"
) -> Plan:
    """Split the budget plainly, in proportion to births or people, for comparison with a plan.

    Parameters
    ----------
    problem, limits : PlanProblem, PlanLimits
        Candidates and places; of the limits only the budgets are kept to.
    weight : array_like, shape (places,)
        Births, people or households. Places without a candidate get nothing.
    objective : {"reach", "deaths", "worst"}
        What ``value`` counts.

    Returns
    -------
    Plan
        Of status "split", without a bound. Slots go to a place's cheapest program, whole by largest
        remainder; under a budget of dollars as many as they buy. Source: Hamilton 1792.

    Examples
    --------
    >>> two = [0.0, 0.0]
    >>> ask = PlanProblem([0, 1], [0, 0], [0, 0], [10, 20], two, [5, 3], two, [1, 1], two, two, two, two)
    >>> split_by_need_population(ask, PlanLimits(budget_dollars=95), [100, 100]).added.tolist()
    [3, 3]
    """
    check_objective(objective)
    shares = np.asarray(weight, float)
    if shares.shape != problem.need.shape or not np.all(np.isfinite(shares) & (shares >= 0)):
        raise ValueError("weight must be one known number of zero or more for every place.")
    added = _split(problem, limits, shares)
    good = problem.weight if objective == "deaths" else np.ones_like(problem.weight)
    reach = float(good @ problem.reached(added))
    value = lowest_coverage(problem, added) if objective == "worst" else reach
    return _described(problem, objective, added, (value, np.nan), "split", ())


def stability(
    problem: PlanProblem,
    limits: PlanLimits,
    objective: str,
    need_draws: ArrayLike,
    weight_draws: ArrayLike | None = None,
    top: int = 5,
    progress: Progress | None = None,
    gap: float = GAP,
) -> Stability:
    """How often the same places gain when need is drawn again from its uncertainty.

    Parameters
    ----------
    problem, limits, objective, gap : as for `plan`; the gap is that of the draws
    need_draws, weight_draws : array_like, shape (draws, places)
        Plausible needs (households) and weights; without the latter the problem's.
    top, progress
        How many places count as those that gain most, equals in the order of places; what is called
        after each draw with the draws done and all draws.

    Returns
    -------
    Stability
        Source: Monte Carlo, one plan a draw.

    Examples
    --------
    >>> two = [0.0, 0.0]
    >>> ask = PlanProblem([0, 1], [0, 0], [0, 0], [10, 20], two, [5, 3], two, [1, 1], two, two, two, two)
    >>> stability(ask, PlanLimits(budget_slots=6), "reach", [[5, 3], [2, 9]], top=1).top.tolist()
    [0.5, 0.5]
    """
    draws = _drawn(problem, need_draws, weight_draws)
    first = _gained(problem, limits, objective, GAP)
    gained: list[Array] = []
    for done, drawn in enumerate(draws, start=1):
        gained += _gained_if_any(drawn, limits, objective, gap)
        (progress or _silent)(done, len(draws))
    return _summary(first, gained, len(draws), top)


def _split(problem: PlanProblem, limits: PlanLimits, weight: Array) -> Array:
    """Slots by candidate: the most that the budgets buy when split by weight."""
    order = np.lexsort((problem.cost, problem.place))
    places, start = np.unique(problem.place[order], return_index=True)
    cheapest = order[start]
    cost, share = problem.cost[cheapest], weight[places]

    def split(slots: int) -> Array:
        return largest_remainder(np.full(len(places), slots), share, np.zeros(len(places)))

    money = np.inf if limits.budget_dollars is None else limits.budget_dollars
    affordable = np.floor(money / cost.min())
    low, high = (
        0,
        int(min(affordable, affordable if limits.budget_slots is None else limits.budget_slots)) + 1,
    )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if cost @ split(middle) <= money else (low, middle)
    added = np.zeros(len(problem.place))
    added[cheapest] = split(low)
    return added


def _drawn(problem: PlanProblem, need: ArrayLike, weight: ArrayLike | None) -> list[PlanProblem]:
    """The problem with each draw; raises ValueError where a draw cannot be used."""
    needs = np.asarray(need, float)
    weights = np.broadcast_to(problem.weight, needs.shape) if weight is None else np.asarray(weight, float)
    if needs.ndim != 2 or needs.shape[1] != len(problem.need) or weights.shape != needs.shape:
        raise ValueError(
            f"need_draws and weight_draws must have shape (draws, {len(problem.need)}); "
            f"they have {needs.shape} and {weights.shape}."
        )
    if not len(needs):
        raise ValueError("need_draws must hold at least one draw.")
    return [replace(problem, need=n, weight=w) for n, w in zip(needs, weights, strict=True)]


def _gained(problem: PlanProblem, limits: PlanLimits, objective: str, gap: float) -> Array:
    return problem.by_place(best(problem, limits, objective, SECONDS, gap).added)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _gained_if_any(problem: PlanProblem, limits: PlanLimits, objective: str, gap: float) -> list[Array]:
    try:
        return [_gained(problem, limits, objective, gap)]
    except InfeasiblePlan:
        return []


def _most(gained: Array, top: int) -> tuple[int, ...]:
    order = np.argsort(-gained, kind="stable")[:top]
    return tuple(int(place) for place in order if gained[place] > 0)


def _summary(first: Array, plans: list[Array], draws: int, top: int) -> Stability:
    places, nothing = len(first), np.full(len(first), np.nan)
    gained = np.array(plans).reshape(-1, places)
    tops = [_most(row, top) for row in gained]
    among = np.array([np.isin(np.arange(places), found) for found in tops]).reshape(-1, places)
    same = [set(found) == set(_most(first, top)) for found in tops]
    low, high = np.percentile(gained, [2.5, 97.5], axis=0) if tops else (nothing, nothing)
    return Stability(
        top=among.mean(0) if tops else nothing,
        any=(gained > 0).mean(0) if tops else nothing,
        mean=gained.mean(0) if tops else nothing,
        low=low,
        high=high,
        first=_most(first, top),
        same_top=float(np.mean(same)) if tops else np.nan,
        draws=len(tops),
        clashed=draws - len(tops),
    )


def _described(
    problem: PlanProblem,
    objective: str,
    added: Array,
    worth: tuple[float, float],
    status: str,
    binding: tuple[str, ...],
) -> Plan:
    value, bound = worth
    after = problem.slots + problem.by_place(added)
    black, white = group_coverage(problem, added)
    return Plan(
        added=added.astype(np.int64),
        slots_used=int(added.sum()),
        dollars_used=float(problem.cost @ added),
        reached=problem.reached(added),
        value=value,
        bound=bound,
        gap=relative(value, bound),
        coverage_after=divide(after, problem.need),
        gap_after=problem.need - after,
        coverage_black=black,
        coverage_white=white,
        status=status,
        binding=binding,
        objective=objective,
    )
