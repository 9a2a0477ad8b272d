"""The planner: published cases, cases by hand, and every plan tried on small problems."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from equity.measures import service
from equity.measures.planner import (
    OBJECTIVES,
    InfeasiblePlan,
    PlanLimits,
    PlanProblem,
    plan,
    split_by_need_population,
    stability,
)
from tests.measures.planner_cases import (
    ask,
    every_plan,
    group_coverages,
    kept,
    small_limits,
    small_problems,
    worth,
)
from tests.measures.reference import REFERENCE

PUBLISHED = {
    case["id"]: case for case in json.loads((REFERENCE / "vectors_planning.json").read_text("utf-8"))
}
CASES = small_problems().flatmap(lambda problem: st.tuples(st.just(problem), small_limits(problem)))


@pytest.mark.parametrize("case", ["knapsack-p01", "knapsack-p07"])
def test_a_published_knapsack_is_packed_to_its_optimum(case: str) -> None:
    told = PUBLISHED[case]
    items = len(told["weights"])
    problem = ask(list(range(items)), [1] * items, cost=told["weights"], weight=told["profits"])
    found = plan(problem, PlanLimits(budget_dollars=told["capacity"]), "deaths", gap=0)
    assert found.value == told["optimum"]
    assert found.bound == pytest.approx(found.value)
    assert found.dollars_used <= told["capacity"]
    assert set(found.added.tolist()) <= {0, 1}


def powerco() -> PlanProblem:
    """Plants are programs whose slots stand where nobody needs them; moving one costs what sending does."""
    told = PUBLISHED["transport-powerco"]
    supply, demand, cost = (np.array(told[name]) for name in ("supply", "demand", "cost"))
    return ask(
        [0, 0, 0, *np.tile([1, 2, 3, 4], 3)],
        [0, *demand],
        program=[0, 1, 2, *np.repeat([0, 1, 2], 4)],
        agency=[0, 1, 2, *np.repeat([0, 1, 2], 4)],
        cost=[1, 1, 1, *(cost + 1).ravel()],
        present=[*supply, *[0] * 12],
        slots=[supply.sum(), 0, 0, 0, 0],
    )


def test_a_published_transport_problem_is_met_at_its_least_cost_and_not_below() -> None:
    problem, least = powerco(), PUBLISHED["transport-powerco"]["optimum"]
    enough = plan(problem, PlanLimits(0, least, movable=1), "reach", gap=0)
    assert (enough.value, enough.dollars_used, enough.slots_used) == (125, least, 0)
    assert plan(problem, PlanLimits(0, least - 1, movable=1), "reach", gap=0).value == 124
    # the same least cost when money is plenty: among plans of equal good the cheapest is taken
    assert plan(problem, PlanLimits(0, 5000, movable=1), "reach", gap=0).dollars_used == least


@settings(max_examples=100)
@given(CASES, st.sampled_from(OBJECTIVES))
def test_a_plan_is_the_best_of_all_plans(case: tuple[PlanProblem, PlanLimits], objective: str) -> None:
    problem, limits = case
    plans = every_plan(problem, 8)
    plans = plans[kept(problem, limits, plans)]
    if not len(plans):
        with pytest.raises(InfeasiblePlan):
            plan(problem, limits, objective)
        return
    found = plan(problem, limits, objective, gap=0)
    added = found.added[None, :].astype(float)
    assert kept(problem, limits, added).all()
    best = worth(problem, plans, objective)
    assert found.value == pytest.approx(best.max(), abs=1e-6)
    assert found.value == pytest.approx(float(worth(problem, added, objective)[0]))
    assert found.bound >= found.value and found.gap <= 0.001
    assert (found.status, found.slots_used) == ("optimal", added.sum())
    if objective == "worst":
        reached = worth(problem, plans[best > best.max() - 1e-9], "reach").max()
        assert found.reached.sum() == pytest.approx(reached, abs=1e-6)


@settings(max_examples=25)
@given(CASES, st.sampled_from(OBJECTIVES))
def test_a_rule_binds_where_the_best_plan_without_it_is_better(
    case: tuple[PlanProblem, PlanLimits], objective: str
) -> None:
    problem, limits = case
    if limits.black_at_least_white and not kept(problem, limits, every_plan(problem, 8)).any():
        return
    found = plan(problem, limits, objective, gap=0)
    loose = {
        "agency_cap": replace(limits, agency_cap=None),
        "place_cap": replace(limits, place_cap=False),
        "county_floor": replace(limits, county_floor=False),
        "black_at_least_white": replace(limits, black_at_least_white=False),
    }
    for name, without in loose.items():
        better = plan(problem, without, objective, gap=0).value > found.value + 1e-6
        assert name in found.binding or not better, name


@settings(max_examples=60)
@given(CASES)
def test_a_clash_names_limits_of_which_none_can_be_left_out(case: tuple[PlanProblem, PlanLimits]) -> None:
    problem, limits = case
    limits = replace(limits, county_floor=True)
    known = np.nan_to_num(problem.share_black) @ problem.need and problem.share_white @ problem.need
    # without a budget it can take many slots to keep to the others, which only two candidates let us try
    if not known or len(problem.place) > 2:
        return
    limits, plans = replace(limits, black_at_least_white=True), every_plan(problem, 150)
    if kept(problem, limits, plans).any():
        return
    with pytest.raises(InfeasiblePlan) as raised:
        plan(problem, limits, "reach")
    clash = raised.value.limits
    names = {"movable", "budget_slots", "budget_dollars", "county_floor", "agency_cap", "place_cap"}
    names |= {"black_at_least_white", *(f"region_share:{region}" for region in limits.region_share)}
    assert set(clash) <= names
    assert not kept(problem, limits, plans, names - set(clash)).any()
    for name in clash:
        assert kept(problem, limits, plans, (names - set(clash)) | {name}).any(), name


@settings(max_examples=25)
@given(CASES, st.sampled_from(OBJECTIVES))
def test_one_slot_or_dollar_more_never_makes_a_plan_worse(
    case: tuple[PlanProblem, PlanLimits], objective: str
) -> None:
    problem, limits = case
    less = replace(limits, black_at_least_white=False)
    slots = None if less.budget_slots is None else less.budget_slots + 1
    dollars = None if less.budget_dollars is None else less.budget_dollars + 10
    more = replace(less, budget_slots=slots, budget_dollars=dollars)
    before, after = (plan(problem, limit, objective, gap=0).value for limit in (less, more))
    assert after >= before - 1e-9


def sized(seed: int, places: int = 30, options: int = 60) -> PlanProblem:
    """A problem of a region's size."""
    rng = np.random.default_rng(seed)
    pairs = rng.permutation(places * 8)[:options]
    present = rng.poisson(6, options)
    place = pairs % places
    return ask(
        place.tolist(),
        (rng.gamma(1.2, 60, places)).tolist(),
        program=pairs // places,
        agency=pairs // places % 5,
        cost=rng.integers(40, 140, 8)[pairs // places] * 100,
        present=present,
        slots=np.bincount(place, present, places) + rng.poisson(3, places),
        weight=rng.uniform(0.003, 0.015, places),
        county=rng.integers(0, 4, places),
        region=rng.integers(0, 2, places),
        share_black=rng.beta(0.6, 1.2, places),
        share_white=rng.beta(1.2, 0.6, places),
    )


ALL_LIMITS = PlanLimits(120, 700_000, 0.2, True, {1: 0.4}, 40, True)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_stays_below_the_linear_programme_and_near_it(seed: int) -> None:
    problem = sized(seed)
    options, places = len(problem.place), len(problem.need)
    inside = (problem.place == np.arange(places)[:, None]).astype(float)
    best = linprog(
        np.r_[np.zeros(options), -problem.weight],
        A_ub=np.block([[-inside, np.eye(places)], [np.ones(options), np.zeros(places)]]),
        b_ub=np.r_[np.zeros(places), 120],
        bounds=[(0, None)] * options + [(0, max(u, 0)) for u in problem.need - problem.slots],
    )
    found = plan(problem, PlanLimits(120), "deaths")
    assert found.value <= found.bound + 1e-12 <= -best.fun + 1e-9
    assert found.gap <= 0.001
    assert found.value >= -best.fun * 0.99


def test_without_programs_it_is_the_allocation_over_places() -> None:
    rng = np.random.default_rng(4)
    need, slots, good = rng.integers(0, 40, 12), rng.integers(0, 20, 12), rng.uniform(0.1, 1, 12)
    problem = ask(list(range(12)), need.tolist(), slots=slots, weight=good)
    most = np.maximum(need, slots)
    for objective, same in (("reach", "reach"), ("deaths", "benefit"), ("worst", "max_min")):
        known = service.allocate(slots, need, good, most, 70, objective=same)
        found = plan(problem, PlanLimits(70), objective, gap=0)
        assert found.value == pytest.approx(min(known.value, 1) if objective == "worst" else known.value)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_all_limits_are_kept_and_the_answer_is_the_same_again(objective: str) -> None:
    problem = sized(1)
    found, again = (plan(problem, ALL_LIMITS, objective) for _ in range(2))
    assert found.added.tolist() == again.added.tolist()
    assert found.binding == again.binding
    assert kept(problem, ALL_LIMITS, found.added[None, :].astype(float)).all()
    assert (found.status, found.gap <= 0.001) == ("optimal", True)
    assert found.coverage_black >= found.coverage_white - 1e-9
    known = group_coverages(problem, found.added[None, :].astype(float))
    assert [found.coverage_black, found.coverage_white] == pytest.approx(np.ravel(known))
    gained = np.bincount(problem.place, found.added, len(problem.need))
    assert found.gap_after == pytest.approx(problem.need - problem.slots - gained)
    assert found.coverage_after == pytest.approx((problem.slots + gained) / problem.need)


def test_slots_that_move_stay_with_their_program() -> None:
    problem = ask([0, 1, 1], [4, 9], program=[0, 0, 1], present=[6, 0, 0], slots=[6, 0])
    found = plan(problem, PlanLimits(0, movable=0.5), "reach")
    assert (found.added.tolist(), found.value, found.reached.tolist()) == ([-2, 2, 0], 2, [0, 2])
    # more could move, but would take from one what it gives to the other
    assert plan(problem, PlanLimits(0, movable=1), "reach").added.tolist() == [-2, 2, 0]
    fair = plan(problem, PlanLimits(0, movable=1), "worst")
    assert (fair.added.tolist(), fair.reached.tolist(), fair.value) == ([-4, 4, 0], [-2, 4], 4 / 9)
    assert plan(problem, PlanLimits(0), "reach").added.tolist() == [0, 0, 0]


def test_each_limit_binds_and_is_named() -> None:
    two = ask([0, 1], [10, 10], agency=[0, 1], county=[0, 1], region=[0, 1], cost=[10, 20])
    moving = replace(two, present=np.array([6.0, 0]), slots=np.array([12.0, 0]))
    none = replace(two, need=np.array([0.0, 10]))
    shares = {"share_black": [0.1, 0.9, 0.1], "share_white": [0.9, 0.1, 0.9]}
    uneven = ask([0, 1], [10, 4, 10], slots=[0, 0, 14.5], **shares)
    no_floor = PlanLimits(0, movable=0.5, county_floor=False)
    half, equal = PlanLimits(8, region_share={0: 0.5}), PlanLimits(99, black_at_least_white=True)
    dollars = PlanLimits(None, 90, region_share={1: 0.5})
    both = ("budget_dollars", "region_share:1")
    cases = [
        (two, PlanLimits(7), "reach", ("budget_slots",), [7, 0]),
        (two, PlanLimits(None, 75), "reach", ("budget_dollars",), [7, 0]),
        (two, PlanLimits(9, agency_cap=5), "reach", ("budget_slots", "agency_cap"), [5, 4]),
        (two, dollars, "reach", both, [3, 3]),
        (none, half, "reach", ("region_share:0", "place_cap"), [0, 0]),
        (moving, PlanLimits(0, movable=0.5), "reach", ("budget_slots", "county_floor"), [0, 0]),
        (moving, no_floor, "worst", ("budget_slots", "movable"), [-3, 3]),
        (uneven, equal, "reach", ("black_at_least_white", "place_cap"), [5, 4]),
    ]
    for problem, limits, objective, names, added in cases:
        found = plan(problem, limits, objective)
        assert (found.added.tolist(), found.binding) == (added, names), names


def test_limits_that_clash_are_named_and_no_others() -> None:
    apart = ask([0, 1], [10, 10], share_black=[0.1, 0.9], share_white=[0.9, 0.1], slots=[6, 2], agency=[0, 1])
    cases = [
        (PlanLimits(3, black_at_least_white=True), ("budget_slots", "black_at_least_white")),
        (PlanLimits(9, 35, black_at_least_white=True), ("budget_dollars", "black_at_least_white")),
        (PlanLimits(9, agency_cap=3, black_at_least_white=True), ("agency_cap", "black_at_least_white")),
        (
            PlanLimits(9, black_at_least_white=True, region_share={0: 1.0}),
            ("region_share:0", "black_at_least_white"),
        ),
        (PlanLimits(9, region_share={0: 0.6, 1: 0.5}), ("region_share:0", "region_share:1")),
    ]
    problem = replace(apart, region=np.array([0, 1]))
    for limits, names in cases:
        with pytest.raises(InfeasiblePlan) as raised:
            plan(problem, limits, "worst")
        assert (raised.value.limits, raised.value.sentence) == (names, f"clash:{','.join(names)}")
    assert plan(problem, PlanLimits(4, black_at_least_white=True), "reach").added.tolist() == [0, 4]
    full = replace(problem, need=np.array([10.0, 4]), slots=np.array([12.0, 3]))
    with pytest.raises(InfeasiblePlan) as raised:
        plan(full, PlanLimits(99, black_at_least_white=True), "reach")
    assert raised.value.limits == ("black_at_least_white", "place_cap")


def test_a_plain_split_follows_its_weight_and_never_does_better() -> None:
    problem = ask([0, 1, 1, 2], [5, 5, 5], cost=[10, 30, 20, 10], program=[0, 0, 1, 0])
    found = split_by_need_population(problem, PlanLimits(8), [5, 3, 0], "reach")
    assert (found.added.tolist(), found.status) == ([5, 0, 3, 0], "split")
    bought = split_by_need_population(problem, PlanLimits(99, 95), [1, 1, 0], "worst")
    assert (bought.added.tolist(), bought.dollars_used, bought.value) == ([3, 0, 3, 0], 90, 0)
    large = sized(2)
    for objective in OBJECTIVES:
        plain = split_by_need_population(large, PlanLimits(90), large.need, objective)
        assert plain.slots_used == 90
        assert plain.value <= plan(large, PlanLimits(90, place_cap=False), objective).bound + 1e-9


def test_stability_by_hand_and_with_a_progress() -> None:
    problem, told = ask([0, 1, 2], [9, 6, 3]), []
    draws = [[9, 6, 3], [4, 8, 3], [9, 0, 0], [5, 5, 5]]
    found = stability(problem, PlanLimits(8), "worst", draws, top=1, progress=lambda *done: told.append(done))
    plans = [
        plan(replace(problem, need=np.array(need, float)), PlanLimits(8), "worst").added for need in draws
    ]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert found.first == (0,)
    assert found.mean == pytest.approx(np.mean(plans, axis=0))
    assert found.any.tolist() == [1, 0.75, 0.75]
    assert (found.top.sum(), found.draws, found.clashed) == (1, 4, 0)
    assert found.same_top == found.top[0]
    assert (found.low <= found.mean).all() and (found.mean <= found.high).all()


def test_draws_whose_limits_clash_are_counted() -> None:
    problem = ask([0, 1], [10, 10], share_black=[0.1, 0.9], share_white=[0.9, 0.1], slots=[5, 5])
    limits = PlanLimits(0, black_at_least_white=True)
    found = stability(problem, limits, "reach", [[10, 10], [5, 20], [20, 5]])
    assert (found.draws, found.clashed, found.any.tolist(), found.same_top) == (2, 1, [0, 0], 1)


def test_groups_that_live_alike_are_covered_alike_whatever_is_added() -> None:
    problem = ask([0, 0, 1], [0, 2.25], program=[0, 1, 0], share_black=[0.75] * 2, share_white=[0.2] * 2)
    assert plan(problem, PlanLimits(2, black_at_least_white=True), "reach").added.tolist() == [0, 0, 2]


def test_a_rule_that_costs_a_whole_slot_binds_where_divisible_slots_would_not_tell() -> None:
    problem = ask([0, 1], [4, 4], region=[0, 1], share_black=[0, 0.1], share_white=[0.2, 0.2])
    found = plan(problem, PlanLimits(None, 75, region_share={0: 0.5}, black_at_least_white=True), "reach")
    assert (found.value, found.binding) == (6, ("region_share:0", "black_at_least_white"))


def test_no_budget_is_a_plan_of_no_slots() -> None:
    problem = ask([0, 1], [9, 0], slots=[2, 3])
    for limits in (PlanLimits(0), PlanLimits(budget_dollars=0)):
        for objective, value in (("reach", 0), ("deaths", 0), ("worst", 2 / 9)):
            found = plan(problem, limits, objective)
            assert (found.added.tolist(), found.value, found.gap) == ([0, 0], pytest.approx(value), 0)
    assert np.isnan([found.coverage_after[1], found.coverage_black]).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: ask([], []), "no candidates"),
        (lambda: ask([0], [9], cost=[0]), "cost must be dollars above zero"),
        (lambda: ask([0], [9], cost=[-5]), "cost must be dollars above zero"),
        (lambda: ask([0], [9], cost=[np.nan]), "cost must be dollars above zero"),
        (lambda: ask([0], [9], cost=[10, 20]), "every candidate in each column; there are place 1"),
        (lambda: ask([0], [9], slots=[1, 2]), "every place in each column; there are need 1"),
        (lambda: ask([0], [[9]]), "need must be one column"),
        (lambda: ask([1], [9]), "place must be below 1"),
        (lambda: ask([-1], [9]), "place must be whole numbers from 0"),
        (lambda: ask([0], [9], region=[0.5]), "region must be whole numbers from 0"),
        (lambda: ask([0], [np.nan]), "need must be known"),
        (lambda: ask([0], [9], weight=[-1]), "weight must be known, finite and zero or more"),
        (lambda: ask([0], [9], present=[1.5], slots=[2]), "present must be whole"),
        (
            lambda: ask([0], [9], present=[3], slots=[2]),
            "Place 0 has 2 slots in all, but its candidates have 3",
        ),
        (lambda: ask([0], [9], share_black=[1.2]), "share_black must lie between 0 and 1"),
        (lambda: PlanLimits(), "Give a budget"),
        (lambda: PlanLimits(-1), "budget_slots must be a whole number"),
        (lambda: PlanLimits(1.5), "budget_slots must be a whole number"),  # type: ignore[arg-type]
        (lambda: PlanLimits(budget_dollars=np.nan), "budget_dollars must be zero or more"),
        (lambda: PlanLimits(1, agency_cap=-2), "agency_cap must be a whole number"),
        (lambda: PlanLimits(1, movable=1.1), "movable must lie between 0 and 1"),
        (lambda: PlanLimits(1, region_share={0: -1}), "region_share of region 0"),
        (lambda: plan(ask([0], [9]), PlanLimits(1), "fair"), "objective must be one of"),
        (lambda: plan(ask([0], [9]), PlanLimits(1, region_share={7: 0.1}), "reach"), "names region 7"),
        (lambda: plan(ask([0], [9]), PlanLimits(1, black_at_least_white=True), "reach"), "cannot be checked"),
        (lambda: split_by_need_population(ask([0], [9]), PlanLimits(1), [1, 2]), "weight must be one known"),
        (lambda: stability(ask([0], [9]), PlanLimits(1), "reach", [9]), r"shape \(draws, 1\)"),
        (lambda: stability(ask([0], [9]), PlanLimits(1), "reach", [[np.nan]]), "need must be known"),
        (lambda: stability(ask([0], [9]), PlanLimits(1), "reach", np.empty((0, 1))), "at least one draw"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
