"""The tables of the Planner: the first places, all that change, who gains, programs, printed results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pandas as pd

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.planning import Sureness, by_group
from equity.views.format import amount, number
from equity.views.plan import PlanRow, PlanView
from equity.words import say

PRINTED: Final = ("infant_mortality", "infant_mortality_comparison", "benefit_cost_ratio")


def first_table(view: PlanView, sure: Sureness | None) -> pd.DataFrame:
    """The first places with their slots, their gap before and after, and how often they come first."""
    rows, ready = view.first, sure is not None and sure.draws > 0
    share = (
        [number(view.share(sure, row.area) * 100) for row in rows]
        if sure is not None and ready
        else [say("plan.table.top_waiting")] * len(rows)
    )
    return _frame(
        {
            "place": [row.name for row in rows],
            "added": [number(row.added) for row in rows],
            "top": share,
            "now": [number(row.slots) for row in rows],
            "before": [gap_text(row) for row in rows],
            "after": [gap_text(row, row.added) for row in rows],
            "basis": [_basis(row.need) for row in rows],
        }
    )


def places_table(view: PlanView, sure: Sureness | None = None) -> pd.DataFrame:
    """Every place in which the plan or the plain split changes something, most slots first."""
    rows = [row for row in view.rows if row.added or row.split]
    rows.sort(key=lambda row: (-row.added, -row.split, row.area))
    columns = {
        "place": [row.name for row in rows],
        "county": [row.county for row in rows],
        "added": [number(row.added) for row in rows],
        "split": [number(row.split) for row in rows],
        "now": [number(row.slots) for row in rows],
        "need": [_need_text(row.need) for row in rows],
        "before": [gap_text(row) for row in rows],
        "after": [gap_text(row, row.added) for row in rows],
        "after_split": [number(row.gap(row.split)[0]) for row in rows],
        "coverage": [coverage_text(row) for row in rows],
    }
    if sure is not None and sure.draws:
        columns["top"] = [number(view.share(sure, row.area) * 100) for row in rows]
    columns["basis"] = [_basis(row.need) for row in rows]
    return _frame(columns)


def gains_table(view: PlanView) -> pd.DataFrame:
    """Slots added and families without a slot by region, then by county."""
    release = view.release
    regions = _sums(view.rows, lambda row: release.area_name("region", row.region))
    counties = _sums(view.rows, lambda row: row.county)
    both = [*regions.items(), *counties.items()]
    return _frame(
        {
            "where": [name for name, _ in both],
            "added": [number(sums["added"]) for _, sums in both],
            "split": [number(sums["split"]) for _, sums in both],
            "reached": [number(sums["reached"]) for _, sums in both],
            "now": [number(sums["now"]) for _, sums in both],
            "before": [number(sums["before"]) for _, sums in both],
            "after": [number(sums["after"]) for _, sums in both],
        }
    )


def _sums(rows: Iterable[PlanRow], name: Callable[[PlanRow], str]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        sums = found.setdefault(
            name(row), dict.fromkeys(("added", "split", "reached", "now", "before", "after"), 0.0)
        )
        parts = (row.added, row.split, row.reached, row.slots, row.gap()[0], row.gap(row.added)[0])
        for key, part in zip(sums, parts, strict=True):
            sums[key] += part
    return dict(sorted(found.items()))


def groups_table(view: PlanView) -> pd.DataFrame:
    """Black families and all others: newly reached, and slots for 100 families; no rows where not known."""
    plan = view.answer.plan
    gains = by_group(view.question, plan) if plan is not None else ()
    return _frame(
        {
            "group": [say(f"plan.group.{gain.group}") for gain in gains],
            "reached": [number(gain.reached) for gain in gains],
            "coverage_before": [number(gain.before * 100, 1) for gain in gains],
            "coverage": [number(gain.after * 100, 1) for gain in gains],
        }
    )


def unknown_residents(view: PlanView) -> str:
    """How many places are missing from the table of groups; empty where none is."""
    problem = view.question.problem
    count = 0 if problem is None else sum(share != share for share in problem.share_black)  # NaN
    return say("plan.section.groups_unknown", count=count) if count else ""


def programs_table(view: PlanView) -> pd.DataFrame:
    """Programs that gain or lose slots, most first."""
    changed = sorted(program_changes(view).items(), key=lambda pair: (-pair[1], pair[0]))
    table = view.release.tables["programs"].set_index("program_id")
    codes = [code for code, _ in changed]
    costs = [float(table["cost_per_slot"][code]) for code in codes]
    return _frame(
        {
            "program": [str(table["name"][code]) for code in codes],
            "model": [str(table["model"][code]) for code in codes],
            "added": [number(added) for _, added in changed],
            "cost": [number(cost) for cost in costs],
            "dollars": [number(added * cost) for (_, added), cost in zip(changed, costs, strict=True)],
            "basis": [say(f"figure.basis_short.{table['basis'][code]}") for code in codes],
        }
    )


def program_changes(view: PlanView) -> dict[str, int]:
    """Slots that each program gains in all, of those where something changes."""
    plan, question = view.answer.plan, view.question
    if plan is None or question.problem is None:
        return {}
    found = dict.fromkeys(question.programs, 0)
    changed = set()
    for program, added in zip(question.problem.program, plan.added, strict=True):
        code = question.programs[int(program)]
        found[code] += int(added)
        changed |= {code} if added else set()
    return {code: added for code, added in found.items() if code in changed}


def evidence_table(release: Release) -> pd.DataFrame:
    """Results that programs printed, with their notes and sources; beside the plan, never part of it."""
    table = release.tables["evidence"]
    rows = table[table["measure"].isin(PRINTED) & table["value"].notna()].sort_values(
        ["measure", "model", "place", "last_year"]
    )
    return pd.DataFrame(
        {
            say("plan.evidence.program"): rows["model"].tolist(),
            say("plan.evidence.place"): rows["place"].tolist(),
            say("plan.evidence.what"): [say(f"plan.evidence_measure.{name}") for name in rows["measure"]],
            say("plan.evidence.value"): [
                f"{value:g} {unit}" for value, unit in zip(rows["value"], rows["unit"], strict=True)
            ],
            say("plan.evidence.when"): [
                str(first) if first == last else f"{first}–{last}"
                for first, last in zip(rows["first_year"], rows["last_year"], strict=True)
            ],
            say("plan.evidence.note"): rows["note"].fillna("").tolist(),
            say("plan.evidence.source"): [_source(release, str(source)) for source in rows["source_id"]],
        }
    )


def gap_text(row: PlanRow, extra: int = 0) -> str:
    """Families without a slot with their range: ``135 (88 to 201)``."""
    gap, low, high = (number(value) for value in row.gap(extra))
    return f"{gap} ({say('view.interval', low=low, high=high)})"


def coverage_text(row: PlanRow) -> str:
    """Slots for 100 families after the plan."""
    need = row.need.value
    return (
        amount(measure("slot_coverage"), (row.slots + row.added) / need) if need else say("plan.compare.none")
    )


def _need_text(figure: Figure) -> str:
    entry = measure(figure.measure)
    value, low, high = (
        None if x is None else amount(entry, x) for x in (figure.value, figure.low, figure.high)
    )
    return f"{value} ({say('view.interval', low=low, high=high)})" if low and high else str(value)


def _basis(figure: Figure) -> str:
    return say(f"figure.basis_short.{figure.basis}")


def _source(release: Release, source: str) -> str:
    rows = release.tables["sources"]
    titles = {str(row["id"]): f"{row['publisher']}: {row['title']}" for row in rows.to_dict("records")}
    return titles.get(source, source)


def _frame(columns: dict[str, list[str]]) -> pd.DataFrame:
    return pd.DataFrame({say(f"plan.table.{name}"): cells for name, cells in columns.items()})
