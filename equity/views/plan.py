"""The Planner: a plan beside today and beside a plain split, and how sure its first places are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.planning import FIRST, Answer, Question, Sureness, answer, ask, mean_rate
from equity.release.scenario import Scenario
from equity.views.classes import Classes, classes
from equity.views.format import number
from equity.views.notes import demonstration_notice
from equity.views.place_map import PlaceMap
from equity.views.plan_words import clash_sentences, limit_text, listed, wish_sentences
from equity.words import say

ADDED: Final = "slots_added"
#: Largest gaps that are named.
LARGEST: Final = 3
#: From this share of draws on a place, or the whole choice, is called sure.
SURE: Final = 0.8
#: The solver's own distance to the bound, below which no number is worth saying.
CLOSE: Final = 0.001


@dataclass(frozen=True)
class PlanRow:
    """One place: what it has, what the plan and the plain split add, and its need."""

    area: str
    name: str
    county: str
    region: str
    need: Figure
    slots: float
    added: int
    split: int
    reached: float

    def gap(self, extra: int = 0) -> tuple[float, float, float]:
        """Families without a slot with so many more slots, and the likely range of that number."""
        slots = self.slots + extra
        value = self.need.value or 0.0
        low, high = (value if end is None else end for end in (self.need.low, self.need.high))
        return value - slots, low - slots, high - slots


@dataclass(frozen=True, eq=False)
class PlanView:
    """A wish and its answer in words."""

    answer: Answer
    rows: tuple[PlanRow, ...]

    @property
    def question(self) -> Question:
        """The wish in numbers."""
        return self.answer.question

    @property
    def release(self) -> Release:
        """The release that it is of."""
        return self.question.release

    @property
    def scenario(self) -> Scenario:
        """The wish."""
        return self.question.scenario

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Slots added in every place of the wish, also of those that can get none."""
        return _figures(self)

    @cached_property
    def notice(self) -> str:
        """The notice on made-up figures."""
        return demonstration_notice([*self.question.need, *self.question.slots, *self.figures])

    @cached_property
    def wish(self) -> str:
        """The whole wish in sentences."""
        return " ".join(wish_sentences(self.release, self.scenario))

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """Why there is no plan; empty where there is one."""
        if self.answer.plan is not None:
            return ()
        if self.question.problem is None:
            return (say("plan.answer.nobody"),)
        return tuple(clash_sentences(self.release, self.answer.clash))

    @cached_property
    def first(self) -> tuple[PlanRow, ...]:
        """The places that gain most, at most five, equals in the order of their codes."""
        gaining = [row for row in self.rows if row.added > 0]
        return tuple(sorted(gaining, key=lambda row: (-row.added, row.area))[:FIRST])

    @cached_property
    def lead(self) -> str:
        """Which places come first, in one sentence; why nothing is added where nothing is."""
        total = sum(row.added for row in self.rows if row.added > 0)
        if not self.first:
            asked = self.scenario.slots if self.scenario.dollars is None else self.scenario.dollars
            return say("plan.answer.no_gain" if asked else "plan.answer.nothing")
        names = listed(row.name for row in self.first)
        if len(self.first) == 1:
            return say("plan.answer.one", names=names, total=number(total))
        gained = sum(row.added for row in self.first)
        key = "plan.answer.many" if gained < total or len(self.first) == FIRST else "plan.answer.many_short"
        return say(key, names=names, gained=number(gained), total=number(total))

    @cached_property
    def tied(self) -> str:
        """How many more places gain as much as the last of the first; empty where none does."""
        if len(self.first) < FIRST:
            return ""
        last = self.first[-1].added
        count = sum(row.added == last for row in self.rows) - sum(row.added == last for row in self.first)
        return say("plan.answer.tied", count=count) if count else ""

    def share(self, sure: Sureness, area: str) -> float:
        """Share of draws in which a place is among the first."""
        return float(sure.top[self.question.areas.index(area)])

    def sure_text(self, sure: Sureness) -> str:
        """How sure the first places are, in plain words; empty where there is nothing to be sure of."""
        if not self.first or not sure.draws:
            return say("plan.answer.clashed", count=sure.clashed) if sure.clashed else ""
        shares = sorted((self.share(sure, row.area), row.name) for row in self.first)
        (low, last), (high, best) = shares[0], shares[-1]
        said = say(
            "plan.answer.sure" if len(self.first) > 1 else "plan.answer.sure_one",
            draws=sure.draws,
            first=best,
            high=number(high * 100),
            last=last,
            low=number(low * 100),
            same=number(sure.same * 100),
        )
        firm = "firm" if sure.same >= SURE else "partly" if high >= SURE else "loose"
        parts = [said, say(f"plan.answer.{firm}")]
        if self.scenario.goal == "deaths":
            parts.append(say("plan.answer.rate_drawn"))
        if sure.clashed:
            parts.append(say("plan.answer.clashed", count=sure.clashed))
        return " ".join([*parts, say("plan.answer.not_rule")])

    @cached_property
    def results(self) -> tuple[str, ...]:
        """What the plan uses, reaches and costs, how near the best it is, and what holds it back."""
        return _results(self)

    @cached_property
    def largest(self) -> str:
        """The largest gaps that are left after the plan."""
        left = sorted(self.rows, key=lambda row: (-row.gap(row.added)[0], row.area))[:LARGEST]
        items = []
        for row in left:
            gap, low, high = (number(value) for value in row.gap(row.added))
            items.append(say("plan.result.gap_item", name=row.name, gap=gap, low=low, high=high))
        return say("plan.result.gaps", names="; ".join(items)) if items else ""

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Places and programs that are no part of the plan, counted, with the reason."""
        return _left_out(self)

    @cached_property
    def map(self) -> PlaceMap:
        """Slots added on the map of ZIP codes."""
        values = [figure.value for figure in self.figures if figure.value is not None]
        year = self.figures[0].last_year if self.figures else 0
        entry = measure(ADDED)
        region = self.scenario.region
        return PlaceMap(self.release, entry, "zip", region, (year, year), self.figures, _classes(values))


def build_plan(release: Release, scenario: Scenario) -> PlanView:
    """Answer a wish; raises ``BadScenarioError`` where it names what the release does not have."""
    question = ask(release, scenario)
    found = answer(question)
    problem = question.problem
    nothing = np.zeros(len(question.areas))
    plan, split = (
        nothing if made is None or problem is None else problem.by_place(made.added)
        for made in (found.plan, found.split)
    )
    reached = nothing if found.plan is None else found.plan.reached
    rows = tuple(
        PlanRow(
            area,
            release.area_name("zip", area),
            release.area_name("county", question.home[place]),
            release.region_of("zip", area),
            question.need[place],
            question.slots[place].value or 0.0,
            int(plan[place]),
            int(split[place]),
            float(reached[place]),
        )
        for place, area in enumerate(question.areas)
    )
    return PlanView(found, rows)


def _figures(view: PlanView) -> tuple[Figure, ...]:
    question = view.question
    added = {row.area: float(row.added) for row in view.rows}
    places = sorted((*question.areas, *question.hidden, *question.handed_in, *question.no_rate))
    release, found = view.release, []
    needs = dict(zip(question.areas, question.need, strict=True))
    year = question.need[0].last_year if question.need else 0
    for area in places:
        need = needs.get(area) or release.figure(view.scenario.need, "zip", area, "all", (year, year))
        figure = replace(
            need, measure=ADDED, value=None, low=None, high=None, numerator=None, denominator=None,
            method=view.scenario.code, status="shown", reason="",
        )  # fmt: skip
        if area in question.hidden or area in question.no_rate:
            figure = replace(figure, status="suppressed", reason="hidden_part")
        elif area in question.handed_in:
            figure = replace(figure, status="not_applicable", reason="no_listed_program")
        elif area in question.bare or view.answer.plan is None:
            figure = replace(figure, status="not_applicable", reason="no_program")
        else:
            figure = replace(figure, value=added[area])
        found.append(figure)
    return tuple(found)


def _classes(values: list[float]) -> Classes:
    """Classes of slots added, in which none and those that moved away have words of their own."""
    found = classes(ADDED, values)
    words = {-1.0: say("plan.class.away"), 0.0: say("plan.class.none")}
    plain = {
        found.of(value): word for value, word in words.items() if value == 0 or min(values, default=0) < 0
    }
    labels = tuple(plain.get(step, label) for step, label in enumerate(found.labels))
    return replace(found, labels=labels)


def _results(view: PlanView) -> tuple[str, ...]:
    made, split = view.answer.plan, view.answer.split
    if made is None or split is None:
        return ()
    scenario, families = view.scenario, float(made.reached.sum())
    most = number(scenario.dollars if scenario.dollars is not None else scenario.slots or 0)
    used, spent = number(made.slots_used), number(made.dollars_used)
    lines = [
        say("plan.result.use", used=used, most=most)
        if scenario.dollars is None
        else say("plan.result.use_dollars", used=used, spent=spent, most=most)
    ]
    if families >= 1:
        lines.append(say("plan.result.cost", total=spent, each=number(made.dollars_used / families)))
    lines.append(say("plan.result.reached", plan=number(families), split=number(float(split.reached.sum()))))
    rates = [mean_rate(view.question, each) for each in (made, split)]
    if scenario.goal == "deaths" and all(rates):
        plan, plain = (number(rate or 0.0, 1) for rate in rates)
        lines.append(say("plan.result.mortality", plan=plan, split=plain))
    if moved := -int(np.minimum(made.added, 0).sum()):
        lines.append(say("plan.result.moved", count=number(moved)))
    left = (scenario.slots or 0) - made.slots_used
    if scenario.dollars is None and left > 0:
        lines.append(say("plan.result.left", count=number(left)))
    return (*lines, _bound(view), _binding(view))


def _bound(view: PlanView) -> str:
    made = view.answer.plan
    if made is None:
        return ""
    gap = max(made.gap, CLOSE)
    within = say("plan.bound.within", gap=number(gap * 100, 1))
    scale, decimals = (100, 1) if view.scenario.goal == "worst" else (1, 0)
    value, bound = (number(x * scale, decimals) for x in (made.value, made.bound))
    said = say(f"plan.bound.{view.scenario.goal}", value=value, bound=bound, gap=within)
    return f"{said} {say('plan.bound.time_limit')}" if made.status == "time_limit" else said


def _binding(view: PlanView) -> str:
    made = view.answer.plan
    if made is None or not made.binding:
        return say("plan.binding.none") if made else ""
    limits = "; ".join(limit_text(view.release, limit) for limit in made.binding)
    return say("plan.binding.some", limits=limits)


def _left_out(view: PlanView) -> tuple[str, ...]:
    question, release = view.question, view.release
    programs = release.tables["programs"].set_index("program_id")["name"]
    lines = []
    for key in ("hidden", "handed_in", "no_rate"):
        if codes := getattr(question, key):
            names = ", ".join(release.area_name("zip", code) for code in codes)
            lines.append(say(f"plan.left_out.{key}", count=len(codes), names=names))
    if question.bare:
        bare = set(question.bare)
        families = sum(row.need.value or 0.0 for row in view.rows if row.area in bare)
        lines.append(
            say("plan.left_out.bare", count=len(bare), total=len(view.rows), families=number(families))
        )
    for key in ("costless", "placeless"):
        if codes := getattr(question, key):
            names = ", ".join(str(programs[code]) for code in codes)
            lines.append(say(f"plan.left_out.{key}", count=len(codes), names=names))
    return tuple(lines) or (say("plan.left_out.none"),)
