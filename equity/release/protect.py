"""Which further counts to hide, so that no hidden one can be worked out: complementary cell suppression.

For every small hidden count there must be two ways to fill in everything that is hidden, both in keeping with
all that is shown, in which that count differs by ``room - 1`` or more. Where there are none, a linear program
finds the cheapest counts to hide that make two (the attacker's problem turned round: Kelly, Golden & Assad,
Networks 22:397, 1992; Fischetti & Salazar, Management Science 47:1008, 2001). Its costs are weighed anew so
that few counts move rather than many a little (Candès, Wakin & Boyd, J Fourier Anal Appl 14:877, 2008). In
the end each hidden companion is shown again if the others do without it. The same counts always give the
same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, hstack
from scipy.sparse.csgraph import connected_components

from equity.release.linked import LinkedTables
from equity.release.optimum import System, optimum

Floats = NDArray[np.float64]
#: Rounds of weighing costs anew.
_ROUNDS: Final = 3
#: Cells of the largest system for which the least loss is looked for.
_LARGEST: Final = 2_000
_TINY: Final = 1e-6
#: Directions in which each system is looked at first.
_DIRECTIONS: Final = 24
#: Answers kept in a process, by all that they follow from.
_ANSWERS: Final[dict[bytes, tuple[NDArray[np.int64], NDArray[np.int64]]]] = {}
_KEPT: Final = 512


class ProtectionError(ValueError):
    """A count cannot be protected: too much of what it adds up with must be shown."""

    def __init__(self, cells: list[int]) -> None:
        super().__init__(f"{len(cells)} hidden counts cannot be protected.")
        self.cells = cells


@dataclass(frozen=True)
class Counts:
    """The counts of the cells of linked tables; arrays of one length.

    ``value``: the count · ``hidden``: whether it is hidden already · ``low``, ``high``: what everybody knows
    of it once it is hidden · ``small``: whether it must keep room then · ``loss``: what hiding it costs;
    infinite where it must not be.
    """

    value: Floats
    hidden: NDArray[np.bool_]
    low: Floats
    high: Floats
    small: NDArray[np.bool_]
    loss: Floats


def companions(tables: LinkedTables, counts: Counts, room: int) -> NDArray[np.bool_]:
    """The cells to hide besides those hidden already, so that small ones can still be ``room`` whole values.

    Raises :class:`ProtectionError`, with the places of the cells, where that is impossible.
    """
    extra = np.zeros(len(counts.value), bool)
    failed: list[int] = []
    for part in _parts(tables, counts, room):
        added, unprotected = _answer(part)
        failed += part.cells[unprotected].tolist()
        extra[part.cells[added]] = True
    if failed:
        raise ProtectionError(sorted(failed))
    return extra


def _answer(part: _Part) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Companions of a system, and targets that cannot be protected; looked for once in a process.

    A preview and the publication after it, or two in a row, have nearly all systems in common.
    """
    key = part.system.key()
    if key not in _ANSWERS:
        unprotected = part.protect()
        if not unprotected and not part.prove():
            part.show_again()
        added = np.empty(0, int) if unprotected else np.flatnonzero(part.added)
        while len(_ANSWERS) >= _KEPT:
            _ANSWERS.pop(next(iter(_ANSWERS)))
        _ANSWERS[key] = added, np.array(unprotected, dtype=int)
    return _ANSWERS[key]


def _parts(tables: LinkedTables, counts: Counts, room: int) -> list[_Part]:
    """Systems that have nothing to do with each other, those with a target only."""
    graph = coo_array(tables.matrix)
    rows, columns = graph.shape
    both = coo_array((np.ones(graph.nnz), (graph.row, graph.col + rows)), shape=(rows + columns,) * 2)
    _, label = connected_components(both, directed=False)
    of_rows, of_columns = label[:rows], label[rows:]
    cells = len(counts.value)
    found = []
    for name in np.unique(of_columns[:cells][counts.small & counts.hidden]):
        column, row = np.flatnonzero(of_columns == name), np.flatnonzero(of_rows == name)
        found.append(_Part.of(tables, counts, row, column, room))
    return found


