"""The bench of disclosure control, on a state of a few ZIP codes, and the plain rule on a small table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from bench.disclosure import state_rows
from bench.plain.next_smallest import next_smallest
from bench.state import state
from equity.release.linked import LinkedTables
from equity.release.protect import Counts


def test_the_plain_rule_hides_the_next_smallest_of_every_sum_until_none_has_one() -> None:
    # two rows of three that add up to a third row, and each row to its last count
    value = np.array([4, 20, 24, 30, 12, 42, 34, 32, 66], float)
    sums = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8)]
    matrix = np.zeros((len(sums), len(value)))
    for at, (*parts, whole) in enumerate(sums):
        matrix[at, parts], matrix[at, whole] = -1.0, 1.0
    hidden = value < 10
    loss = np.where(np.isin(np.arange(9), [2, 5, 6, 7, 8]), np.inf, 1.0)
    counts = Counts(value, hidden, np.zeros(9), np.full(9, np.inf), hidden, loss)
    nothing = np.zeros(len(sums))
    tables = LinkedTables(pd.DataFrame({"group": ["all"] * 9}), csr_array(matrix), nothing, nothing)
    assert sorted(next_smallest(tables, counts)) == [1, 3, 4]


def test_a_small_state_has_every_row_and_nothing_in_it_can_be_worked_out() -> None:
    time, hidden, loss, leaks = state_rows(state(zips=12, counties=3, regions=1))
    assert time.what == "protect and audit, 12 ZIP codes"
    assert hidden.detail["primary_only"] < hidden.plain
    assert hidden.detail["beside_ours"] > 0
    assert hidden.ours == hidden.detail["primary_only"] + hidden.detail["beside_ours"]
    assert 0 < loss.detail["least"] <= loss.ours + 1e-3
    assert leaks.ours == 0
    assert leaks.plain > 0
