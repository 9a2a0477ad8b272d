"""The planner's question to a release: its code, what it is made from, and what its answer keeps to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.release.figure import NUMBER_COLUMNS
from equity.release.load import Release
from equity.release.places_served import NEEDS
from equity.release.planning import (
    AT_ONCE,
    DRAWS,
    UNKNOWN_SHARES,
    Drawing,
    answer,
    ask,
    by_group,
    draws,
    joined,
    mean_rate,
)
from equity.release.scenario import GOALS, BadScenarioError, Scenario, model_codes, read_scenario


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any wish that can be written."""
    slots = draw(st.one_of(st.none(), st.integers(0, 100_000)))
    counties = draw(st.lists(st.sampled_from(["29510", "29189", "29069", "29133"]), unique=True))
    region = draw(st.sampled_from(["both", "stl", "bootheel"]))
    shares = draw(st.dictionaries(st.sampled_from(["stl", "bootheel"]), st.integers(1, 100)))
    return Scenario(
        slots=slots,
        dollars=draw(st.integers(0, 1_000_000_000)) if slots is None else None,
        goal=draw(st.sampled_from(GOALS)),
        need=draw(st.sampled_from(NEEDS)),
        region=region,
        counties=tuple(counties),
        models=tuple(draw(st.lists(st.sampled_from(["hfa", "pat", "nfp", "ehshb"]), unique=True))),
        extend=draw(st.booleans()),
        movable=draw(st.integers(0, 100)),
        floor=draw(st.booleans()),
        shares=tuple(shares.items()) if region == "both" and not counties else (),
        agency_cap=draw(st.one_of(st.none(), st.integers(1, 100_000))),
        black=draw(st.booleans()),
    )


@given(scenarios())
def test_a_code_says_the_whole_wish(scenario: Scenario) -> None:
    assert read_scenario(scenario.code) == scenario
    assert set(scenario.code) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")


@given(st.text(max_size=60))
def test_what_is_no_code_is_refused_and_what_is_one_comes_back(text: str) -> None:
    try:
        assert read_scenario(text).code == text
    except BadScenarioError as bad:
        assert bad.part


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("", "code"),
        ("n100", "code"),
        ("n0100_worst_need_both_all", "code"),
        ("n-5_worst_need_both_all", "code"),
        ("n100_worst_need_both_all_b_x", "code"),
        ("n100_worst_need_both_all<script>", "code"),
        ("n100_worst_need_both_all\n", "code"),
        ("n١٠٠_worst_need_both_all", "code"),
        ("n100_worst_need_both-29510-29189_all", "code"),  # not in their order: not what is written
        ("n100001_worst_need_both_all", "budget"),
        ("d9999999999_worst_need_both_all", "budget"),
        ("n100_most_need_both_all", "goal"),
        ("n100_worst_everyone_both_all", "need"),
        ("n100_worst_need_both_all_m101", "movable"),
        ("n100_worst_need_both-29189-29189_all", "counties"),
        ("n100_worst_need_both_hfa-hfa", "models"),
        ("n100_worst_need_both_all_r-stl-0", "shares"),
        ("n100_worst_need_stl_all_r-stl-10", "shares"),
        ("n100_worst_need_both_all_a0", "agency_cap"),
    ],
)
def test_a_bad_code_names_what_is_wrong(code: str, part: str) -> None:
    with pytest.raises(BadScenarioError) as refused:
        read_scenario(code)
    assert refused.value.part == part


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"region": "moon"}, "region"),
        ({"counties": ("99999",)}, "counties"),
        ({"region": "stl", "counties": ("29069",)}, "counties"),
        ({"models": ("xyz",)}, "models"),
        ({"shares": (("moon", 10),)}, "shares"),
    ],
)
def test_what_the_release_does_not_have_is_named(release: Release, changed: Any, part: str) -> None:
    with pytest.raises(BadScenarioError) as refused:
        ask(release, Scenario(**changed))
    assert refused.value.part == part


