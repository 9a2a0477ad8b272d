"""Plain plans answer the same problem: as good where they prove it, no better where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from bench.plain import planner as plain
from bench.planner import LIMITS, counties_problem
from equity.measures.national import LargeProblem, plan_large
from equity.measures.planner import OBJECTIVES, plan


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_textbook_programme_comes_to_the_same(objective: str) -> None:
    problem = counties_problem()
    ours, other = plan(problem, LIMITS, objective), plain.written_out(problem, LIMITS, objective)
    assert ours.status == "optimal"
    assert other.value == pytest.approx(ours.value, rel=2 * plain.GAP)


def test_loops_are_no_better_than_the_bound_and_not_far_below() -> None:
    rng = np.random.default_rng(2)
    need, group = rng.gamma(0.8, 90, 400), rng.integers(0, 20, 400)
    slots, cost = np.minimum(rng.poisson(8, 400), np.floor(need)), rng.integers(40, 140, 400) * 100.0
    floor = np.floor(0.02 * np.bincount(group, need - slots))
    columns = [column.tolist() for column in (need, slots, cost, group, floor)]
    nation = plain.Nation(*columns, 1800, 1e7)
    for objective, loop in (("reach", plain.greedy_reach), ("worst", plain.greedy_worst)):
        ours = plan_large(LargeProblem(need, slots, cost, group=group), 1800, 1e7, floor, objective)
        assert 0.8 * ours.value <= loop(nation) <= ours.bound + 1e-9
