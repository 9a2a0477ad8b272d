"""The planner at the size of a nation: beside the exact planner, beside every plan, and its bound."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equity.measures.national import LargeProblem, plan_large
from equity.measures.planner import OBJECTIVES, InfeasiblePlan, PlanLimits, plan
from tests.measures.planner_cases import ask

ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 0.5, 2, 3.25, 4]),  # need
        st.sampled_from([0, 1, 2.5]),  # slots
        st.sampled_from([10, 25, 40]),  # cost
        st.sampled_from([0.5, 1, 3]),  # weight
        st.integers(0, 1),  # group
    ),
    min_size=1,
    max_size=4,
)
BUDGETS = st.sampled_from([(0, None), (3, None), (None, 70), (4, 90), (None, 0)])


@settings(max_examples=100)
@given(ROWS, BUDGETS, st.sampled_from([(0, 0), (1, 0), (1, 2)]), st.sampled_from(OBJECTIVES))
def test_a_large_plan_keeps_its_limits_and_the_best_lies_between_it_and_its_bound(
    rows: list[tuple[float, ...]],
    budgets: tuple[int | None, float | None],
    floor: tuple[int, int],
    objective: str,
) -> None:
    need, slots, cost, weight, group = np.array(rows).T
    room = np.ceil(np.maximum(need - slots, 0))
    plans = np.array(list(itertools.product(*(range(int(most) + 1) for most in room))), float)
    most, money = (np.inf if budget is None else budget for budget in budgets)
    kept = (plans.sum(1) <= most) & (plans @ cost <= money)
    for number, least in enumerate(floor):
        kept &= plans[:, group == number].sum(1) >= least
    problem = LargeProblem(need, slots, cost, weight, group)
    if not kept.any():
        with pytest.raises(InfeasiblePlan):
            plan_large(problem, *budgets, floor, objective)
        return
    found = plan_large(problem, *budgets, floor, objective)
    assert kept[(plans == found.added).all(1)].tolist() == [True]
    after, some = slots + plans[kept], need > 0
    good = weight if objective == "deaths" else np.ones(len(need))
    reached = (np.minimum(after, need) - np.minimum(slots, need)) @ good
    lowest = np.minimum(after[:, some] / need[some], 1).min(1, initial=1)
    best = (lowest if objective == "worst" else reached).max()
    assert found.value <= best + 1e-9 <= found.bound + 2e-9
    if objective == "worst":
        assert found.value == pytest.approx(best)


def nation(places: int, seed: int = 0, groups: int = 51) -> tuple[LargeProblem, np.ndarray]:
    """A nation of places, and its unmet need."""
    rng = np.random.default_rng(seed)
    need = rng.gamma(0.8, 90, places)
    slots = np.minimum(rng.poisson(8, places), np.floor(need))
    cost, weight = rng.integers(40, 140, places) * 100, rng.uniform(0.003, 0.015, places)
    return LargeProblem(need, slots, cost, weight, rng.integers(0, groups, places)), need - slots


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("budgets", [(4000, None), (None, 3e7), (4000, 3e7)])
def test_the_gap_is_proven_and_small(budgets: tuple[int | None, float | None], objective: str) -> None:
    problem, unmet = nation(3000)
    floor = np.floor(0.01 * np.bincount(problem.group, unmet))
    found = plan_large(problem, *budgets, floor, objective)
    assert found.gap <= 0.001
    assert found.binding
    assert (np.bincount(problem.group, found.added) >= floor).all()
    assert found.slots_used <= (budgets[0] or np.inf)
    assert found.dollars_used <= (budgets[1] or np.inf)
    assert (found.added <= np.ceil(unmet)).all()
    again = plan_large(problem, *budgets, floor, objective)
    assert again.added.tolist() == found.added.tolist()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_it_agrees_with_the_exact_planner(objective: str) -> None:
    problem, _ = nation(60, seed=3)
    exact = plan(
        ask(list(range(60)), problem.need, slots=problem.slots, cost=problem.cost, weight=problem.weight),
        PlanLimits(400, 2_500_000),
        objective,
    )
    found = plan_large(problem, 400, 2_500_000, objective=objective)
    assert found.value == pytest.approx(exact.value, rel=1e-3 if objective != "worst" else 1e-9)


def test_floors_that_cannot_be_met_are_named() -> None:
    problem = LargeProblem([5, 5, 5], [0, 4, 0], cost=[10, 10, 20], group=[0, 1, 1])
    cases = [
        ((99, None, [0, 7]), ("floor:1", "place_cap")),
        ((5, None, [4, 2]), ("budget_slots", "floor")),
        ((None, 65, [4, 2]), ("budget_dollars", "floor")),
    ]
    for (slots, dollars, floor), names in cases:
        with pytest.raises(InfeasiblePlan) as raised:
            plan_large(problem, slots, dollars, floor)
        assert raised.value.limits == names
    assert plan_large(problem, None, 70, [4, 2]).added.tolist() == [4, 1, 1]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: plan_large(LargeProblem([1], [0])), "Give a budget"),
        (lambda: plan_large(LargeProblem([], []), 1), "at least one place"),
        (lambda: plan_large(LargeProblem([np.nan], [0]), 1), "Give a known need"),
        (lambda: plan_large(LargeProblem([1], [-1]), 1), "slots must be zero or more"),
        (lambda: plan_large(LargeProblem([1], [0], cost=0), 1), "cost must be dollars above zero"),
        (lambda: plan_large(LargeProblem([1], [0], group=0.5), 1), "group whole numbers"),
        (lambda: plan_large(LargeProblem([1], [0]), 1, floor=0.5), "floor must be whole"),
        (lambda: plan_large(LargeProblem([1], [0]), -1), "budgets must be zero or more"),
        (lambda: plan_large(LargeProblem([1], [0]), 1, floor=[[1]]), "one number for each group"),
        (lambda: plan_large(LargeProblem([1], [0]), 1, objective="fair"), "objective must be one of"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
