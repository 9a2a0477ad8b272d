"""Agencies, programs, slots and households: invented throughout, and consistent."""

from __future__ import annotations

import importlib.resources

import numpy as np
import pandas as pd
import pytest

from equity.demonstration import DemoData, Plan

FLOW = ["program_id", "zip", "group"]
MODELS = {
    # Yearly cost of a family: Parents as Teachers 2,575-6,000, Healthy Families America 3,577-4,473,
    # Nurse-Family Partnership from 4,100, Early Head Start 9,000-12,000 (PMC6600820, table 1).
    "Parents as Teachers": (2575, 6000),
    "Healthy Families America": (3577, 4473),
    "Nurse-Family Partnership": (4100, 7000),
    "Early Head Start home-based": (9000, 12000),
    "Nurse home visiting": (2000, 5000),
}


@pytest.fixture(scope="module")
def caseload(demo: DemoData) -> pd.DataFrame:
    """Slots and caseload of every open program and quarter."""
    table = demo.enrollment.assign(caseload=demo.enrollment["new"] + demo.enrollment["continuing"])
    held = table.groupby(["program_id", "quarter"])["caseload"].sum().reset_index()
    joined = demo.capacity.merge(held, how="left", on=["program_id", "quarter"])
    return joined.assign(saturation=joined["caseload"] / joined["slots"])


def test_every_name_says_demo(demo: DemoData) -> None:
    assert demo.agencies["name"].str.endswith(" (demo)").all()
    assert demo.programs["name"].str.endswith(" (demo)").all()
    assert (demo.agencies["source_id"] == "demonstration").all()
    assert (demo.programs["source_id"] == "demonstration").all()
    assert (demo.vital_zip["scheme"] == "demonstration").all()


def test_there_are_about_as_many_as_a_region_has(demo: DemoData) -> None:
    assert 14 <= len(demo.agencies) <= 18
    assert 25 <= len(demo.programs) <= 32
    assert demo.agencies["id"].is_unique
    assert demo.programs["id"].is_unique
    assert set(demo.programs["agency_id"]) == set(demo.agencies["id"])


def test_models_funders_and_costs_are_real_kinds(demo: DemoData) -> None:
    assert set(demo.programs["model"]) == set(MODELS)
    kinds = {"Federal MIECHV", "State", "Foundation", "County", "Medicaid"}
    assert set(demo.programs["funder"]) == kinds
    low, high = np.array([MODELS[model] for model in demo.programs["model"]]).T
    assert demo.programs["cost_per_slot"].between(low, high).all()
    assert (demo.programs["eligibility"].str.len() > 10).all()


def test_sites_lie_in_their_county(demo: DemoData) -> None:
    # County polygons of the Census Bureau (2016, 1:500,000), as the package plotly-geo carries them.
    import geopandas

    folder = importlib.resources.files("_plotly_geo") / "package_data"
    counties = geopandas.read_file(str(folder / "cb_2016_us_county_500k.shp"), where="STATEFP = '29'")
    counties = counties.set_index("GEOID")
    sites = geopandas.points_from_xy(demo.agencies["longitude"], demo.agencies["latitude"])
    for agency, site in zip(demo.agencies.itertuples(), sites, strict=True):
        assert counties.loc[agency.county].geometry.contains(site), agency.id
        assert agency.region == ("stl" if agency.county in ("29510", "29189") else "bootheel")


def test_households_flow_without_loss(demo: DemoData) -> None:
    """In every cell and quarter: continuing = caseload of the quarter before − exits."""
    quarters = sorted(demo.capacity["quarter"].unique())
    table = demo.enrollment.set_index([*FLOW, "quarter"])
    assert table.index.is_unique
    assert (table >= 0).all(axis=None)
    assert table.any(axis=1).all()
    grids = {name: table[name].unstack("quarter").reindex(columns=quarters).fillna(0) for name in table}
    before = (grids["new"] + grids["continuing"]).shift(1, axis=1, fill_value=0)
    pd.testing.assert_frame_equal(grids["continuing"], before - grids["exits"])


def test_families_live_where_the_program_serves(demo: DemoData, plan: Plan) -> None:
    served = set(map(tuple, demo.service_areas[["program_id", "zip"]].to_numpy()))
    assert set(map(tuple, demo.enrollment[["program_id", "zip"]].drop_duplicates().to_numpy())) <= served
    assert set(demo.service_areas["zip"]) <= set(plan.parts["zip"])
    assert set(demo.service_areas["program_id"]) == set(demo.programs["id"])


def test_nobody_enrolls_before_a_program_opens(demo: DemoData, plan: Plan) -> None:
    opened = plan.programs.set_index("id")["opened"]
    for table in (demo.capacity, demo.enrollment):
        assert (table.groupby("program_id")["quarter"].min() == opened).all()
        assert table["quarter"].max() == "2023Q4"


def test_slots_grow_and_are_mostly_used(caseload: pd.DataFrame, demo: DemoData) -> None:
    assert not caseload["caseload"].isna().any()
    assert (caseload.groupby("program_id")["slots"].diff().dropna() >= 0).all()
    assert (caseload["saturation"] <= 1.05).all()
    assert (caseload["saturation"] >= 0.6).mean() > 0.9
    latest = caseload[caseload["quarter"] == "2023Q4"].set_index("program_id")["saturation"]
    assert (latest >= 0.95).sum() >= 3, "a few programs are full"
    assert (latest <= 0.72).sum() >= 3, "a few are far from full"
    year = caseload["quarter"].str[:4]
    slots = caseload[caseload["quarter"].str.endswith("Q4")].groupby(year)["slots"].sum()
    assert slots["2023"] > 2 * slots["2010"]
    per_visitor = demo.capacity["slots"] / demo.capacity["home_visitor_fte"]
    assert per_visitor.between(8, 26).all()


def test_service_follows_history_rather_than_need(demo: DemoData, plan: Plan) -> None:
    recent = demo.vital_zip[(demo.vital_zip["event"] == "births") & (demo.vital_zip["first_year"] >= 2017)]
    births = recent.groupby("area")["count"].sum() / 7
    now = demo.enrollment[demo.enrollment["quarter"] == "2023Q4"]
    families = (now["new"] + now["continuing"]).groupby(now["zip"]).sum()
    share = families.reindex(births.index, fill_value=0) / births
    places = births[births >= 50].index
    poverty = plan.parts.drop_duplicates("zip").set_index("zip")["poverty"].reindex(places)
    unserved = set(places) - set(demo.service_areas["zip"])
    assert 3 <= len(unserved) <= 10
    assert (poverty[list(unserved)] > 0.25).any(), "one of them is among the poorest"
    thin = share[places][(poverty > 0.25) & (share[places] < 0.05)]
    assert len(thin) >= 3
    city = [z for z in places if z.startswith("631") and poverty[z] < 0.1]
    assert (share[city] > 0.15).any(), "a better-off ZIP is well served"


def test_coverage_is_what_a_region_could_have(demo: DemoData) -> None:
    """Households enrolled against births a year of families with a priority mark (NHVRC: 44 %)."""
    births = demo.vital_county[
        (demo.vital_county["event"] == "births") & (demo.vital_county["stratum"] == "")
    ]
    yearly = births[births["first_year"] >= 2017]["count"].sum() / 7
    now = demo.enrollment[demo.enrollment["quarter"] == "2023Q4"]
    assert 0.08 < (now["new"] + now["continuing"]).sum() / (0.44 * yearly) < 0.22
