"""CDC WONDER exports: the real files, the ways in which people save them again, what must not be taken."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from equity.intake.findings import Reading
from equity.intake.formats import read_upload, recognise, wonder
from equity.intake.known import Known
from equity.intake.places import Places
from equity.intake.report import IntakeError
from equity.intake.upload import open_path, open_upload
from tests.intake.sources import shared

KNOWN = Known(
    Places(
        {
            ("county", "29510"): "St. Louis City",
            ("county", "29189"): "St. Louis County",
            ("county", "29201"): "Scott County",
            ("state", "29"): "Missouri",
            ("nation", "us"): "United States",
        },
        {},
        {},
    ),
    pd.DataFrame(),
)
WEIGHT = "wonder/Natality_2016-2024_expanded_county_year_birthweight12.txt"
GESTATION = "wonder/Natality_2016-2024_expanded_county_year_oegest10.txt"
HEAD = (
    '"Notes"\t"County of Residence"\t"County of Residence Code"\t"Year"\t"Year Code"\t'
    "Deaths\tBirths\tDeath Rate\n"
)
FOOT = (
    '"---"\n"Dataset: Linked Birth / Infant Death Records, 2017-2023 Expanded"\n"Query Parameters:"\n'
    '"Year: All"\n"Group By: County of Residence; Year"\n"Show Suppressed: True"\n"---"\n'
)


def taken(text: str) -> Reading:
    return read_upload(open_upload("export.txt", text.encode()), KNOWN)


def counts(reading: Reading, *columns: str) -> dict[object, int]:
    table = reading.tables["vital_count"]
    return table.groupby([*columns] if len(columns) > 1 else columns[0])["count"].sum().to_dict()


def block(reading: Reading) -> pd.DataFrame:
    table = reading.tables["vital_count"]
    return table[table["first_year"].between(2017, 2023)]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "totals"),
    [
        (WEIGHT, {("29510", "births"): 26_233, ("29189", "births"): 75_345}),
        (GESTATION, {("29510", "births"): 26_240, ("29189", "births"): 75_336}),
    ],
)
def test_the_real_exports_give_their_totals_as_lower_bounds(file: str, totals: dict[object, int]) -> None:
    reading = read_upload(open_path(shared(file)), KNOWN)
    assert reading.acceptable and not reading.of("warning")
    own = block(reading)
    sums = own.groupby(["area", "event"])["count"].sum()
    assert {key: int(sums[key]) for key in totals} == totals
    assert set(own["bound"]) == {"at_least"}
    assert any("Unidentified Counties, MO" in finding.found for finding in reading.of("note"))
    assert any("lower bounds" in finding.found for finding in reading.of("note"))
    assert set(reading.tables["vital_count"]["area"]) == {"29510", "29189"}


@pytest.mark.shared
def test_parts_of_births_are_those_a_plain_count_finds() -> None:
    with shared(WEIGHT).open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    low = sum(
        int(row[7]) for row in rows
        if len(row) == 9 and row[2] == "29510" and row[6] in ("01", "02", "03", "04", "05")
        and "2017" <= row[4] <= "2023"
    )  # fmt: skip
    own = block(read_upload(open_path(shared(WEIGHT)), KNOWN))
    assert own[own["area"].eq("29510") & own["event"].eq("low_birthweight")]["count"].sum() == low > 3000


@pytest.mark.shared
def test_saved_again_as_a_comma_file_it_says_the_same() -> None:
    with shared(GESTATION).open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    buffer = io.StringIO()
    for row in rows:  # codes lose their zeros, footers gain commas
        cells = [cell.lstrip("0") if cell.isdecimal() else cell for cell in row]
        csv.writer(buffer).writerow(cells + [""] * (9 - len(cells)))
    again = read_upload(open_upload("again.csv", buffer.getvalue().encode("cp1252")), KNOWN)
    first = read_upload(open_path(shared(GESTATION)), KNOWN)
    pd.testing.assert_frame_equal(again.tables["vital_count"], first.tables["vital_count"])


@pytest.mark.shared
def test_older_exports_by_race_keep_groups_and_leave_totals_out() -> None:
    reading = read_upload(open_path(shared("wonder/riddell_Births-by-race-year-2007-2015.txt")), KNOWN)
    assert reading.acceptable
    table = reading.tables["vital_count"]
    assert len(table) == 18 and set(table["scheme"]) == {"nchs_bridged_nh"}
    assert set(table["area_kind"]) == {"nation"} and set(table["area"]) == {"us"}
    assert counts(reading, "group")["black"] == 5_377_218
    assert [finding.found for finding in reading.of("note") if "subtotals" in finding.found] == [
        "3 rows of subtotals"
    ]


def test_hidden_deaths_become_withheld_rates_and_never_numbers() -> None:
    reading = taken(
        HEAD
        + '\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t33\t3545\t9.31\n'
        + '\t"Scott County, MO"\t"29201"\t"2022"\t"2022"\tSuppressed\t480\tSuppressed\n'
        + FOOT
    )
    assert reading.acceptable
    assert counts(reading, "area", "event") == {
        ("29510", "infant_deaths"): 33, ("29510", "births"): 3545, ("29201", "births"): 480,
    }  # fmt: skip
    table = reading.tables["vital_count"]
    assert set(table["bound"]) == {""}
    assert set(table[table["event"].eq("infant_deaths")]["death_basis"]) == {"period"}
    withheld = reading.tables["published_estimate"].iloc[0]
    assert (withheld["area"], withheld["measure"], withheld["status"]) == (
        "29201", "infant_mortality", "suppressed",
    )  # fmt: skip


def test_a_total_row_is_never_added() -> None:
    row = '\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t33\t3545\t9.31\n'
    total = '"Total"\t"St. Louis city, MO"\t"29510"\t\t\t33\t3545\t9.31\n'
    assert counts(taken(HEAD + row + total + FOOT), "event") == {"infant_deaths": 33, "births": 3545}
    unmarked = total.replace('"Total"', "")
    assert counts(taken(HEAD + row + unmarked + FOOT), "event") == {"infant_deaths": 33, "births": 3545}


def test_pooled_counties_and_namesakes_elsewhere_are_given_to_nobody() -> None:
    reading = taken(
        HEAD
        + '\t"Unidentified Counties, MO"\t"29999"\t"2022"\t"2022"\t50\t9000\t5.5\n'
        + '\t"Scott County, IA"\t"19163"\t"2022"\t"2022"\t12\t2000\t6.0\n'
        + '\t"Scott County, MO"\t"29201"\t"2022"\t"2022"\t11\t480\t22.9\n'
        + FOOT
    )
    assert counts(reading, "area") == {"29201": 491}
    notes = " ".join(finding.found for finding in reading.of("note"))
    assert "1 rows, 50 births" not in notes and "9,000 births" in notes and "1 places outside" in notes


@pytest.mark.parametrize(
    ("parameter", "error"),
    [
        ("Gender: Male", "Gender: Male"),
        ("Plurality: Single", "Plurality: Single"),
        ("Mother's Hispanic Origin: Hispanic or Latino", "Hispanic or Latino"),
        ("Mother's Single Race 6: White", "White"),
        ("Month: January", "January"),
    ],
)
def test_a_query_of_some_births_never_stands_for_all(parameter: str, error: str) -> None:
    row = '\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t33\t3545\t9.31\n'
    reading = taken(HEAD + row + FOOT.replace('"Year: All"', f'"{parameter}"'))
    assert not reading.acceptable
    assert error in reading.of("error")[0].found


def test_a_cell_that_is_no_number_is_named_by_row_and_column() -> None:
    row = '\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t=1+1\t3545\t9.31\n'
    reading = taken(HEAD + row + FOOT)
    (error,) = reading.of("error")
    assert (error.row, error.column, error.found) == (2, "Deaths", "“=1+1”")
    assert reading.rows_refused == 1


def test_without_its_footer_a_reason_is_asked_for() -> None:
    row = '\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t33\t3545\t9.31\n'
    reading = taken(HEAD + row)
    assert reading.acceptable and len(reading.of("warning")) == 1


def test_race_and_hispanic_origin_make_the_groups() -> None:
    head = (
        '"Notes"\t"Mother\'s Single Race 6"\t"Mother\'s Single Race 6 Code"\t"Mother\'s Hispanic Origin"\t'
        '"Mother\'s Hispanic Origin Code"\t"Year"\t"Year Code"\tBirths\n'
    )
    rows = [
        ("Black or African American", "Not Hispanic or Latino", 500, "black"),
        ("Black or African American", "Hispanic or Latino", 20, "hispanic"),
        ("White", "Not Hispanic or Latino", 900, "white"),
        ("Asian", "Not Hispanic or Latino", 80, "other"),
        ("More than one race", "Not Hispanic or Latino", 30, "other"),
        ("White", "Unknown or Not Stated", 11, "unknown"),
    ]
    body = "".join(
        f'\t"{race}"\t"x"\t"{origin}"\t"y"\t"2022"\t"2022"\t{births}\n' for race, origin, births, _ in rows
    )
    foot = FOOT.replace('"Year: All"', '"States: Missouri (29)"').replace("Linked Birth", "Natality")
    reading = taken(head + body + foot)
    expected: dict[object, int] = {}
    for _, _, births, group in rows:
        expected[group] = expected.get(group, 0) + births
    assert counts(reading, "group") == expected
    assert set(reading.tables["vital_count"]["scheme"]) == {"nchs_single_nh"}
    assert set(reading.tables["vital_count"]["area"]) == {"29"}


def test_what_is_no_export_is_not_taken_for_one() -> None:
    upload = open_upload("x.csv", b"county,year,births\n29510,2022,3545\n")
    assert not wonder.looks_right(upload)
    with pytest.raises(IntakeError, match="no table of CDC WONDER"):
        wonder.read(upload, KNOWN)


def test_the_real_export_is_recognised_by_its_cells() -> None:
    assert recognise(open_upload("holiday.jpg", (HEAD + FOOT).encode())).KIND == "wonder"