def test_exactly_one_budget() -> None:
    for both in ({"slots": None}, {"slots": 5, "dollars": 5}):
        with pytest.raises(BadScenarioError):
            Scenario(**both)


def test_models_have_short_codes_that_tell_them_apart(release: Release) -> None:
    codes = model_codes(release)
    assert codes["pat"] == "Parents as Teachers" and codes["nfp"] == "Nurse-Family Partnership"
    programs = release.tables["programs"]
    twins = programs.assign(model=["Parent Action Team", *programs["model"][1:]])
    both = model_codes(_with(release, programs=twins))
    assert both["parentactionteam"] == "Parent Action Team" and both["parentsasteachers"]
    assert len(set(both.values())) == len(both)


def test_a_question_holds_published_numbers_alone(release: Release) -> None:
    """Emptying every number of the figures that are hidden changes nothing, and they are counted."""
    question = ask(release, Scenario())
    assert len(question.hidden) == 6
    assert len(question.areas) + len(question.hidden) == 125
    assert all(figure.visible for figure in (*question.need, *question.slots))
    emptied = release.figures.copy()
    unseen = ~emptied["status"].isin(["shown", "unstable"])
    emptied.loc[unseen, list(NUMBER_COLUMNS)] = np.nan
    again = ask(replace(release, figures=emptied), Scenario())
    assert again.hidden == question.hidden
    assert again.problem is not None and question.problem is not None
    for name in ("need", "slots", "weight", "share_black"):
        np.testing.assert_array_equal(getattr(again.problem, name), getattr(question.problem, name))


def test_a_question_sums_to_what_the_release_prints(release: Release) -> None:
    problem = ask(release, Scenario()).problem
    assert problem is not None
    allocated = release.tables["allocated"]
    births = allocated[allocated["rule"].eq("births")]
    hidden = set(ask(release, Scenario()).hidden)
    assert problem.present.sum() == births[~births["zip"].isin(hidden)]["slots"].sum()
    np.testing.assert_allclose(problem.by_place(problem.present), problem.slots)
    known = np.isfinite(problem.share_black)
    assert known.sum() == len(known) - 4
    # the other group is all others, not white families alone
    np.testing.assert_allclose((problem.share_black + problem.share_white)[known], 1.0)


def test_places_programs_and_costs_left_out_are_told(release: Release) -> None:
    assert len(ask(release, Scenario(goal="deaths")).no_rate) == 5
    programs = release.tables["programs"]
    bad = programs.assign(cost_per_slot=[np.nan, -3.0, 1e9, *programs["cost_per_slot"][3:]])
    question = ask(_with(release, programs=bad), Scenario())
    assert set(question.costless) == set(programs["program_id"][:3])
    assert not set(question.costless) & set(question.programs)
    served = release.tables["service_areas"]
    lost = served["program_id"].iloc[0]
    without = _with(release, service_areas=served[~served["program_id"].eq(lost)])
    assert ask(without, Scenario()).placeless == (lost,)
    assert lost in ask(without, Scenario(extend=True)).programs


def test_wishes_narrow_the_places_and_the_programs(release: Release) -> None:
    own = ask(release, Scenario())
    assert len(own.bare) == 25
    assert ask(release, Scenario(extend=True)).bare == ()
    city = ask(release, Scenario(counties=("29510",)))
    assert set(city.home) == {"29510"}
    nurse = ask(release, Scenario(models=("nfp",)))
    table = release.tables["programs"].set_index("program_id")["model"]
    assert {table[program] for program in nurse.programs} == {"Nurse-Family Partnership"}
    bootheel = ask(release, Scenario(region="bootheel"))
    assert {release.region_of("zip", area) for area in bootheel.areas} == {"bootheel"}


