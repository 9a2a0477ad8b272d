"""Companions of hidden counts: enough of them, few of them, and the same every time."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from equity.release import protect
from equity.release.audit import attainable_ranges
from equity.release.linked import LinkedTables
from equity.release.protect import Counts, ProtectionError, companions
from tests.disclosure.tables import Table, printed, sums
from tests.measures.reference import vectors

ROOM = 5


def _linked(table: Table) -> tuple[LinkedTables, list[tuple[int, int]]]:
    rows = sums(table)
    cells = sorted({cell for row in rows for cell in row})
    matrix = np.array([[row.get(cell, 0.0) for cell in cells] for row in rows])
    zero = np.zeros(len(rows))
    return LinkedTables(pd.DataFrame(cells), csr_array(matrix), zero, zero), cells


def _hidden(table: Any, threshold: int, room: int = ROOM, told: float = np.inf, least: int = 0) -> set[Any]:
    """The cells that are hidden in the end; ``least``..``told``: what everybody knows of the small ones."""
    linked, cells = _linked(table)
    value = np.array([table[r][c] for r, c in cells], float)
    small = (value > 0) & (value < threshold)
    last = (len(table) - 1, len(table[0]) - 1)
    loss = np.array([np.inf if r == last[0] or c == last[1] else 1.0 for r, c in cells])
    low, high = np.where(small, float(least), 0.0), np.where(small, told, np.inf)
    extra = companions(linked, Counts(value, small, low, high, small, loss), room)
    return {cell for cell, hide in zip(cells, small | extra, strict=True) if hide}


def _ranges(table: Table, hidden: set[Any], known: dict[str, Any]) -> dict[Any, float]:
    shown = {cell: value for cell, value in printed(table).items() if cell not in hidden}
    return {cell: each.values for cell, each in attainable_ranges(sums(table), shown, **known).items()}


def test_no_more_are_hidden_than_in_the_reference() -> None:
    vector = vectors()["sdc_opt"]
    table = vector["inputs"]["table"]
    hidden = _hidden(table, vector["inputs"]["primary_threshold"], room=4)
    primary = {tuple(cell) for cell in vector["expected"]["primary"]}
    assert primary <= hidden
    assert len(hidden - primary) <= len(vector["expected"]["secondary"])
    assert min(_ranges(table, hidden, {}).values()) >= 4


tables = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=4), min_size=3, max_size=4)


def _with_totals(inner: list[list[int]]) -> list[list[float]]:
    width = min(map(len, inner))
    rows: list[list[float]] = [[*map(float, row[:width]), float(sum(row[:width]))] for row in inner]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


@settings(max_examples=40)
@given(tables)
def test_no_small_count_can_be_pinned(inner: list[list[int]]) -> None:
    table = _with_totals(inner)
    try:
        hidden = _hidden(table, 10, told=9, least=1)
    except ProtectionError:
        assume(False)
    small = {cell for cell in hidden if 0 < table[cell[0]][cell[1]] < 10}
    known = {"lower": dict.fromkeys(small, 1), "upper": dict.fromkeys(small, 9)}
    found = _ranges(table, hidden, known)
    assert all(found[cell] >= ROOM for cell in small)


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(1, 25), min_size=3, max_size=3), min_size=3, max_size=3))
def test_hardly_more_are_hidden_than_must_be(inner: list[list[int]]) -> None:
    table = _with_totals(inner)
    try:
        hidden = _hidden(table, 10)
    except ProtectionError:
        assume(False)
    small = {cell for cell in hidden if table[cell[0]][cell[1]] < 10}
    others = [(r, c) for r in range(3) for c in range(3) if (r, c) not in small]
    fewest = next(
        count
        for count in range(len(others) + 1)
        if any(_safe(table, small, small | set(more)) for more in combinations(others, count))
    )
    assert len(hidden - small) <= fewest + 1


def _safe(table: Table, small: set[Any], hidden: set[Any]) -> bool:
    found = _ranges(table, hidden, {})
    return all(found[cell] >= ROOM for cell in small)


def test_the_same_counts_have_the_same_companions(monkeypatch: pytest.MonkeyPatch) -> None:
    table = _with_totals([[3, 40, 12, 7], [25, 2, 30, 11], [14, 19, 5, 28]])
    first = _hidden(table, 10, told=9, least=1)
    assert _hidden(table, 10, told=9, least=1) == first, "as remembered"
    monkeypatch.setattr(protect, "_ANSWERS", {})
    assert _hidden(table, 10, told=9, least=1) == first, "as found anew"


def test_what_cannot_be_protected_is_named() -> None:
    one, zero = csr_array([[1.0, 1.0, -1.0]]), np.zeros(1)
    first = np.array([True, False, False])
    must_be_shown = np.full(3, np.inf)
    counts = Counts(np.array([4.0, 20.0, 24.0]), first, np.zeros(3), must_be_shown, first, must_be_shown)
    with pytest.raises(ProtectionError) as caught:
        companions(LinkedTables(pd.DataFrame(index=range(3)), one, zero, zero), counts, ROOM)
    assert caught.value.cells == [0]
