"""Search of the best plan: most good, the highest lowest coverage, what clashes and what holds back."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, NoReturn

import numpy as np

from equity.measures._arrays import Array
from equity.measures._milp import HAIR, Answer, Model, groups, solve
from equity.measures.plan_problem import InfeasiblePlan, PlanLimits, PlanProblem

OBJECTIVES: Final = ("reach", "deaths", "worst")
#: Limits that can be used up; the others are rules.
AMOUNTS: Final = ("budget_slots", "budget_dollars", "agency_cap")
#: Rules that say nothing while no slot moves.
MOVING: Final = ("movable", "county_floor")
#: Relative difference below which two optima are the same.
SAME: Final = 1e-6


@dataclass(frozen=True)
class Found:
    """Slots added by candidate, the best value still possible, and whether the time ran out."""

    added: Array
    bound: float
    timed_out: bool


@dataclass(frozen=True)
class Best:
    """The plan found: slots added by candidate, its value and bound, and the level that was held to."""

    added: Array
    value: float
    bound: float
    timed_out: bool
    level: float | None
    search: Search


def best(problem: PlanProblem, limits: PlanLimits, objective: str, seconds: float, gap: float) -> Best:
    """The best plan by "reach", "deaths" or "worst"; raises InfeasiblePlan where limits clash."""
    check_objective(objective)
    _check_regions(problem, limits)
    weighed = problem if objective == "deaths" else replace(problem, weight=np.ones_like(problem.weight))
    search = Search(weighed, limits, seconds, gap)
    if objective != "worst":
        found = search.most()
        return Best(found.added, search.value(found.added), found.bound, found.timed_out, None, search)
    level, bound, late = search.highest()
    found = search.most(level)
    value = lowest_coverage(problem, found.added)
    return Best(found.added, value, max(bound, value), late or found.timed_out, level, search)


def lowest_coverage(problem: PlanProblem, added: Array) -> float:
    """Lowest share of need covered where there are candidates, at most 1."""
    some = problem.offered & (problem.need > 0)
    after = (problem.slots + problem.by_place(added))[some] / problem.need[some]
    return float(after.min(initial=1.0))


def check_objective(objective: str) -> None:
    """Raise ValueError for an objective that is not known."""
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {', '.join(OBJECTIVES)}; it is {objective!r}.")


def _check_regions(problem: PlanProblem, limits: PlanLimits) -> None:
    if unknown := sorted(set(limits.region_share) - set(problem.region.tolist())):
        raise ValueError(f"region_share names region {unknown[0]}, and no place belongs to it.")
    # no slots at all would keep to any shares, but nobody who asks for a plan means that
    largest = sorted(limits.region_share.items(), key=lambda entry: (-entry[1], entry[0]))
    asked = np.cumsum([share for _, share in largest])
    if len(asked) and asked[-1] > 1 + HAIR:
        needed = largest[: int((asked > 1 + HAIR).argmax()) + 1]
        raise InfeasiblePlan(tuple(f"region_share:{region}" for region, _ in needed))


class Search:
    """One problem under its limits, solved in a time."""

    def __init__(self, problem: PlanProblem, limits: PlanLimits, seconds: float, gap: float) -> None:
        self.model = Model(problem, limits)
        self.gap = gap
        self._least = seconds / 10
        self._end = time.monotonic() + seconds

    def _left(self) -> float:
        """Seconds for the next solution: what is left, and enough to end with a plan."""
        return max(self._end - time.monotonic(), self._least)

    def most(self, level: float | None = None) -> Found:
        """Most good; raises InfeasiblePlan where limits clash."""
        found, blur = self._solved(self.model.cost(), level), self.model.blur() * self.model.most_good
        bound = min(found.bound + blur, self.ideal(level))
        found = replace(found, bound=max(bound, self.value(found.added)))
        if found.timed_out or relative(self.value(found.added), found.bound) <= self.gap:
            return found
        plain = self._solved(self.model.good(), level)
        best = max(found, plain, key=lambda each: self.value(each.added))
        bound = max(min(found.bound, plain.bound), self.value(best.added))
        return Found(best.added, bound, plain.timed_out)

    def value(self, added: Array) -> float:
        """Good done by a plan."""
        problem = self.model.problem
        return float(problem.weight @ problem.reached(added))

    def ideal(self, level: float | None = None, without: Collection[str] = ()) -> float:
        """Most good if slots were divisible, without the named limits."""
        answer = solve(self.model, self.model.good(), level, without, whole=False)
        return np.inf if answer.columns is None else -answer.bound * self.model.most_good

    def highest(self) -> tuple[float, float, bool]:
        """Lowest share of need covered, raised as far as it can be; its bound; whether the time ran out."""
        levels = self._levels()
        # slots that can be divided are quick to place and seldom reach higher than whole ones
        _, impossible = self._climb(levels, 1 + len(levels) // 2, whole=False)
        low, proven = self._climb(levels[:impossible], 1, whole=True)
        return float(levels[low]), float(levels[proven - 1]), proven > low + 1

    def _climb(self, levels: Array, step: int, whole: bool) -> tuple[int, int]:
        """Number of the highest level found possible, and of the lowest proven not to be."""
        low, high, proven = 0, len(levels), len(levels)
        while high - low > 1:
            middle = max(high - step, (low + high) // 2)
            possible = self._possible(float(levels[middle]), whole=whole)
            low, high = (middle, high) if possible else (low, middle)
            proven = middle if possible is False else proven
            step *= 2
        return low, proven

    def _levels(self) -> Array:
        """Every share of its need that a place can have, up to all of it."""
        problem, sites = self.model.problem, self.model.sites
        away = self.model.members @ self.model.least(())
        found = [np.array([0.0, 1.0])]
        for need, slots, least in zip(problem.need[sites], problem.slots[sites], away, strict=True):
            if need > 0:
                found.append((slots + np.arange(least, max(np.ceil(need - slots), 0.0) + 1)) / need)
        every = np.unique(np.concatenate(found))
        return every[(every >= 0) & (every <= 1)]

    def _possible(
        self, level: float | None = None, without: Collection[str] = (), whole: bool = True
    ) -> bool | None:
        """Whether any plan keeps to the limits; None where the time did not suffice."""
        nothing = np.zeros(sum(self.model.widths()))
        answer = solve(self.model, nothing, level, without, whole=whole, seconds=self._left())
        return None if answer.columns is None and answer.timed_out else answer.columns is not None

    def _solved(self, cost: Array, level: float | None) -> Found:
        answer = self._answer(cost, level)
        if answer.columns is None:
            self._refuse(answer.timed_out)
        return Found(self._added(answer.columns), -answer.bound * self.model.most_good, answer.timed_out)

    def _answer(self, cost: Array, level: float | None, without: Collection[str] = ()) -> Answer:
        return solve(self.model, cost, level, without, seconds=self._left(), gap=0.9 * self.gap)

    def _added(self, columns: Array) -> Array:
        return np.asarray(np.round(columns[: self.model.widths()[0]]), float)

    def _refuse(self, timed_out: bool = False) -> NoReturn:
        if timed_out:
            raise TimeoutError("No plan was found in the time allowed; allow more.")
        raise InfeasiblePlan(self.clash())

    def clash(self) -> tuple[str, ...]:
        """A smallest set of limits that clash, by leaving out what is not needed for the clash.

        Source: deletion filter of Chinneck and Dravnieks 1991, ORSA Journal on Computing 3:157.
        """
        without: tuple[str, ...] = ()
        for name in self.model.names:
            if self._possible(without=(*without, name)) is False:
                without = (*without, name)
        return tuple(name for name in self.model.names if name not in without)

    def binding(self, added: Array, level: float | None = None) -> tuple[str, ...]:
        """Limits that hold the plan back: amounts used up, and rules without which it could be better."""
        rules = [name for name in self.model.names if name not in AMOUNTS]
        if not self.model.least(()).any():
            rules = [name for name in rules if name not in MOVING]
        value, ideal, higher = self.value(added), self.ideal(level), self._next(level)
        return (
            *(name for name in AMOUNTS if name in self.model.names and self._used_up(name, added)),
            *(name for name in rules if self._holds(name, level, value, ideal) or self._raises(name, higher)),
        )

    def _holds(self, name: str, level: float | None, value: float, ideal: float) -> bool:
        """Whether more good could be done without a rule."""
        hair = SAME * self.model.most_good
        without = self.ideal(level, (name,))
        if without > ideal * (1 + SAME) + hair:
            return True
        if level is not None or without <= value * (1 + max(self.gap, SAME)) + hair:
            return False
        # the plan falls short of divisible slots, which then cannot tell; where the lowest coverage comes
        # first, that it could be higher is told by whole slots, and this second good is not worth the wait
        answer = self._answer(self.model.good(), level, (name,))
        better = value if answer.columns is None else self.value(self._added(answer.columns))
        return better > value * (1 + SAME) + hair

    def _used_up(self, name: str, added: Array) -> bool:
        problem, limits = self.model.problem, self.model.limits
        if name == "budget_slots":
            return bool(added.sum() >= (limits.budget_slots or 0))
        if name == "budget_dollars":
            return bool((limits.budget_dollars or 0.0) - problem.cost @ added < problem.cost.min())
        return bool((groups(problem.agency) @ added >= (limits.agency_cap or 0)).any())

    def _next(self, level: float | None) -> float | None:
        """The next level above, if there is one."""
        higher = self._levels() if level is not None else np.empty(0)
        above = higher[higher > (level or 0.0) + HAIR]
        return float(above[0]) if len(above) else None

    def _raises(self, name: str, level: float | None) -> bool:
        return level is not None and bool(self._possible(level, (name,)))


def relative(value: float, bound: float) -> float:
    """How far below its bound a value lies, as a share of the value."""
    return max(bound - value, 0.0) / max(abs(value), HAIR) if bound > value else 0.0
