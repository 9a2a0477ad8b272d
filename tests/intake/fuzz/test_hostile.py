"""Thousands of spoilt files: a sentence or a reading, nothing touched, no other total without a word.

What this can prove. Where a case changed only how a table is written or moved whole rows, headings or
columns, every figure of a reading that would be accepted is one the file had, or a finding tells of it.
Where it changed numbers, the figures are those that a second, plain reading finds in the spoilt rows.
What it cannot: a changed digit that contradicts nothing is what the sender says, and so is a last row cut
short in a file that states no total; where both readings could misunderstand a cell in the same way they
would agree; of files by race and gathered releases there is no second reading.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.intake.fuzz import cells, raw, workbooks
from tests.intake.fuzz.bases import as_rows, as_text, bases, named
from tests.intake.fuzz.judge import check, taken
from tests.intake.fuzz.sizes import SIZES, cases, luck, steps
from tests.intake.fuzz.watch import bounded

pytestmark = pytest.mark.shared

#: Memory that any number of cases may hold at once, beyond what the process held before (MB).
MOST_MEMORY = 400.0
#: Ways after which the rows say other things than the whole file, each for itself.
SAYS_MORE = (
    cells.any_cell, cells.number, cells.digit, cells.heading, cells.exchange_headings, cells.merged,
)  # fmt: skip


def names() -> st.SearchStrategy[str]:
    return st.sampled_from([base.name for base in bases()])


def test_enough_cases_are_run_at_length() -> None:
    assert sum(long for _, long in SIZES.values()) >= 10_000
    assert sum(usual for usual, _ in SIZES.values()) >= 300


def test_spoilt_cells_and_rows() -> None:
    def body(name: str, ways: list[tuple[Any, int]], book: bool) -> None:
        base = named(name)
        rows = base.rows
        for way, seed in ways:
            rows = way(rows, luck(seed)) if rows else rows
        content = as_text(rows, base.separator, base.quoting).encode()
        if book:
            cut = [[text[:32_000] for text in row[:16_000]] for row in rows]
            content = workbooks.as_workbook(cut)
        # in a table gathered from releases another print of a figure stands in where one is gone
        says_more = name.startswith("chr_") or any(way in SAYS_MORE for way, _ in ways)
        check(base, content, rows, says_more)

    with bounded(MOST_MEMORY):
        cases("cells", body, name=names(), ways=steps(cells.SPOILS), book=st.booleans())


def test_texts_nobody_thought_of_in_any_cell() -> None:
    texts = st.one_of(
        st.text(max_size=30), st.sampled_from(cells.HOSTILE), st.sampled_from(cells.NUMBERS),
        st.integers().map(str), st.floats().map(repr), st.integers().map("{:,}".format),
    )  # fmt: skip

    def body(name: str, put: list[tuple[float, float, str]]) -> None:
        base = named(name)
        rows = [list(row) for row in base.rows]
        for down, across, text in put:
            row = rows[int(down * len(rows))]
            if row:
                row[int(across * len(row))] = text
        content = as_text(rows, base.separator, base.quoting).encode("utf-8", "replace")
        check(base, content, as_rows(content.decode(), base.separator), says_more=True)

    share = st.floats(0, 1, exclude_max=True)
    put = st.lists(st.tuples(share, share, texts), min_size=1, max_size=4)
    with bounded(MOST_MEMORY):
        cases("texts", body, name=names(), put=put)


def test_spoilt_bytes() -> None:
    def body(name: str, ways: list[tuple[Any, int]]) -> None:
        base = named(name)
        content = base.content
        for way, seed in ways:
            content = way(content, luck(seed))
        try:
            rows = as_rows(content.decode("utf-8-sig"), base.separator)
        except (ValueError, raw.NO_TABLE):
            rows = None
        check(base, content, rows, says_more=True)

    with bounded(MOST_MEMORY):
        cases("raw", body, name=names(), ways=steps(raw.SPOILS, 2))


def test_spoilt_insides_of_a_workbook() -> None:
    def body(name: str, ways: list[tuple[Any, int]], stored: bool) -> None:
        base = named(name)
        parts = workbooks.parts_of(workbooks.as_workbook(base.rows))
        for way, seed in ways:
            parts = way(parts, luck(seed)) if parts else parts
        taken(base.name, workbooks.packed(parts, stored))

    with bounded(MOST_MEMORY):
        cases("parts", body, name=names(), ways=steps(workbooks.SPOILS), stored=st.booleans())
