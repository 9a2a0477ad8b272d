"""Coverage of the intervals of a rate, summed over all counts instead of drawn."""

from __future__ import annotations

import numpy as np
from scipy.stats import poisson

from equity.measures.rates import rate_interval
from tests.simulation.table import Line, line

EXPECTED_DEATHS = (1, 3, 5, 10, 20, 50)


def coverage() -> list[Line]:
    """95 % intervals, exact and Byar's, at small expected deaths."""
    counts = np.arange(400)
    lines = []
    for method in ("exact", "byar"):
        found = rate_interval(counts, 1000, method=method)
        for expected in EXPECTED_DEATHS:
            inside = (found.low <= expected) & (expected <= found.high)
            share = poisson.pmf(counts[inside], expected).sum()
            setting = f"{method}, {expected} expected deaths"
            lines.append(line("coverage of a rate's interval", setting, share, (0.95, np.inf), 0, seed=None))
    return lines
