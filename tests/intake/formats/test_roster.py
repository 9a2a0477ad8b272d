"""Program rosters: what is taken in, under which ids, and what is refused."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from equity.intake.findings import Reading
from equity.intake.formats import roster
from equity.intake.formats.identity import slug
from equity.intake.report import IntakeError
from equity.intake.upload import open_upload
from tests.intake.formats.service_files import as_bytes, as_csv, as_xlsx, known, only, records, sentences

HEADER = ["Agency", "Program", "Model", "Funder", "Eligibility", "Cost per slot", "County",
          "ZIP codes served", "Latitude", "Longitude", "Slots", "Quarter"]  # fmt: skip
ROW = ["Hand in Hand", "First Steps", "PAT", "State", "Any family", "$3,400", "Saint Louis City",
       "63106, 63107;63113 63106", "38.63", "-90.2", "40", "Q4 2023"]  # fmt: skip


def read(*rows: list[object], header: list[str] | None = None) -> Reading:
    upload = as_csv([header or HEADER, *rows])
    assert roster.looks_right(upload)
    return roster.read(upload, known())


def changed(column: str, text: object) -> list[object]:
    return [text if name == column else cell for name, cell in zip(HEADER, ROW, strict=True)]


def test_a_row_becomes_an_agency_a_program_its_zip_codes_and_its_capacity() -> None:
    reading = read(ROW)
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert records(reading.tables["agency"]) == [
        {"id": "hand-in-hand", "name": "Hand in Hand", "county": "29510", "region": "stl", "latitude": 38.63,
         "longitude": -90.2}
    ]  # fmt: skip
    assert records(reading.tables["program"]) == [
        {"id": "hand-in-hand--first-steps", "agency_id": "hand-in-hand", "name": "First Steps",
         "model": "Parents as Teachers", "funder": "State", "eligibility": "Any family",
         "cost_per_slot": 3400.0}
    ]  # fmt: skip
    assert list(reading.tables["service_area"]["zip"]) == ["63106", "63107", "63113"]
    assert records(reading.tables["capacity"]) == [
        {
            "program_id": "hand-in-hand--first-steps",
            "quarter": "2023Q4",
            "slots": 40,
            "home_visitor_fte": None,
        }
    ]
    assert (reading.covers, reading.rows_read, reading.rows_refused) == ("roster/hand-in-hand", 1, 0)
    assert reading.source["basis"] == "reported"


def test_one_row_for_every_zip_code_in_a_sheet_with_merged_cells() -> None:
    rows = [
        ["Roster of programs, 2023"],
        [],
        ["Provider", "Program name", "Home visiting model", "Service area"],
        ["Hand in Hand", "First Steps", "PAT", 63106],
        [None, None, None, 63107],
        [None, "Second Steps", "nfp", "63830"],
        [None, None, None, "63830-0012"],
        ["Total", None, None, 4],
    ]
    upload = as_xlsx(rows, ["A1:D1", "A4:A7", "B4:B5", "B6:B7"])
    assert roster.looks_right(upload)
    reading = roster.read(upload, known())
    assert sentences(reading, "error") == []
    areas = reading.tables["service_area"]
    assert [tuple(row) for row in areas.itertuples(index=False)] == [
        ("hand-in-hand--first-steps", "63106"),
        ("hand-in-hand--first-steps", "63107"),
        ("hand-in-hand--second-steps", "63830"),
    ]
    assert list(reading.tables["program"]["model"]) == ["Parents as Teachers", "Nurse-Family Partnership"]
    notes = " ".join(sentences(reading, "note"))
    assert "5 empty cells repeat the row above" in notes
    assert "“Total” is a row of totals" in notes
    assert "row 7, column Service area: the ZIP code “63830-0012” was read as 63830" in notes
    assert reading.rows_read == 4


def test_a_program_known_already_keeps_its_id_under_every_way_to_name_it() -> None:
    ways = [
        ("Brick Garden Families (demo)", "Brick Garden Families: Healthy Families America (demo)"),
        ("brick-garden", "brick-garden-hfa"),
        ("Brick garden families (DEMO)", "HFA"),
    ]
    for agency, program in ways:
        reading = read(["x", *ROW[1:]], [agency, program, "", *ROW[3:6], "", *ROW[7:]])
        row = records(reading.tables["program"])[1]
        assert (row["id"], row["agency_id"]) == ("brick-garden-hfa", "brick-garden"), agency
        assert row["model"] == "Healthy Families America"
        assert records(reading.tables["agency"])[1]["county"] == "29510"
        assert reading.acceptable and sentences(reading, "warning") == []


def test_ids_are_stable_and_never_shared_by_two_programs() -> None:
    assert slug("  Niños & Families, Inc. ") == "ninos-families-inc"
    assert slug("新生") == slug("新生 ") != slug("母")
    reading = read(["A b", "C", *ROW[2:]], ["A", "b C", *ROW[2:]])
    assert list(reading.tables["program"]["id"]) == ["a-b--c", "a--b-c"]


@pytest.mark.parametrize(
    ("column", "text", "found", "expected"),
    [
        ("Agency", '=HYPERLINK("http://x")', "“=HYPERLINK(\"http://x\")”", "does not begin with ="),
        ("Agency", "@SUM(A1)", "“@SUM(A1)”", "does not begin with ="),
        ("Program", "+cmd|' /C calc'!A0", "“+cmd|' /C calc'!A0”", "does not begin with ="),
        ("Program", "<b>Steps</b>", "“<b>Steps</b>”", "without < and >"),
        ("Program", "Steps\u202egnp", "Steps", "without unseen control characters"),
        ("Funder", "-1+1", "“-1+1”", "does not begin with ="),
        ("Eligibility", "<img src=x onerror=alert(1)>", "“<img src=x", "the code of a web page"),
        ("Eligibility", "x" * 501, "…”", "at most 500 characters"),
        ("Model", "", "a program without its model", "the name of the model"),
        ("Program", "", "an empty cell", "program"),
        ("Cost per slot", "cheap", "“cheap”", "a number"),
        ("Cost per slot", "-5", "“-5”", "from 0 to 100000"),
        ("County", "St. Louis", "“St. Louis”", "St. Louis City or St. Louis County"),
        ("ZIP codes served", "63101-63147", "“63101-63147”", "ZIP codes of five digits"),
        ("ZIP codes served", "6310663107", "“6310663107”", "ZIP codes of five digits"),
        ("Longitude", "90.2", "“90.2”", "from -125 to -66"),
        ("Longitude", "", "only one of latitude and longitude", "both, or neither"),
        ("Slots", "4.5", "“4.5”", "a whole number"),
        ("Quarter", "FY23 Q1", "“FY23 Q1”", "a calendar quarter"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_right_is_refused_and_named(
    column: str, text: str, found: str, expected: str
) -> None:
    good = ["Other House", "Other Visits", *ROW[2:]]
    reading = read(good, changed(column, text))
    error = only(reading, "error")
    assert found in error.found and expected in error.expected
    assert (error.row, error.column) == (3, column)
    assert error.mend
    assert not reading.acceptable and reading.rows_refused == 1
    if column != "County":
        assert list(reading.tables["program"]["id"]) == ["other-house--other-visits"]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","y")', "Hand\u200bHand", "Hand_x0007_Hand"])
def test_a_hostile_name_in_a_spreadsheet_is_refused_and_quoted_as_it_stands(name: str) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append(["Other House", *ROW[1:]])
    sheet.append(ROW)
    sheet["A3"].value = name
    sheet["A3"].data_type = "s"  # text, not a formula
    reading = roster.read(open_upload("x.xlsx", as_bytes(book)), known())
    error = only(reading, "error")
    assert error.where() == "sheet Sheet, row 3, column Agency"
    assert "Hand" in error.found or name in error.found
    assert list(reading.tables["agency"]["id"]) == ["other-house"]


def test_words_with_a_less_than_sign_are_no_web_page() -> None:
    reading = read(changed("Eligibility", "income < 185 % of poverty, child <3 months"))
    assert reading.acceptable
    assert (
        records(reading.tables["program"])[0]["eligibility"] == "income < 185 % of poverty, child <3 months"
    )


def test_rows_of_one_program_must_not_contradict_each_other() -> None:
    reading = read(ROW, changed("Model", "NFP"), changed("County", "Scott"))
    assert [(error.row, error.column) for error in reading.of("error")] == [(3, "Model"), (4, "County")]
    assert reading.of("error")[0].expected == "“PAT”, as in a row above"


def test_zip_codes_out_of_the_region_and_of_post_offices_are_told() -> None:
    reading = read(changed("ZIP codes served", "63106, 62201, 63022"))
    assert list(reading.tables["service_area"]["zip"]) == ["63011", "63106"]
    notes = sentences(reading, "note")
    assert any("“62201” is not known here" in note for note in notes)
    assert any("“63022” was taken for a PO-box ZIP code, counted in 63011" in note for note in notes)
    outside = read(changed("ZIP codes served", "62201"))
    assert "no ZIP code of the region is given for “First Steps”" in sentences(outside, "warning")[0]


def test_a_county_of_elsewhere_is_left_empty_with_a_warning() -> None:
    reading = read(changed("County", "Jefferson"))
    assert only(reading, "warning").found == "“Jefferson”"
    assert records(reading.tables["agency"])[0]["county"] == ""


def test_slots_without_a_quarter_are_left_out_with_a_warning() -> None:
    reading = read(changed("Quarter", ""))
    assert "capacity" not in reading.tables
    assert only(reading, "warning").found == "slots without the quarter they are for"


def test_columns_about_people_keep_the_file_out() -> None:
    reading = read([*ROW, "Jane"], header=[*HEADER, "Client name"])
    assert only(reading, "error").found == "a column about single people"
    strange = read([*ROW, "x"], header=[*HEADER, "Favourite colour"])
    assert strange.acceptable
    assert "“Favourite colour” is not known" in only(strange, "note").found


def test_a_missing_column_is_named() -> None:
    upload = as_csv([["Program", "Agency name", "ZIP"], ["", "", ""]])
    assert only(roster.read(upload, known()), "error").found == "the table has no rows"
    assert not roster.looks_right(as_csv([["Program", "ZIP"], ["First Steps", "63106"]]))
    with pytest.raises(IntakeError, match="has no table of a program roster"):
        roster.read(as_csv([["a", "b"], ["1", "2"]]), known())


def test_a_corrected_roster_covers_the_same() -> None:
    first = read(ROW, ["Other House", *ROW[1:]])
    second = read(["Other  House", *ROW[1:]], changed("Slots", 41), changed("Cost per slot", "$3400"))
    assert first.covers == second.covers == "roster/hand-in-hand+other-house"


def test_a_flood_of_faults_is_counted_not_listed() -> None:
    reading = read(*([["Hand in Hand", f"Program {n}", *ROW[2:5], "cheap", *ROW[6:]] for n in range(200)]))
    assert reading.rows_refused == 200
    assert len(reading.of("error")) == 21
    assert reading.of("error")[-1].found == "180 more findings like those before"
