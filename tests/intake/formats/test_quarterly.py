"""Quarterly reports: what is taken in, what must add up, and what is asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from equity.intake.findings import Reading
from equity.intake.formats import quarterly, roster
from equity.intake.formats.quarterly_checks import Key
from equity.intake.report import IntakeError
from equity.intake.schemas.quarters import quarter_of
from equity.intake.schemas.roster import ROSTER
from equity.intake.sheet import Sheet, Upload
from equity.intake.upload import open_upload
from equity.store.schema import metadata
from tests.intake.formats.service_files import as_bytes, as_csv, as_xlsx, known, only, records, sentences

HEADER = ["Agency", "Program", "Model", "Funder", "Quarter", "ZIP", "Group", "New households",
          "Continuing households", "Current caseload", "Maximum service capacity", "Capacity percentage",
          "Exits", "Home visitor FTE"]  # fmt: skip
NAMES = ["Hand in Hand", "First Steps", "PAT", "State"]
ID = "hand-in-hand--first-steps"
Cells = list[object]
ROSTER_HEADER = [column.title for column in ROSTER.columns]
KEYS = ("id", "program_id", "zip", "group", "quarter")


def total(
    new: object = 10,
    continuing: object = 30,
    caseload: object = "",
    slots: object = 50,
    percent: object = "",
    exits: object = 4,
    fte: object = 2.5,
    quarter: str = "2023Q1",
) -> Cells:
    return [*NAMES, quarter, "", "", new, continuing, caseload, slots, percent, exits, fte]


def of_zip(code: object, new: object, continuing: object, caseload: object = "", group: str = "all",
           exits: object = "", quarter: str = "2023Q1") -> Cells:  # fmt: skip
    return [*NAMES, quarter, code, group, new, continuing, caseload, "", "", exits, ""]


def read(*rows: Cells, earlier: dict[Key, int] | None = None) -> Reading:
    return read_upload(as_csv([HEADER, *rows]), earlier)


def read_upload(upload: Upload, earlier: dict[Key, int] | None = None) -> Reading:
    assert quarterly.looks_right(upload)
    assert not roster.looks_right(upload)
    return quarterly.read(upload, replace(known(), caseloads=earlier or {}))


def enrolled(reading: Reading) -> list[tuple[object, ...]]:
    """zip, group, quarter, new, continuing, exits of every row."""
    return [tuple(row.values())[1:] for row in records(reading.tables["enrollment"])]


def test_a_report_becomes_capacity_and_households_by_zip_code_and_group() -> None:
    reading = read(
        total(),
        of_zip(63106, 4, 10, group="Black or African American", exits=1),
        of_zip(63106, 1, 5, group="White", exits=0),
        of_zip(63107, 5, 15, 20, exits=3),
    )
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert records(reading.tables["capacity"]) == [
        {"program_id": ID, "quarter": "2023Q1", "slots": 50, "home_visitor_fte": 2.5}
    ]
    assert enrolled(reading) == [
        ("63106", "black", "2023Q1", 4, 10, 1),
        ("63106", "white", "2023Q1", 1, 5, 0),
        ("63107", "all", "2023Q1", 5, 15, 3),
    ]
    assert list(reading.tables["service_area"]["zip"]) == ["63106", "63107"]
    assert records(reading.tables["agency"])[0]["id"] == "hand-in-hand"
    assert records(reading.tables["program"])[0]["model"] == "Parents as Teachers"
    assert reading.covers == f"quarterly/{ID}/2023Q1"
    assert (reading.rows_read, reading.rows_refused) == (4, 0)


def test_a_known_program_needs_no_agency_and_is_not_repeated() -> None:
    row: Cells = ["", "brick-garden-hfa", "", "", "Q2 2023", "", "", 1, 2, 3, 10, "", 0, 1]
    reading = read(row, ["", "brick-garden-hfa", "", "", "Q2 2023", 63106, "", 1, 2, 3, "", "", 0, ""])
    assert reading.acceptable
    assert not {"agency", "program"} & set(reading.tables)
    assert reading.covers == "quarterly/brick-garden-hfa/2023Q2"
    new = read(["brick-garden", "Doula visits", "Nurse home visiting", *row[3:]])
    assert "agency" not in new.tables
    assert records(new.tables["program"])[0]["id"] == "brick-garden--doula-visits"


def test_a_new_program_needs_its_agency_and_its_model() -> None:
    nameless = read(["", *total()[1:]])
    assert only(nameless, "error").found == "“First Steps” is no known program, and its agency is not given"
    without = read([*NAMES[:2], "", "", *total()[4:]])
    assert only(without, "error").expected == "the name of the model"
    assert without.rows_refused == 1 and without.tables == {}
    two = read(total(), [*NAMES[:2], "NFP", *of_zip(63106, 10, 30)[3:]])
    assert only(two, "error").column == "Model"


def test_merged_cells_two_rows_of_headings_totals_and_thousands_are_read() -> None:
    rows: list[Cells] = [
        ["Form 4, quarter 1 of 2023"],
        [],
        ["Agency", "Program", "Model", "Reporting period", "ZIP codes", "Households", None, None,
         "Maximum\nService Capacity", "Capacity %"],
        [None, None, None, None, None, "New", "Continuing", "Total", None, None],
        ["Hand in Hand", "First Steps", "PAT", "01/01/2023 - 03/31/2023", "Total", 1000, "1,200", 2200,
         "2,500", 0.88],
        [],
        [None, None, None, None, 63106, 600, 700, "1,300", None, None],
        [None, None, None, None, "63107-0001", 400, 500, 900, None, None],
        ["Other House", "Visits", "HFA", "2023-Q1", "63830", 1, 2, 3, None, None],
        [None, None, None, None, "Total", 1, 2, 3, 4, "75%"],
        ["Total", None, None, None, None, 1001, 1202, 2203, 2504, None],
        ["Prepared by the agency."],
    ]  # fmt: skip
    upload = as_xlsx(rows, ["A1:J1", "F3:H3", "A3:A4", "A5:A8", "B5:B8", "D5:D8", "A9:A10"])
    reading = read_upload(upload)
    assert sentences(reading, "error") == sentences(reading, "warning") == []
    assert enrolled(reading) == [
        ("63106", "all", "2023Q1", 600, 700, None),
        ("63107", "all", "2023Q1", 400, 500, None),
        ("63830", "all", "2023Q1", 1, 2, None),
    ]
    assert list(reading.tables["capacity"]["slots"]) == [2500, 4]
    notes = " ".join(sentences(reading, "note"))
    assert "“Total” is a row of totals" in notes
    assert "“Prepared by the agency.”" in notes
    assert "row 8, column ZIP codes: the ZIP code “63107-0001” was read as 63107" in notes
    assert reading.rows_read == 5


@pytest.mark.parametrize(
    ("rows", "row", "column", "found", "expected"),
    [
        ([total(10, 30, 41)], 2, "Current caseload", "“41”", "40, the sum of 10 new and 30 continuing"),
        ([total(), of_zip(63106, 10, 29)], 2, "Continuing households", "“30”",
         "29, the sum of its ZIP codes (row 3)"),
        ([total(), of_zip(63106, 10, 30), of_zip(63106, 9, 30, group="black")], 3, "New households", "“10”",
         "9, the sum of its groups (row 4)"),
        ([total(), of_zip(63106, 10, 30, exits=3)], 2, "Exits", "“4”", "3, the sum"),
        ([total(percent="85%")], 2, "Capacity percentage", "“85%”", "80.0, for 40 households of 50 places"),
        ([total(percent="0.85")], 2, "Capacity percentage", "“0.85”", "80.0"),
        ([total("", "", 40), of_zip(63106, 41, "", 40)], 3, "Current caseload", "“40”", "at least 41"),
        ([total(), of_zip(63106, 10, "")], 3, "Continuing households", "an empty cell", "a whole number"),
        ([total(), of_zip(63106, "", "")], 3, "Current caseload", "an empty cell", "new and continuing"),
        ([total(10.5)], 2, "New households", "“10.5”", "a whole number, 0 or more"),
        ([total(-1)], 2, "New households", "“-1”", "a whole number, 0 or more"),
        ([total("<5")], 2, "New households", "“<5”", "a whole number, 0 or more"),
        ([total("1e3")], 2, "New households", "“1e3”", "a whole number, 0 or more"),
        ([total(123456789012)], 2, "New households", "“123456789012”", "a whole number"),
        ([total(), of_zip(63106, 10, 30), of_zip("63106.0", 10, 30)], 4, "ZIP", "the row repeats row 3",
         "one row for each"),
        ([total(), total()], 3, "ZIP", "the row repeats row 2", "one row for each"),
        ([total(), of_zip("6310A", 10, 30)], 3, "ZIP", "“6310A”", "one ZIP code of five digits"),
        ([total(), of_zip("63106, 63107", 10, 30)], 3, "ZIP", "“63106, 63107”", "one ZIP code"),
        ([total(), of_zip(63106, 10, 30, group="blakc")], 3, "Group", "“blakc”", "one of all, black, white"),
        ([total(quarter="FFY2023 Q1")], 2, "Quarter", "“FFY2023 Q1”", "a calendar quarter such as 2023Q1"),
        ([total(quarter="")], 2, "Quarter", "an empty cell", "quarter"),
        ([["=1+1", *total()[1:]]], 2, "Agency", "“=1+1”", "does not begin with ="),
        ([["<script>", *total()[1:]]], 2, "Agency", "“<script>”", "without < and >"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_named(
    rows: list[Cells], row: int, column: str, found: str, expected: str
) -> None:
    reading = read(*rows)
    error = only(reading, "error")
    assert (error.row, error.column) == (row, column)
    assert found in error.found and expected in error.expected and error.mend
    assert not reading.acceptable and reading.rows_refused >= 1


def test_groups_of_the_program_s_own_rows_must_be_those_of_its_zip_codes() -> None:
    black: Cells = [*NAMES, "2023Q1", "", "black", 4, 10, "", "", "", "", ""]
    white: Cells = [*NAMES, "2023Q1", "", "white", 6, 20, "", "", "", "", ""]
    parts = [of_zip(63106, 4, 10, group="white"), of_zip(63107, 6, 20, group="black")]
    reading = read(total(), black, white, *parts)
    assert [(error.row, error.column) for error in reading.of("error")] == [
        (3, "New households"), (3, "Continuing households"),
        (4, "New households"), (4, "Continuing households"),
    ]  # fmt: skip
    expected = [error.expected for error in reading.of("error")]
    assert expected[0] == "6, the sum of its ZIP codes for the group black (row 6)"
    assert expected[2] == "4, the sum of its ZIP codes for the group white (row 5)"
    right = [of_zip(63106, 4, 10, group="black"), of_zip(63107, 6, 20, group="white")]
    assert read(total(), black, white, *right).acceptable


def test_one_household_is_not_said_to_be_many() -> None:
    reading = read(total(1, 0, exits=1), of_zip(63106, 0, 0), of_zip("unknown", 1, 0))
    notes = " ".join(sentences(reading, "note"))
    assert "1 household is of ZIP codes" in notes and "1 exit is given" in notes


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ([of_zip(63106, 4, 10), of_zip(63107, 5, 20), of_zip("unknown", 0, 0)], "rows 3, 4 and 5"),
        # a place with a row for all is counted by that row
        ([of_zip(63106, 9, 30), of_zip(63106, 9, 30, group="black"), of_zip(63107, 0, 0)], "rows 3 and 5"),
        (
            [of_zip(code, int(code == 63101), 30 * (code == 63101)) for code in range(63101, 63111)],
            "rows 3, 4, 5, 6, 7, 8, 9, 10 and 2 more",
        ),
    ],
)
def test_a_sum_that_does_not_agree_names_the_rows_that_were_added(parts: list[Cells], named: str) -> None:
    error = only(read(total(), *parts), "error")
    assert error.row == 2 and error.expected.endswith(f"the sum of its ZIP codes ({named})")


def test_one_fault_is_told_once() -> None:
    reading = read(total(), of_zip(63106, 4, "x", group="black"), of_zip(63106, 5, 15, group="white"))
    assert only(reading, "error").found == "“x”"
    assert read(total(), of_zip(63106, 10, 29)).rows_refused == 1


def test_tables_have_the_columns_of_the_store() -> None:
    reading = read(total(), of_zip(63106, 10, 30, exits=4))
    assert set(reading.tables) == {"agency", "program", "service_area", "capacity", "enrollment"}
    for name, table in reading.tables.items():
        assert set(table) == set(metadata.tables[name].columns.keys()) - {"source_id"}, name


CELLS = st.one_of(
    st.sampled_from(["", "all", "Total", "63106", "63022", "99999", "0", "1", "12", "1,234", "85%", "0.5",
                     "<5", "=1", "black", "Asian", "unknown", "2023Q1", "Q2 2023", "PAT", "a", "b", "-"]),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.lists(CELLS, min_size=14, max_size=14), max_size=8))
def test_whatever_stands_in_the_cells_only_findings_come_of_it(rows: list[list[str]]) -> None:
    for reader, header in ((quarterly, HEADER), (roster, ROSTER_HEADER)):
        upload = Upload("x.csv", "0" * 64, 1, (Sheet("", [header, *rows]),))
        reading = reader.read(upload, known())
        assert reading.rows_refused <= reading.rows_read <= len(rows)
        assert all(finding.found and finding.expected for finding in reading.findings)
        for table in reading.tables.values():
            assert not table.duplicated([name for name in table if name in KEYS]).any()


def test_a_percentage_may_be_rounded_and_may_be_a_fraction() -> None:
    for percent in ("80%", "80", 0.8, "80.9 %", "79.1"):
        assert read(total(percent=percent)).acceptable, percent
    assert not read(total(percent="81.1")).acceptable


def test_a_caseload_alone_is_counted_as_continuing_and_said_so() -> None:
    reading = read(total("", "", 40), of_zip(63106, "", "", 25), of_zip(63107, 5, "", 15))
    assert reading.acceptable
    assert enrolled(reading) == [
        ("63106", "all", "2023Q1", 0, 25, None),
        ("63107", "all", "2023Q1", 5, 10, None),
    ]
    assert any("1 row of a ZIP code gives a caseload alone, of 25 households" in note
               for note in sentences(reading, "note"))  # fmt: skip


def test_households_of_unknown_and_outside_zip_codes_are_kept_in_notes_and_in_the_sum() -> None:
    reading = read(
        total(10, 30),
        of_zip(63106, 6, 20),
        of_zip(62201, 1, 4, 5),
        of_zip("homeless", 1, 2),
        of_zip("unknown", 2, 4),
    )
    assert reading.acceptable
    assert enrolled(reading) == [("63106", "all", "2023Q1", 6, 20, None)]
    assert "14 households are of ZIP codes that are unknown or outside" in sentences(reading, "note")[0]
    assert any("“62201” is not known here" in note and "Its 5 households are counted" in note
               for note in sentences(reading, "note"))  # fmt: skip
    assert reading.rows_refused == 1


def test_a_post_office_zip_code_is_added_to_its_area() -> None:
    reading = read(total(), of_zip(63011, 4, 10, group="white"), of_zip(63022, 1, 5, group="white"),
                   of_zip("63022", 2, 3, group="black"), of_zip(63106, 3, 12))  # fmt: skip
    assert reading.acceptable
    assert enrolled(reading)[:2] == [
        ("63011", "white", "2023Q1", 5, 15, None),
        ("63011", "black", "2023Q1", 2, 3, None),
    ]


def test_a_row_for_all_holds_every_household_of_an_area_with_two_codes() -> None:
    reading = read(total(), of_zip(63011, 4, 10), of_zip(63022, 6, 20, group="white"))
    assert enrolled(reading) == [
        ("63011", "all", "2023Q1", 10, 30, None),
        ("63011", "white", "2023Q1", 6, 20, None),
    ]


def test_groups_that_are_other_here_are_added_up() -> None:
    reading = read(
        total(), of_zip(63106, 4, 10, group="Asian"), of_zip(63106, 6, 20, group="Two or more races")
    )
    assert reading.acceptable
    assert enrolled(reading) == [("63106", "other", "2023Q1", 10, 30, None)]
    twice = read(total(), of_zip(63106, 4, 10, group="Black"), of_zip(63106, 6, 20, group="African American"))
    assert only(twice, "error").found.startswith("the row repeats row 3")


def test_much_over_capacity_and_much_unknown_race_are_asked_about() -> None:
    reading = read(
        total(10, 46, slots=50), of_zip(63106, 9, 44, group="black"), of_zip(63106, 1, 2, group="Declined")
    )
    warnings = sentences(reading, "warning")
    assert len(warnings) == 2
    assert "56 households, 50 places" in warnings[0]
    assert "3 of 56 households are of unknown race (5 percent)" in warnings[1]
    assert sentences(read(total(10, 45, slots=50), of_zip(63106, 10, 45)), "warning") == []


def test_facts_of_the_program_in_a_zip_row_and_a_missing_total_are_told() -> None:
    astray = [*of_zip(63106, 10, 30)[:10], 60, "", "", ""]
    assert only(read(total(), astray), "warning").column == "Maximum service capacity"
    repeated = [*of_zip(63106, 10, 30)[:10], 50, "", "", ""]
    assert sentences(read(total(), repeated), "warning") == []
    alone = read(of_zip(63106, 10, 30))
    assert "has no row of its own for 2023Q1" in only(alone, "warning").found
    assert "capacity" not in alone.tables
    assert any("4 exits are given for the program only" in note
               for note in sentences(read(total(), of_zip(63106, 10, 30)), "note"))  # fmt: skip


def test_a_refused_row_of_the_program_is_not_said_to_lack() -> None:
    # the caseload of the program's own row is not the sum of its parts, so that row is refused
    found = read(total(10, 45, 54), of_zip(63106, 10, 30))
    assert sentences(found, "error")
    assert not any("no row of its own" in warning for warning in sentences(found, "warning"))


def series(*caseloads: int) -> list[Cells]:
    quarters = [f"{2020 + place // 4}Q{place % 4 + 1}" for place in range(len(caseloads))]
    return [total("", "", count, slots=500, exits="", quarter=quarter)
            for count, quarter in zip(caseloads, quarters, strict=True)]  # fmt: skip


def test_a_jump_out_of_the_program_s_own_changes_is_asked_about_and_the_rule_told() -> None:
    warning = only(read(*series(100, 103, 99, 104, 101, 140)), "warning")
    assert warning.row == 7
    assert warning.found == "“First Steps” has 140 households in 2021Q2 after 101 in 2021Q1"
    # other changes +3 -4 +5 -3: their sizes have the median 3.5
    assert warning.expected == (
        "a change of less than 10 households, or of at most 3 times 3.5, which is the middle size of the "
        "other changes of this program"
    )


def test_changes_like_the_others_and_small_ones_are_not_asked_about() -> None:
    assert sentences(read(*series(100, 120, 98, 122, 101, 123)), "warning") == []
    assert sentences(read(*series(20, 20, 20, 20, 29)), "warning") == []
    assert len(sentences(read(*series(20, 20, 20, 20, 30)), "warning")) == 1


def test_one_earlier_quarter_is_compared_by_its_share_also_from_the_store() -> None:
    assert "at most 25% of the quarter before" in only(read(*series(40, 51)), "warning").expected
    assert sentences(read(*series(44, 55)), "warning") == []
    stored = read(total(quarter="2023Q1"), earlier={(ID, "2022Q4"): 20})
    assert only(stored, "warning").found == (
        "“First Steps” has 40 households in 2023Q1 after 20 in 2022Q4, as accepted from an earlier file"
    )
    assert sentences(read(total(quarter="2023Q1"), earlier={(ID, "2022Q3"): 20}), "warning") == []


def test_households_without_a_known_place_are_no_jump_from_what_the_store_has() -> None:
    rows = (total(10, 90, slots=200), of_zip(63106, 5, 35), of_zip("unknown", 5, 55))
    assert sentences(read(*rows, earlier={(ID, "2022Q4"): 40}), "warning") == []
    warning = only(read(*rows, earlier={(ID, "2022Q4"): 20}), "warning")
    assert "has 40 households in 2023Q1 after 20 in 2022Q4" in warning.found


def test_a_quarter_is_not_compared_with_the_one_it_corrects() -> None:
    assert sentences(read(total(), earlier={(ID, "2023Q1"): 4}), "warning") == []
    corrected = read(total(), total(10, 35, quarter="2023Q2"), earlier={(ID, "2023Q1"): 4})
    assert sentences(corrected, "warning") == []


def test_a_corrected_report_covers_the_same_and_another_quarter_does_not() -> None:
    first = read(total(), total(quarter="2023Q2"))
    second = read(
        total(11, 30, quarter="Q2 2023"), total("x", 30, quarter="2023-Q1"), total(quarter="2023 Q1")
    )
    assert first.covers == second.covers == f"quarterly/{ID}/2023Q1+2023Q2"
    assert read(total()).covers != first.covers


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("2023Q1", "2023Q1"), ("Q1 2023", "2023Q1"), ("2023-Q1", "2023Q1"), ("q4/2022", "2022Q4"),
        ("1st Quarter 2023", "2023Q1"), ("Quarter 2, 2023", "2023Q2"), ("CY 2023 Q3", "2023Q3"),
        ("2023-01-01 to 2023-03-31", "2023Q1"), ("2023-10-01 - 2023-12-31", "2023Q4"),
        ("4/1/2023-6/30/2023", "2023Q2"), ("07/01/2023 – 09/30/2023", "2023Q3"),
        ("January 1, 2024 through March 31, 2024", "2024Q1"), ("Jan-Mar 2023", "2023Q1"),
        ("July to September 2023", "2023Q3"),
        ("", ""), ("2023", ""), ("2023Q5", ""), ("Q1", ""), ("FY2023 Q1", ""), ("SFY 23 Q1", ""),
        ("2023-01-01 to 2023-06-30", ""), ("2023-01-01 to 2023-03-30", ""), ("2023-02-01 to 2023-04-30", ""),
        ("Feb-Apr 2023", ""), ("1023Q1", ""), ("2023-03-31", ""),
    ],
)  # fmt: skip
def test_quarters_are_understood_as_people_write_them(text: str, quarter: str) -> None:
    assert quarter_of(text) == quarter


def test_a_sheet_for_every_quarter_is_one_report() -> None:
    book = Workbook()
    book.active.append(["Notes of the agency"])
    for quarter in ("2023Q1", "2023Q2"):
        sheet = book.create_sheet(quarter)
        sheet.append(HEADER)
        sheet.append(total(new="?" if quarter == "2023Q2" else 10, quarter=quarter))
    reading = read_upload(open_upload("x.xlsx", as_bytes(book)))
    assert reading.rows_read == 2
    assert only(reading, "error").where() == "sheet 2023Q2, row 2, column New households"


def test_text_that_is_no_report_is_refused_with_a_sentence() -> None:
    with pytest.raises(IntakeError, match="has no table of a quarterly report"):
        quarterly.read(as_csv([["a", "b"], ["1", "2"]]), known())
    empty = quarterly.read(as_csv([HEADER]), known())
    assert only(empty, "error").found == "the table has no rows"
