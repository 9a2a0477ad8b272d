"""The planner as an integer programme: its columns, its named rows, and one call of the solver.

Columns: slots added by candidate (whole), households reached by place with a candidate, and slots moved
away by candidate, the last two continuous. Solver: HiGHS (Huangfu and Hall 2018, Mathematical Programming
Computation 10:119) as scipy calls it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from equity.measures._arrays import Array, divide
from equity.measures.plan_problem import PlanLimits, PlanProblem, Whole

#: Among plans of equal good: fewest moves, then fewest dollars, then the places of greatest unmet need.
#: Small beside a household, and large beside the solver's tolerance of 1e-7.
MOVES, DOLLARS, UNMET = 3e-5, 1e-5, 1e-6
#: A hair below a whole number still counts as the whole number.
HAIR: Final = 1e-9


class Rows(NamedTuple):
    """Rows of one limit (named) or of the plan itself (""): low <= matrix @ columns <= high."""

    name: str
    matrix: csr_array
    low: Array
    high: Array


class Answer(NamedTuple):
    """Columns found (None: none found), lowest cost still possible, and whether the time ran out."""

    columns: Array | None
    bound: float
    timed_out: bool


@dataclass(frozen=True)
class Model:
    """A problem and its limits as rows and columns; ``problem.weight`` is the good that is maximised."""

    problem: PlanProblem
    limits: PlanLimits

    @cached_property
    def sites(self) -> Whole:
        """Numbers of the places that have a candidate."""
        return np.flatnonzero(self.problem.offered)

    @cached_property
    def holders(self) -> Whole:
        """Numbers of the candidates that have slots now, which may move."""
        return np.flatnonzero(self.problem.present)

    @cached_property
    def unmet(self) -> Array:
        """Need less slots at the sites; below zero where there are more slots than need."""
        return (self.problem.need - self.problem.slots)[self.sites]

    @cached_property
    def members(self) -> csr_array:
        """Sites by candidates: 1 where the candidate is at the site."""
        return groups(np.searchsorted(self.sites, self.problem.place), len(self.sites))

    @cached_property
    def most_good(self) -> float:
        """The largest weight, by which the solver's objective is scaled."""
        return float(self.problem.weight[self.sites].max()) or 1.0

    def widths(self) -> tuple[int, int, int]:
        """Numbers of columns: added, reached, moved."""
        return len(self.problem.place), len(self.sites), len(self.holders)

    def cost(self) -> Array:
        """Cost of each column: the good done, less than zero, and what decides between equals."""
        options, sites, _ = self.widths()
        scaled = self.problem.cost / self.problem.cost.max()
        unmet = np.maximum(self.unmet, 0.0) / max(float(self.unmet.max()), 1.0)
        between = np.zeros(sum(self.widths()))
        between[:options] = DOLLARS * scaled - UNMET * self.members.T @ unmet
        between[options + sites :] = MOVES
        return self.good() + between

    def good(self) -> Array:
        """Cost of each column: the good done, less than zero."""
        options, _, moved = self.widths()
        reached = -self.problem.weight[self.sites] / self.most_good
        return np.concatenate([np.zeros(options), reached, np.zeros(moved)])

    def blur(self) -> float:
        """The most that deciding between equals can add to the cost of a plan."""
        away = -self.least(())
        limits, cost = self.limits, self.problem.cost
        slots = np.inf if limits.budget_slots is None else limits.budget_slots + away.sum()
        if limits.budget_dollars is not None:
            slots = min(slots, (limits.budget_dollars + away @ cost) / cost.min())
        return float(DOLLARS * slots + (MOVES + UNMET) * away.sum())

    def least(self, without: Collection[str]) -> Array:
        """Lower limit of each candidate's added slots: minus what may move away."""
        share = 1.0 if "movable" in without else self.limits.movable
        return -np.floor(share * self.problem.present + HAIR)

    def bounds(self, without: Collection[str]) -> tuple[Array, Array]:
        """Lowest and highest value of every column."""
        options, sites, moved = self.widths()
        least = self.least(without)
        low = np.concatenate([least, np.full(sites, -np.inf), np.zeros(moved)])
        high = np.concatenate([np.full(options, np.inf), np.maximum(self.unmet, 0.0), -least[self.holders]])
        return low, high

    @cached_property
    def rows(self) -> list[Rows]:
        """All rows: those of the plan, then those of every limit that is set, and those of a level last."""
        level = self._added("", self.members)
        return [*self._plan_rows(), *self._limit_rows(), level]

    @cached_property
    def matrix(self) -> csc_array:
        """All rows below one another."""
        return vstack([entry.matrix for entry in self.rows], format="csc")

    def sides(self, level: float | None, without: Collection[str]) -> tuple[Array, Array]:
        """Lowest and highest value of every row; rows of limits left out are open."""
        low = np.concatenate([np.where(row.name in without, -np.inf, row.low) for row in self.rows])
        high = np.concatenate([np.where(row.name in without, np.inf, row.high) for row in self.rows])
        if level is not None:
            low[-len(self.sites) :] = self._slots_for(level)
        return low, high

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the limits that are set, each once; the first are left out of a clash first."""
        return ("movable", *dict.fromkeys(row.name for row in self.rows if row.name))

    def _plan_rows(self) -> Iterator[Rows]:
        """Reached is the smaller of added and unmet; a program has no fewer slots than now."""
        options, sites, moved = self.widths()
        whole, surplus = np.floor(self.unmet + HAIR), np.minimum(self.unmet, 0.0)
        part = np.maximum(self.unmet - whole, 0.0)
        eye, nothing = eye_array(sites), csr_array((sites, moved))
        yield _rows("", hstack([-self.members, eye, nothing]), high=-surplus)
        # the next slot after the last whole household reaches a part of one: with this row the whole
        # numbers need no search
        steep = self.members.multiply(-part[:, None])
        yield _rows("", hstack([steep, eye, nothing]), high=whole * (1 - part) - surplus)
        yield self._added("", groups(self.problem.program), low=0.0)
        held = csr_array(eye_array(options))[self.holders]
        yield _rows("", hstack([held, csr_array((moved, sites)), eye_array(moved)]), low=0.0)

    def _limit_rows(self) -> Iterator[Rows]:
        problem, limits = self.problem, self.limits
        everything = np.ones((1, len(problem.place)))
        if limits.budget_slots is not None:
            yield self._added("budget_slots", everything, high=limits.budget_slots)
        if limits.budget_dollars is not None:
            most = problem.cost.max()
            dollars = problem.cost[None, :] / most
            yield self._added("budget_dollars", dollars, high=limits.budget_dollars / most)
        if limits.county_floor:
            yield self._added("county_floor", groups(problem.county[problem.place]), low=0.0)
        for region, share in limits.region_share.items():
            inside = (problem.region[problem.place] == region).astype(float)
            yield self._added(f"region_share:{region}", (inside - share)[None, :], low=0.0)
        if limits.agency_cap is not None:
            yield self._added("agency_cap", groups(problem.agency), high=limits.agency_cap)
        if limits.black_at_least_white:
            effect, now = lead(problem)
            scale = np.abs(effect).max() or 1.0
            row = (effect / scale)[problem.place][None, :]
            yield self._added("black_at_least_white", row, low=-now / scale)
        if limits.place_cap:
            yield self._added("place_cap", self.members, high=np.maximum(np.ceil(self.unmet - HAIR), 0.0))

    def _slots_for(self, level: float) -> Array:
        """Slots, whole, that each site must gain for a share of its need; any loss where it has no need."""
        need, slots = self.problem.need[self.sites], self.problem.slots[self.sites]
        return np.where(need > 0, np.ceil(level * need - slots - HAIR), -np.inf)

    def _added(self, name: str, matrix: object, low: object = -np.inf, high: object = np.inf) -> Rows:
        _, sites, moved = self.widths()
        body = csr_array(matrix)
        return _rows(name, hstack([body, csr_array((body.shape[0], sites + moved))]), low, high)


def solve(
    model: Model,
    cost: Array,
    level: float | None = None,
    without: Collection[str] = (),
    *,
    whole: bool = True,
    seconds: float = np.inf,
    gap: float = 0.0,
) -> Answer:
    """Columns of least cost; every site brought to a ``level`` of its need; without the named limits."""
    options = model.widths()[0]
    found = milp(
        cost,
        integrality=np.arange(len(cost)) < (options if whole else 0),
        bounds=Bounds(*model.bounds(without)),
        constraints=LinearConstraint(model.matrix, *model.sides(level, without)),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
    )
    bound = found.mip_dual_bound if whole else found.fun
    return Answer(found.x, -np.inf if bound is None else float(bound), found.status == 1)


def _rows(name: str, matrix: csr_array, low: object = -np.inf, high: object = np.inf) -> Rows:
    """Rows with one limit for all, or one each."""
    shape = (matrix.shape[0],)
    return Rows(name, csr_array(matrix), *(np.broadcast_to(np.asarray(x, float), shape) for x in (low, high)))


def groups(label: NDArray[np.int64], count: int | None = None) -> csr_array:
    """Groups by members: 1 where the member has the label; groups nobody belongs to are left out."""
    if count is None:
        _, label = np.unique(label, return_inverse=True)
        count = int(label.max()) + 1
    ones, each = np.ones(len(label)), np.arange(len(label))
    return csr_array((ones, (label, each)), shape=(count, len(label)))


def group_need(problem: PlanProblem) -> tuple[Array, Array]:
    """Households who could benefit by place, Black and white; none where shares are not known."""
    return np.nan_to_num(problem.share_black) * problem.need, np.nan_to_num(
        problem.share_white
    ) * problem.need


def group_coverage(problem: PlanProblem, added: Array) -> tuple[float, float]:
    """Slots per household, Black and white, if a place's slots reach groups by its shares."""
    black, white = problem.share_black, problem.share_white
    slots = problem.slots + problem.by_place(added)
    held = (float((np.nan_to_num(share) * slots).sum()) for share in (black, white))
    shares = [float(divide(x, need.sum())) for x, need in zip(held, group_need(problem), strict=True)]
    return shares[0], shares[1]


def lead(problem: PlanProblem) -> tuple[Array, float]:
    """What a slot in each place does to Black less white coverage, and that difference now."""
    totals = [need.sum() for need in group_need(problem)]
    if not all(totals):
        raise ValueError(
            "black_at_least_white cannot be checked: no household of one group is known "
            "(share_black, share_white)."
        )
    black, white = (
        np.nan_to_num(share) / total
        for share, total in zip((problem.share_black, problem.share_white), totals, strict=True)
    )
    # where both groups live alike the difference is rounding, which the scale of the row would blow up
    effect = np.where(np.isclose(black, white, rtol=1e-12, atol=0), 0.0, black - white)
    return effect, float((effect * problem.slots).sum())
