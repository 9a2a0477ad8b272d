"""Tables with totals in the last row and column, as the relations of an attacker."""

from __future__ import annotations

from collections.abc import Sequence

Cell = tuple[int, int]
Table = Sequence[Sequence[float | None]]


def sums(table: Table) -> list[dict[Cell, float]]:
    """Every row and column adds up to its last cell."""
    rows, columns = len(table), len(table[0])
    across = [{(r, c): 1.0 for c in range(columns - 1)} | {(r, columns - 1): -1.0} for r in range(rows)]
    down = [{(r, c): 1.0 for r in range(rows - 1)} | {(rows - 1, c): -1.0} for c in range(columns)]
    return across + down


def printed(table: Table) -> dict[Cell, float]:
    """The cells that hold a number."""
    return {
        (r, c): float(value)
        for r, row in enumerate(table)
        for c, value in enumerate(row)
        if value is not None
    }
