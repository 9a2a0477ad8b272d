"""County Health Rankings: the real files, whole analytic files in small, and files that went wrong."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from equity.intake.findings import Reading
from equity.intake.formats import rankings
from equity.intake.formats.rankings_intervals import printed_interval
from equity.intake.formats.rankings_releases import DATA_YEARS, NAMES, release_of_nation
from equity.intake.reference import REFERENCE
from equity.intake.report import IntakeError
from equity.intake.upload import open_path
from equity.measures.rates import rate_interval
from equity.store import schema
from tests.intake.formats.service_files import as_csv, as_xlsx, known, only, records, sentences
from tests.intake.sources import rows, shared

CODES = ["statecode", "countycode", "fipscode", "state", "county", "year", "v129_rawvalue",
         "v129_numerator", "v129_denominator", "v129_cilow", "v129_cihigh", "v129_race_black",
         "v129_race_black_cilow", "v129_race_black_cihigh", "v085_rawvalue", "v003_rawvalue"]  # fmt: skip
LABELS = ["State FIPS Code", "County FIPS Code", "5-digit FIPS Code", "State Abbreviation", "Name",
          "Release Year", "Infant mortality raw value", "Infant mortality numerator",
          "Infant mortality denominator", "Infant mortality CI low", "Infant mortality CI high",
          "Infant mortality (Black)", "Infant mortality CI low (Black)", "Infant mortality CI high (Black)",
          "Uninsured raw value", "Uninsured adults raw value"]  # fmt: skip
CITY = ["29", "510", "29510", "MO", "St. Louis City", "2021", "8.7", "247", "28303", "7.6", "9.8",
        "14.3", "12.1", "16.5", "0.113", "0.14"]  # fmt: skip
DUNKLIN = ["29", "069", "29069", "MO", "Dunklin County", "2021", *[""] * 8, "0.171", "0.2"]
BOONE = ["29", "019", "29019", "MO", "Boone County", "2021", *["1"] * 10]
MEASURE = ["statecode", "countycode", "v129_denominator", "v129_numerator", "v129_rawvalue",
           "v129_cilow", "v129_cihigh"]  # fmt: skip
NATION = ["00", "000", "25936466", "144923", "5.587615521713714", "5.558847239620435", "5.616383803806992"]
SCOTT = ["29", "201", "3361", "22", "6.545670931270455", "4.102137123543472", "9.910224453176209"]
TIDY = ["release", "data_years", "fips", "measure", "group", "value", "numerator", "denominator", "ci_low",
        "ci_high"]  # fmt: skip


def read(*table: list[str]) -> Reading:
    upload = as_csv(table)
    assert rankings.looks_right(upload)
    return rankings.read(upload, known())


def real(name: str) -> Reading:
    upload = open_path(shared(f"chr/{name}.csv"))
    assert rankings.looks_right(upload)
    return rankings.read(upload, known())


def figures(reading: Reading, table: str = "published_estimate") -> dict[tuple[str, ...], dict[str, object]]:
    keys = ("area", "group", "measure", "first_year")
    return {tuple(str(row[key]) for key in keys): row for row in records(reading.tables[table])}


@pytest.mark.shared
def test_every_printed_interval_of_the_real_file_is_made_again() -> None:
    printed = [row for row in rows("chr/v129_r2026.csv") if row["v129_rawvalue"]]
    assert len(printed) == 1220
    columns = ("rawvalue", "numerator", "denominator", "cilow", "cihigh")
    value, deaths, births, low, high = (
        np.array([float(row[f"v129_{column}"]) for row in printed]) for column in columns
    )
    assert (deaths < 100).sum() > 800
    made_low, made_high = printed_interval(value, deaths)
    np.testing.assert_allclose(made_low, low, rtol=1e-12)
    np.testing.assert_allclose(made_high, high, rtol=1e-12)
    # the measures' own rule is the same but for 1.959964 in place of 1.96
    ours = rate_interval(deaths, births, method="publisher")
    np.testing.assert_allclose(ours.low, made_low, rtol=2e-5)
    np.testing.assert_allclose(ours.high, made_high, rtol=2e-5)


@pytest.mark.shared
def test_every_printed_interval_by_race_is_made_again_from_the_counts_before_it() -> None:
    """Counts without a name are those of the group behind them: with any other's nothing would fit."""
    with shared("chr/v129_otherdata_r2026.csv").open(encoding="utf-8", newline="") as file:
        header, *cells = csv.reader(file)
    made = 0
    for group in ("white", "black", "aian", "asian", "nhopi", "tom"):
        at = header.index(f"v129_race_{group}")
        printed = np.array([[float(cell) for cell in row[at - 2 : at + 3]] for row in cells if row[at]])
        births, deaths, value, low, high = printed.T
        np.testing.assert_allclose(1000 * deaths / births, value, rtol=1e-9)
        made_low, made_high = printed_interval(value, deaths)
        np.testing.assert_allclose(made_low, low, rtol=1e-9)
        np.testing.assert_allclose(made_high, high, rtol=1e-9)
        made += len(printed)
    assert made == sum(bool(row[header.index(f"v129_race_{group}")]) for row in cells
                       for group in ("white", "black", "aian", "asian", "nhopi", "tom"))  # fmt: skip
    assert made > 800


