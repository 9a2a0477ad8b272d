"""A planner's question put to a release, and its answer: a plan, a plain split, and how sure the first are.

Works on published figures and tables alone. A place whose need is hidden is left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from equity.measures.planner import (
    InfeasiblePlan,
    Plan,
    PlanLimits,
    PlanProblem,
    Stability,
    plan,
    split_by_need_population,
    stability,
)
from equity.release.figure import Figure
from equity.release.follow_need import NEWBORN, SMOOTHED, log_error
from equity.release.load import Release
from equity.release.places_served import ALL_REGIONS, by_reports, service_year
from equity.release.programs import COST_RANGE
from equity.release.scenario import Scenario, check_scenario, model_codes
from equity.release.slot_rules import DEFAULT_RULE
from equity.release.vital import PER

Array = NDArray[np.float64]

#: Places that count as the first.
FIRST: Final = 5
#: Draws of need (and of the rate) for an answer to "how sure", and how many are made in one go.
DRAWS: Final = 100
AT_ONCE: Final = 20
#: A drawn plan may fall this share short of its best: need itself is known far less well, and with dollars of
#: two prices the last thousandth takes most of the time.
DRAWN_GAP: Final = 0.02
SEED: Final = 20_261_126
SHARE_BLACK: Final = "share_black"
#: The name of the limit that cannot be checked where nothing is known of residents.
UNKNOWN_SHARES: Final = "unknown_shares"
#: What a clash is called where the time ran out before any plan was found.
LATE: Final = "time"


@dataclass(frozen=True, eq=False)
class Question:
    """A wish in numbers. Columns of ``problem`` follow ``areas``, ``programs`` and the lists of codes.

    ``problem`` is ``None`` where no program may work in any of the places. ``need``, ``slots``, ``rate`` and
    ``newborn`` are figures of ``areas``. Left out: ``hidden`` (need is hidden), ``handed_in`` (slots come
    from reports, while need is made up), ``no_rate`` (the objective wants a rate and there is none),
    ``costless`` (programs whose cost is missing or cannot be right) and ``placeless`` (programs that name
    no place here). ``bare``: places in which no program may work.
    """

    release: Release
    scenario: Scenario
    areas: tuple[str, ...]
    problem: PlanProblem | None
    limits: PlanLimits
    need: tuple[Figure, ...]
    slots: tuple[Figure, ...]
    rate: tuple[Figure, ...]
    newborn: tuple[Figure, ...]
    home: tuple[str, ...]
    programs: tuple[str, ...]
    hidden: tuple[str, ...]
    handed_in: tuple[str, ...]
    no_rate: tuple[str, ...]
    costless: tuple[str, ...]
    placeless: tuple[str, ...]
    bare: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """The plan and the plain split by newborn families; or the limits that ``clash``, and no plan."""

    question: Question
    plan: Plan | None
    split: Plan | None
    clash: tuple[str, ...] = ()


def ask(release: Release, scenario: Scenario) -> Question:
    """Put a wish in numbers; raises ``BadScenarioError`` where it names what the release does not have."""
    check_scenario(scenario, release)
    year, regions = service_year(release), _regions(release)
    homes = _homes(release)
    wanted = _places(release, scenario, homes)
    figures = {area: release.figure(scenario.need, "zip", area, "all", (year, year)) for area in wanted}
    block = release.periods(SMOOTHED, "zip")
    rates = {area: _of(release, SMOOTHED, area, block) for area in wanted}
    offered = {area: release.figure("slots", "zip", area, "all", (year, year)) for area in wanted}
    handed_in = tuple(area for area in wanted if by_reports(figures[area], offered[area]))
    left = [area for area in wanted if area not in handed_in]
    hidden = tuple(area for area in left if figures[area].value is None)
    known = [area for area in left if figures[area].value is not None]
    no_rate = tuple(a for a in known if scenario.goal == "deaths" and rates[a].value is None)
    areas = tuple(area for area in known if area not in no_rate)
    programs, costless, placeless, pairs = _offers(release, scenario, areas)
    slots = tuple(offered[area] for area in areas)
    need, rate = tuple(figures[area] for area in areas), tuple(rates[area] for area in areas)
    home = tuple(homes[area] for area in areas)
    reached = {area for _, area in pairs}
    return Question(
        release=release,
        scenario=scenario,
        areas=areas,
        problem=_problem(release, pairs, programs, (areas, need, slots, rate, home)) if pairs else None,
        limits=_limits(scenario, regions),
        need=need,
        slots=slots,
        rate=rate,
        newborn=tuple(_of(release, NEWBORN, area, [(year, year)]) for area in areas),
        home=home,
        programs=programs,
        hidden=hidden,
        handed_in=handed_in,
        no_rate=no_rate,
        costless=costless,
        placeless=placeless,
        bare=tuple(area for area in areas if area not in reached),
    )


def answer(question: Question) -> Answer:
    """The best plan under the wish's limits beside the split by newborn families."""
    problem, limits, goal = question.problem, question.limits, question.scenario.goal
    if problem is None:
        return Answer(question, None, None)
    if limits.black_at_least_white and not np.nansum(problem.share_black * problem.need):
        return Answer(question, None, None, (UNKNOWN_SHARES,))
    split = split_by_need_population(problem, limits, _values(question.newborn), goal)
    try:
        return Answer(question, plan(problem, limits, goal), split)
    except InfeasiblePlan as clash:
        return Answer(question, None, split, clash.limits)
    except TimeoutError:
        return Answer(question, None, split, (LATE,))


