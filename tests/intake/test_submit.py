"""Files handed in: all or nothing, twice is once, corrections replace, withdrawals bring back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from equity.intake.geography import read_geography
from equity.intake.known import load_known
from equity.intake.reference import REFERENCE
from equity.intake.report import IntakeError
from equity.intake.submit import accept, decline, findings_of, receive, rehearse, source_id_of, withdraw
from equity.intake.templates import template
from equity.store import read, schema
from equity.store.engine import writing
from equity.store.submissions import (
    Submission,
    list_submissions,
    read_file_note,
    require_submission,
    staged_tables,
)
from equity.store.write import replace_areas

PROGRAM = "hand-in-hand--first-steps"
GEOGRAPHY = read_geography(REFERENCE)
HEAD = (
    '"Notes"\t"County of Residence"\t"County of Residence Code"\t"Year"\t"Year Code"\t'
    "Deaths\tBirths\tDeath Rate\n"
)
FOOT = (
    '"---"\n"Dataset: Linked Birth / Infant Death Records, 2017-2023 Expanded"\n"Query Parameters:"\n'
    '"Group By: County of Residence; Year"\n"Show Suppressed: True"\n"---"\n'
)


def export(births: int, foot: str = FOOT) -> bytes:
    row = f'\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t33\t{births}\t9.31\n'
    return (HEAD + row + foot).encode()


@pytest.fixture
def places(store: Engine) -> Engine:
    """A store that knows the shipped places."""
    with writing(store) as connection:
        replace_areas(connection, GEOGRAPHY.area, GEOGRAPHY.area_part)
    return store


def births(store: Engine) -> list[int]:
    totals = read.vital_totals(store, "county", by="year", basis="reported")
    return totals.loc[totals["event"].eq("births"), "count"].tolist()


def events(store: Engine) -> list[str]:
    with store.connect() as connection:
        query = select(schema.audit_event.c.action).order_by(schema.audit_event.c.id)
        return list(connection.execute(query).scalars())


def test_a_file_waits_is_accepted_and_names_where_its_numbers_come_from(places: Engine) -> None:
    received = receive(places, "../linked export.txt", export(3545), "hub leader").submission
    assert (received.status, received.kind, received.file_name) == ("waiting", "wonder", "linked export.txt")
    assert births(places) == []
    accepted = accept(places, received.id, "steward")
    assert (accepted.status, accepted.decided_by) == ("accepted", "steward")
    assert births(places) == [3545]
    source = read.sources(places).set_index("id").loc[source_id_of(received.id)]
    assert source["sha256"] == received.sha256 and source["basis"] == "reported"
    note = read_file_note(str(source["note"]))
    assert note is not None and (note.file_name, note.sheets) == ("linked export.txt", ())
    assert (note.rows_read, note.rows_refused) == (1, 0)
    assert (note.received_on, note.accepted_on) == (received.received_at[:10], str(accepted.decided_at)[:10])
    assert events(places) == ["receive", "accept"]


def test_the_same_file_twice_is_known(places: Engine) -> None:
    first = receive(places, "a.txt", export(3545), "one")
    again = receive(places, "b.txt", export(3545), "two")
    assert not first.again and again.again
    assert again.submission.id == first.submission.id
    assert len(list_submissions(places)) == 1


def test_a_corrected_file_replaces_and_its_withdrawal_brings_the_first_back(places: Engine) -> None:
    first = receive(places, "a.txt", export(3545), "one").submission
    accept(places, first.id, "steward")
    second = receive(places, "a.txt", export(3546), "one").submission
    assert accept(places, second.id, "steward").supersedes == first.id
    assert births(places) == [3546]
    assert require_submission(places, first.id).status == "superseded"
    withdraw(places, second.id, "steward", "the first was right")
    assert births(places) == [3545]
    assert require_submission(places, first.id).status == "accepted"
    withdraw(places, first.id, "steward", "a trial")
    assert births(places) == []
    assert {row.status for row in list_submissions(places)} == {"withdrawn"}


def test_a_file_with_an_error_is_kept_without_a_row(places: Engine) -> None:
    found = receive(places, "a.txt", export(3545).replace(b"\t33\t", b"\t3x\t"), "one").submission
    assert found.status == "refused" and staged_tables(places, found.id) == {}
    assert found.report["findings"][-1]["column"] == "Deaths"
    with pytest.raises(IntakeError, match="only one that waits can be accepted"):
        accept(places, found.id, "steward")
    assert births(places) == []


def test_a_warning_is_accepted_with_a_reason_only(places: Engine) -> None:
    found = receive(places, "a.txt", export(3545, foot=""), "one").submission
    with pytest.raises(IntakeError, match="write why it is right all the same"):
        accept(places, found.id, "steward", "  ")
    assert births(places) == []
    assert accept(places, found.id, "steward", "all births, asked on 3 May").reason is not None
    assert births(places) == [3545]


def test_what_is_declined_is_forgotten_and_reasons_are_asked_for(places: Engine) -> None:
    found = receive(places, "a.txt", export(3545), "one").submission
    with pytest.raises(IntakeError, match="Write why"):
        decline(places, found.id, "steward", "")
    decline(places, found.id, "steward", "the wrong year")
    assert staged_tables(places, found.id) == {}
    again = receive(places, "a.txt", export(3545), "one")
    assert not again.again and again.submission.status == "waiting"


def test_a_rehearsal_leaves_nothing(places: Engine) -> None:
    found = receive(places, "a.txt", export(3545), "one").submission
    with rehearse(places, found.id) as (connection, supersedes):
        assert supersedes is None
        totals = read.vital_totals(connection, "county", by="year", basis="reported")
        assert 3545 in set(totals["count"])
    assert births(places) == []
    assert require_submission(places, found.id).status == "waiting"
    assert source_id_of(found.id) not in set(read.sources(places)["id"])


def test_what_cannot_be_read_leaves_nothing(places: Engine) -> None:
    with pytest.raises(IntakeError, match="is none of the files that can be read here"):
        receive(places, "x.csv", b"colour,taste\nred,sweet\n", "one")
    assert list_submissions(places) == [] and events(places) == []


def test_filled_in_templates_go_in_and_out_again(places: Engine) -> None:
    roster = receive(places, "r.xlsx", template("roster", "xlsx", filled=True), "hub").submission
    assert roster.kind == "roster"
    accept(places, roster.id, "steward", "an example")
    report = receive(places, "q.xlsx", template("quarterly", "xlsx", filled=True), "hub").submission
    accept(places, report.id, "steward", "an example")
    assert not read.enrollment_by(places).empty
    assert not read.capacity_by_quarter(places).empty
    withdraw(places, report.id, "steward", "a trial")
    withdraw(places, roster.id, "steward", "a trial")
    with places.connect() as connection:
        for table in (schema.enrollment, schema.capacity, schema.service_area, schema.program, schema.agency):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_a_quarter_has_one_report(places: Engine) -> None:
    content = template("quarterly", "csv", filled=True)
    first = receive(places, "q.csv", content, "hub").submission
    accept(places, first.id, "steward", "an example")
    head, *rows = content.decode("utf-8-sig").splitlines()
    longer = "\n".join([head, *rows, *(row.replace("2023Q1", "2023Q2") for row in rows)])
    second = receive(places, "q2.csv", longer.encode(), "hub").submission
    assert second.status == "waiting" and second.covers != first.covers
    with pytest.raises(IntakeError, match=r"2023Q1 of program .* was reported by submission-"):
        accept(places, second.id, "steward", "an example")
    assert require_submission(places, second.id).status == "waiting"
    assert set(read.capacity_by_quarter(places)["quarter"]) == {"2023Q1"}


def quarterly(quarter: str, households: int, more: str = "", name: str = "First Steps") -> bytes:
    """A report of one program whose households all live in one ZIP code; ``more`` are further rows."""
    program = f"Hand in Hand,{name},PAT,State,{quarter}"
    rows = f"{program},,,5,{households - 5},100\n{program},63106,all,5,{households - 5},\n"
    head = "Agency,Program,Model,Funder,Quarter,ZIP,Group,New households,Continuing households,"
    return (head + "Maximum service capacity\n" + rows + more).encode()


def warnings(found: Submission) -> list[str]:
    return [finding.found for finding in findings_of(found) if finding.level == "warning"]


def test_a_report_is_compared_with_the_quarters_that_were_accepted(places: Engine) -> None:
    first = receive(places, "q3.csv", quarterly("2022Q3", 40), "hub").submission
    assert first.status == "waiting" and warnings(first) == []
    early = receive(places, "early.csv", quarterly("2022Q4", 71), "hub").submission
    assert warnings(early) == []
    accept(places, first.id, "steward")
    usual = receive(places, "q4.csv", quarterly("2022Q4", 44), "hub").submission
    assert warnings(usual) == []
    jump = receive(places, "jump.csv", quarterly("2022Q4", 70), "hub").submission
    sentence = (
        "“First Steps” has 70 households in 2022Q4 after 40 in 2022Q3, as accepted from an earlier file"
    )
    assert warnings(jump) == [sentence]
    with pytest.raises(IntakeError, match="write why it is right all the same"):
        accept(places, jump.id, "steward")
    accept(places, jump.id, "steward", "a second team started in October")
    corrected = receive(places, "corrected.csv", quarterly("2022Q4", 41), "hub").submission
    assert warnings(corrected) == []
    assert accept(places, corrected.id, "steward").supersedes == jump.id
    assert load_known(places).caseloads == {(PROGRAM, "2022Q3"): 40, (PROGRAM, "2022Q4"): 41}


def test_a_row_for_all_is_counted_once_among_caseloads(places: Engine) -> None:
    program = "Hand in Hand,First Steps,PAT,State,2022Q3"
    groups = f"{program},63106,black,3,20,\n{program},63106,white,2,15,\n"
    both = receive(places, "q.csv", quarterly("2022Q3", 40, groups), "hub").submission
    accept(places, both.id, "steward")
    assert load_known(places).caseloads == {(PROGRAM, "2022Q3"): 40}
    withdraw(places, both.id, "steward", "a trial")
    assert load_known(places).caseloads == {}


def test_the_only_report_of_a_program_can_be_corrected_and_brought_back(places: Engine) -> None:
    first = receive(places, "a.csv", quarterly("2022Q3", 40), "hub").submission
    accept(places, first.id, "steward")
    second = receive(places, "b.csv", quarterly("2022Q3", 42), "hub").submission
    assert "program" in staged_tables(places, first.id) and "program" not in staged_tables(places, second.id)
    with rehearse(places, second.id) as (connection, supersedes):
        assert supersedes == first.id
        assert load_known(connection).caseloads == {(PROGRAM, "2022Q3"): 42}
    accept(places, second.id, "steward")
    assert load_known(places).caseloads == {(PROGRAM, "2022Q3"): 42}
    assert read.programs(places)["source_id"].tolist() == [source_id_of(second.id)]
    third = receive(places, "c.csv", quarterly("2022Q3", 43), "hub").submission
    accept(places, third.id, "steward")
    withdraw(places, third.id, "steward", "the second was right")
    assert load_known(places).caseloads == {(PROGRAM, "2022Q3"): 42}
    withdraw(places, second.id, "steward", "the first was right")
    assert load_known(places).caseloads == {(PROGRAM, "2022Q3"): 40}
    withdraw(places, first.id, "steward", "a trial")
    assert read.programs(places).empty and load_known(places).caseloads == {}


def test_a_report_whose_program_has_gone_says_what_to_do(places: Engine) -> None:
    first = receive(places, "a.csv", quarterly("2022Q3", 40), "hub").submission
    accept(places, first.id, "steward")
    later = receive(places, "b.csv", quarterly("2022Q4", 42), "hub").submission
    withdraw(places, first.id, "steward", "a trial")
    with pytest.raises(IntakeError, match=f"{PROGRAM} is no longer known: .* decline this one and hand"):
        accept(places, later.id, "steward")
    decline(places, later.id, "steward", "its program had gone")
    again = receive(places, "b.csv", quarterly("2022Q4", 42), "hub")
    assert not again.again
    accept(places, again.submission.id, "steward")
    assert load_known(places).caseloads == {(PROGRAM, "2022Q4"): 42}


def test_a_new_program_of_an_agency_that_has_gone_says_what_to_do(places: Engine) -> None:
    first = receive(places, "a.csv", quarterly("2022Q3", 40), "hub").submission
    accept(places, first.id, "steward")
    other = receive(places, "b.csv", quarterly("2022Q3", 42, name="Next Steps"), "hub").submission
    assert "program" in staged_tables(places, other.id) and "agency" not in staged_tables(places, other.id)
    withdraw(places, first.id, "steward", "a trial")
    with pytest.raises(IntakeError, match="Agency hand-in-hand is no longer known"):
        accept(places, other.id, "steward")
    assert require_submission(places, other.id).status == "waiting"
