"""The exact program as it stands in the paper, every condition written out: slow, and hard to get wrong.

Shares nothing with `optimum.py` but the system it is asked about (Fischetti & Salazar, Management Science
47:1008, 2001, model 2).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, lil_array

from equity.release.optimum import System

#: Further than this nothing has to move in a table of the tests.
FAR: Final = 200.0


def least_loss(system: System) -> float | None:
    """What the cheapest companions cost; nothing where no companions protect."""
    rows, cells = system.matrix.shape
    may = np.flatnonzero(~system.hidden & np.isfinite(system.loss))
    targets = np.flatnonzero(system.small & (system.hidden | np.isfinite(system.loss)))
    width = len(may) + 2 * cells * len(targets)
    low, high = np.zeros(width), np.ones(width)
    low[len(may) :] = np.tile(np.where(system.hidden, system.low, system.value), 2 * len(targets))
    high[len(may) :] = np.tile(np.where(system.hidden, system.high, system.value), 2 * len(targets))
    matrix = lil_array((len(targets) * (2 * (rows + 2 * len(may)) + 1), width))
    ends: list[tuple[float, float]] = []

    def row(terms: dict[int, float], least: float, most: float) -> None:
        for column, factor in terms.items():
            matrix[len(ends), column] = factor
        ends.append((least, most))

    for place, target in enumerate(targets):
        first = len(may) + 2 * place * cells
        for start in (first, first + cells):
            for at, line in enumerate(system.matrix.toarray()):
                terms = {start + c: f for c, f in enumerate(line) if f}
                row(terms, system.rows[0][at], system.rows[1][at])
            for at, cell in enumerate(may):
                value, most = system.value[cell], min(system.high[cell], system.value[cell] + FAR)
                low[start + cell], high[start + cell] = system.low[cell], most
                row({start + cell: 1.0, at: value - most}, -np.inf, value)
                row({start + cell: 1.0, at: value - system.low[cell]}, value, np.inf)
        apart = {first + target: 1.0, first + cells + target: -1.0}
        if target in may:
            row({**apart, int(np.searchsorted(may, target)): 1.0 - system.room}, 0.0, np.inf)
        else:
            row(apart, system.room - 1.0, np.inf)
    costs = np.concatenate([system.loss[may], np.zeros(width - len(may))])
    whole = np.concatenate([np.ones(len(may)), np.zeros(width - len(may))])
    answer = milp(
        costs,
        constraints=LinearConstraint(csr_array(matrix), *np.array(ends).T),
        bounds=Bounds(low, high),
        integrality=whole,
        options={"mip_rel_gap": 0.0},
    )
    return None if answer.x is None else float(answer.fun)