def draws(question: Question, first: int = 0, count: int = DRAWS) -> tuple[Array, Array]:
    """Needs and weights drawn within their published intervals, draws ``first`` and on: (count, places).

    Each place is drawn on its own, on the log scale.
    """
    noise = np.random.default_rng(SEED).normal(size=(DRAWS, 2, len(question.areas)))[first : first + count]
    need, rate = (
        _values(figures) * np.exp(noise[:, which] * np.array([log_error(f) for f in figures]))
        for which, figures in enumerate((question.need, question.rate))
    )
    return need, rate / PER


def stable(
    question: Question, first: int, count: int = AT_ONCE, progress: Callable[[int, int], None] | None = None
) -> Stability:
    """How a plan changes over some of the draws; parts are joined by ``joined``."""
    if question.problem is None:
        raise ValueError("There is no plan to draw again: no program may work in these places.")
    need, weight = draws(question, first, count)
    goal = question.scenario.goal
    return stability(question.problem, question.limits, goal, need, weight, FIRST, progress, DRAWN_GAP)


@dataclass(frozen=True, eq=False)
class Sureness:
    """Over ``draws`` plans: the share in which each place is among the first, and in which all are the same.

    ``top`` follows the places of the question; ``clashed`` counts draws without a plan.
    """

    top: Array
    same: float
    draws: int
    clashed: int


def joined(parts: Sequence[Stability], places: int) -> Sureness:
    """All parts together; no draws yet give shares of zero."""
    counted = [part for part in parts if part.draws]
    total = sum(part.draws for part in counted)
    top = sum((part.top * part.draws for part in counted), np.zeros(places))
    same = sum(part.same_top * part.draws for part in counted)
    clashed = sum(part.clashed for part in parts)
    return Sureness(top / max(total, 1), same / max(total, 1), total, clashed)


class Drawing:
    """The draws of one question, made a few at a time and shared by all who wait for them."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._parts: list[Stability] = []
        self._at_work = Lock()

    @property
    def done(self) -> int:
        """Draws that are made."""
        return len(self._parts) * AT_ONCE

    @property
    def finished(self) -> bool:
        """True where all draws are made."""
        return self.done >= DRAWS

    @property
    def sure(self) -> Sureness:
        """What the draws so far say."""
        return joined(self._parts, len(self._question.areas))

    def step(self, progress: Callable[[int], None] | None = None) -> None:
        """Make the next few draws; ``progress`` is told all that are made. What it raises ends the step."""
        with self._at_work:
            first = self.done
            if first < DRAWS:
                tell = None if progress is None else lambda done, _: progress(first + done)
                self._parts.append(stable(self._question, first, AT_ONCE, tell))


def _regions(release: Release) -> list[str]:
    """Codes of the regions, whose place in the list is their number in a problem."""
    areas = release.areas
    return sorted(str(code) for code in areas.loc[areas["kind"].eq("region"), "geoid"])


def _homes(release: Release) -> dict[str, str]:
    """The county in which the larger part of each ZIP code lies."""
    parts = release.tables["parts"]
    rows = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    main = rows.sort_values(["weight", "part"], ascending=[False, True]).drop_duplicates("whole")
    return dict(zip(main["whole"].astype(str), main["part"].astype(str), strict=True))


def _places(release: Release, scenario: Scenario, homes: dict[str, str]) -> list[str]:
    areas = release.areas
    rows = areas[areas["kind"].eq("zip")]
    if scenario.region != ALL_REGIONS:
        rows = rows[rows["region"].eq(scenario.region)]
    found = sorted(str(code) for code in rows["geoid"] if str(code) in homes)
    return [area for area in found if not scenario.counties or homes[area] in scenario.counties]


def _of(release: Release, measure: str, area: str, periods: Sequence[tuple[int, int]]) -> Figure:
    """A ZIP code's figure of the last of these periods."""
    return release.figure(measure, "zip", area, "all", periods[-1] if periods else (0, 0))


def _values(figures: Iterable[Figure]) -> Array:
    """Values of figures; zero where there is none."""
    return np.array([figure.value or 0.0 for figure in figures])


