"""Run every simulation and write the table: ``python -m tests.simulation``, a few minutes."""

from __future__ import annotations

import time

from tests.simulation.table import TABLE, as_table
from tests.simulation.test_simulation import SIMULATIONS

if __name__ == "__main__":
    lines = []
    for name, simulate in SIMULATIONS.items():
        start = time.perf_counter()
        lines += simulate()
        print(f"{name}: {time.perf_counter() - start:.0f} s")
    as_table(lines).to_csv(TABLE, index=False)
