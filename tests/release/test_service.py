"""Need, slots and caseload: totals are kept when they are split and when they are added up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures.apportion import largest_remainder
from equity.measures.need import families_who_could_benefit, priority_share
from equity.release.policy import PUBLIC
from equity.release.service import ServiceInputs, service_figures

YEAR = 2023


def _inputs() -> ServiceInputs:
    return ServiceInputs(
        births=pd.DataFrame(
            {"area": ["63106", "63113"], "first_year": 2017, "last_year": 2023, "births": [700.0, 1400.0]}
        ),
        poverty=pd.DataFrame(
            {"zip": ["63106", "63113"], "county": "29510", "poverty": [0.4, 0.2], "population": [1000, 3000]}
        ),
        child_poverty=pd.DataFrame({"county": ["29510", "29"], "value": [0.30, 0.15]}),
        slots=pd.DataFrame({"program_id": ["p"], "year": [YEAR], "slots": [100]}),
        areas_served=pd.DataFrame({"program_id": ["p", "p"], "zip": ["63106", "63113"]}),
        caseload=pd.DataFrame(
            {"zip": ["63106", "63113"], "group": "black", "year": YEAR, "caseload": [20, 40]}
        ),
        membership=pd.DataFrame(
            {
                "zip": ["63106", "63113"] * 2,
                "area_kind": ["zip", "zip", "region", "region"],
                "area": ["63106", "63113", "stl", "stl"],
                "weight": 1.0,
            }
        ),
    )


def _value(table: pd.DataFrame, measure: str, area: str) -> float:
    rows = table[table["measure"].eq(measure) & table["area"].eq(area) & table["group"].eq("all")]
    return float(rows["value"].iloc[0])


def test_slots_are_split_by_births_and_none_is_lost() -> None:
    table = service_figures(_inputs(), PUBLIC, "demo")
    assert [_value(table, "slots", area) for area in ("63106", "63113", "stl")] == [33, 67, 100]


def test_need_follows_the_stated_rule() -> None:
    # 100 births a year; 0.44 x (0.30 / 0.15) x (0.40 / 0.25) = 1.408, held at 0.95
    # 200 births a year; 0.44 x 2 x (0.20 / 0.25) = 0.704
    table = service_figures(_inputs(), PUBLIC, "demo")
    assert _value(table, "need", "63106") == pytest.approx(95)
    assert _value(table, "need", "63113") == pytest.approx(140.8)
    assert _value(table, "need", "stl") == pytest.approx(235.8)


def test_gap_is_need_less_slots_with_the_interval_of_the_births() -> None:
    table = service_figures(_inputs(), PUBLIC, "demo")
    row = table[table["measure"].eq("service_gap") & table["area"].eq("63106")].iloc[0]
    assert row["value"] == pytest.approx(62)
    # exact Poisson limits of 700 by the chi-square quantiles: 649.1 and 753.8; Byar agrees to 0.1
    assert row["low"] == pytest.approx(95 * 649.1 / 700 - 33, abs=0.1)
    assert row["high"] == pytest.approx(95 * 753.8 / 700 - 33, abs=0.1)


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
