"""Need, slots and caseload: totals are kept when they are split and when they are added up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.config import ROOT
from equity.measures.apportion import largest_remainder
from equity.measures.need import (
    MISSOURI_FAMILIES,
    NEED_RULES,
    families_who_could_benefit,
    priority_share,
)
from equity.release.policy import PUBLIC
from equity.release.programs import program_years, slots_of_year
from equity.release.service import service_figures
from equity.release.service_zips import ServiceInputs, whole_into_places, zip_births
from equity.release.slot_rules import families_shown, split_slots

YEAR = 2023


def _inputs(**changed: pd.DataFrame) -> ServiceInputs:
    """Two ZIPs of the City; the second lies to a quarter in the County."""
    births = {"63106": (700.0, 350.0, 350.0, 0.0), "63113": (1400.0, 700.0, 350.0, 350.0)}
    tables = {
        "births": pd.DataFrame(
            [
                (area, 2017, 2023, group, count)
                for area, counts in births.items()
                for group, count in zip(("all", "black", "white", "rest"), counts, strict=True)
            ],
            columns=["area", "first_year", "last_year", "group", "births"],
        ),
        "poverty": pd.DataFrame(
            {"zip": ["63106", "63113"], "county": "29510", "poverty": [0.4, 0.2], "population": [1000, 3000]}
        ),
        "child_poverty": pd.DataFrame(
            {"county": ["29510", "29"], "value": [0.30, 0.15], "error": [0.1, 0.0]}
        ),
        "slots": pd.DataFrame({"program_id": ["p"], "year": [YEAR], "slots": [100]}),
        "areas_served": pd.DataFrame({"program_id": ["p", "p"], "zip": ["63106", "63113"]}),
        "caseload": pd.DataFrame(
            {"program_id": "p", "zip": ["63106", "63113"], "year": YEAR, "caseload": [20, 41]}
        ),
        "caseload_by_group": pd.DataFrame(
            {"zip": ["63106", "63113"], "group": "black", "year": YEAR, "caseload": [20, 40]}
        ),
        "membership": pd.DataFrame(
            [
                ("63106", "zip", "63106", 1.0),
                ("63113", "zip", "63113", 1.0),
                ("63106", "county", "29510", 1.0),
                ("63113", "county", "29510", 0.75),
                ("63113", "county", "29189", 0.25),
                ("63106", "region", "stl", 1.0),
                ("63113", "region", "stl", 1.0),
            ],
            columns=["zip", "area_kind", "area", "weight"],
        ),
    }
    return ServiceInputs(**{**tables, **changed}, group_poverty=(0.30, 0.15, 0.15))


def _figures(inputs: ServiceInputs, rule: str = "births") -> pd.DataFrame:
    weights = {
        "births": zip_births(inputs, PUBLIC, [YEAR]).rename(columns={"births": "weight"}),
        "caseload": inputs.caseload.rename(columns={"caseload": "weight"}),
        "equal": None,
    }
    split = split_slots(inputs.slots, inputs.areas_served, rule, weights[rule])
    return service_figures(inputs, split.assign(rule="births"), PUBLIC, "demo")


def _row(table: pd.DataFrame, measure: str, area: str, group: str = "all") -> pd.Series:
    rows = table[table["measure"].eq(measure) & table["area"].eq(area) & table["group"].eq(group)]
    assert len(rows) == 1
    return rows.iloc[0]


def _value(table: pd.DataFrame, measure: str, area: str, group: str = "all") -> float:
    return float(_row(table, measure, area, group)["value"])


def test_slots_are_split_by_births_and_none_is_lost() -> None:
    table = _figures(_inputs())
    assert [_value(table, "slots", area) for area in ("63106", "63113", "stl")] == [33, 67, 100]


@pytest.mark.parametrize(("rule", "expected"), [("equal", [50, 50]), ("caseload", [33, 67])])
def test_slots_are_split_by_the_other_rules_too(rule: str, expected: list[int]) -> None:
    table = _figures(_inputs(), rule)
    assert [_value(table, "slots", area) for area in ("63106", "63113")] == expected
    assert _value(table, "slots", "stl") == 100


def test_a_zip_in_two_counties_is_dealt_out_in_whole_slots_and_families() -> None:
    table = _figures(_inputs())
    # 67 slots: 50.25 and 16.75; 41 families: 30.75 and 10.25
    assert [_value(table, "slots", area) for area in ("29510", "29189")] == [33 + 50, 17]
    assert [_value(table, "caseload", area) for area in ("29510", "29189")] == [20 + 31, 10]


def test_need_follows_the_stated_rule() -> None:
    # 100 births a year; 0.44 x (0.30 / 0.15) x (0.40 / 0.25) = 1.408, held at 0.95
    # 200 births a year; 0.44 x 2 x (0.20 / 0.25) = 0.704
    table = _figures(_inputs())
    assert _value(table, "need", "63106") == pytest.approx(95)
    assert _value(table, "need", "63113") == pytest.approx(140.8)
    assert _value(table, "need", "stl") == pytest.approx(235.8)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("need_newborn", 200),
        # Missouri: 326,400 families for 70,468 births a year
        ("need_under_six", 200 * 326_400 / (493_276 / 7)),
        ("need_two_marks", 200 * 326_400 / (493_276 / 7) * 0.13 * 1.6),
        ("need_low_income", 200 * 326_400 / (493_276 / 7) * 0.14 * 1.6),
    ],
)
def test_need_by_other_rules(rule: str, expected: float) -> None:
    assert _value(_figures(_inputs()), rule, "63113") == pytest.approx(expected)


def test_the_shares_of_the_rules_are_those_printed() -> None:
    printed = pd.read_csv(ROOT / "data" / "reference" / "program_evidence.csv")
    printed = printed[printed["first_year"].eq(2024)].set_index("measure")["value"]
    named = {
        "need_one_mark": "share_one_priority",
        "need_two_marks": "share_two_priorities",
        "need_low_income": "share_low_income",
        "need_single_mother": "share_single_mother",
        "need_no_diploma": "share_no_diploma",
        "need_under_21": "share_mother_under_21",
    }
    assert {rule: NEED_RULES[rule].share for rule in named} == {rule: printed[n] for rule, n in named.items()}
    assert printed["families_could_benefit"] == MISSOURI_FAMILIES


def test_need_by_race_adds_up_and_follows_births_and_poverty() -> None:
    table = _figures(_inputs())
    # 63106: births alike, Black children twice as often poor: 2 to 1; 63113: 100 x .30, 50 x .15, 50 x .15
    black = 95 * 2 / 3 + 140.8 * 30 / 45
    assert _value(table, "need", "stl", "black") == pytest.approx(black)
    assert _value(table, "need", "stl", "white") == pytest.approx(95 / 3 + 140.8 * 7.5 / 45)
    assert _value(table, "caseload", "stl", "black") == 60
    assert _value(table, "coverage", "stl", "black") == pytest.approx(60 / black)


def test_gap_is_need_less_slots_with_the_interval_of_the_need() -> None:
    row = _row(_figures(_inputs()), "service_gap", "63106")
    assert row["value"] == pytest.approx(62)
    # births: exact Poisson limits of 700 by the chi-square quantiles are 649.1 and 753.8 (Byar within 0.1);
    # poverty: 10 % of the county's, and 1.5 sqrt(.925/.075 x .4 x .6 / 1000) / .4 = 20.4 % of the ZIP's
    error = 1.959964 * np.hypot(0.1, 1.5 * np.sqrt(0.925 / 0.075 * 0.4 * 0.6 / 1000) / 0.4)
    low = 95 * np.exp(-np.hypot(np.log(700 / 649.1), error)) - 33
    high = 95 * np.exp(np.hypot(np.log(753.8 / 700), error)) - 33
    assert [row["low"], row["high"]] == pytest.approx([low, high], abs=0.1)


def test_a_program_without_a_service_area_puts_no_slots_anywhere_and_is_marked() -> None:
    inputs = _inputs(areas_served=pd.DataFrame({"program_id": ["q"], "zip": ["63106"]}))
    assert _value(_figures(inputs), "slots", "stl") == 0
    slots = inputs.slots.assign(quarters=4, last_quarter=f"{YEAR}Q4", home_visitor_fte=2.0)
    flows = pd.DataFrame({"program_id": ["p"], "year": [YEAR], "new": [12], "exits": [11]})
    programs = pd.DataFrame({"program_id": ["p"], "cost_per_slot": [-3.0]})
    table = program_years(slots, inputs.caseload, flows, inputs.areas_served, programs, PUBLIC)
    assert table["marks"].tolist() == ["no_service_area;cost_unclear"]


def test_counts_of_a_program_that_could_give_each_other_away_are_hidden_together() -> None:
    years = [2020, 2021, 2022]
    slots = pd.DataFrame({"program_id": "p", "year": years, "slots": [20, 20, 12]})
    slots = slots.assign(quarters=4, last_quarter=[f"{year}Q4" for year in years], home_visitor_fte=1.0)
    caseload = pd.DataFrame({"program_id": "p", "zip": "63106", "year": years, "caseload": [5, 15, 15]})
    flows = pd.DataFrame({"program_id": "p", "year": years, "new": [12, 20, 11], "exits": [10, 10, 11]})
    areas = pd.DataFrame({"program_id": ["p"], "zip": ["63106"]})
    programs = pd.DataFrame({"program_id": ["p"], "cost_per_slot": [3000.0]})
    table = program_years(slots, caseload, flows, areas, programs, PUBLIC)
    assert np.isnan(table["caseload"]).tolist() == [True, False, False]
    # 15 families now, 20 came and 10 left: 5 a year before, which is hidden
    assert np.isnan(table["new"]).tolist() == [True, True, False]
    assert np.isnan(table["exits"]).tolist() == [True, True, False]
    assert table["marks"].tolist() == ["", "", "over_capacity"]


def test_the_last_quarter_reported_stands_for_the_year_and_a_missing_one_is_marked() -> None:
    quarters = [f"2020Q{q}" for q in (1, 2, 3, 4)] + [f"2021Q{q}" for q in (1, 2, 3)]
    capacity = pd.DataFrame({"program_id": "p", "quarter": quarters, "slots": 20, "home_visitor_fte": 1.0})
    slots = slots_of_year(capacity)
    assert slots[["year", "slots", "last_quarter"]].to_numpy().tolist() == [
        [2020, 20, "2020Q4"],
        [2021, 20, "2021Q3"],
    ]
    empty = pd.DataFrame({"program_id": ["p"], "year": [2020], "new": [0], "exits": [0]})
    table = program_years(
        slots,
        pd.DataFrame({"program_id": ["p"], "zip": ["63106"], "year": [2020], "caseload": [12]}),
        empty,
        pd.DataFrame({"program_id": ["p"], "zip": ["63106"]}),
        pd.DataFrame({"program_id": ["p"], "cost_per_slot": [3000.0]}),
        PUBLIC,
    )
    assert table["marks"].tolist() == ["", "quarter_missing"]


def test_hidden_families_weigh_the_same_however_many_they_are() -> None:
    rows = pd.DataFrame({
        "measure": "caseload", "area_kind": "zip", "area": ["63106", "63107", "63113", "63115"],
        "group": "all", "first_year": YEAR, "last_year": YEAR, "value": [20.0, np.nan, 0.0, np.nan],
        "status": ["shown", "suppressed", "shown", "suppressed"],
        "reason": ["", "small_count", "", "beside_hidden"],
    })  # fmt: skip
    assert families_shown(rows, PUBLIC)["weight"].tolist() == [20.0, 5.0, 0.0, 5.0]


def test_priority_share_of_a_place_without_a_survey_value_is_its_countys() -> None:
    assert priority_share([0.15], 0.15, [np.nan], [0.2]).tolist() == [0.44]


def test_families_who_could_benefit_scale_with_births() -> None:
    assert families_who_could_benefit([70, 140], 7, 0.5).tolist() == [5.0, 10.0]


@given(
    st.integers(0, 500),
    st.lists(st.floats(0, 1e4, allow_subnormal=False), min_size=1, max_size=12),
)
def test_a_split_keeps_its_total_and_stays_within_one_of_the_exact_share(
    total: int, weights: list[float]
) -> None:
    parts = largest_remainder([total] * len(weights), weights, ["a"] * len(weights))
    assert parts.sum() == total
    whole = sum(weights)
    exact = [total * w / whole if whole > 0 else total / len(weights) for w in weights]
    assert np.abs(parts - exact).max() < 1 + 1e-6


def test_a_split_refuses_what_is_no_weight() -> None:
    with pytest.raises(ValueError, match="below zero"):
        largest_remainder([3, 3], [1, -1], ["a", "a"])


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=6),
    st.lists(st.floats(0.01, 1.0, allow_subnormal=False), min_size=1, max_size=3),
)
def test_the_crosswalk_keeps_every_whole_total(counts: list[int], weights: list[float]) -> None:
    zips = [f"631{place:02d}" for place in range(len(counts))]
    shares = np.array(weights) / sum(weights)
    rows = [(code, "county", f"c{place}", share) for code in zips for place, share in enumerate(shares)]
    rows += [(code, "region", "stl", 1.0) for code in zips]
    membership = pd.DataFrame(rows, columns=["zip", "area_kind", "area", "weight"])
    held = pd.DataFrame({"zip": zips, "year": YEAR, "caseload": counts})
    found = whole_into_places(held, membership, "caseload")
    assert found.groupby("area_kind")["caseload"].sum().to_dict() == {
        "county": sum(counts),
        "region": sum(counts),
    }
    assert (found["caseload"] == found["caseload"].round()).all()
