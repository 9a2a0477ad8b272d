"""Extracts of vital records: tables as agencies keep them, what is hidden in them, what does not add up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equity.intake.findings import Reading
from equity.intake.formats import vital_extract
from equity.intake.formats.vital_columns import NAMES
from equity.intake.known import Known
from equity.intake.report import IntakeError
from equity.intake.sheet import Upload, plain
from tests.intake.formats.service_files import as_csv, as_xlsx, known, only, records, sentences

HEADER = ["ZIP", "Year", "Race", "Births", "Infant deaths"]


def read(*table: list[object], header: list[str] | None = None) -> Reading:
    return opened(as_csv([header or HEADER, *table]))


def opened(upload: Upload, places: Known | None = None) -> Reading:
    assert vital_extract.looks_right(upload)
    return vital_extract.read(upload, places or known())


def counts(reading: Reading) -> dict[tuple[str, ...], int]:
    """Counts by area, years, group and event."""
    return {
        (row["area"], f"{row['first_year']}-{row['last_year']}", row["group"], row["event"]): row["count"]
        for row in records(reading.tables["vital_count"])
    }  # type: ignore[misc]


def withheld(reading: Reading) -> list[tuple[object, ...]]:
    rows = records(reading.tables["published_estimate"])
    return [(row["area"], row["group"], row["measure"], row["status"]) for row in rows]


def test_rows_become_counts_with_their_scheme_and_basis() -> None:
    reading = read(
        ["63106", "2017-2023", "Black", "1,204", "17"], ["63106", "2017–2023", "All", "1300.0", "18"]
    )
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert counts(reading) == {
        ("63106", "2017-2023", "all", "births"): 1300,
        ("63106", "2017-2023", "all", "infant_deaths"): 18,
        ("63106", "2017-2023", "black", "births"): 1204,
        ("63106", "2017-2023", "black", "infant_deaths"): 17,
    }
    table = reading.tables["vital_count"].set_index(["group", "event"])
    assert table.loc[("black", "births"), "scheme"] == "mophims_any_hispanic"
    assert table.loc[("all", "births"), "scheme"] == ""
    assert table["death_basis"].to_dict() == {
        ("all", "births"): "", ("all", "infant_deaths"): "period",
        ("black", "births"): "", ("black", "infant_deaths"): "period",
    }  # fmt: skip
    assert "published_estimate" not in reading.tables
    assert (reading.rows_read, reading.rows_refused) == (2, 0)


@pytest.mark.parametrize(
    "mark", ["*", "**", "<5", "<10", "< 10", "NA", "n/a", "Suppressed", "-", "–", "fewer than 5", "1-4", "≤9"]
)
def test_a_hidden_death_count_is_withheld_and_never_a_number(mark: str) -> None:
    reading = read(["63106", "2020", "all", "150", mark], ["63107", "2020", "all", "120", "0"])
    assert sentences(reading, "error") == []
    assert counts(reading) == {
        ("63106", "2020-2020", "all", "births"): 150,
        ("63107", "2020-2020", "all", "births"): 120,
        ("63107", "2020-2020", "all", "infant_deaths"): 0,
    }
    assert withheld(reading) == [("63106", "all", "infant_mortality", "suppressed")]
    row = records(reading.tables["published_estimate"])[0]
    assert not row.keys() & {"value", "low", "high", "numerator", "denominator"}


def test_every_kind_of_hidden_event_withholds_its_own_measure() -> None:
    header = ["County", "Year", "Births", "Infant deaths", "Neonatal deaths", "Postneonatal", "Preterm",
              "LBW", "VLBW", "Fetal deaths"]  # fmt: skip
    reading = read(["Dunklin County", "2020", *["*"] * 8], header=header)
    assert [measure for _, _, measure, _ in withheld(reading)] == [
        "infant_mortality", "neonatal_mortality", "postneonatal_mortality", "preterm", "low_birthweight",
        "very_low_birthweight",
    ]  # fmt: skip
    assert "vital_count" not in reading.tables


def test_counties_by_name_or_code_and_the_state_are_read() -> None:
    table = [["St. Louis City", 2021, 4000, 30], ["Saint Louis County, MO", 2021, 11000, 60],
             ["29069", 2021, 400, "*"], ["pemiscot", 2021, 200, 1],
             ["Missouri", 2021, 70000, 400]]  # fmt: skip
    reading = read(*table, header=["Area", "Year", "Births", "Infant deaths"])
    assert sentences(reading, "error") == []
    assert {area for area, *_ in counts(reading)} == {"29510", "29189", "29069", "29155", "29"}
    assert set(reading.tables["vital_count"]["area_kind"]) == {"county", "state"}


def test_st_louis_alone_is_two_places() -> None:
    reading = read(["St. Louis", 2021, 4000, 30], header=["County", "Year", "Births", "Infant deaths"])
    error = only(reading, "error")
    assert (error.row, error.column, error.found) == (2, "County", "“St. Louis”")
    assert "St. Louis City or St. Louis County" in error.mend


def test_unknown_areas_are_left_out_with_their_births_and_deaths_told() -> None:
    reading = read(
        ["63106", "2020", "all", "150", "2"], ["90210", "2020", "all", "1,100", "4"],
        ["90210", "2020", "Black", "300", "2"], ["62201", "2020", "Black", "20", "*"],
        ["62201", "2020", "white", "30", "1"],
    )  # fmt: skip
    assert (
        "unknown area: 4 rows, 1,150 births, 5 infant deaths (“90210”, “62201”)"
        in sentences(reading, "note")[-1]
    )
    assert reading.acceptable
    assert reading.rows_refused == 4
    assert {area for area, *_ in counts(reading)} == {"63106"}


def test_po_box_zips_are_counted_in_their_area() -> None:
    reading = read(["63017", "2020", "all", "400", "2"], ["63006", "2020", "all", "5", "0"])
    assert counts(reading) == {
        ("63017", "2020-2020", "all", "births"): 405,
        ("63017", "2020-2020", "all", "infant_deaths"): 2,
    }
    assert "PO-box ZIP code, counted in 63017" in only(reading, "note").mend


def test_a_sum_with_a_hidden_part_is_no_number() -> None:
    reading = read(["63017", "2020", "all", "400", "2"], ["63006", "2020", "all", "5", "*"])
    assert counts(reading) == {("63017", "2020-2020", "all", "births"): 405}
    assert withheld(reading) == [("63017", "all", "infant_mortality", "suppressed")]
    assert "lack a row" in only(reading, "warning").found


def test_zip_codes_are_repaired() -> None:
    reading = read(["63106-1234", "2020", "all", "10", "0"], ["63107.0", "2020.0", "all", "10", "0"])
    assert {area for area, *_ in counts(reading)} == {"63106", "63107"}
    assert len(reading.of("note")) == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [("African American", "black"), ("Black or African-American", "black"), ("WHITE", "white"),
     ("Hispanic/Latino", "hispanic"), ("Asian", "other"), ("Two or more races", "other"), ("Total", "all"),
     ("", "all"), ("Not stated", "unknown"), ("Black (any Hispanic origin)", "black")],
)  # fmt: skip
def test_groups_by_the_words_people_use(words: str, code: str) -> None:
    assert {group for _, _, group, _ in counts(read(["63106", "2020", words, "10", "0"]))} == {code}


def test_several_groups_that_are_other_here_are_added_up() -> None:
    reading = read(["63106", "2020", "Asian", "10", "0"], ["63106", "2020", "American Indian", "3", "1"])
    assert counts(reading)["63106", "2020-2020", "other", "births"] == 13
    assert reading.acceptable


def test_words_that_set_hispanic_people_apart_change_the_scheme_and_are_asked_about() -> None:
    reading = read(
        ["63106", "2020", "Non-Hispanic Black", "10", "0"],
        ["63106", "2012", "Black, NH", "11", "0"],
        ["63106", "2020", "Hispanic", "3", "0"],
    )
    assert "not Hispanic" in only(reading, "warning").found
    schemes = reading.tables["vital_count"].set_index(["first_year", "group"])["scheme"]
    assert set(schemes[2020, "black"]) == {"nchs_single_nh"}
    assert set(schemes[2012, "black"]) == {"nchs_bridged_nh"}


def test_a_column_may_say_how_race_was_recorded() -> None:
    header = [*HEADER, "Scheme"]
    reading = read(["63106", "2020", "Black", "10", "0", "nchs_single_nh"], header=header)
    assert set(reading.tables["vital_count"]["scheme"]) == {"nchs_single_nh"}
    error = only(read(["63106", "2020", "Black", "10", "0", "demonstration"], header=header), "error")
    assert (error.column, error.found) == ("Scheme", "“demonstration”")


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["63106", "2020", "Martian", "10", "0"], "Race", "all, Black, white"),
        (["63106", "20", "all", "10", "0"], "Year", "a year or years"),
        (["63106", "2023-2017", "all", "10", "0"], "Year", "a year or years"),
        (["", "2020", "all", "10", "0"], "ZIP", "in every row"),
        (["63106", "2020", "all", "8.7", "0"], "Births", "a whole number of births"),
        (["63106", "2020", "all", "1e3", "0"], "Births", "a whole number of births"),
        (["63106", "2020", "all", "-4", "0"], "Births", "a whole number of births"),
        (["63106", "2020", "all", "12 (p)", "0"], "Births", "a whole number of births"),
        (["63106", "2020", "all", "10", "=HYPERLINK(\"http://x.test\")"], "Infant deaths", "a whole number"),
        (["63106", "2020", "all", "10", "<script>1</script>"], "Infant deaths", "a whole number"),
        (["63106", "2020", "all", "10", "12"], "Infant deaths", "no more infant deaths than births"),
    ],
)  # fmt: skip
def test_faults_are_named_by_row_and_column_and_the_row_is_refused(
    row: list[object], column: str, words: str
) -> None:
    reading = read(["63107", "2020", "all", "20", "0"], row)
    error = only(reading, "error")
    assert (error.row, error.column) == (3, column)
    assert words in error.expected
    assert error.mend
    assert reading.rows_refused == 1
    assert {area for area, *_ in counts(reading)} == {"63107"}


def test_rates_in_a_column_of_counts_are_called_so() -> None:
    error = only(read(["63106", "2020", "all", "150", "13.33"]), "error")
    assert "rates or averages" in error.mend


def test_a_row_that_stands_twice_is_an_error() -> None:
    reading = read(["63106", "2020", "Black", "150", "2"], ["63106", "2020", "African American", "150", "2"])
    assert "repeats row 2" in only(reading, "error").found
    assert counts(reading)["63106", "2020-2020", "black", "births"] == 150


def test_deaths_by_age_make_up_infant_deaths() -> None:
    header = ["ZIP", "Year", "Births", "Infant deaths", "Neonatal deaths", "Post-neonatal deaths"]
    assert read(["63106", "2020", "150", "5", "3", "2"], header=header).acceptable
    error = only(read(["63106", "2020", "150", "5", "3", "3"], header=header), "error")
    assert "together 5" in error.expected


def test_groups_add_up_to_all() -> None:
    groups = [["63106", "2020", "Black", "70", "1"], ["63106", "2020", "white", "20", "0"],
              ["63106", "2020", "other", "10", "0"], ["63106", "2020", "Hispanic", "30", "0"]]  # fmt: skip
    assert sentences(read(["63106", "2020", "all", "100", "1"], *groups), "warning") == []
    short = read(["63106", "2020", "all", "104", "1"], *groups)
    assert "100 births" in only(short, "warning").found
    assert short.acceptable
    over = read(["63106", "2020", "all", "99", "1"], *groups)
    assert only(over, "error").row == 2
    unknown = ["63106", "2020", "unknown", "3", "0"]
    assert not read(["63106", "2020", "all", "104", "1"], *groups, unknown).acceptable


def test_groups_with_a_hidden_part_need_not_add_up() -> None:
    reading = read(["63106", "2020", "all", "104", "3"], ["63106", "2020", "Black", "70", "*"],
                   ["63106", "2020", "white", "24", "1"], ["63106", "2020", "other", "10", "*"])  # fmt: skip
    assert sentences(reading, "warning") == []


def test_zips_of_a_county_have_no_more_than_the_county() -> None:
    header = ["Area", "Year", "Births", "Infant deaths"]
    city = ["St. Louis City", "2020", "200", "2"]
    zips = [["63106", "2020", "150", "1"], ["63107", "2020", "60", "0"]]
    warning = only(read(city, *zips, header=header), "warning")
    assert "together 210 births" in warning.found
    assert "St. Louis City" in warning.found
    assert sentences(read(["St. Louis City", "2020", "210", "2"], *zips, header=header), "warning") == []


def test_many_births_of_unknown_race_are_asked_about() -> None:
    table = [["63106", "2020", "Black", "90", "1"], ["63106", "2020", "white", "4", "0"]]
    warning = only(read(*table, ["63106", "2020", "unknown", "6", "0"]), "warning")
    assert warning.found == "6.0% of births are of unknown race"
    assert sentences(read(*table, ["63106", "2020", "unknown", "4", "0"]), "warning") == []


def test_empty_death_cells_are_asked_about() -> None:
    reading = read(["63106", "2020", "all", "150", ""])
    assert "1 cells of infant deaths are empty, the first in row 2" in only(reading, "warning").found
    assert withheld_or_none(reading) == []


def withheld_or_none(reading: Reading) -> list[tuple[object, ...]]:
    return withheld(reading) if "published_estimate" in reading.tables else []


def test_titles_blank_rows_totals_and_merged_headings_of_a_spreadsheet_are_understood() -> None:
    upload = as_xlsx(
        [
            ["MOPHIMS: Birth and death query"], ["Missouri residents, 2017 - 2023"], [],
            ["ZIP", "Race", "Live births", "Deaths", None],
            [None, None, None, "Infant", "Neonatal"],
            ["63106", "Black", 1204, 17, 11], [], ["63107", "Black", "1,100", "*", "*"],
            ["Total", None, 2304, 25, 16],
        ],
        merged=["D4:E4"],
    )  # fmt: skip
    reading = opened(upload)
    assert sentences(reading, "error") == []
    assert counts(reading) == {
        ("63106", "2017-2023", "black", "births"): 1204,
        ("63106", "2017-2023", "black", "infant_deaths"): 17,
        ("63106", "2017-2023", "black", "neonatal"): 11,
        ("63107", "2017-2023", "black", "births"): 1100,
    }
    assert reading.source["publisher"] == "Missouri Department of Health and Senior Services"
    assert any("totals" in sentence for sentence in sentences(reading, "note"))


def test_a_group_in_the_first_column_may_be_called_total() -> None:
    header = ["Race", "ZIP", "Year", "Births", "Infant deaths"]
    reading = read(
        ["Total", "63106", "2020", "100", "1"], ["Black", "63106", "2020", "90", "1"], header=header
    )
    assert counts(reading)["63106", "2020-2020", "all", "births"] == 100


def test_first_and_last_year_may_stand_in_columns_of_their_own() -> None:
    header = ["County", "First year", "Last year", "Births", "Infant deaths"]
    reading = read(["Scott", "2017", "2023", "3361", "22"], header=header)
    assert counts(reading)["29201", "2017-2023", "all", "infant_deaths"] == 22


def test_a_table_without_a_year_is_returned() -> None:
    reading = read(["63106", "150", "2"], header=["ZIP", "Births", "Infant deaths"])
    assert "Add a column Year" in sentences(reading, "error")[0]
    assert reading.tables == {}


def test_rows_of_a_county_beside_rows_of_its_zips() -> None:
    header = ["County", "ZIP", "Year", "Births", "Infant deaths"]
    county = ["St. Louis City", "All", "2020", "4000", "30"]
    reading = read(county, ["St. Louis City", "63106", "2020", "150", "1"], header=header)
    assert {(row["area_kind"], row["area"]) for row in records(reading.tables["vital_count"])} == {
        ("county", "29510"), ("zip", "63106"),
    }  # fmt: skip


def test_a_second_table_in_a_workbook_is_pointed_out() -> None:
    upload = as_xlsx([HEADER, ["63106", 2020, "all", 150, 2]])
    twice = replace(upload, sheets=(upload.sheets[0], replace(upload.sheets[0], name="Older")))
    assert "“Older”" in only(opened(twice), "warning").found


def test_a_corrected_file_covers_the_same_and_another_countys_does_not() -> None:
    first = read(["63106", "2020", "all", "150", "2"])
    assert read(["63106", "2020", "all", "151", "*"]).covers == first.covers
    assert read(["63135", "2020", "all", "150", "2"]).covers != first.covers
    assert read(["63106", "2021", "all", "150", "2"]).covers != first.covers


def test_many_faults_of_a_kind_are_counted() -> None:
    reading = read(*([str(63101 + at), "2020", "all", "8.5", "0"] for at in range(30)))
    assert len(reading.of("error")) == 21
    assert reading.of("error")[-1].found == "10 more cells like these"
    assert reading.rows_refused == 30


def test_no_heading_names_two_columns() -> None:
    told = [text for column, named in NAMES.items() for text in {plain(text) for text in (column, *named)}]
    twice = {text for text in told if told.count(text) > 1}
    assert twice == set()


def test_a_file_without_such_a_table_is_none() -> None:
    upload = as_csv([["ZIP", "Poverty"], ["63106", "0.4"]])
    assert not vital_extract.looks_right(upload)
    with pytest.raises(IntakeError, match="no table of births"):
        vital_extract.read(upload, known())


#: Cells of every sort, and text nobody thought of.
CELLS = st.one_of(
    st.sampled_from(["63106", "63017", "63006", "29510", "2020", "2017-2023", "Black", "all", "", "7",
                     "1,250", "*", "8.5", "=1+1", "-2", "\u202e63106", "St. Louis", "1e9",
                     "99999999999999999999"]),
    st.text(max_size=20),
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_whatever_stands_in_cells_nothing_is_raised_and_no_number_made(table: list[list[str]]) -> None:
    sheet = replace(as_csv([HEADER]).sheets[0], cells=[HEADER, *table])
    reading = opened(Upload("report.csv", "0" * 64, 1, (sheet,)))
    sums = {text for row in table for text in row}
    allowed = {
        int(text.replace(",", "")) for text in ("7", "1,250", "2020", "63106", "63017", "63006", "29510")
    }
    written = {text for text in sums if text.isascii() and text.replace(",", "").isdecimal()}
    numbers = allowed | {int(text.replace(",", "")) for text in written}
    for row in records(reading.tables["vital_count"]) if "vital_count" in reading.tables else []:
        count = row["count"]
        assert count in numbers or any(count == one + other for one in numbers for other in numbers)
