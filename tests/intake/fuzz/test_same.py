"""The same table in another form gives exactly the same figures; a row that is gone misses from its total.

Every case is a table in one to five of ten changes that mean nothing, in any separator, encoding, line end
and quoting, as text or as a workbook. The figures must be equal, all of them, and what they cover too.
"""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from equity.intake.formats import read_upload
from equity.intake.upload import open_upload
from tests.intake.formats.service_files import known
from tests.intake.fuzz import same
from tests.intake.fuzz.bases import Base, Rows, as_text, bases, named
from tests.intake.fuzz.judge import taken
from tests.intake.fuzz.plain import figures_of
from tests.intake.fuzz.sizes import cases

pytestmark = pytest.mark.shared


def test_how_a_table_is_kept_changes_no_figure() -> None:
    forms = st.builds(
        same.Form,
        kept_as=st.sampled_from(same.KEPT_AS),
        separator=st.sampled_from(",;\t|"),
        encoding=st.sampled_from(same.ENCODINGS),
        end=st.sampled_from(("\n", "\r\n")),
        quoting=st.sampled_from(same.QUOTING),
        changes=st.lists(st.sampled_from(same.CHANGES), max_size=5).map(tuple),
        seed=st.integers(0, 2**32 - 1),
    )

    def body(name: str, form: same.Form) -> None:
        base = named(name)
        reading = taken("other.bin", same.written(base, form))
        assert reading is not None and reading.acceptable, reading and reading.of("error")
        assert figures_of(reading) == base.figures
        assert (reading.kind, reading.covers) == (base.kind, base.reading.covers)

    cases("same", body, name=st.sampled_from([base.name for base in bases()]), form=forms)


def without(rows: Rows, at: int) -> Rows:
    return [*rows[:at], *rows[at + 1 :]]


def warned(base: Base, rows: Rows, words: str) -> bool:
    content = as_text(rows, base.separator, base.quoting).encode()
    reading = read_upload(open_upload(base.name, content), known())
    return any(words in f"{finding.found} {finding.expected}" for finding in reading.findings
               if finding.level != "note")  # fmt: skip


def test_any_row_that_misses_from_the_totals_of_an_export_is_told_of() -> None:
    base = named("2007-2015")
    head, end = same.spans(base, base.rows)
    own = [at for at in range(head + 1, end) if base.rows[at][0] != "Total"]
    assert len(own) == 18 and not warned(base, base.rows, "")
    for at in own:
        assert warned(base, without(base.rows, at), "its rows add up to")
        assert warned(base, [*base.rows[:at], base.rows[at], *base.rows[at:]], "the row repeats row")
        other = [list(row) for row in base.rows]
        other[at][-1] = other[at][-1][:-1]
        assert warned(base, other, "its rows add up to")


def test_any_row_that_misses_from_the_total_of_an_extract_is_told_of() -> None:
    head = ["County", "Year", "Births", "Infant deaths"]
    body = [["St. Louis City", "2021", "3,700", "33"], ["St. Louis County", "2021", "10950", "63"],
            ["Scott", "2021", "480", "3"], ["Boone", "2021", "2,100", "9"]]  # fmt: skip
    total = ["Total", "", "17,230", "108"]
    base = Base("total.csv", "vital_extract", [head, *body, total])
    assert not warned(base, base.rows, "add up")
    for at in range(1, 5):
        assert warned(base, without(base.rows, at), "its rows add up to")
        other = [list(row) for row in base.rows]
        other[at][2] = "7"
        assert warned(base, other, "its rows add up to")


def test_any_row_that_misses_from_a_programs_own_is_told_of() -> None:
    base = named("quarterly")
    head, end = same.spans(base, base.rows)
    own = [row for row in base.reading.of("warning") if "add up" in row.found]
    assert end - head == 6 and own == []
    for at in range(head + 1, end):
        content = as_text(without(base.rows, at)).encode()
        reading = read_upload(open_upload(base.name, content), known())
        told = {finding.found for finding in reading.findings if finding.level != "note"}
        assert told - {finding.found for finding in base.reading.findings}