Pairs = list[tuple[str, str]]


def _offers(
    release: Release, scenario: Scenario, areas: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], Pairs]:
    """Programs that may take part, those without a usable cost, those without a place here, and pairs."""
    models, wanted = model_codes(release), set(areas)
    names = {models[code] for code in scenario.models} or set(models.values())
    table = release.tables["programs"].set_index("program_id")
    table = table[table["model"].isin(names)].sort_index()
    cost = table["cost_per_slot"].astype(float)
    usable = cost.between(*COST_RANGE)
    served = release.tables["service_areas"].groupby("program_id")["zip"].agg(set).to_dict()
    regions = {area: release.region_of("zip", area) for area in areas}
    pairs: Pairs = []
    for program, region in table.loc[usable, "region"].items():
        own = served.get(program, set()) & wanted
        if scenario.extend:
            own |= {area for area in areas if regions[area] == region}
        pairs += [(str(program), area) for area in sorted(own)]
    taking_part = {program for program, _ in pairs}
    costless = tuple(str(program) for program in table.index[~usable])
    inside = table.index[usable & table["region"].isin(set(regions.values()))]
    placeless = tuple(str(program) for program in inside if program not in taking_part)
    return tuple(sorted(taking_part)), costless, placeless, pairs


def _problem(
    release: Release,
    pairs: Pairs,
    programs: Sequence[str],
    places: tuple[
        tuple[str, ...], tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...], tuple[str, ...]
    ],
) -> PlanProblem:
    areas, need, slots, rate, home = places
    table = release.tables["programs"].set_index("program_id")
    agencies, counties = sorted(set(table["agency_id"].astype(str))), sorted(set(home))
    regions = _regions(release)
    allocated = release.tables["allocated"]
    rows = allocated[allocated["rule"].eq(DEFAULT_RULE)]
    now = {
        (str(p), str(z)): float(n)
        for p, z, n in zip(rows["program_id"], rows["zip"], rows["slots"], strict=True)
    }
    black = _black(release, areas)
    return PlanProblem(
        place=np.array([areas.index(area) for _, area in pairs]),
        program=np.array([programs.index(program) for program, _ in pairs]),
        agency=np.array([agencies.index(str(table["agency_id"][program])) for program, _ in pairs]),
        cost=np.array([float(table["cost_per_slot"][program]) for program, _ in pairs]),
        present=np.array([now.get(pair, 0.0) for pair in pairs]),
        need=_values(need),
        slots=_values(slots),
        weight=_values(rate) / PER,
        county=np.array([counties.index(county) for county in home]),
        region=np.array([regions.index(release.region_of("zip", area)) for area in areas]),
        share_black=black,
        share_white=1 - black,
    )


def _black(release: Release, areas: Iterable[str]) -> Array:
    """Share of Black residents; NaN where it is not known. All others are the rest."""
    periods = release.periods(SHARE_BLACK, "zip")
    found = [_of(release, SHARE_BLACK, area, periods).value for area in areas]
    return np.array([np.nan if value is None else value for value in found])


def _limits(scenario: Scenario, regions: list[str]) -> PlanLimits:
    return PlanLimits(
        budget_slots=scenario.slots,
        budget_dollars=scenario.dollars,
        movable=scenario.movable / 100,
        county_floor=scenario.floor,
        region_share={regions.index(region): share / 100 for region, share in scenario.shares},
        agency_cap=scenario.agency_cap,
        black_at_least_white=scenario.black,
    )


@dataclass(frozen=True)
class GroupGain:
    """Black families, or all others: newly reached, and slots for a family today and after the plan."""

    group: str
    reached: float
    before: float
    after: float


def by_group(question: Question, made: Plan) -> tuple[GroupGain, ...]:
    """What a plan does for Black families and for all others, if slots reach them as the residents' shares.

    Places whose residents' shares are not known count for neither. Empty where no place's are.
    """
    problem = question.problem
    if problem is None or not np.isfinite(problem.share_black).any():
        return ()
    added = problem.by_place(made.added)
    found = []
    for group, share in (("black", problem.share_black), ("others", problem.share_white)):
        part = np.nan_to_num(share)
        need = float(part @ problem.need)
        now, then = float(part @ problem.slots), float(part @ (problem.slots + added))
        each = (now / need, then / need) if need else (np.nan, np.nan)
        found.append(GroupGain(group, float(part @ made.reached), *each))
    return tuple(found)


def mean_rate(question: Question, made: Plan) -> float | None:
    """Mean infant mortality per 1,000 of the places of the families reached; none where nobody is."""
    problem = question.problem
    known = np.array([figure.value is not None for figure in question.rate], dtype=bool)
    reached = np.where(known, np.maximum(made.reached, 0.0), 0.0)
    total = float(reached.sum())
    return float(reached @ problem.weight) / total * PER if problem is not None and total else None
