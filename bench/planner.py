"""The planner: the first answer for the eight counties, draws of need, and a plan for the nation.

Everything is invented, of the size of the real thing. The plain alternative for the counties is the same
integer programme as a textbook writes it, solved by the same solver to the same gap; for the nation it is a
loop that adds one slot after the other, which is quick to write and proves nothing: the detail says how far
it falls short. Memory is the peak of a process of its own, and beside it what it held before it planned.
"""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.plain import planner as plain
from bench.row import Row
from bench.subject import Subject
from bench.timing import in_turns, median
from equity.measures.national import LargePlan, LargeProblem, plan_large
from equity.measures.planner import OBJECTIVES, PlanLimits, PlanProblem, plan, stability

FIRST_TARGET_S: Final = 2.0
NATION_TARGET_S: Final = 60.0
TIMES: Final = 5
PLACES, PROGRAMS, AGENCIES, OPTIONS = 125, 29, 17, 250
#: All limits at once; the plan can keep to them.
LIMITS: Final = PlanLimits(500, 2.5e6, 0.2, True, {1: 0.4}, 80, True)
DRAWS: Final = 100
#: The plain programme is drawn less often; its time is scaled to all.
PLAIN_DRAWS: Final = 5
NATION_PLACES, COUNTIES = 33_000, 3_100
NATION_SLOTS, NATION_DOLLARS = 150_000, 8e8
#: At least this share of a county's unmet need.
NATION_FLOOR: Final = 0.02
SEED: Final = 8


def planner(_: Subject) -> list[Row]:
    """Seconds of an answer, of draws, and of the nation's plans."""
    nations = [_nation(objective) for objective in ("reach", "worst")]
    return [*(_first_answer(objective) for objective in OBJECTIVES), _draws(), *nations]


def counties_problem(seed: int = SEED) -> PlanProblem:
    """As many places, programs, agencies and candidates as the eight counties have."""
    rng = np.random.default_rng(seed)
    pairs = rng.permutation(PLACES * PROGRAMS)[:OPTIONS]
    place, program = pairs % PLACES, pairs // PLACES
    county = rng.integers(0, 8, PLACES)
    present = rng.poisson(8, OPTIONS).astype(float)
    black = rng.beta(0.6, 1.2, PLACES)
    return PlanProblem(
        place=place,
        program=program,
        agency=program % AGENCIES,
        cost=(rng.integers(35, 140, PROGRAMS)[program] * 100.0).astype(float),
        present=present,
        need=rng.gamma(1.2, 90, PLACES),
        slots=(np.bincount(place, present, PLACES) + rng.poisson(3, PLACES)).astype(float),
        weight=rng.uniform(0.003, 0.015, PLACES),
        county=county,
        region=(county > 3).astype(int),
        share_black=black,
        share_white=0.9 * (1 - black),
    )


def nation_problem() -> tuple[LargeProblem, NDArray[np.float64]]:
    """As many places as the nation has ZIP codes, and a floor for every county."""
    rng = np.random.default_rng(SEED)
    need = rng.gamma(0.8, 90, NATION_PLACES)
    slots = np.minimum(rng.poisson(8, NATION_PLACES), np.floor(need))
    cost, group = rng.integers(40, 140, NATION_PLACES) * 100.0, rng.integers(0, COUNTIES, NATION_PLACES)
    floor = np.floor(NATION_FLOOR * np.bincount(group, need - slots, COUNTIES))
    return LargeProblem(need, slots, cost, group=group), floor


def national_plan(objective: str) -> LargePlan:
    """The nation's plan under both budgets and the floors."""
    problem, floor = nation_problem()
    return plan_large(problem, NATION_SLOTS, NATION_DOLLARS, floor, objective)


def greedy_nation() -> plain.Nation:
    """The same nation in lists."""
    problem, floor = nation_problem()
    need, slots, cost, group = (
        np.asarray(x).tolist() for x in (problem.need, problem.slots, problem.cost, problem.group)
    )
    return plain.Nation(need, slots, cost, group, floor.tolist(), NATION_SLOTS, NATION_DOLLARS)


def _first_answer(objective: str) -> Row:
    """Ours also says which limits hold the plan back, and decides between plans of equal good."""
    problem = counties_problem()
    ours, written = in_turns(
        lambda: plan(problem, LIMITS, objective),
        lambda: plain.written_out(problem, LIMITS, objective),
        TIMES,
        f"plan, {objective}",
    )
    found, other = plan(problem, LIMITS, objective), plain.written_out(problem, LIMITS, objective)
    detail = {
        "runs": TIMES,
        "places": PLACES,
        "candidates": OPTIONS,
        "value": round(found.value, 4),
        "plain_value": round(other.value, 4),
        "gap": found.gap,
        "status": found.status,
        "binding": list(found.binding),
    }
    return Row(f"plan, 8 counties, {objective}", median(ours), median(written), "s", FIRST_TARGET_S, detail)


def _draws() -> Row:
    """One hundred plans for the lowest coverage, which takes the most steps."""
    problem = counties_problem()
    noise = np.random.default_rng(SEED).lognormal(0, 0.15, (DRAWS, PLACES))
    draws = problem.need * noise

    def drawn() -> None:
        for need in draws[:PLAIN_DRAWS]:
            plain.written_out(replace(problem, need=need), LIMITS, "worst")

    ours, written = in_turns(
        lambda: stability(problem, LIMITS, "worst", draws), drawn, 1, "draws", warm_up=False
    )
    detail = {"runs": 1, "draws": DRAWS, "plain_draws": PLAIN_DRAWS, "objective": "worst"}
    scaled = DRAWS / PLAIN_DRAWS * median(written)
    return Row(f"plan, {DRAWS} draws", median(ours), scaled, "s", detail=detail)


def _nation(objective: str) -> Row:
    loops: dict[str, Callable[[plain.Nation], float]] = {
        "reach": plain.greedy_reach,
        "worst": plain.greedy_worst,
    }
    lists, loop = greedy_nation(), loops[objective]
    ours, greedy = in_turns(
        lambda: national_plan(objective), lambda: loop(lists), TIMES, f"nation, {objective}"
    )
    found = national_plan(objective)
    before, peak = _peaks(objective)
    detail = {
        "runs": TIMES,
        "places": NATION_PLACES,
        "counties": COUNTIES,
        "value": round(found.value, 6),
        "bound": round(found.bound, 6),
        "gap": found.gap,
        "plain_value": round(loop(lists), 6),
        "peak_mb_before_and_with": [round(before), round(peak)],
    }
    return Row(f"plan, nation, {objective}", median(ours), median(greedy), "s", NATION_TARGET_S, detail)


def _peaks(objective: str) -> tuple[float, float]:
    """MB that a fresh process held at most before and with the nation's plan."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(_before_and_with, objective).result()


def _before_and_with(objective: str) -> tuple[float, float]:
    before = _peak_megabytes()
    national_plan(objective)
    return before, _peak_megabytes()


def _peak_megabytes() -> float:
    """The most memory that this process has held, as Linux tells it; its parent's does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024 / 1e6 if found else float("nan")
