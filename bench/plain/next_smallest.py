"""The rule most publishers follow: where a sum has one hidden count, hide the next smallest beside it."""

from __future__ import annotations

from equity.release.linked import REST, LinkedTables
from equity.release.protect import Counts

Sums = list[list[int]]


def next_smallest(tables: LinkedTables, counts: Counts) -> list[int]:
    """The places of the counts to hide besides those hidden already."""
    every = sums(tables)
    hidden = {at for at, is_hidden in enumerate(counts.hidden) if is_hidden}
    unseen = set(range(len(counts.value), tables.matrix.shape[1]))
    guarded = {at for at in hidden if counts.small[at]}
    added: list[int] = []
    while lone := [row for row in lone_sums(every, hidden | unseen) if row[0] in guarded]:
        before = len(added)
        for target, cells in lone:
            visible = [
                c for c in cells if c not in hidden and c not in unseen and counts.loss[c] < float("inf")
            ]
            # an earlier sum of this round may have hidden one here already
            if not visible or any(c in hidden and c != target for c in cells):
                continue
            # a nought hides little, so it comes last
            chosen = min(visible, key=lambda c: (counts.value[c] == 0, counts.value[c], c))
            hidden.add(chosen)
            guarded.add(chosen)
            added.append(chosen)
        if len(added) == before:
            break
    return added


def lone_sums(every: Sums, hidden: set[int]) -> list[tuple[int, list[int]]]:
    """Each sum with exactly one hidden count: that count, and all counts of the sum."""
    found = []
    for cells in every:
        inside = [cell for cell in cells if cell in hidden]
        if len(inside) == 1:
            found.append((inside[0], cells))
    return found


def sums(tables: LinkedTables) -> Sums:
    """The counts of every sum that holds exactly; those of the groups that no table shows are left out."""
    groups = tables.cells["group"].tolist()
    found = []
    matrix = tables.matrix
    for row in range(matrix.shape[0]):
        if tables.row_low[row] == tables.row_high[row]:
            cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist()
            if not all(cell < len(groups) and groups[cell] == REST for cell in cells):
                found.append(cells)
    return found
