"""The same generator at other sizes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equity.demonstration import generate, scale_plan
from equity.demonstration.plan import Plan, check_counties
from equity.demonstration.scale import Size, make_plan


def assert_calibrated(plan: Plan, seed: int = 1) -> None:
    data = generate(plan, seed)
    for event in ("births", "infant_deaths"):
        rows = data.vital_county[(data.vital_county["event"] == event) & (data.vital_county["stratum"] == "")]
        block = rows["first_year"].ge(2017).map({True: 2017, False: 2010})
        calibrated = rows["group"].where(rows["group"].isin(["black", "white"]), "rest")
        made = rows.groupby([rows["area"], block, calibrated])["count"].sum().sort_index()
        groups = plan.counties[plan.counties["group"] != "all"]
        wanted = groups.set_index(["county", "first_year", "group"])[event].sort_index()
        assert made.tolist() == wanted.tolist()
        zips = data.vital_zip[data.vital_zip["event"] == event]
        assert zips["count"].sum() == rows["count"].sum()


@settings(max_examples=15, deadline=None)
@given(
    counties=st.integers(1, 6),
    more=st.integers(0, 20),
    programs=st.integers(1, 8),
    grain=st.sampled_from(["year", "block"]),
    seed=st.integers(0, 2**31),
)
def test_any_small_plan_is_met_exactly(
    counties: int, more: int, programs: int, grain: str, seed: int
) -> None:
    size = Size(counties + more, counties, programs, "block" if grain == "block" else "year", (2022, 2023))
    plan = make_plan(size, seed)
    check_counties(plan.counties)
    assert_calibrated(plan, seed)


def test_a_state_of_a_thousand_zips() -> None:
    plan = scale_plan("state")
    assert plan.parts["zip"].nunique() == 1_000
    assert plan.parts["county"].nunique() == 115
    assert plan.parts["zip"].str.fullmatch(r"\d{5}").all()
    assert plan.counties["name"].str.endswith("(demo)").all()
    assert plan.agencies["name"].str.endswith("(demo)").all()
    assert_calibrated(plan)


def test_the_nation_is_made_in_well_under_a_minute() -> None:
    started = time.process_time()
    data = generate(scale_plan("nation"))
    assert time.process_time() - started < 40
    assert data.vital_zip["area"].nunique() == 33_000
    assert data.vital_county["area"].nunique() == 3_144
    assert set(data.vital_zip["first_year"]) == {2010, 2017}
    assert len(data.enrollment)


def test_an_impossible_size_is_refused() -> None:
    with pytest.raises(ValueError, match="one per county or more"):
        make_plan(Size(3, 4, 1, "block", (2023, 2023)))