@pytest.mark.shared
def test_the_real_file_of_all_groups_is_what_the_reference_holds() -> None:
    reading = real("v129_r2026")
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert (reading.rows_read, reading.rows_refused) == (3204, 0)
    assert "3,194 areas" in only(reading, "note").found
    assert reading.covers == "rankings/2026/infant_mortality/all"
    assert_reference(reading, ("all",))


@pytest.mark.shared
def test_the_real_file_by_race_is_what_the_reference_holds() -> None:
    reading = real("v129_otherdata_r2026")
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert set(reading.tables["published_estimate"]["scheme"]) == {"nchs_single_nh"}
    assert len(reading.tables["published_estimate"]) == 30
    found = figures(reading)
    city = found["29510", "black", "infant_mortality", "2017"]
    assert (city["numerator"], city["denominator"], city["status"]) == (180, 12945, "shown")
    hispanic = found["29", "hispanic", "infant_mortality", "2017"]
    assert (hispanic["value"], hispanic["numerator"]) == (5.31005859375, None)
    assert found["29155", "black", "infant_mortality", "2017"]["status"] == "suppressed"
    assert_reference(reading, ("black", "white"))


def assert_reference(reading: Reading, groups: tuple[str, ...]) -> None:
    """Figures the project ships for this release are those of the file."""
    table = pd.read_csv(REFERENCE / "published_estimates.csv", dtype={"area": "str"})
    ours = table[table["source_id"].eq("chr-2026-v129") & table["group"].isin(groups)]
    found, compared = figures(reading), 0
    for row in records(ours[ours["status"].eq("shown")]):
        own = found[str(row["area"]), str(row["group"]), "infant_mortality", "2017"]
        for column in ("value", "low", "high", "numerator", "denominator"):
            assert own[column] == row[column], (row["area"], row["group"], column)
        compared += 1
    assert compared >= 4


@pytest.mark.shared
def test_the_table_gathered_from_all_releases_is_read() -> None:
    reading = real("chr_missouri_tidy")
    assert sentences(reading, "error") == []
    assert [finding.row for finding in reading.of("warning")] == [27, 86]
    table = reading.tables["published_estimate"]
    key = [column.name for column in schema.published_estimate.primary_key if column.name != "source_id"]
    assert not table.duplicated(key).any()
    assert (
        not reading.tables["context"]
        .duplicated(["area_kind", "area", "first_year", "last_year", "group", "measure"])
        .any()
    )
    found = figures(reading)
    # the release of 2013 prints for every 100,000 births
    per_1000 = table.query("area == '29' and first_year == 2006 and last_year == 2010")
    assert per_1000["value"].tolist() == pytest.approx([7.34331867907167])
    assert per_1000[["low", "high"]].to_numpy().tolist() == [pytest.approx([7.075, 7.612])]
    # withheld, though this release prints the counts behind it
    withheld = found["29133", "all", "infant_mortality", "2010"]
    assert withheld["status"] == "suppressed"
    assert withheld["numerator"] is withheld["denominator"] is withheld["value"] is None
    assert found["29510", "black", "infant_mortality", "2010"]["scheme"] == "nchs_bridged_nh"
    # 12.3 printed beside 26 of 2,142, which is 12.14
    slip = found["29155", "all", "infant_mortality", "2004"]
    assert (slip["value"], slip["numerator"]) == (12.3, None)