@dataclass
class _Part:
    """One system. Its columns are cells (``cells``: their places among all), then counts never published."""

    cells: NDArray[np.int64]
    system: System
    #: What is hidden by now.
    hidden: NDArray[np.bool_] = field(init=False)
    added: NDArray[np.bool_] = field(init=False)
    #: For which target each companion was hidden.
    wanted_by: dict[int, int] = field(default_factory=dict)
    #: Ways to fill in what is hidden, and for each target the two of them that show its room.
    points: list[Floats] = field(default_factory=list)
    proof: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hidden = self.system.hidden.copy()
        self.added = np.zeros(len(self.cells), bool)

    @classmethod
    def of(
        cls,
        tables: LinkedTables,
        counts: Counts,
        row: NDArray[np.int64],
        column: NDArray[np.int64],
        room: int,
    ) -> _Part:
        """The part with these rows and columns."""
        cells = column[column < len(counts.value)]
        unseen = len(column) - len(cells)
        system = System(
            tables.matrix[row][:, column],
            (tables.row_low[row], tables.row_high[row]),
            np.concatenate([counts.value[cells], np.full(unseen, np.nan)]),
            np.concatenate([counts.hidden[cells], np.ones(unseen, bool)]),
            np.concatenate([counts.low[cells], np.zeros(unseen)]),
            np.concatenate([counts.high[cells], np.full(unseen, np.inf)]),
            np.concatenate([counts.loss[cells], np.zeros(unseen)]),
            np.concatenate([counts.small[cells], np.zeros(unseen, bool)]),
            room,
        )
        return cls(cells, system)

    @property
    def targets(self) -> list[int]:
        """Hidden counts that must keep room."""
        return np.flatnonzero(self.hidden & self.system.small).tolist()

    def protect(self) -> list[int]:
        """Hide until every target has room; the targets (columns of the system) that cannot have it."""
        self._look_around()
        failed: set[int] = set()
        # a companion of nobody is hidden too, and must not look like one that is known
        while waiting := [each for each in self.targets if each not in self.proof and each not in failed]:
            found = self._two_ways(waiting[0], self.system.loss)
            if found is None:
                failed.add(waiting[0])
            else:
                self._learn(*found, target=waiting[0])
        return sorted(failed)

    def _look_around(self) -> None:
        """Ways to fill in, far out in a few directions drawn by lot, which show the room of most targets."""
        free = np.flatnonzero(self.hidden)
        known = self.system.matrix @ np.where(self.hidden, 0.0, np.nan_to_num(self.system.value))
        rows = LinearConstraint(
            self.system.matrix[:, free], self.system.rows[0] - known, self.system.rows[1] - known
        )
        bounds = Bounds(self.system.low[free], self.system.high[free])
        random = np.random.default_rng(0)
        for _ in range(_DIRECTIONS):
            goal = random.uniform(-1, 1, len(free)) * np.isfinite(self.system.high[free])
            answer = milp(goal, constraints=rows, bounds=bounds)
            if answer.x is not None:
                point = self.system.value.copy()
                point[free] = answer.x
                self.points.append(point)
        if not self.points:
            return
        seen = np.array(self.points)[:, self.targets]
        most, least = seen.argmax(axis=0), seen.argmin(axis=0)
        wide = np.ptp(seen, axis=0) >= self.system.room - 1 - _TINY
        pairs = zip(self.targets, most.tolist(), least.tolist(), wide, strict=True)
        self.proof |= {target: (high, low) for target, high, low, enough in pairs if enough}

    def prove(self) -> bool:
        """Hide what is proven to cost least instead; whether that was possible."""
        if len(self.cells) > _LARGEST:
            return False
        start = np.zeros(len(self.hidden), bool)
        start[: len(self.cells)] = self.added
        found = optimum(self.system, start, self.points)
        if found.proven:
            self.added = found.added[: len(self.cells)]
        return found.proven

    def show_again(self) -> None:
        """Show companions again that no target needs, the dearest first."""
        order = np.argsort(-self.system.loss[: len(self.cells)], kind="stable")
        for cell in order[self.added[order]]:
            lost = [
                target
                for target, pair in self.proof.items()
                if target != cell and any(self._moves(self.points[at], cell) for at in pair)
            ]
            before = dict(self.proof)
            self.added[cell] = self.hidden[cell] = False
            self.proof.pop(int(cell), None)
            for target in sorted(lost, key=lambda each: each != self.wanted_by[int(cell)]):
                if self._moved_again(target, cell):
                    continue
                found = self._two_ways(target, None)
                if found is None:
                    self.added[cell] = self.hidden[cell] = True
                    self.proof = before
                    break
                self._learn(*found, target=target)

    def _moved_again(self, target: int, cell: int) -> bool:
        """Whether a newer way already shows the room of a target that had lost it."""
        return not any(self._moves(self.points[at], cell) for at in self.proof[target])

    def _moves(self, point: Floats, cell: int) -> bool:
        return bool(abs(point[cell] - self.system.value[cell]) > _TINY)

    def _learn(self, high: Floats, low: Floats, target: int) -> None:
        """Hide what moves, and see which targets the two ways give room to."""
        for point in (high, low):
            moved = np.abs(point[: len(self.cells)] - self.system.value[: len(self.cells)]) > _TINY
            new = moved & ~self.hidden[: len(self.cells)]
            self.added |= new
            self.wanted_by |= dict.fromkeys(np.flatnonzero(new).tolist(), target)
        self.hidden[: len(self.cells)] |= self.added
        at = len(self.points)
        self.points += [high, low]
        for target in self.targets:
            if abs(high[target] - low[target]) >= self.system.room - 1 - _TINY:
                self.proof[target] = (at, at + 1)

    def _two_ways(self, target: int, loss: Floats | None) -> tuple[Floats, Floats] | None:
        """Two ways to fill in, the target higher by ``room - 1`` in the first; nothing where there are none.

        ``loss``: what moving a cell that is shown costs; ``None``: none of them may move.
        """
        free = np.flatnonzero(self.hidden)
        may = (
            np.flatnonzero(~self.hidden & np.isfinite(self.system.loss))
            if loss is not None
            else np.empty(0, int)
        )
        solved = _Solve(self, free, may, target)
        costs = self.system.loss[may]
        answer = solved.cheapest(costs)
        for _ in range(_ROUNDS):
            if answer is None or (moved := solved.moved(answer)).max(initial=0.0) < _TINY:
                break
            answer = solved.cheapest(costs / (moved + 0.1))
        return None if answer is None else solved.points(answer)


