"""Small planning problems, and their answers by trying every plan there is."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st

from equity.measures.planner import PlanLimits, PlanProblem

Grid = np.ndarray


def ask(place: list[int], need: list[float], **columns: Any) -> PlanProblem:
    """A problem: what is not given is one program and agency, 10 dollars, no slots, one county and region."""
    options, places = len(place), len(need)
    given: dict[str, Any] = {
        **dict.fromkeys(("program", "agency", "present"), [0] * options),
        **dict.fromkeys(("slots", "county", "region"), [0] * places),
        **dict.fromkeys(("share_black", "share_white"), [np.nan] * places),
        "cost": [10] * options,
        "weight": [1] * places,
    }
    return PlanProblem(place=place, need=need, **{**given, **columns})


def every_plan(problem: PlanProblem, most: int) -> Grid:
    """Every way to add up to ``most`` slots a candidate, or take away what it has: (plans, options)."""
    spans = [range(-int(present), most + 1) for present in problem.present]
    return np.array(list(itertools.product(*spans)), dtype=float)


def kept(problem: PlanProblem, limits: PlanLimits, plans: Grid, without: Collection[str] = ()) -> Grid:
    """Which plans keep to the limits, read one by one as the limits are worded."""
    ok = [keeps for name, keeps in _rules(problem, limits, plans) if name not in without]
    return np.all(ok, axis=0)


def _rules(problem: PlanProblem, limits: PlanLimits, plans: Grid) -> Iterator[tuple[str, Grid]]:
    def totals(label: Grid) -> Iterator[tuple[int, Grid]]:
        """Slots added by each of a set of groups."""
        for group in set(label.tolist()):
            yield group, plans[:, label == group].sum(1)

    for _, total in totals(problem.program):
        yield "", total >= 0
    yield "movable", (plans >= -np.floor(limits.movable * problem.present + 1e-9)).all(1)
    yield "budget_slots", plans.sum(1) <= (np.inf if limits.budget_slots is None else limits.budget_slots)
    dollars = np.inf if limits.budget_dollars is None else limits.budget_dollars
    yield "budget_dollars", plans @ problem.cost <= dollars + 1e-9
    for _, total in totals(problem.county[problem.place]):
        yield "county_floor", (total >= 0) | (not limits.county_floor)
    for region, share in limits.region_share.items():
        inside = plans[:, problem.region[problem.place] == region].sum(1)
        yield f"region_share:{region}", inside >= share * plans.sum(1) - 1e-9
    for _, total in totals(problem.agency):
        yield "agency_cap", total <= (np.inf if limits.agency_cap is None else limits.agency_cap)
    if limits.black_at_least_white:
        yield "black_at_least_white", np.subtract(*group_coverages(problem, plans)) >= -1e-9
    for place, total in totals(problem.place):
        room = max(np.ceil(problem.need[place] - problem.slots[place] - 1e-9), 0)
        yield "place_cap", (total <= room) | (not limits.place_cap)


def after(problem: PlanProblem, plans: Grid) -> Grid:
    """Slots by place after each plan: (plans, places)."""
    gained = [plans[:, problem.place == z].sum(1) for z in range(len(problem.need))]
    return problem.slots + np.array(gained).T


def group_coverages(problem: PlanProblem, plans: Grid) -> list[Grid]:
    """Slots per Black and per white household after each plan."""
    shares = (np.where(np.isnan(s), 0, s) for s in (problem.share_black, problem.share_white))
    return [after(problem, plans) @ share / (share @ problem.need) for share in shares]


def worth(problem: PlanProblem, plans: Grid, objective: str) -> Grid:
    """What each plan is worth: households served that were not, weighted or not; or the lowest coverage."""
    held = after(problem, plans)
    if objective == "worst":
        some = [z for z in set(problem.place.tolist()) if problem.need[z] > 0]
        shares = [np.minimum(held[:, z] / problem.need[z], 1) for z in some]
        return np.min([np.ones(len(plans)), *shares], axis=0)
    served = np.minimum(held, problem.need) - np.minimum(problem.slots, problem.need)
    return served @ (problem.weight if objective == "deaths" else np.ones(len(problem.need)))


@st.composite
def small_problems(draw: st.DrawFn) -> PlanProblem:
    """Two or three places, up to three candidates, everything in small numbers."""
    places = draw(st.integers(2, 3))
    pairs = st.tuples(st.integers(0, places - 1), st.integers(0, 1))
    chosen = draw(st.lists(pairs, min_size=1, max_size=3, unique=True))

    def column(values: list[float], size: int) -> list[float]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    present = column([0, 1, 3], len(chosen))
    slots = column([0, 1, 2.5], places)
    for (place, _), here in zip(chosen, present, strict=True):
        slots[place] += here
    return ask(
        [place for place, _ in chosen],
        column([0, 1, 2.25, 4, 6.5], places),
        program=[program for _, program in chosen],
        agency=column([0, 1], len(chosen)),
        cost=column([10, 20, 35], len(chosen)),
        present=present,
        slots=slots,
        weight=column([0.5, 1, 2], places),
        county=column([0, 1], places),
        region=column([0, 1], places),
        share_black=column([0.1, 0.4, 0.75, np.nan], places),
        share_white=column([0.2, 0.5], places),
    )


@st.composite
def small_limits(draw: st.DrawFn, problem: PlanProblem) -> PlanLimits:
    """Limits that such a problem can meet or break."""
    slots, dollars = draw(st.sampled_from([(0, None), (2, None), (4, None), (None, 75.0), (3, 60.0)]))
    known = [share @ problem.need > 0 for share in (np.nan_to_num(problem.share_black), problem.share_white)]
    return PlanLimits(
        slots,
        dollars,
        movable=draw(st.sampled_from([0, 0.4, 1])),
        county_floor=draw(st.booleans()),
        region_share=draw(st.sampled_from([{}, {int(problem.region[0]): 0.5}])),
        agency_cap=draw(st.sampled_from([None, 0, 2])),
        black_at_least_white=all(known) and draw(st.booleans()),
        place_cap=draw(st.booleans()),
    )
