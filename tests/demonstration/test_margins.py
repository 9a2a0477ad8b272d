"""Every sum that can be made two ways comes out the same."""

from __future__ import annotations

import pandas as pd
import pytest

from equity.demonstration import DemoData, Plan

CELL = ["area", "first_year", "last_year", "group"]


def wide(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Totals of every event, one row per cell, in the order of ``CELL``."""
    rows = table[(table["area_kind"] == kind) & (table["stratum"] == "")]
    return rows.pivot(index=CELL, columns="event", values="count").sort_index()


def stratum_sums(table: pd.DataFrame, event: str, prefix: str) -> pd.Series:
    rows = table[(table["event"] == event) & table["stratum"].str.startswith(prefix)]
    assert len(rows)
    return rows.groupby(CELL)["count"].sum().sort_index()


@pytest.mark.parametrize(
    ("event", "prefix"),
    [
        ("births", "weight="),
        ("births", "gestation="),
        ("births", "mother_age="),
        ("births", "education="),
        ("infant_deaths", "age="),
        ("infant_deaths", "gestation="),
        ("infant_deaths", "cause="),
        ("fetal_deaths", "weight="),
    ],
)
def test_strata_add_up_to_their_total(demo: DemoData, event: str, prefix: str) -> None:
    sums = stratum_sums(demo.vital_county, event, prefix)
    pd.testing.assert_series_equal(sums, wide(demo.vital_county, "county")[event], check_names=False)


@pytest.mark.parametrize(
    ("total", "event", "strata"),
    [
        ("neonatal", "infant_deaths", "age=neonatal;"),
        ("postneonatal", "infant_deaths", "age=postneonatal;"),
        ("low_birthweight", "births", ("weight=<500", "weight=500-1499", "weight=1500-2499")),
        ("very_low_birthweight", "births", ("weight=<500", "weight=500-1499")),
        ("preterm", "births", ("gestation=<28", "gestation=28-31", "gestation=32-36")),
    ],
)
def test_named_totals_are_sums_of_strata(
    demo: DemoData, total: str, event: str, strata: str | tuple[str, ...]
) -> None:
    sums = stratum_sums(demo.vital_county, event, strata)  # type: ignore[arg-type]  # str or tuple, as startswith
    pd.testing.assert_series_equal(sums, wide(demo.vital_county, "county")[total], check_names=False)


def test_nobody_dies_who_was_not_born_in_the_stratum(demo: DemoData) -> None:
    table = demo.vital_county
    for key in ("weight", "gestation"):
        part = table["stratum"].str.extract(rf"({key}=[^;]+)", expand=False)
        counts = table[part.notna()].groupby([*CELL, part, "event"])["count"].sum().unstack("event")
        assert (counts["infant_deaths"] <= counts["births"]).all()


@pytest.mark.parametrize("kind", ["zip", "county"])
def test_totals_are_consistent_with_each_other(demo: DemoData, kind: str) -> None:
    table = wide(demo.vital_zip if kind == "zip" else demo.vital_county, kind)
    assert (table["neonatal"] + table["postneonatal"] == table["infant_deaths"]).all()
    assert (table["infant_deaths"] <= table["births"]).all()
    assert (table["very_low_birthweight"] <= table["low_birthweight"]).all()
    assert (table["low_birthweight"] <= table["births"]).all()
    assert (table["preterm"] <= table["births"]).all()
    assert (table >= 0).all(axis=None)


def test_zip_parts_add_up_to_the_counties(demo: DemoData) -> None:
    cell = ["first_year", "last_year", "group"]
    county = wide(demo.vital_county, "county").groupby(cell).sum().drop(columns="fetal_deaths")
    pd.testing.assert_frame_equal(wide(demo.vital_zip, "zip").groupby(cell).sum(), county)


def test_a_zip_inside_one_county_holds_no_more_than_the_county(demo: DemoData, plan: Plan) -> None:
    counties = plan.parts.groupby("zip")["county"].agg(["first", "size"])
    alone = counties[counties["size"] == 1]["first"]
    zips = wide(demo.vital_zip, "zip").reset_index()
    inside = zips[zips["area"].isin(alone.index)]
    inside = inside.assign(area=inside["area"].map(alone)).groupby(CELL).sum()
    county = wide(demo.vital_county, "county").loc[inside.index, inside.columns]
    assert (inside <= county).all(axis=None)


def test_every_cell_is_there_zeros_included(demo: DemoData, plan: Plan) -> None:
    assert len(wide(demo.vital_zip, "zip")) == plan.parts["zip"].nunique() * 14 * 5
    assert plan.parts["zip"].nunique() == 125
    assert len(wide(demo.vital_county, "county")) == 8 * 14 * 5
    assert not wide(demo.vital_zip, "zip").isna().any(axis=None)


def test_births_follow_the_people(demo: DemoData, plan: Plan) -> None:
    births = wide(demo.vital_zip, "zip")["births"].groupby("area").sum()
    people = plan.parts["population"] * plan.parts["weight"]
    residents = people.groupby(plan.parts["zip"]).sum()
    assert births.corr(residents) > 0.95
    assert (births[residents == 0] == 0).all()
    black = wide(demo.vital_zip, "zip")["births"].unstack("group")["black"].groupby("area").sum()
    assert black["63115"] / births["63115"] > 0.8  # 96 % of residents are Black
    assert black["63109"] / births["63109"] < 0.2  # 5 %


def test_poorer_zips_lose_more_infants_within_a_county(demo: DemoData, plan: Plan) -> None:
    table = wide(demo.vital_zip, "zip").groupby("area")[["births", "infant_deaths"]].sum()
    main = plan.parts.sort_values("weight").drop_duplicates("zip", keep="last").set_index("zip")
    city = table[main["county"].reindex(table.index) == "29510"]
    poor = main["poverty"].reindex(city.index) > 0.2
    rate = city.groupby(poor)["infant_deaths"].sum() / city.groupby(poor)["births"].sum()
    assert 1 < rate[True] / rate[False] < 3
