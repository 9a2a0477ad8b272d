"""Random sharing that keeps every total."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equity.demonstration.draw import Ints, pick_rows, split, split_within

RUN = st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 50)), min_size=1, max_size=8)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Ints, np.ndarray, Ints]:
    """Owner, weight and size of the cells of one to five runs."""
    drawn = draw(st.lists(RUN, min_size=1, max_size=5))
    owner = np.repeat(np.arange(len(drawn)), [len(run) for run in drawn])
    weight, size = np.array([cell for run in drawn for cell in run], dtype=float).T
    return owner, weight, size.astype(np.int64)


@given(runs(), st.integers(0, 10_000), st.integers(0, 2**32))
def test_split_keeps_totals_and_never_fills_a_cell_without_weight(
    cells: tuple[Ints, np.ndarray, Ints], most: int, seed: int
) -> None:
    owner, weight, _ = cells
    rng = np.random.default_rng(seed)
    has_weight = np.bincount(owner, weight > 0) > 0
    totals = rng.integers(0, most + 1, owner.max() + 1) * has_weight
    counts = split(totals, owner, weight, rng)
    assert (np.bincount(owner, counts, minlength=len(totals)) == totals).all()
    assert (counts >= 0).all()
    assert (counts[weight == 0] == 0).all()


@given(runs(), st.floats(0, 1), st.integers(0, 2**32))
def test_split_within_never_takes_more_than_there_is(
    cells: tuple[Ints, np.ndarray, Ints], part: float, seed: int
) -> None:
    owner, weight, size = cells
    totals = np.floor(part * np.bincount(owner, size * (weight > 0))).astype(np.int64)
    picked = split_within(totals, owner, weight, size, np.random.default_rng(seed))
    assert (np.bincount(owner, picked, minlength=len(totals)) == totals).all()
    assert (picked <= size).all()
    assert (picked[weight == 0] == 0).all()


def test_split_is_a_multinomial() -> None:
    weights = np.array([5.0, 0.0, 3.0, 2.0])
    totals = np.full(4_000, 10)
    owner = np.repeat(np.arange(4_000), 4)
    counts = split(totals, owner, np.tile(weights, 4_000), np.random.default_rng(1)).reshape(-1, 4)
    for cell, chance in ((0, 0.5), (2, 0.3), (3, 0.2)):
        seen = np.bincount(counts[:, cell], minlength=11)
        expected = stats.binom.pmf(np.arange(11), 10, chance) * 4_000
        large = expected > 5
        seen = np.append(seen[large], seen[~large].sum())
        expected = np.append(expected[large], expected[~large].sum())
        assert stats.chisquare(seen, expected).pvalue > 0.001
    assert np.corrcoef(counts[:, 0], counts[:, 2])[0, 1] == pytest.approx(
        -np.sqrt(0.5 * 0.3 / 0.35), abs=0.04
    )


def test_a_total_without_people_is_refused() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="no cell with people"):
        split(np.array([1, 3]), np.array([0, 1]), np.array([1.0, 0.0]), rng)
    with pytest.raises(ValueError, match="must give 5 members but holds 4"):
        split_within(np.array([5]), np.array([0, 0]), np.array([1.0, 1.0]), np.array([2, 2]), rng)


def test_pick_rows_splits_each_count() -> None:
    counts = np.array([[3, 0], [1_000, 7]])
    chosen = pick_rows(counts, np.array([2.0, 0.0, 6.0]), np.random.default_rng(1))
    assert chosen.shape == (2, 2, 3)
    assert (chosen.sum(axis=-1) == counts).all()
    assert (chosen[..., 1] == 0).all()
    assert chosen[1, 0, 0] == pytest.approx(250, abs=60)
