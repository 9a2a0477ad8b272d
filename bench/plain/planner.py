"""Plans as a plain script makes them: the textbook's rows written out one by one, and loops slot by slot."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, milp

from equity.measures.planner import PlanLimits, PlanProblem

Array = NDArray[np.float64]
Row = tuple[Array, float, float]
#: The search ends where ours does.
GAP = 0.001
SECONDS = 60.0


class Written(NamedTuple):
    """Slots by candidate, and what they are worth."""

    added: Array
    value: float


def written_out(problem: PlanProblem, limits: PlanLimits, objective: str) -> Written:
    """The best plan. Columns: slots by candidate, households reached by place, and the lowest coverage.

    For "worst" the solver raises the last column; then, with it held, the most are reached.
    """
    options, places = len(problem.place), len(problem.need)
    rows = [*_reach_rows(problem), *_limit_rows(problem, limits)]
    good = problem.weight if objective == "deaths" else np.ones(places)
    reach = np.r_[np.zeros(options), -good, 0.0]
    if objective != "worst":
        found = _solve(problem, limits, rows, reach, 0.0)
        return Written(found[:options], -float(reach @ found))
    raised = _solve(problem, limits, rows, np.r_[np.zeros(options + places), -1.0], 0.0)
    level = float(raised[-1])
    return Written(_solve(problem, limits, rows, reach, level - 1e-9)[:options], level)


def _solve(problem: PlanProblem, limits: PlanLimits, rows: list[Row], cost: Array, level: float) -> Array:
    options, places = len(problem.place), len(problem.need)
    away = np.floor(limits.movable * problem.present + 1e-9)
    found = milp(
        cost,
        integrality=np.r_[np.ones(options), np.zeros(places + 1)],
        bounds=(
            np.r_[-away, np.full(places, -np.inf), level],
            np.r_[np.full(options, np.inf), np.maximum(problem.need - problem.slots, 0), 1.0],
        ),
        constraints=[LinearConstraint(row, low, high) for row, low, high in rows],
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        raise RuntimeError(found.message)
    return np.asarray(found.x)


def _reach_rows(problem: PlanProblem) -> list[Row]:
    """A place reaches no more than it gains beyond what stands idle; it is covered at least to the level."""
    options, places = len(problem.place), len(problem.need)
    rows = []
    for place in range(places):
        gain = np.r_[(problem.place == place).astype(float), np.zeros(places + 1)]
        reach, level = gain.copy(), gain.copy()
        reach[options + place] = -1
        rows.append((reach, min(problem.need[place] - problem.slots[place], 0.0), np.inf))
        if gain.any():
            level[-1] = -problem.need[place]
            rows.append((level, -problem.slots[place], np.inf))
    return rows


def _limit_rows(problem: PlanProblem, limits: PlanLimits) -> list[Row]:
    rows: list[Row] = []
    places = len(problem.need)

    def keep(row: Array, low: float = -np.inf, high: float = np.inf) -> None:
        rows.append((np.r_[row.astype(float), np.zeros(places + 1)], low, high))

    everything = np.ones(len(problem.place))
    keep(everything, high=np.inf if limits.budget_slots is None else limits.budget_slots)
    keep(problem.cost, high=np.inf if limits.budget_dollars is None else limits.budget_dollars)
    for program in np.unique(problem.program):
        keep(problem.program == program, low=0)
    for county in np.unique(problem.county) if limits.county_floor else ():
        keep(problem.county[problem.place] == county, low=0)
    for region, share in limits.region_share.items():
        keep((problem.region[problem.place] == region) - share * everything, low=0)
    for agency in np.unique(problem.agency) if limits.agency_cap is not None else ():
        keep(problem.agency == agency, high=float(limits.agency_cap or 0))
    for place in np.unique(problem.place) if limits.place_cap else ():
        room = max(math.ceil(problem.need[place] - problem.slots[place] - 1e-9), 0)
        keep(problem.place == place, high=room)
    if limits.black_at_least_white:
        black, white = np.nan_to_num(problem.share_black), np.nan_to_num(problem.share_white)
        effect = black / (black @ problem.need) - white / (white @ problem.need)
        keep(effect[problem.place], low=-float(effect @ problem.slots))
    return rows


class Nation(NamedTuple):
    """Lists of places, floors of groups, and what may be spent."""

    need: Sequence[float]
    slots: Sequence[float]
    cost: Sequence[float]
    group: Sequence[int]
    floor: Sequence[float]
    most: float
    money: float


def greedy_reach(nation: Nation) -> float:
    """Households reached: floors first, each from the group's cheapest; then the most for each dollar."""
    added, left, money = _floors(nation)
    reached = [min(n, d - s) for n, d, s in zip(added, nation.need, nation.slots, strict=True)]
    heap = [
        (-min(1.0, d - s - n) / c, place)
        for place, (n, d, s, c) in enumerate(zip(added, nation.need, nation.slots, nation.cost, strict=True))
        if d - s > n
    ]
    heapq.heapify(heap)
    while heap and left >= 1:
        _, place = heapq.heappop(heap)
        if nation.cost[place] > money:
            continue
        left, money, added[place] = left - 1, money - nation.cost[place], added[place] + 1
        unmet = nation.need[place] - nation.slots[place]
        reached[place] = min(added[place], unmet)
        if unmet > added[place]:
            heapq.heappush(heap, (-min(1.0, unmet - added[place]) / nation.cost[place], place))
    return sum(reached)


def greedy_worst(nation: Nation) -> float:
    """Lowest coverage: floors first; then one slot after the other where coverage is lowest."""
    added, left, money = _floors(nation)
    heap = [
        ((s + n) / d, place)
        for place, (n, d, s) in enumerate(zip(added, nation.need, nation.slots, strict=True))
        if d > 0
    ]
    heapq.heapify(heap)
    while left >= 1 and heap[0][0] < 1 and nation.cost[heap[0][1]] <= money:
        _, place = heapq.heappop(heap)
        left, money, added[place] = left - 1, money - nation.cost[place], added[place] + 1
        heapq.heappush(heap, ((nation.slots[place] + added[place]) / nation.need[place], place))
    return heap[0][0]


def _floors(nation: Nation) -> tuple[list[float], float, float]:
    """Slots that floors ask for, and the slots and dollars left."""
    added, lacking = [0.0] * len(nation.need), list(nation.floor)
    left, money = nation.most, nation.money
    for place in sorted(range(len(added)), key=lambda each: nation.cost[each]):
        room = math.ceil(max(nation.need[place] - nation.slots[place], 0.0))
        added[place] = min(room, lacking[nation.group[place]])
        lacking[nation.group[place]] -= added[place]
        left, money = left - added[place], money - added[place] * nation.cost[place]
    return added, left, money
