"""The plan: refused when it contradicts itself, and true to its sources."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from equity.demonstration import Plan, load_plan
from equity.demonstration.plan import COUNTY_COLUMNS, DEMO_FOLDER, quarters_of
from equity.demonstration.transcribe import PRINTED, transcribe


def copy_plan(folder: Path, counties: pd.DataFrame, parts: pd.DataFrame) -> Path:
    counties.to_csv(folder / "plan_county.csv", index=False)
    parts.to_csv(folder / "plan_zip.csv", index=False)
    return folder


def test_groups_that_do_not_add_up_are_refused(plan: Plan, tmp_path: Path) -> None:
    wrong = plan.counties.copy()
    wrong.loc[(wrong["county"] == "29510") & (wrong["group"] == "black"), "births"] += 1
    with pytest.raises(ValueError, match=r"births of the groups do not add up to all in .*29510"):
        load_plan(copy_plan(tmp_path, wrong, plan.parts))


def test_more_deaths_than_births_are_refused(plan: Plan, tmp_path: Path) -> None:
    wrong = plan.counties.copy()
    here = (wrong["county"] == "29207") & wrong["group"].isin(["all", "black"])
    wrong.loc[here, "infant_deaths"] += 5_000
    with pytest.raises(ValueError, match="more deaths than births in county 29207"):
        load_plan(copy_plan(tmp_path, wrong, plan.parts))


def test_a_missing_file_or_column_or_site_is_named(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"plan_zip\.csv is missing"):
        load_plan(tmp_path)
    copy_plan(tmp_path, plan.counties, plan.parts.drop(columns="poverty"))
    with pytest.raises(ValueError, match="has no column poverty"):
        load_plan(tmp_path)
    copy_plan(tmp_path, plan.counties, plan.parts[plan.parts["zip"] != "63109"])
    with pytest.raises(ValueError, match="no ZIP 63109, where a demonstration agency stands"):
        load_plan(tmp_path)


def test_quarters_run_without_gaps() -> None:
    assert quarters_of(2022, 2023) == (
        "2022Q1", "2022Q2", "2022Q3", "2022Q4", "2023Q1", "2023Q2", "2023Q3", "2023Q4",
    )  # fmt: skip


def test_weights_share_out_each_zip_at_most_once(plan: Plan) -> None:
    weights = plan.parts.groupby("zip")["weight"].sum()
    assert weights.max() <= 1.0001
    parts = plan.parts.set_index(["zip", "county"])["weight"]
    assert parts["63120", "29510"] == pytest.approx(0.88, abs=0.005)
    assert parts["63136", "29189"] == pytest.approx(0.93, abs=0.005)
    assert parts["63801", "29201"] == pytest.approx(0.85, abs=0.005)
    assert parts["63801", "29143"] == pytest.approx(0.15, abs=0.005)


@pytest.mark.shared
def test_the_shipped_plan_is_what_its_sources_say(tmp_path: Path) -> None:
    transcribe(Path(os.environ["EQUITY_SHARED_DATA"]), tmp_path)
    for name in ("plan_zip.csv", "plan_county.csv"):
        assert (tmp_path / name).read_text() == (DEMO_FOLDER / name).read_text(), name


@pytest.mark.shared
def test_printed_counts_give_the_printed_rates() -> None:
    path = Path(os.environ["EQUITY_SHARED_DATA"]) / "chr" / "chr_missouri_tidy.csv"
    rows = pd.read_csv(path, dtype=str)
    rows = rows[rows["measure"].str.startswith("infant_mortality")].dropna(subset="value")
    rows = rows[rows["data_years"].isin(["2010-2016", "2017-2023"])]
    rates = rows.set_index(["fips", "data_years", "group"])["value"].astype(float)
    for (county, first, group), printed in PRINTED.items():
        rate = 1000 * printed.deaths / printed.births
        # Text in the source has ten digits or more: enough to leave no other pair of counts.
        assert rate == pytest.approx(rates[county, f"{first}-{first + 6}", group], abs=1e-9)


@pytest.mark.shared
def test_withheld_births_are_near_the_census_count(plan: Plan) -> None:
    facts = pd.read_csv(Path(os.environ["EQUITY_SHARED_DATA"]) / "published_facts.csv", dtype=str)
    facts = facts[facts["measure"].str.startswith("resident births")]
    whole_years = facts[facts["period_start"].str.endswith("-07-01")]
    for county, counted in whole_years.groupby("fips_or_zip"):
        here = plan.counties[(plan.counties["county"] == county) & (plan.counties["group"] == "all")]
        if len(here):
            # Twelve July-to-June years are known; the plan holds fourteen calendar years.
            yearly = counted["value"].astype(float).mean()
            assert here["births"].sum() / 14 == pytest.approx(yearly, rel=0.04), county


def test_only_printed_totals_are_called_reported(plan: Plan) -> None:
    assert list(plan.counties.columns) == list(COUNTY_COLUMNS)
    reported = plan.counties[plan.counties["basis"] == "reported"]
    named = set(map(tuple, reported[["county", "first_year", "group"]].to_numpy()))
    rest = {(county, first, "rest") for county in ("29510", "29189") for first in (2010, 2017)}
    assert named == set(PRINTED) | rest
