"""What a reader can work out of hidden counts: the values each of them can still have.

An attacker's arithmetic, and only that: this module knows nothing of how figures were hidden, and imports
nothing that does. The smallest and largest value of every hidden cell are two optimisations over all that is
published at once (linear programming; Fischetti & Salazar, Management Science 47:1008, 2001, call it the
attacker's problem). A whole number is asked for where cells are counts: between 4.2 and 4.9 there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components

#: Whatever names a count.
Cell: TypeAlias = Any
Published: TypeAlias = "Mapping[Cell, float | tuple[float, float]]"
#: How far the solver's answer may lie from a whole number.
_TOLERANCE: Final = 1e-6
#: Directions in which a large system is looked at first, and how many cells make it large.
_DIRECTIONS: Final = 16
_FEW: Final = 8


class Relation(NamedTuple):
    """``low <= sum of terms <= high``, the terms being cells times factors; ``name`` says of what kind."""

    terms: Mapping[Cell, float]
    low: float = 0.0
    high: float = 0.0
    name: str = ""


class ContradictionError(ValueError):
    """No values at all fit what is published: something printed is wrong, or a relation does not hold."""


@dataclass(frozen=True, slots=True)
class Range:
    """The smallest and largest value that a cell can have."""

    low: float
    high: float

    @property
    def values(self) -> float:
        """How many whole values lie in the range; infinite where it has no end."""
        return self.high - self.low + 1


def attainable_ranges(
    equations: Sequence[Mapping[Cell, float] | Relation],
    published: Published,
    lower: float | Mapping[Cell, float] = 0.0,
    upper: float | Mapping[Cell, float] | None = None,
    *,
    whole: bool = True,
    of: Collection[Cell] | None = None,
    enough: float = inf,
) -> dict[Cell, Range]:
    """The range of every cell that is not published, given everything that is.

    ``equations``: sums that are zero (cell to coefficient: a total is -1), or a :class:`Relation`.
    ``published``: the value of a cell, or the two ends between which it must lie, as a rounded one does.
    ``lower``, ``upper``: what is known of hidden cells beforehand, for all or for each; none is below 0
    where nothing is said. ``of``: the cells wanted; all hidden ones without it. ``enough``: a range that
    holds so many whole values is not sought any further, and may be wider than what is returned.

    Raises :class:`ContradictionError` where no values fit.
    """
    rows = [each if isinstance(each, Relation) else Relation(each) for each in equations]
    system = _System(rows, published, lower, upper, whole)
    asked = set(system.hidden if of is None else of)
    wanted = [cell for cell in system.hidden if cell in asked]
    found: dict[Cell, Range] = {}
    for part in system.parts():
        found |= part.ranges(asked, enough)
    return {cell: found[cell] for cell in wanted}


class Reach:
    """Which relations some chain of counts that are not published connects with a count."""

    def __init__(self, relations: Sequence[Relation], published: Published) -> None:
        self.relations = relations
        self.rows: dict[Cell, list[int]] = {}
        for at, each in enumerate(relations):
            for cell in each.terms:
                if cell not in published:
                    self.rows.setdefault(cell, []).append(at)

    def of(self, rows: Collection[int]) -> list[Relation]:
        """These relations (by their places) and all within their reach, in order."""
        met, waiting = set(rows), list(rows)
        while waiting:
            for cell in self.relations[waiting.pop()].terms:
                new = [at for at in self.rows.get(cell, ()) if at not in met]
                met.update(new)
                waiting += new
        return [self.relations[at] for at in sorted(met)]

    def around(self, cell: Cell) -> list[Relation]:
        """All relations within reach of a count."""
        return self.of(self.rows.get(cell, ()))


class _System:
    """All relations over the cells that are not known exactly."""

    def __init__(
        self,
        rows: Sequence[Relation],
        published: Published,
        lower: float | Mapping[Cell, float],
        upper: float | Mapping[Cell, float] | None,
        whole: bool,
    ) -> None:
        cells = list(dict.fromkeys(cell for row in rows for cell in row.terms)) or list(published)
        ends = {cell: _ends(published[cell]) for cell in cells if cell in published}
        self.hidden = [cell for cell in cells if cell not in published]
        self.cells = [cell for cell in cells if cell not in ends or ends[cell][0] < ends[cell][1]]
        self.whole = whole
        low = [ends[c][0] if c in ends else _bound(lower, c, 0.0) for c in self.cells]
        high = [ends[c][1] if c in ends else _bound(upper, c, inf) for c in self.cells]
        self.low, self.high = np.array(low, float), np.array(high, float)
        self._fill(rows, {cell: pair[0] for cell, pair in ends.items() if pair[0] == pair[1]})

    def _fill(self, rows: Sequence[Relation], known: Mapping[Cell, float]) -> None:
        """The matrix of what is not known, and the ends of each row less what is."""
        place = {cell: at for at, cell in enumerate(self.cells)}
        entries = [
            (at, place[cell], factor)
            for at, row in enumerate(rows)
            for cell, factor in row.terms.items()
            if cell in place
        ]
        told = [sum(f * known[c] for c, f in row.terms.items() if c in known) for row in rows]
        at, cell, factor = np.array(entries, float).reshape(-1, 3).T
        shape = (len(rows), len(self.cells))
        self.matrix = csr_array(coo_array((factor, (at.astype(int), cell.astype(int))), shape=shape))
        self.row_low = np.array([row.low for row in rows], float) - told
        self.row_high = np.array([row.high for row in rows], float) - told
        empty = np.diff(self.matrix.indptr) == 0
        if (self.row_low[empty] > _TOLERANCE).any() or (self.row_high[empty] < -_TOLERANCE).any():
            raise ContradictionError("Published values contradict each other.")

    def parts(self) -> Iterator[_Part]:
        """Cells that some chain of relations connects, with those relations."""
        rows, cells = self.matrix.shape
        graph = coo_array(self.matrix)
        both = coo_array((np.ones(graph.nnz), (graph.row, graph.col + rows)), shape=(rows + cells,) * 2)
        _, label = connected_components(both, directed=False)
        of_rows, of_cells = label[:rows], label[rows:]
        order = np.argsort(of_cells, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(of_cells[order])) + 1):
            if not len(group):
                continue
            mine = np.flatnonzero(of_rows == of_cells[group[0]])
            yield _Part(
                [self.cells[at] for at in group],
                csc_array(self.matrix[mine][:, group]),
                (self.row_low[mine], self.row_high[mine]),
                (self.low[group], self.high[group]),
                self.whole,
            )


@dataclass
class _Part:
    """A system of its own: nothing in it touches a cell outside."""

    cells: list[Cell]
    matrix: csc_array
    rows: tuple[NDArray[np.float64], NDArray[np.float64]]
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]]
    whole: bool

    def ranges(self, wanted: Collection[Cell], enough: float) -> dict[Cell, Range]:
        """Least and most of each wanted cell. Every answer is also seen as a point of all other cells."""
        places = [at for at, cell in enumerate(self.cells) if cell in wanted]
        if len(self.cells) == 1:
            return {self.cells[at]: self._alone() for at in places}
        seen_low, seen_high = np.full(len(self.cells), inf), np.full(len(self.cells), -inf)

        def see(point: NDArray[np.float64]) -> None:
            np.fmin(seen_low, point, out=seen_low)
            np.fmax(seen_high, point, out=seen_high)

        if enough < inf and len(places) > _FEW:
            for point in self._corners():
                see(point)
        for at in places:
            for sign in (1.0, -1.0):
                # an end that was not found is infinite on both sides: that is no width, and is sought on
                with np.errstate(invalid="ignore"):
                    wide = seen_high[at] - seen_low[at] + 1 >= enough
                if not wide:
                    see(self._extreme(at, sign))
        # zero is zero, whatever its sign
        return {self.cells[at]: Range(seen_low[at] + 0.0, seen_high[at] + 0.0) for at in places}

    def _alone(self) -> Range:
        """The range of a cell that shares its relations with no other hidden one."""
        factor = self.matrix.toarray()[:, 0]
        with np.errstate(invalid="ignore"):
            ends = np.sort(np.column_stack(self.rows) / factor[:, None], axis=1)
        low = max([float(self.bounds[0][0]), *ends[:, 0]])
        high = min([float(self.bounds[1][0]), *ends[:, 1]])
        if self.whole:
            low, high = float(np.ceil(low - _TOLERANCE)), float(np.floor(high + _TOLERANCE))
        if low > high + _TOLERANCE:
            raise ContradictionError(f"No values fit what is published around {self.cells[0]}.")
        return Range(low + 0.0, high + 0.0)

    def _corners(self) -> Iterator[NDArray[np.float64]]:
        """Points far out in directions drawn by lot: most ranges are seen to be wide from them alone."""
        random = np.random.default_rng(0)
        for _ in range(_DIRECTIONS):
            goal = random.uniform(-1, 1, len(self.cells)) * np.isfinite(self.bounds[1])
            answer = self._solve(goal, integral=False)
            if answer.status == 0 and (not self.whole or _integral(answer.x)):
                yield np.round(answer.x) if self.whole else answer.x

    def _extreme(self, at: int, sign: float) -> NDArray[np.float64]:
        """A point with the least (``sign`` 1) or most (-1) of a cell; infinite there if there is no end."""
        goal = np.zeros(len(self.cells))
        goal[at] = sign
        answer = self._solve(goal, integral=False)
        if answer.status == 0 and self.whole and not _integral(answer.x):
            answer = self._solve(goal, integral=True)
        if answer.x is None and self._solve(np.zeros(len(goal)), integral=False).x is not None:
            point = np.full(len(self.cells), np.nan)
            point[at] = -sign * inf
            return point
        if answer.x is None:
            raise ContradictionError(f"No values fit what is published around {self.cells[at]}.")
        return np.round(answer.x) if self.whole else answer.x

    def _solve(self, goal: NDArray[np.float64], integral: bool) -> OptimizeResult:
        return milp(
            goal,
            constraints=LinearConstraint(self.matrix, *self.rows) if self.matrix.shape[0] else (),
            bounds=Bounds(*self.bounds),
            integrality=np.full(len(goal), int(integral)),
        )


def _integral(point: NDArray[np.float64]) -> bool:
    return bool((np.abs(point - np.round(point)) < _TOLERANCE).all())


def _ends(value: float | tuple[float, float]) -> tuple[float, float]:
    return value if isinstance(value, tuple) else (float(value), float(value))


def _bound(given: float | Mapping[Cell, float] | None, cell: Cell, otherwise: float) -> float:
    if given is None:
        return otherwise
    return given.get(cell, otherwise) if isinstance(given, Mapping) else float(given)
