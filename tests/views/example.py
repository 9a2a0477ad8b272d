"""The worked example of the docs, made anew from a release: its table and the sentences it must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from equity.release.load import Release
from equity.release.planning import AT_ONCE, DRAWS, Sureness, by_group, joined, mean_rate, stable
from equity.release.scenario import GOALS, Scenario
from equity.views.format import number
from equity.views.plan import PlanView, build_plan
from equity.words import say

#: The three wishes of the example, and two more that its text speaks of.
WISHES: Final = tuple(Scenario(slots=100, goal=goal) for goal in GOALS)
BOOTHEEL: Final = Scenario(slots=100, goal="reach", shares=(("bootheel", 25),))
FAIR: Final = Scenario(slots=100, goal="reach", black=True)


def sureness(view: PlanView) -> Sureness:
    """All draws of a plan."""
    parts = [stable(view.question, first) for first in range(0, DRAWS, AT_ONCE)]
    return joined(parts, len(view.question.areas))


def table(release: Release) -> list[str]:
    """The rows of the example's table in Markdown."""
    views = [build_plan(release, wish) for wish in WISHES]
    sure = [sureness(view) for view in views]
    columns: dict[str, Callable[[PlanView, Sureness], str]] = {
        "ZIP codes that come first (slots)": lambda view, _: ", ".join(
            f"{row.area} ({row.added})" for row in view.first
        ),
        "ZIP codes that gain slots": lambda view, _: number(sum(row.added > 0 for row in view.rows)),
        "Slots for the Bootheel": lambda view, _: number(
            sum(row.added for row in view.rows if row.region == "bootheel")
        ),
        "Families newly reached": lambda view, _: number(_made(view).reached.sum()),
        "Cost a year": lambda view, _: f"${number(_made(view).dollars_used)}",
        "Fewest slots for 100 families, where a program works": lambda view, _: number(_lowest(view), 1),
        "Slots for 100 Black families": lambda view, _: _group(view, "black"),
        "Slots for 100 other families": lambda view, _: _group(view, "others"),
        "Infant deaths per 1,000 births where the reached families live": lambda view, _: number(
            mean_rate(view.question, _made(view)) or 0.0, 1
        ),
        "Surest place among the first five, of 100 draws": lambda view, drawn: number(
            max(view.share(drawn, row.area) for row in view.first) * 100
        ),
        "Exactly these places first, of 100 draws": lambda _, drawn: number(drawn.same * 100),
    }
    goals = " | ".join(say(f"plan.goal.{goal}") for goal in GOALS)
    rows = [f"| | {goals} |", "|---|---|---|---|"]
    for name, cell in columns.items():
        cells = " | ".join(cell(view, drawn) for view, drawn in zip(views, sure, strict=True))
        rows.append(f"| {name} | {cells} |")
    return rows


def sentences(release: Release) -> list[str]:
    """What the text must say in just these words."""
    worst, reach, _ = (build_plan(release, wish) for wish in WISHES)
    split = worst.answer.split
    assert split is not None
    before = {gain.group: number(gain.before * 100, 1) for gain in by_group(worst.question, _made(worst))}
    shared, fair = build_plan(release, BOOTHEEL), build_plan(release, FAIR)
    first = worst.first[0]
    gap, low, high = (number(value) for value in first.gap())
    return [
        f"today {before['black']} slots for 100 Black families and {before['others']} for 100 others",
        f"{first.area} has {number(first.slots)} slots; {gap} families (likely {low} to {high}) have none",
        f"for ${number(_made(shared).dollars_used)} a year instead of ${number(_made(reach).dollars_used)}",
        f"A plain split by newborn families reaches {number(split.reached.sum())} families",
        f"{len(worst.question.hidden)} ZIP codes with hidden need are left out",
        f"{len(worst.question.bare)} can get no slot",
        *fair.refused,
        *(f"/planner?plan={wish.code}" for wish in (*WISHES, BOOTHEEL, FAIR)),
    ]


def _made(view: PlanView):  # type: ignore[no-untyped-def]  # tests know no measures' types
    made = view.answer.plan
    assert made is not None
    return made


def _lowest(view: PlanView) -> float:
    problem = view.question.problem
    assert problem is not None
    offered = problem.offered & (problem.need > 0)
    return float(_made(view).coverage_after[offered].min()) * 100


def _group(view: PlanView, group: str) -> str:
    [found] = [gain for gain in by_group(view.question, _made(view)) if gain.group == group]
    return number(found.after * 100, 1)
