"""The least that must be hidden beside small counts, and a proof of it: cell suppression as an exact program.

Nought or one for each count that may be hidden, with as little loss as can be, so that every small hidden
count has room (Fischetti & Salazar, Management Science 47:1008, 2001). Written out, the program holds two
ways to fill in everything for every small count. Here its conditions are found as they are broken
(Benders, Numerische Mathematik 4:238, 1962): on each answer the attacker's linear program says which
small counts are too narrow, and its dual which counts would have to be hidden to widen them. No clock
decides: what is not proven within a number of rounds is left as it was; the same counts, the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: How often conditions are added before the search is given up. The shipped release takes 17 at most.
ROUNDS: Final = 60
#: Branches of one integer program before it is given up.
_NODES: Final = 5_000
_TINY: Final = 1e-6
#: Of a dual value what is the solver's noise.
_NOISE: Final = 1e-7


@dataclass(frozen=True)
class System:
    """Cells that are linked, and after them counts never published; arrays of one length but for the rows.

    ``rows[0] <= matrix @ counts <= rows[1]`` · ``value``: the count, not a number where nobody publishes it ·
    ``hidden``: whether it is hidden before any companion is · ``low``, ``high``: what everybody knows of it
    once it is hidden · ``loss``: what hiding it costs, infinite where it must not be · ``small``: whether it
    must be able to be ``room`` whole values once it is hidden.
    """

    matrix: csr_array
    rows: tuple[Floats, Floats]
    value: Floats
    hidden: Flags
    low: Floats
    high: Floats
    loss: Floats
    small: Flags
    room: int

    def key(self) -> bytes:
        """A digest of all of it: the same for the same system only."""
        parts = (
            self.matrix.data, self.matrix.indices, self.matrix.indptr, *self.rows, self.value, self.hidden,
            self.low, self.high, self.loss, self.small, np.array([self.room]),
        )  # fmt: skip
        digest = sha256()
        for part in parts:
            digest.update(f"{part.dtype.str} {part.shape} ".encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.digest()


@dataclass(frozen=True)
class Optimum:
    """``added``: the companions · ``bound``: none cost less · ``proven``: whether these cost just that."""

    added: Flags
    bound: float
    proven: bool


def optimum(system: System, start: Flags, points: Sequence[Floats] = (), rounds: int = ROUNDS) -> Optimum:
    """The companions of least loss; ``start`` where they are as good, or where the rounds do not suffice.

    ``start``: companions that give every small hidden count room, as flags over the columns. ``points``: ways
    to fill in everything that are known already, as values of the columns; they save work.
    """
    search = _Search(system, points)
    best = float(system.loss[start].sum())
    added, bound = np.zeros(len(start), bool), 0.0
    for _ in range(rounds):
        broken = search.broken(added)
        if broken is None:
            break
        if not broken:
            return Optimum(added, bound, proven=True)
        least = search.least()
        if least is None:
            break
        added, bound = least
        if bound >= best - _TINY * max(best, 1.0):
            return Optimum(start, best, proven=True)
    return Optimum(start, min(bound, best), proven=False)


class _Search:
    """The conditions found so far, and the ways to fill in that show where none is broken."""

    def __init__(self, system: System, points: Sequence[Floats]) -> None:
        self.system = system
        self.may = np.flatnonzero(~system.hidden & np.isfinite(system.loss))
        #: Where a cell stands among those that may be hidden.
        self.place = {int(cell): at for at, cell in enumerate(self.may)}
        self.targets = np.flatnonzero(system.small & (system.hidden | np.isfinite(system.loss))).tolist()
        self.points = list(points)
        self.conditions: list[Floats] = []
        self.ends: list[float] = []

    def least(self) -> tuple[Flags, float] | None:
        """The companions of least loss under the conditions so far and that loss; nothing where unproven."""
        answer = milp(
            self.system.loss[self.may],
            constraints=LinearConstraint(csr_array(np.array(self.conditions)), np.array(self.ends), np.inf),
            bounds=Bounds(0.0, 1.0),
            integrality=np.ones(len(self.may)),
            options={"mip_rel_gap": 0.0, "node_limit": _NODES},
        )
        if answer.status != 0:
            return None
        added = np.zeros(len(self.system.value), bool)
        added[self.may] = answer.x > 0.5
        return added, float(answer.mip_dual_bound)

    def broken(self, added: Flags) -> int | None:
        """How many conditions these companions break, which are added; nothing where the solver gives up."""
        known = len(self.conditions)
        hidden = self.system.hidden | added
        wide, attacker = self._wide(hidden), _Attacker(self.system, hidden)
        for target in self.targets:
            if not hidden[target] or wide[target]:
                continue
            found = attacker.attack(target)
            if found is None:
                return None
            self.points += found.points
            if found.width >= self.system.room - 1 - _TINY:
                wide = self._wide(hidden)
            elif not self._add(target, found):
                return None
        return len(self.conditions) - known

    def _wide(self, hidden: Flags) -> Flags:
        """Which columns are seen to have room in the ways to fill in that move nothing that is shown."""
        system = self.system
        if not self.points:
            return np.zeros(len(system.value), bool)
        points = np.array(self.points)
        moved = np.abs(points[:, self.may] - system.value[self.may]) > _TINY
        points = points[~(moved & ~hidden[self.may]).any(axis=1)]
        if not len(points):
            return np.zeros(len(system.value), bool)
        return np.asarray(np.ptp(points, axis=0) >= system.room - 1 - _TINY)

    def _add(self, target: int, found: _Attack) -> bool:
        """The target has room only where hiding widens its range; of a companion, only if it is hidden.

        Whether the dual was good enough to say so.
        """
        lacking = self.system.room - 1 - found.fixed
        if lacking < _TINY:
            return False
        # what widens by more than is lacking is as good as what widens by just that
        condition = np.minimum(found.widens[self.may], lacking) / lacking
        end = 1.0
        if (at := self.place.get(target)) is not None:
            condition[at], end = -1.0, 0.0
        self.conditions.append(condition)
        self.ends.append(end)
        return True


@dataclass(frozen=True)
class _Attack:
    """The range of a target: no wider than ``fixed`` plus what each hidden companion ``widens`` it by."""

    width: float
    fixed: float
    widens: Floats
    points: tuple[Floats, Floats]


class _Attacker:
    """The attacker's linear program, with these columns hidden: least and most of a count."""

    def __init__(self, system: System, hidden: Flags) -> None:
        self.system, self.hidden = system, hidden
        told = system.matrix @ np.where(hidden, 0.0, np.nan_to_num(system.value))
        self.ends = system.rows[0] - told, system.rows[1] - told
        # what shares no chain of hidden counts with a target tells nothing of it
        graph = coo_array(system.matrix)
        kept = hidden[graph.col]
        rows, columns = graph.shape
        pairs = (graph.row[kept], graph.col[kept] + rows)
        both = coo_array((np.ones(int(kept.sum())), pairs), shape=(rows + columns,) * 2)
        _, label = connected_components(both, directed=False)
        self.of_rows, self.of_columns = label[:rows], label[rows:]

    def attack(self, target: int) -> _Attack | None:
        """The target's range, and what bounds it whatever is hidden; nothing where the solver gives up."""
        system = self.system
        low, high = system.low.copy(), system.high.copy()
        # further out than the room that is wanted nobody has to look
        low[target] = max(low[target], system.value[target] - (system.room - 1))
        high[target] = min(high[target], system.value[target] + (system.room - 1))
        linked = _Linked.to(self, target)
        fixed, widens, points = 0.0, np.zeros(len(low)), []
        for sign in (1.0, -1.0):
            solved = linked.extreme(target, sign, (low, high))
            if solved is None:
                return None
            point, dual = solved
            points.append(point)
            more = _bound(system, (target, sign), dual, (low, high))
            fixed, widens = fixed + more[0], widens + more[1]
        width = points[0][target] - points[1][target]
        return _Attack(float(width), fixed, widens, (points[0], points[1]))