@pytest.mark.shared
def test_the_years_of_releases_are_those_the_publisher_prints() -> None:
    told = 0
    for row in rows("chr/chr_missouri_tidy.csv"):
        measure = NAMES.get(row["measure"])
        if measure is None:
            continue
        span = DATA_YEARS[measure][int(row["release"])]
        assert "-".join(map(str, dict.fromkeys(span))) == row["data_years"].split(" & ")[0]
        told += 1
        if row["fips"] == "00000" and row["numerator"] and row["denominator"]:
            counts = int(float(row["numerator"])), int(float(row["denominator"]))
            release = release_of_nation(measure, row["group"], *counts)
            assert release in (None, int(row["release"]), int(row["release"]) + 1)
            assert release is None or DATA_YEARS[measure][release] == span
    assert told > 600


@pytest.mark.parametrize("header", [[LABELS, CODES], [CODES], [LABELS]], ids=["both", "codes", "labels"])
def test_a_whole_analytic_file_is_read_with_one_header_line_or_two(header: list[list[str]]) -> None:
    reading = read(*header, CITY, DUNKLIN, BOONE)
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    found = figures(reading)
    city = found["29510", "all", "infant_mortality", "2013"]
    assert [city[name] for name in ("value", "low", "high", "numerator", "last_year")] == [
        8.7,
        7.6,
        9.8,
        247,
        2019,
    ]
    black = found["29510", "black", "infant_mortality", "2013"]
    assert (black["value"], black["low"], black["high"], black["scheme"]) == (
        14.3,
        12.1,
        16.5,
        "nchs_bridged_nh",
    )
    assert found["29069", "all", "infant_mortality", "2013"]["status"] == "suppressed"
    insured = figures(reading, "context")
    assert insured["29069", "all", "uninsured", "2018"]["value"] == 0.171
    assert len(insured) == 2  # uninsured adults are another measure
    assert "1 areas" in only(reading, "note").found


def test_codes_that_lost_their_zeros_in_a_spreadsheet_are_read() -> None:
    bare = [*NATION]
    bare[:2] = ["0", "0"]
    dunklin = ["29", "69", "3361", "22", *SCOTT[4:]]
    found = figures(read(MEASURE, bare, dunklin))
    assert found["29069", "all", "infant_mortality", "2017"]["numerator"] == 22
    assert ("us", "all", "infant_mortality", "2017") in found


def test_a_file_of_one_measure_without_the_nation_is_returned_with_the_request_for_years() -> None:
    reading = read(MEASURE, SCOTT)
    assert not reading.acceptable
    assert reading.tables == {}
    assert "data_years" in only(reading, "error").mend
    stated = read([*MEASURE, "data_years"], [*SCOTT, "2017-2023"])
    assert stated.acceptable
    assert figures(stated)["29201", "all", "infant_mortality", "2017"]["last_year"] == 2023


def test_an_unknown_release_is_returned() -> None:
    reading = read(CODES, [*CITY[:5], "2031", *CITY[6:]])
    assert only(reading, "error").found == "“2031”"
    assert reading.rows_refused == 1


def test_an_interval_that_is_not_the_publishers_is_a_warning() -> None:
    narrow = [*SCOTT[:5], "5.9", "7.1"]
    assert "4.102 to 9.91" in only(read(MEASURE, NATION, narrow), "warning").expected
    outside = [*SCOTT[:5], "7.1", "9.9"]
    assert "does not hold it" in only(read(MEASURE, NATION, outside), "warning").found


