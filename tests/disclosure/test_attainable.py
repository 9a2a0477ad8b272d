"""Ranges of hidden cells: the reference tables, brute force, and what is no answer."""

from __future__ import annotations

from itertools import product
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.release.audit import ContradictionError, Range, Relation, attainable_ranges
from tests.disclosure.tables import Table, printed, sums
from tests.measures.reference import vectors


def _ranges(table: Table, **known: Any) -> list[list[float]]:
    found = attainable_ranges(sums(table), printed(table), **known)
    return [[found[cell].low, found[cell].high] for cell in sorted(found)]


@pytest.mark.parametrize("vector_id", ["sdc_naive", "sdc_2x2"])
def test_a_reference_table_has_the_reference_bounds(vector_id: str) -> None:
    vector = vectors()[vector_id]
    assert _ranges(vector["inputs"]["table"]) == vector["expected"]["bounds"]
    in_fractions = _ranges(vector["inputs"]["table"], whole=False)
    assert np.array(in_fractions) == pytest.approx(np.array(vector["expected"]["bounds"]), abs=1e-9)


def test_the_optimal_pattern_of_the_reference_has_its_bounds() -> None:
    vector = vectors()["sdc_opt"]
    hidden = vector["expected"]["primary"] + vector["expected"]["secondary"]
    table = [list(row) for row in vector["inputs"]["table"]]
    for r, c in hidden:
        table[r][c] = None
    found = attainable_ranges(sums(table), printed(table))
    bounds = {f"{r},{c}": [each.low, each.high] for (r, c), each in found.items()}
    assert bounds == vector["expected"]["bounds"]


small = st.integers(0, 6)


@given(st.lists(st.lists(small, min_size=3, max_size=3), min_size=2, max_size=3), st.data())
def test_ranges_are_those_of_brute_force(inner: list[list[int]], data: st.DataObject) -> None:
    table: list[list[float | None]] = [[*row, sum(row)] for row in inner]
    table.append([float(sum(column)) for column in zip(*[[*r, sum(r)] for r in inner], strict=True)])
    cells = [(r, c) for r in range(len(inner)) for c in range(3)]
    hidden = data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=4, unique=True))
    for r, c in hidden:
        table[r][c] = None
    seen: dict[tuple[int, int], set[int]] = {cell: set() for cell in hidden}
    for values in product(range(10), repeat=len(hidden)):
        full = [list(row) for row in table]
        for (r, c), value in zip(hidden, values, strict=True):
            full[r][c] = value
        if all(sum(f * (full[r][c] or 0) for (r, c), f in each.items()) == 0 for each in sums(table)):
            for cell, value in zip(hidden, values, strict=True):
                seen[cell].add(value)
    found = attainable_ranges(sums(table), printed(table), upper=9)
    assert {cell: (each.low, each.high) for cell, each in found.items()} == {
        cell: (min(values), max(values)) for cell, values in seen.items()
    }


def test_what_is_known_of_a_cell_narrows_the_others() -> None:
    whole = [{"a": 1.0, "b": 1.0, "all": -1.0}]
    assert attainable_ranges(whole, {"all": 12.0}, lower=1, upper=9)["a"] == Range(3, 9)
    assert attainable_ranges(whole, {"all": 12.0}, upper={"b": 4})["a"] == Range(8, 12)


def test_a_rounded_value_lies_between_its_ends() -> None:
    whole = [{"a": 1.0, "b": 1.0, "all": -1.0}]
    assert attainable_ranges(whole, {"all": (11.5, 12.5), "b": 8.0}) == {"a": Range(4, 4)}


def test_whole_numbers_tell_more_than_fractions() -> None:
    twice = [{"a": 2.0, "b": 4.0, "all": -1.0}, {"a": 1.0, "c": 1.0, "rest": -1.0}]
    known = {"all": 10.0, "rest": 5.0}
    assert attainable_ranges(twice, known)["a"] == Range(1, 5)
    assert attainable_ranges(twice, known, whole=False)["a"] == Range(0, 5)


def test_a_relation_may_leave_room() -> None:
    part = Relation({"part": 1.0, "whole": -0.4}, -1.0, 1.0)
    assert attainable_ranges([part], {"whole": 20.0}) == {"part": Range(7, 9)}


def test_a_cell_without_an_end_has_none() -> None:
    assert attainable_ranges([{"a": 1.0, "b": -1.0}], {})["a"] == Range(0, inf)


def test_a_range_is_sought_until_it_is_wide_enough() -> None:
    whole = [{"a": 1.0, "b": 1.0, "all": -1.0}]
    found = attainable_ranges(whole, {"all": 100.0}, of=["b"], enough=5)
    assert list(found) == ["b"]
    assert found["b"].values >= 5


@pytest.mark.parametrize("known", [{"a": 5.0, "b": 8.0, "all": 12.0}, {"a": 15.0, "all": 12.0}])
def test_a_contradiction_is_said(known: dict[str, float]) -> None:
    with pytest.raises(ContradictionError):
        attainable_ranges([{"a": 1.0, "b": 1.0, "all": -1.0}], known)
