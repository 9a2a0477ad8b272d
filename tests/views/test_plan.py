"""The Planner in words, tables and files: nothing it says differs from the plan it speaks of."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.planning import Sureness
from equity.release.scenario import GOALS, Scenario
from equity.views.charts.first import BARS, first_chart
from equity.views.documents.plan_files import compare_csv, compare_xlsx, plan_csv, plan_rows, plan_xlsx
from equity.views.plan import PlanView, build_plan
from equity.views.plan_compare import Comparison
from equity.views.plan_tables import (
    evidence_table,
    first_table,
    gains_table,
    groups_table,
    places_table,
    program_changes,
    programs_table,
)
from equity.views.plan_words import NAME_LENGTH, clean_name, listed
from equity.words import say

ACTIVE = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def view(shipped: Release) -> PlanView:
    """The plan the page opens with."""
    return build_plan(shipped, Scenario())


def sureness(view: PlanView, same: float = 0.5) -> Sureness:
    """Draws in which the places came first the more often the more slots they gain."""
    added = np.array([row.added for row in view.rows], dtype=float)
    return Sureness(added / added.max(), same, 100, 0)


def test_the_first_five_gain_most(view: PlanView) -> None:
    assert len(view.first) == 5
    most = sorted((row.added for row in view.rows), reverse=True)[:5]
    assert [row.added for row in view.first] == most
    for row in view.first:
        assert row.name in view.lead
    assert f"gain {sum(most)} of 100 slots" in view.lead


def test_one_place_alone_is_not_called_five(shipped: Release) -> None:
    alone = build_plan(shipped, Scenario(goal="reach"))
    assert len(alone.first) == 1
    assert "comes first, and alone: it gains all 100 slots" in alone.lead
    assert "comes first alone in 50 of 100" in alone.sure_text(sureness(alone))


@pytest.mark.parametrize(("same", "said"), [(0.9, "hardly depends"), (0.1, "some of these places are sure")])
def test_how_sure_is_said_in_words(view: PlanView, same: float, said: str) -> None:
    assert said in view.sure_text(sureness(view, same))
    loose = replace(sureness(view, 0.1), top=np.full(len(view.rows), 0.2))
    assert "none of these places is sure" in view.sure_text(loose)
    assert view.sure_text(replace(loose, draws=0)) == ""
    assert "In 100 draws no plan" in view.sure_text(replace(loose, draws=0, clashed=100))


def test_tables_add_up_to_the_plan(view: PlanView) -> None:
    made = view.answer.plan
    assert made is not None
    assert sum(row.added for row in view.rows) == made.slots_used == 100
    assert sum(program_changes(view).values()) == 100
    added = say("plan.table.added")
    assert sum(int(cell) for cell in places_table(view)[added]) == 100
    gains = gains_table(view)
    regions = gains[gains[say("plan.table.where")].isin(["St. Louis City and County", "The Bootheel"])]
    assert sum(int(cell) for cell in regions[added]) == 100
    assert sum(int(cell) for cell in gains[added]) == 200  # by region, and again by county
    dollars = programs_table(view)[say("plan.table.dollars")]
    assert sum(int(cell.replace(",", "")) for cell in dollars) == round(made.dollars_used)
    assert len(groups_table(view)) == 2


def test_a_gap_carries_its_range(view: PlanView) -> None:
    row = view.first[0]
    before, low, high = row.gap()
    assert low < before < high
    assert row.gap(row.added) == (before - row.added, low - row.added, high - row.added)
    cells = first_table(view, None).iloc[0]
    assert cells[say("plan.table.before")] == f"{round(before)} ({round(low)} to {round(high)})"
    assert cells[say("plan.table.top")] == "being worked out"
    assert cells[say("plan.table.basis")] == "demonstration"
    assert first_table(view, sureness(view)).iloc[0][say("plan.table.top")] == "100"


def test_what_the_plan_does_is_said_with_its_bound(view: PlanView) -> None:
    said = " ".join(view.results)
    assert "Slots used: 100 of at most 100." in said
    assert "within 0.1\u00a0% of the best possible" in said
    assert "What holds the plan back: the number of slots." in said
    assert "likely" in view.largest


@pytest.mark.parametrize("goal", GOALS)
def test_no_goal_promises_deaths_averted(shipped: Release, goal: str) -> None:
    found = build_plan(shipped, Scenario(slots=20, goal=goal))
    texts = [found.lead, *found.results, say(f"plan.goal_note.{goal}")]
    averted = [text for text in texts if "avert" in text]
    assert all("not deaths averted" in text for text in averted)
    assert not [text for text in texts if "save" in text]


def test_places_left_out_carry_no_number(view: PlanView) -> None:
    hidden = [figure for figure in view.figures if figure.status == "suppressed"]
    assert len(hidden) == 6 and len(view.figures) == 125
    assert all(figure.value is None and figure.low is None for figure in hidden)
    assert any("6 places are left out" in line for line in view.left_out)
    assert any("25 of 119 places can get no slot" in line for line in view.left_out)
    assert view.map.table.iloc[0, 0] == view.first[0].name
    assert view.map.classes.labels[0] == "none"
    rows = plan_rows(view, None)
    unseen = [row for row in rows if row[say("table.note")] == say("figure.reason.hidden_part")]
    assert len(unseen) == 6
    assert not any(isinstance(cell, float | int) for row in unseen for cell in row.values())


def test_slots_that_move_away_have_a_class_and_a_sentence(shipped: Release) -> None:
    found = build_plan(shipped, Scenario(slots=0, region="bootheel", movable=50, extend=True))
    assert any(row.added < 0 for row in found.rows)
    assert found.map.classes.labels[:2] == ("moved away", "none")
    assert any("move to another place" in line for line in found.results)


def test_wishes_that_clash_are_explained_with_what_to_change(shipped: Release) -> None:
    said = " ".join(build_plan(shipped, Scenario(black=True)).refused)
    assert "Black families covered at least as well as all others" in said
    assert "allow more slots" in said and "let more of today's slots move" in said
    over = Scenario(shares=(("bootheel", 60), ("stl", 60)))
    assert "least share for the Bootheel" in " ".join(build_plan(shipped, over).refused)


def test_nothing_to_add_is_a_plan_of_nothing(shipped: Release) -> None:
    found = build_plan(shipped, Scenario(slots=0))
    assert found.refused == () and found.first == ()
    assert found.lead == say("plan.answer.nothing")
    assert found.results and len(programs_table(found)) == 0
    assert plan_csv(found, None) and plan_xlsx(found, None, "")


def test_bars_are_the_first_and_those_that_stand_in(view: PlanView) -> None:
    drawn = first_chart(view, sureness(view))
    [bars] = drawn.figure["data"]
    assert len(bars["x"]) == BARS == len(drawn.table)
    assert bars["x"] == sorted(bars["x"], reverse=True)
    assert sum(color != "#ffffff" for color in bars["marker"]["color"]) == 5
    assert view.first[0].name in drawn.alt


def test_printed_results_stand_beside_with_note_and_source(shipped: Release) -> None:
    table = evidence_table(shipped)
    assert len(table) >= 8
    assert all(table[say("plan.evidence.source")])
    enrolled = table[table[say("plan.evidence.place")].str.startswith("Families enrolled")]
    assert len(enrolled) and all("differ" in note for note in enrolled[say("plan.evidence.note")])


def test_two_plans_side_by_side(shipped: Release, view: PlanView) -> None:
    other = build_plan(shipped, Scenario(goal="reach"))
    found = Comparison(view, other, ("Ours", ACTIVE))
    assert list(found.summary.columns[1:]) == ["Ours", ACTIVE]
    assert sum(int(cell) for cell in found.places["Ours"]) == 100
    assert shipped.id in found.sentence
    twins = Comparison(view, view, ("", ""))
    assert len(set(twins.labels)) == 2 and twins.same
    named = Comparison(view, other, (say("plan.table.place"), say("plan.table.measure")))
    assert len(named.places.columns) == len(named.summary.columns) == 3
    refused = Comparison(view, build_plan(shipped, Scenario(black=True)), ("", ""))
    assert "no plan" in refused.summary.iloc[0, 2]
    sheets = load_workbook(io.BytesIO(compare_xlsx(found)))
    assert sheets.sheetnames == ["Comparison", "Places", "Notes"]
    _inert(sheets)
    assert f"'{ACTIVE}" in compare_csv(found).decode("utf-8-sig").splitlines()[0]


def test_files_hold_the_plan_and_no_formula(view: PlanView) -> None:
    sure = sureness(view)
    rows = list(csv.DictReader(io.StringIO(plan_csv(view, sure).decode("utf-8-sig"))))
    assert len(rows) == 125
    assert sum(int(row[say("plan.table.added")] or 0) for row in rows) == 100
    assert {row["Release"] for row in rows} == {view.release.id}
    book = load_workbook(io.BytesIO(plan_xlsx(view, sure, ACTIVE)))
    assert book.sheetnames == ["Places", "Programs", "Who gains", "Notes"]
    _inert(book)
    notes = " ".join(str(row[0].value) for row in book["Notes"].iter_rows())
    assert view.lead in notes and "DEMONSTRATION" in notes and view.scenario.code in notes
    assert plan_xlsx(view, sure, ACTIVE) == plan_xlsx(view, sure, ACTIVE)


def test_names_are_kept_short_and_in_one_line() -> None:
    assert clean_name("  Our\n\tplan\u202e ") == ("Our plan", False)
    assert clean_name("x" * 61) == ("x" * NAME_LENGTH, True)
    assert clean_name("<b>*A*</b>") == ("<b>*A*</b>", False)
    assert listed(["A"]) == "A" and listed(["A", "B", "C"]) == "A, B and C"


def test_a_real_figure_would_not_be_called_made_up(view: PlanView) -> None:
    assert "DEMONSTRATION" in view.notice
    real: list[Figure] = [replace(figure, basis="estimated") for figure in view.question.need]
    question = replace(view.question, need=tuple(real), slots=())
    answer = replace(view.answer, question=question)
    assert "DEMONSTRATION" not in PlanView(answer, view.rows).notice


def _inert(book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
