"""Two plans side by side, of the same release."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from equity.release.planning import by_group
from equity.views.format import number
from equity.views.plan import PlanView
from equity.views.plan_words import short_name
from equity.words import say


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two views with the names that readers gave them."""

    a: PlanView
    b: PlanView
    names: tuple[str, str]

    @cached_property
    def labels(self) -> tuple[str, str]:
        """Names of the two plans, or what they are in few words; never twice the same."""
        a, b = (
            short_name(view.scenario, name) for view, name in zip((self.a, self.b), self.names, strict=True)
        )
        # a column of a table may not be named twice
        taken = {say("plan.table.place"), say("plan.table.measure"), say("about.fact.id")}
        a, b = (f"“{label}”" if label in taken else label for label in (a, b))
        return (a, b) if a != b else (f"{a} (1)", f"{b} (2)")

    @property
    def same(self) -> bool:
        """True where both are the same wish."""
        return self.a.scenario == self.b.scenario

    @cached_property
    def sentence(self) -> str:
        """What is compared."""
        a, b = self.labels
        said = say("plan.compare.sentence", a=a, b=b, release=self.a.release.id)
        return f"{said} {say('plan.compare.same')}" if self.same else said

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The two plans in short: what they use, reach, cost and leave."""
        columns = [_facts(view) for view in (self.a, self.b)]
        table = {say("plan.table.measure"): [say(f"plan.compare.{key}") for key in columns[0]]}
        return pd.DataFrame(
            table | {label: list(facts.values()) for label, facts in zip(self.labels, columns, strict=True)}
        )

    @cached_property
    def places(self) -> pd.DataFrame:
        """Slots that each plan adds, in every place where one of them adds or takes some."""
        added = [{row.area: row.added for row in view.rows} for view in (self.a, self.b)]
        areas = [area for area in dict.fromkeys([*added[0], *added[1]]) if any(x.get(area) for x in added)]
        areas.sort(key=lambda area: (-added[0].get(area, 0), -added[1].get(area, 0), area))
        name = self.a.release.area_name
        table = {say("plan.table.place"): [name("zip", area) for area in areas]}
        return pd.DataFrame(
            table
            | {
                label: [number(x.get(area, 0)) for area in areas]
                for label, x in zip(self.labels, added, strict=True)
            }
        )


def _facts(view: PlanView) -> dict[str, str]:
    made, none = view.answer.plan, say("plan.compare.none")
    keys = ("slots", "cost", "reached", "each", "lowest", "largest", "black", "others", "first")
    if made is None or view.question.problem is None:
        return {
            key: say("plan.compare.no_plan", why=view.refused[0]) if key == "slots" else none for key in keys
        }
    families = float(made.reached.sum())
    offered = view.question.problem.offered & (view.question.problem.need > 0)
    largest = max(view.rows, key=lambda row: (row.gap(row.added)[0], row.area))
    groups = {gain.group: number(gain.after * 100, 1) for gain in by_group(view.question, made)}
    values = (
        number(made.slots_used),
        number(made.dollars_used),
        number(families),
        number(made.dollars_used / families) if families >= 1 else none,
        number(float(made.coverage_after[offered].min()) * 100, 1) if offered.any() else none,
        f"{largest.name}: {number(largest.gap(largest.added)[0])}",
        groups.get("black", none),
        groups.get("others", none),
        ", ".join(row.name for row in view.first) or none,
    )
    return dict(zip(keys, values, strict=True))
