"""Most good for a whole nation of places: a linear programme, made whole by a few repairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from equity.measures._arrays import Array
from equity.measures.plan_problem import InfeasiblePlan, Whole

#: A hair below a whole number still counts as the whole number.
HAIR = 1e-9


@dataclass(frozen=True)
class Large:
    """What limits slots by place: ``unmet`` need, ``good`` of a household, ``cost``, ``group`` (places,).

    ``floor`` (groups,): least slots added in each group; ``slots``, ``dollars``: budgets, may be infinite.
    """

    unmet: Array
    good: Array
    cost: Array
    group: Whole
    floor: Array
    slots: float
    dollars: float

    @property
    def room(self) -> Array:
        """Most slots that a place can use."""
        return np.ceil(self.unmet - HAIR)

    def by_group(self, added: Array) -> Array:
        """Slots added in each group."""
        return np.asarray(np.bincount(self.group, added, len(self.floor)), float)

    def short(self, added: Array) -> Array:
        """Slots that each group lacks for its floor."""
        return np.maximum(self.floor - self.by_group(added), 0.0)

    def fits(self, added: Array) -> bool:
        """Whether both budgets suffice."""
        return bool(added.sum() <= self.slots and self.cost @ added <= self.dollars)

    def filled(self, added: Array) -> Array:
        """With every floor met by the cheapest slots of its group, so by the fewest dollars."""
        order = np.lexsort((self.cost, self.group))
        left = (self.room - added)[order]
        before = left.cumsum() - left
        first = np.searchsorted(self.group[order], self.group[order])
        wanted = self.short(added)[self.group[order]] - (before - before[first])
        filled = added.copy()
        filled[order] += np.clip(wanted, 0.0, left)
        return filled

    def next_good(self, added: Array) -> Array:
        """Good of one more slot in each place."""
        return self.good * np.clip(self.unmet - added, 0.0, 1.0)

    def last_good(self, added: Array) -> Array:
        """Good of the last slot in each place."""
        return self.next_good(added - 1)


def check_floors(large: Large) -> None:
    """Raise InfeasiblePlan where floors ask for more than there is room or budget."""
    short = np.flatnonzero(large.by_group(large.room) < large.floor)
    if len(short):
        raise InfeasiblePlan((f"floor:{short[0]}", "place_cap"))
    least = large.filled(np.zeros_like(large.unmet))
    if least.sum() > large.slots:
        raise InfeasiblePlan(("budget_slots", "floor"))
    if large.cost @ least > large.dollars:
        raise InfeasiblePlan(("budget_dollars", "floor"))


def most(large: Large, least: Array) -> tuple[Array, float]:
    """Whole slots by place, no fewer than ``least``, and the most good that divisible slots could do."""
    pieces, price, bound = _divisible(large, least)
    added = np.maximum(np.floor(pieces + HAIR), least)
    added = _with_floors(large, added, price)
    added = _within_budgets(large, added, least, price)
    if not large.fits(added) or large.short(added).any():
        added = large.filled(least)
    return _spent(large, added, price), bound


def _divisible(large: Large, least: Array) -> tuple[Array, Array, float]:
    """Slots of the linear programme by place, what one there costs the rest, and a bound on the good."""
    whole = np.floor(large.unmet + HAIR)
    part = np.maximum(large.unmet - whole, 0.0)
    partial = np.flatnonzero(part > HAIR)
    place = np.concatenate([np.arange(len(whole)), partial])
    good = np.concatenate([large.good, (large.good * part)[partial]])
    low = np.concatenate([np.minimum(least, whole), np.maximum(least - whole, 0.0)[partial]])
    high = np.concatenate([whole, np.ones(len(partial))])
    rows, limits = _rows(large, place)
    price, columns = _solved(good, rows, limits, low, high)
    by_column = rows.T @ price
    # whatever the prices, no plan does more good than this (weak duality), so that the bound holds even
    # where the solver stops a hair before the optimum
    bound = price @ limits + np.maximum((good - by_column) * low, (good - by_column) * high).sum()
    slots = np.asarray(np.bincount(place, columns, len(whole)), float)
    return slots, by_column[: len(whole)], float(bound)


def _solved(good: Array, rows: csr_array, limits: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Prices of the rows and the columns of most good."""
    scale = good.max() or 1.0
    found = linprog(
        -good / scale,
        A_ub=rows,
        b_ub=limits,
        bounds=np.column_stack([low, high]),
        method="highs-ipm",
        # the reductions before solving compare each column with each other where there is one row only
        options={"presolve": False},
    )
    if found.x is None:
        raise RuntimeError(f"The linear programme was not solved: {found.message}")
    return np.maximum(-found.ineqlin.marginals, 0.0) * scale, found.x


def _rows(large: Large, place: Whole) -> tuple[csr_array, Array]:
    """Budgets that are finite and floors above zero, as rows below limits."""
    columns, floors = len(place), np.flatnonzero(large.floor > 0)
    member = csr_array(
        (np.ones(columns), (large.group[place], np.arange(columns))), shape=(len(large.floor), columns)
    )
    scale = large.cost.max()
    rows = [csr_array(np.ones((1, columns))), csr_array(large.cost[place][None, :] / scale), -member[floors]]
    limits = np.concatenate([[large.slots, large.dollars / scale], -large.floor[floors]])
    kept = np.isfinite(limits)
    return csr_array(vstack(rows, format="csr")[kept]), limits[kept]


def _with_floors(large: Large, added: Array, price: Array) -> Array:
    """Add what groups lack after rounding down, the best slot first."""
    added = added.copy()
    for group in np.flatnonzero(large.short(added) > 0):
        inside = np.flatnonzero(large.group == group)
        for _ in range(round(large.short(added)[group])):
            net = np.where(added < large.room, large.next_good(added) - price, -np.inf)[inside]
            added[inside[net.argmax()]] += 1
    return added


def _within_budgets(large: Large, added: Array, least: Array, price: Array) -> Array:
    """Take away what floors added beyond the budgets, the worst slot first, where floors allow it."""
    added = added.copy()
    while not large.fits(added):
        free = (added > least) & (large.by_group(added) > large.floor)[large.group]
        if not free.any():
            break
        added[np.where(free, large.last_good(added) - price, np.inf).argmin()] -= 1
    return added


def _spent(large: Large, added: Array, price: Array) -> Array:
    """Add slots that the budgets still allow, the best first."""
    added = added.copy()
    while True:
        slots, dollars = large.slots - added.sum(), large.dollars - large.cost @ added
        good = large.next_good(added)
        fits = (good > 0) & (large.cost <= dollars) & (added < large.room)
        if slots < 1 or not fits.any():
            return added
        place = int(np.where(fits, good - price, -np.inf).argmax())
        alike = max(np.floor(large.unmet[place] - added[place] + HAIR), 1.0)
        added[place] += min(alike, slots, np.floor(dollars / large.cost[place]))


def highest(large: Large, need: Array, slots: Array) -> tuple[Array, float]:
    """Fewest slots by place that bring the lowest share of need as high as budgets allow; and a bound."""

    def added(level: float) -> Array:
        return np.clip(np.ceil(level * need - slots), 0.0, large.room)

    if large.fits(large.filled(added(1.0))):
        return added(1.0), 1.0
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if large.fits(large.filled(added(middle))) else (low, middle)
    return added(low), high