@pytest.mark.parametrize("goal", GOALS)
def test_an_answer_keeps_to_its_wish(release: Release, goal: str) -> None:
    found = answer(ask(release, Scenario(slots=40, goal=goal, agency_cap=15)))
    problem, made = found.question.problem, found.plan
    assert problem is not None and made is not None and found.split is not None
    assert 0 < made.slots_used <= 40 and made.added.min() >= 0
    assert np.bincount(problem.agency, weights=made.added).max() <= 15
    assert made.gap <= 0.001 and made.bound >= made.value - 1e-9
    assert found.split.slots_used == 40
    assert made.dollars_used == pytest.approx(problem.cost @ made.added)
    assert sum(gain.reached for gain in by_group(found.question, made)) <= made.reached.sum() + 1e-6
    rate = mean_rate(found.question, made)
    assert rate is not None and 1 < rate < 30


def test_money_is_not_overspent(release: Release) -> None:
    found = answer(ask(release, Scenario(slots=None, dollars=50_000, goal="reach")))
    assert found.plan is not None and 0 < found.plan.dollars_used <= 50_000


def test_a_budget_of_nothing_is_a_plan_of_nothing(release: Release) -> None:
    for nothing in (Scenario(slots=0), Scenario(slots=None, dollars=0), Scenario(slots=None, dollars=99)):
        found = answer(ask(release, nothing))
        assert found.plan is not None and found.plan.slots_used == 0 and not found.plan.added.any()


def test_wishes_that_clash_are_named_and_loosening_one_helps(release: Release) -> None:
    found = answer(ask(release, Scenario(black=True)))
    assert found.plan is None
    assert set(found.clash) == {"movable", "budget_slots", "black_at_least_white"}
    assert answer(ask(release, Scenario(slots=20))).plan is not None
    over = answer(ask(release, Scenario(shares=(("bootheel", 60), ("stl", 60)))))
    assert set(over.clash) == {"region_share:0", "region_share:1"}


def test_nobody_may_work_or_nothing_is_known(release: Release) -> None:
    nowhere = _with(release, service_areas=release.tables["service_areas"].iloc[0:0])
    unserved = ask(nowhere, Scenario())
    assert unserved.problem is None
    assert answer(unserved).plan is None
    figures = release.figures[~release.figures["measure"].eq("share_black")]
    assert answer(ask(replace(release, figures=figures), Scenario(black=True))).clash == (UNKNOWN_SHARES,)


def test_draws_stay_in_the_published_ranges(release: Release) -> None:
    question = ask(release, Scenario(region="bootheel"))
    need, weight = draws(question)
    assert need.shape == weight.shape == (DRAWS, len(question.areas))
    low, high = (np.array([getattr(f, end) for f in question.need], dtype=float) for end in ("low", "high"))
    inside = ((need >= low) & (need <= high)).mean()
    assert 0.93 < inside < 0.97
    some = draws(question, 30, AT_ONCE)
    np.testing.assert_array_equal(need[30 : 30 + AT_ONCE], some[0])
    np.testing.assert_array_equal(weight[30 : 30 + AT_ONCE], some[1])


def test_draws_are_joined_whatever_asked_for_them(release: Release) -> None:
    question = ask(release, Scenario(slots=10, region="bootheel"))
    drawing, told = Drawing(question), []
    assert drawing.sure.draws == 0 and not drawing.sure.top.any()
    while not drawing.finished:
        drawing.step(told.append)
    drawing.step()  # nothing is left to do
    assert told == list(range(1, DRAWS + 1))
    sure = drawing.sure
    assert sure.draws == DRAWS and sure.clashed == 0
    assert 0 <= sure.same <= 1 and sure.top.max() <= 1 and sure.top.sum() <= 5 + 1e-9
    assert joined([], 3).draws == 0


def test_whoever_stops_waiting_loses_no_finished_draws(release: Release) -> None:
    drawing = Drawing(ask(release, Scenario(slots=5, region="bootheel", goal="reach")))
    drawing.step()

    def leave(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drawing.step(leave)
    assert drawing.done == AT_ONCE
    drawing.step()
    assert drawing.done == 2 * AT_ONCE


def _with(release: Release, **tables: Any) -> Release:
    return replace(release, tables={**release.tables, **tables})
