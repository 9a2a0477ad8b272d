"""Every figure can be walked back to what it rests on, from its release alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from equity.intake.submit import accept, receive, source_id_of
from equity.intake.templates import template
from equity.intake.upload import safe_name
from equity.release.figure import FIGURE_COLUMNS, Basis, Figure
from equity.release.load import Release, load_release
from equity.release.publish import publish
from equity.release.walk_back import SHORT, Origin, WalkBack, known_origins, walk_back
from equity.store.submissions import FileNote, read_file_note

EXPORT = (
    '"Notes"\t"County of Residence"\t"County of Residence Code"\t"Year"\t"Year Code"\t'
    "Deaths\tBirths\tDeath Rate\n"
    '\t"St. Louis city, MO"\t"29510"\t"2022"\t"2022"\t33\t3545\t9.31\n'
    '"---"\n"Dataset: Linked Birth / Infant Death Records, 2017-2023 Expanded"\n"Query Parameters:"\n'
    '"Group By: County of Residence; Year"\n"Show Suppressed: True"\n"---"\n'
)


def _every_figure(release: Release) -> list[Figure]:
    rows: Iterator[Any] = (
        release.figures[list(FIGURE_COLUMNS)].astype(object).itertuples(index=False, name=None)
    )
    return [Figure(*row) for row in rows]


def test_every_figure_that_ships_has_a_source_that_is_described(release: Release) -> None:
    origins = known_origins(release)
    figures = _every_figure(release)
    assert len(figures) == len(release.figures) > 20_000
    for figure in figures:
        found = walk_back(figure, origins)
        assert found.origins and not found.unknown, figure
        assert all(origin.title and origin.publisher and origin.vintage for origin in found.origins), figure
        assert found.made_up == (figure.basis == "demonstration"), figure
        assert (found.basis, found.method) == (figure.basis, figure.method)


def test_a_printed_figure_names_its_publication_and_no_file(release: Release) -> None:
    figure = release.figure("infant_mortality", "county", "29510", "all", (2017, 2023))
    found = walk_back(figure, known_origins(release))
    (origin,) = found.origins
    assert origin.id == "chr-2026-v129" and "County Health Rankings" in origin.publisher
    assert origin.url.startswith("https://") and len(origin.sha256) == SHORT
    assert origin.rows_accepted is not None and origin.rows_accepted > 0
    assert not (origin.handed_in or origin.made_up or found.made_up or found.worked_out)
    assert origin.note and origin.accepted_on == ""


def test_a_change_is_walked_back_to_both_releases_it_compares(release: Release) -> None:
    both = [figure for figure in _every_figure(release) if ";" in figure.source]
    assert both
    origins = known_origins(release)
    for figure in both:
        assert [origin.id for origin in walk_back(figure, origins).origins] == figure.source.split(";")


def test_what_nobody_reported_has_no_origin(release: Release) -> None:
    figure = release.figure("infant_mortality", "county", "29510", "all", (1901, 1902))
    assert figure.status == "missing"
    found = walk_back(figure, known_origins(release))
    assert found == WalkBack("reported", "", "", (), ())


def test_a_source_that_is_not_described_is_named() -> None:
    figure = Figure("births", "county", "29510", "all", 2022, 2022, 9.0, None, None, None, None,
                    "shown", "", "estimated", "count", "", "a;gone")  # fmt: skip
    origin = Origin("a", "A", "P", "2022", "", "demonstration", "", 1, 0, "")
    found = walk_back(figure, {"a": origin})
    assert found.origins == (origin,) and found.unknown == ("gone",)
    assert found.worked_out and found.made_up


@pytest.mark.parametrize("basis", ["estimated", "allocated"])
def test_what_a_rule_or_model_made_says_so(basis: Basis) -> None:
    found = WalkBack(basis, "BYM2", "", (), ())
    assert found.worked_out and not found.made_up


def test_figures_of_files_handed_in_lead_to_file_sheet_and_rows(engine: Engine, home: Path) -> None:
    counts = receive(engine, "../../exports/linked export.txt", EXPORT.encode(), "hub").submission
    accept(engine, counts.id, "steward")
    report = receive(engine, "form 4.xlsx", template("quarterly", "xlsx", filled=True), "hub").submission
    accept(engine, report.id, "steward", "an example")
    made = load_release(engine, publish(engine, home).id)
    origins = known_origins(made)
    from_counts = [
        walk_back(figure, origins)
        for figure in _every_figure(made)
        if source_id_of(counts.id) in figure.source.split(";")
    ]
    assert from_counts
    for found in from_counts:
        assert found.basis == "reported" and not found.unknown and not found.made_up
    (origin,) = {origin for found in from_counts for origin in found.origins if origin.handed_in}
    assert (origin.file_name, origin.sheets) == ("linked export.txt", ())
    assert (origin.rows_read, origin.rows_refused) == (1, 0)
    assert origin.sha256 == counts.sha256[:SHORT]
    assert origin.received_on == counts.received_at[:10] <= origin.accepted_on
    form = origins[source_id_of(report.id)]
    assert form.handed_in and form.file_name == "form 4.xlsx"
    assert form.sheets == tuple(report.report["sheets"]) and len(form.sheets) > 1
    assert form.rows_read == report.report["rows_read"] > 0
    assert form.publisher and form.title.startswith("Quarterly report") and form.note


@given(
    st.text(max_size=80),
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="“”"), min_size=1), max_size=3),
    st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)),
    st.text(max_size=60),
)
def test_a_note_of_a_file_reads_back_as_it_was_written(
    name: str, sheets: list[str], rows: tuple[int, int], rest: str
) -> None:
    note = FileNote(safe_name(name), tuple(sheets), *rows, "2026-11-25", "2026-11-26", rest.strip())
    assert read_file_note(note.written()) == note


def test_quotation_marks_of_a_sheet_cannot_end_its_name() -> None:
    name = "x”: 9 rows read, 9 refused; handed in 2020-01-01, accepted 2020-01-01."
    note = FileNote("a.xlsx", (name,), 5, 1, "2026-11-25", "2026-11-26")
    found = read_file_note(note.written())
    assert found is not None and (found.rows_read, found.rows_refused) == (5, 1)
    assert found.sheets == (name.replace("”", "'"),)


@pytest.mark.parametrize("note", ["", "Rounded to one decimal.", "File a.csv: many rows read."])
def test_other_notes_are_of_no_file(note: str) -> None:
    assert read_file_note(note) is None