@dataclass(frozen=True)
class _Linked:
    """The rows and hidden columns that some chain connects with a target."""

    attacker: _Attacker
    rows: NDArray[np.int64]
    free: NDArray[np.int64]
    matrix: csr_array

    @classmethod
    def to(cls, attacker: _Attacker, target: int) -> _Linked:
        """What is linked to this column."""
        name = attacker.of_columns[target]
        rows, free = np.flatnonzero(attacker.of_rows == name), np.flatnonzero(attacker.of_columns == name)
        return cls(attacker, rows, free, attacker.system.matrix[rows][:, free])

    def extreme(
        self, target: int, sign: float, bounds: tuple[Floats, Floats]
    ) -> tuple[Floats, Floats] | None:
        """A way to fill in with the most (``sign`` 1) or least (-1) of the target, and the rows' dual."""
        low, high = (ends[self.rows] for ends in self.attacker.ends)
        equal = low == high
        above, below = np.flatnonzero(np.isfinite(high) & ~equal), np.flatnonzero(np.isfinite(low) & ~equal)
        goal = np.where(self.free == target, -sign, 0.0)
        answer = linprog(
            goal,
            A_ub=vstack([self.matrix[above], -self.matrix[below]]),
            b_ub=np.concatenate([high[above], -low[below]]),
            A_eq=self.matrix[equal],
            b_eq=low[equal],
            bounds=np.column_stack([bounds[0][self.free], bounds[1][self.free]]),
            method="highs",
        )
        if answer.status != 0:
            return None
        system = self.attacker.system
        point, dual, mine = system.value.copy(), np.zeros(system.matrix.shape[0]), np.zeros(len(low))
        point[self.free] = answer.x
        mine[equal] = -answer.eqlin.marginals
        mine[above] -= answer.ineqlin.marginals[: len(above)]
        mine[below] += answer.ineqlin.marginals[len(above) :]
        dual[self.rows] = mine
        return point, dual


def _bound(
    system: System, goal: tuple[int, float], dual: Floats, ends: tuple[Floats, Floats]
) -> tuple[float, Floats]:
    """What the dual says of every way to fill in: ``sign`` times the target is at most the first number plus
    the second of each companion. This holds for any dual, so the solver's last digits do no harm.
    """
    (target, sign), (low, high) = goal, ends
    dual = np.where(np.abs(dual) > _NOISE, dual, 0.0)
    dual = np.where(np.isfinite(np.where(dual > 0, system.rows[1], system.rows[0])), dual, 0.0)
    rest = -(system.matrix.T @ dual)
    rest[target] += sign
    rest = np.where(np.abs(rest) > _NOISE, rest, 0.0)
    up, down = rest > 0, rest < 0
    at_end = np.zeros(len(rest))
    at_end[up], at_end[down] = rest[up] * high[up], rest[down] * low[down]
    inside = system.hidden.copy()
    inside[target] = True
    known = np.where(inside, 0.0, np.nan_to_num(system.value))
    rows = np.where(dual > 0, system.rows[1], np.where(dual < 0, system.rows[0], 0.0))
    fixed = float(dual @ rows + at_end[inside].sum() + rest @ known)
    return fixed, np.where(inside, 0.0, at_end - rest * known)