def test_a_value_that_contradicts_its_counts_refuses_the_row() -> None:
    exchanged = [*SCOTT[:2], "33610", *SCOTT[3:]]
    reading = read(MEASURE, NATION, exchanged)
    error = only(reading, "error")
    assert (error.row, error.column) == (3, "v129_rawvalue")
    assert ("29201", "all", "infant_mortality", "2017") not in figures(reading)


def test_nameless_counts_in_another_order_are_an_error() -> None:
    header = ["statecode", "countycode", "denominator.y", "numerator.y", "v129_race_white"]
    reading = read(header, ["00", "000", "13223664", "57857", "4.3752624083612535"])
    assert "denominator.y before v129_race_white" in sentences(reading, "error")[0]


def test_two_prints_of_one_figure_keep_the_finer_and_contradictions_are_returned() -> None:
    coarse = [
        "2016",
        "2006-2012",
        "29000",
        "infant_mortality_rate_per_1000",
        "all",
        "7.0",
        "",
        "",
        "6.7",
        "7.2",
    ]
    fine = [*coarse[:5], "6.9536615969306", "3835", "551508", "6.7", "7.2"]
    found = figures(read(TIDY, fine, coarse))
    assert found["29", "all", "infant_mortality", "2006"]["value"] == 6.9536615969306
    other = [*coarse[:5], "7.4", "", "", "7.0", "7.9"]
    assert "row 2" in only(read(TIDY, fine, other), "error").found


def test_of_two_releases_of_the_same_years_the_later_is_taken() -> None:
    early = ["2022", "2014-2020", "29510", "infant_mortality_rate_per_1000", "all", "9.1", "", "", "", ""]
    late = ["2023", *early[1:5], "9.2", "", "", "", ""]
    reading = read(TIDY, late, early)
    assert figures(reading)["29510", "all", "infant_mortality", "2014"]["value"] == 9.2
    assert "2022 and 2023" in only(reading, "note").found


def test_years_of_groups_the_release_does_not_tell_are_not_guessed() -> None:
    row = ["2023", "2021 & 2017", "29510", "children_in_poverty_share"]
    table = [[*row, "all", "0.27", "", "", "", ""], [*row, "black", "0.45", "", "", "", ""]]
    reading = read(TIDY, *table)
    assert list(figures(reading, "context")) == [("29510", "all", "child_poverty", "2021")]
    assert "does not tell" in only(reading, "note").found


def test_percents_in_the_place_of_shares_are_returned() -> None:
    row = ["2025", "2017-2023", "29510", "low_birthweight_share", "all", "12.6", "", "", "", ""]
    assert only(read(TIDY, row), "error").expected == "a share from 0 to 1"


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://x.test","6.5")',
        "<b>6.5</b>",
        "6.5 (see note)",
        "-6.5",
        "1e400",
        "nan?",
        "٦",
        "6,5",
    ],
)
def test_a_hostile_cell_is_named_and_never_a_number(cell: str) -> None:
    reading = read(MEASURE, NATION, [*SCOTT[:4], cell, *SCOTT[5:]])
    assert only(reading, "error").row == 3
    assert [row["area"] for row in records(reading.tables["published_estimate"])] == ["us"]


def test_a_place_that_is_no_code_is_named() -> None:
    reading = read(MEASURE, NATION, ["MO", "201", *SCOTT[2:]])
    assert only(reading, "error").found == "“MO 201”"


def test_a_file_of_other_states_has_nothing_for_the_dashboard() -> None:
    reading = read([*MEASURE, "year"], ["01", "001", *SCOTT[2:], "2026"])
    assert "no row" in only(reading, "error").found


def test_other_tables_are_not_taken_for_rankings() -> None:
    upload = as_xlsx([["ZIP", "Year", "Births"], ["63106", 2020, 12]])
    assert not rankings.looks_right(upload)
    with pytest.raises(IntakeError, match="no table"):
        rankings.read(upload, known())
    assert not rankings.looks_right(replace(upload, sheets=(replace(upload.sheets[0], cells=[]),)))
