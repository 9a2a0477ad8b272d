"""Companions cost what the exact optimum costs: on random linked tables, and in the release that ships."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sqlalchemy import Engine

from equity.release import build, protect, shield
from equity.release.linked import LinkedTables
from equity.release.optimum import Optimum, System, optimum
from equity.release.policy import PUBLIC
from equity.release.protect import Counts, ProtectionError, companions
from equity.store.engine import reading
from geo.boundaries import load_layers
from tests.disclosure.written_out import least_loss

ROOM = 5
#: No more than this times the exact optimum may be hidden.
MOST = 1.1
#: Tables for which the program written out takes a second or two.
SEEDS = range(10)


class Problem(NamedTuple):
    tables: LinkedTables
    counts: Counts

    @property
    def system(self) -> System:
        tables, counts = self
        return System(
            tables.matrix, (tables.row_low, tables.row_high), counts.value, counts.hidden, counts.low,
            counts.high, counts.loss, counts.small, ROOM,
        )  # fmt: skip

    def ours(self) -> float:
        return float(self.counts.loss[companions(self.tables, self.counts, ROOM)].sum())


def _linked(seed: int) -> Problem:
    """Places by years by two groups, with the totals of each; the smallest counts are hidden."""
    random = np.random.default_rng(seed)
    inner = random.integers(0, random.choice([12, 25, 60]), (2, random.integers(2, 4), 3)).astype(float)
    whole = inner
    for axis in range(3):
        whole = np.concatenate([whole, whole.sum(axis=axis, keepdims=True)], axis=axis)
    at, rows = np.arange(whole.size).reshape(whole.shape), []
    for axis in range(3):
        for line in np.moveaxis(at, axis, -1).reshape(-1, whole.shape[axis]):
            rows.append(np.zeros(whole.size))
            rows[-1][line] = 1.0
            rows[-1][line[-1]] = -1.0
    value, zero = whole.ravel(), np.zeros(len(rows))
    hidden = (value > 0) & (value < 10)
    loss = 1 + np.log2(1 + value / 10)
    loss[-1] = np.inf
    tables = LinkedTables(pd.DataFrame(index=range(len(value))), csr_array(np.array(rows)), zero, zero)
    told = np.where(hidden, 9.0, np.inf)
    return Problem(tables, Counts(value, hidden, np.where(hidden, 1.0, 0.0), told, value < 10, loss))


@pytest.fixture(scope="module")
def random_tables() -> list[tuple[Problem, float, float]]:
    """Tables that can be protected, what ours costs and what the program written out costs."""
    found = []
    for seed in SEEDS:
        problem = _linked(seed)
        try:
            ours = problem.ours()
        except ProtectionError:
            continue
        least = least_loss(problem.system)
        assert least is not None
        found.append((problem, ours, least))
    return found


def test_on_random_linked_tables_the_loss_is_the_least(
    random_tables: list[tuple[Problem, float, float]],
) -> None:
    assert len([least for _, _, least in random_tables if least > 0]) >= 10
    for _, ours, least in random_tables:
        assert ours <= MOST * least + 1e-6
        assert ours == pytest.approx(least, abs=1e-6)


def test_where_the_least_is_not_looked_for_the_loss_is_not_much_more(
    random_tables: list[tuple[Problem, float, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in systems that are too large."""
    monkeypatch.setattr(protect, "_ANSWERS", {})
    monkeypatch.setattr(protect, "_LARGEST", 0)
    ours = sum(problem.ours() for problem, _, _ in random_tables)
    assert ours <= MOST * sum(least for _, _, least in random_tables)


def test_what_is_not_proven_is_left_and_still_has_a_bound(
    random_tables: list[tuple[Problem, float, float]],
) -> None:
    problem, _, least = max(random_tables, key=lambda each: each[2])
    everything = ~problem.counts.hidden & np.isfinite(problem.counts.loss)
    found = optimum(problem.system, everything, rounds=1)
    assert not found.proven
    assert (found.added == everything).all()
    assert 0 < found.bound <= least + 1e-6


class _EnoughError(Exception):
    """The release needs no more building."""


@pytest.fixture
def shipped(engine: Engine, home: Path) -> list[Problem]:
    """The linked tables of births and deaths, and of families, of the release that ships."""
    found: list[Problem] = []

    def keep(tables: LinkedTables, counts: Counts, room: int) -> np.ndarray[Any, Any]:
        assert room == ROOM
        found.append(Problem(tables, counts))
        if len(found) == 2:
            raise _EnoughError
        return np.zeros(len(counts.value), bool)

    with pytest.MonkeyPatch.context() as patch, reading(engine) as connection:
        patch.setattr(shield, "companions", keep)
        with pytest.raises(_EnoughError):
            build.build_draft(connection, load_layers(home), PUBLIC)
    return found


def test_of_the_shipped_release_no_more_is_hidden_than_must_be(
    shipped: list[Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[Optimum] = []

    def keep(*arguments: Any) -> Optimum:
        bounds.append(optimum(*arguments))
        return bounds[-1]

    monkeypatch.setattr(protect, "_ANSWERS", {})
    monkeypatch.setattr(protect, "optimum", keep)
    ours = sum(problem.ours() for problem in shipped)
    assert len(bounds) > 40
    assert all(each.proven for each in bounds)
    assert 500 < sum(each.bound for each in bounds) <= ours + 1e-6
    assert ours <= MOST * sum(each.bound for each in bounds)


@pytest.mark.slow
def test_of_the_shipped_release_the_quick_way_hides_little_more(
    shipped: list[Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    least = sum(problem.ours() for problem in shipped)
    monkeypatch.setattr(protect, "_ANSWERS", {})
    monkeypatch.setattr(protect, "_LARGEST", 0)
    assert least <= sum(problem.ours() for problem in shipped) <= MOST * least