class _Solve:
    """The linear program of a target: twice the system, and the distance between the two."""

    def __init__(self, part: _Part, free: NDArray[np.int64], may: NDArray[np.int64], target: int) -> None:
        self.part, self.free, self.may = part, free, may
        known = np.where(part.hidden, 0.0, np.nan_to_num(part.system.value))
        told = part.system.matrix @ known
        once = hstack(
            [part.system.matrix[:, free], part.system.matrix[:, may], -part.system.matrix[:, may]],
            format="csr",
        )
        used = np.diff(once.indptr) > 0
        once, told = once[used], told[used]
        self.width = once.shape[1]
        apart = np.zeros((1, 2 * self.width))
        at = int(np.searchsorted(free, target))
        apart[0, at], apart[0, self.width + at] = 1.0, -1.0
        first, second = apart[:, : self.width], apart[:, self.width :]
        self.matrix = block_array([[once, None], [None, once], [first, second]], format="csr")
        low, high = part.system.rows[0][used] - told, part.system.rows[1][used] - told
        self.rows = (
            np.concatenate([low, low, [part.system.room - 1.0]]),
            np.concatenate([high, high, [np.inf]]),
        )
        nothing = np.zeros(len(may))
        above = np.maximum(part.system.high[may] - part.system.value[may], 0.0)
        self.least = np.tile(np.concatenate([part.system.low[free], nothing, nothing]), 2)
        self.most = np.tile(np.concatenate([part.system.high[free], above, part.system.value[may]]), 2)

    def cheapest(self, costs: Floats) -> Floats | None:
        """The values and moves of least cost; nothing where the target cannot have room."""
        once = np.concatenate([np.zeros(len(self.free)), costs, costs])
        answer = milp(
            np.tile(once, 2),
            constraints=LinearConstraint(self.matrix, *self.rows),
            bounds=Bounds(self.least, self.most),
        )
        return None if answer.x is None else np.asarray(answer.x)

    def moved(self, answer: Floats) -> Floats:
        """How far each cell that is shown moves, in both ways together."""
        both = answer.reshape(2, self.width)[:, len(self.free) :]
        return np.asarray(both.reshape(2, 2, len(self.may)).sum(axis=(0, 1)))

    def points(self, answer: Floats) -> tuple[Floats, Floats]:
        """Both ways as values of every column."""
        found = []
        for values in answer.reshape(2, self.width):
            point = self.part.system.value.copy()
            point[self.free] = values[: len(self.free)]
            up, down = values[len(self.free) :].reshape(2, len(self.may))
            point[self.may] += up - down
            found.append(point)
        return found[0], found[1]
