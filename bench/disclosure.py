"""Disclosure control: how long protecting and auditing take, how much is hidden, and what still leaks.

The plain alternative is the rule most publishers follow: where a sum has one hidden count, hide the next
smallest beside it, until no sum has one (`bench/plain/next_smallest.py`); its check is that none has. Both
rules get the same tables; what comes out of either is attacked by the same auditor. The state is invented.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from bench.plain.next_smallest import lone_sums, next_smallest, sums
from bench.row import Row
from bench.state import State, state
from bench.subject import Subject
from equity.release import protect, shield
from equity.release.attack import audit
from equity.release.build import build_draft
from equity.release.linked import REST, LinkedTables
from equity.release.optimum import Optimum
from equity.release.policy import PUBLIC
from equity.release.protect import Counts
from equity.release.readable import Content, Knowledge
from equity.release.world import relations
from equity.store.engine import reading
from geo.boundaries import load_layers

TARGET_S: Final = 60.0
#: What is hidden beside small counts may cost so many times what the exact optimum costs.
TARGET_LOSS: Final = 1.1
Flags = NDArray[np.bool_]
Made = TypeVar("Made", bound=Content)
Rule = Callable[[LinkedTables, Counts, int], Flags]


@dataclass
class Watched:
    """What a rule did to each set of linked tables, and the seconds it took, tries that failed included."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tables: list[LinkedTables] = field(default_factory=list)
    counts: list[Counts] = field(default_factory=list)
    struck: list[Flags] = field(default_factory=list)
    #: No companions cost less; endless where a system was too large to be looked at.
    bound: float = 0.0
    #: Systems in which the answer is proven to cost the least, and all.
    proven: int = 0
    systems: int = 0

    @property
    def loss(self) -> float:
        """What the companions cost."""
        return float(sum(c.loss[s].sum() for c, s in zip(self.counts, self.struck, strict=True)))

    @property
    def companions(self) -> int:
        """How many counts are hidden beside others."""
        return int(sum(each.sum() for each in self.struck))

    @property
    def primary(self) -> int:
        """How many were hidden before, without those that no table has."""
        pairs = zip(self.tables, self.counts, strict=True)
        return int(sum((c.hidden & t.cells["group"].ne(REST).to_numpy()).sum() for t, c in pairs))


def disclosure(subject: Subject) -> list[Row]:
    """Seconds, hidden counts, their loss and what leaks, for the eight counties and for a state."""
    layers = load_layers(subject.home)

    def release() -> Content:
        with reading(subject.engine) as connection:
            return build_draft(connection, layers, PUBLIC)

    return [*_rows("eight counties", release, TARGET_S), *state_rows(state())]


def state_rows(made: State) -> list[Row]:
    """The same for invented counts alone."""
    kinds = made.places.areas["kind"].value_counts()
    return _rows(f"{kinds['zip']:,} ZIP codes", made.published, None, counties=int(kinds["county"]))


def watch(make: Callable[[], Made], rule: Rule) -> tuple[Made, Watched]:
    """What ``make`` makes when this rule says what to hide beside small counts, and what the rule did."""
    seen = Watched()
    exact = protect.optimum
    found: list[Optimum] = []

    def prove(*arguments: Any) -> Optimum:
        found.append(exact(*arguments))
        return found[-1]

    def timed(tables: LinkedTables, counts: Counts, room: int) -> Flags:
        found.clear()
        start, cpu = time.perf_counter(), time.process_time()
        try:
            struck = rule(tables, counts, room)
        finally:
            seen.seconds += time.perf_counter() - start
            seen.cpu_seconds += time.process_time() - cpu
        seen.tables.append(tables)
        seen.counts.append(counts)
        seen.struck.append(struck)
        seen.bound += sum(each.bound for each in found)
        seen.proven += sum(each.proven for each in found)
        seen.systems += len(found)
        return struck

    with (
        mock.patch.dict(protect._ANSWERS, clear=True),
        mock.patch.object(shield, "companions", timed),
        mock.patch.object(protect, "optimum", prove),
    ):
        return make(), seen


def plain_rule(tables: LinkedTables, counts: Counts, _: int) -> Flags:
    """Hide the next smallest."""
    struck = np.zeros(len(counts.value), bool)
    struck[next_smallest(tables, counts)] = True
    return struck


def worked_out(content: Content) -> int:
    """How many small hidden counts the auditor works out, or narrows to fewer values than they must have."""
    known = Knowledge(content)
    ranges = known.ranges(relations(known, content.tables), known.sought)
    return sum(known.tells(each) for each in ranges.values())


def _rows(what: str, make: Callable[[], Content], target: float | None, **detail: object) -> list[Row]:
    """Both rules on the same tables, one after the other."""
    content, ours = watch(make, protect.companions)
    start, cpu = time.perf_counter(), time.process_time()
    found = audit(content)
    ours_audit, audit_cpu = time.perf_counter() - start, time.process_time() - cpu
    plain_content, plain = watch(make, plain_rule)
    start = time.perf_counter()
    for tables, counts, struck in zip(plain.tables, plain.counts, plain.struck, strict=True):
        lone_sums(sums(tables), set(np.flatnonzero(counts.hidden | struck).tolist()))
    plain_check = time.perf_counter() - start
    seconds = {
        "protect_s": round(ours.seconds, 1),
        "protect_cpu_s": round(ours.cpu_seconds, 1),
        "audit_s": round(ours_audit, 1),
        "audit_cpu_s": round(audit_cpu, 1),
        "attacked": found.sought,
    }
    hidden = {
        "primary_only": ours.primary,
        "beside_ours": ours.companions,
        "beside_plain": plain.companions,
        "systems": ours.systems,
        "proven_least": ours.proven,
    }
    losses = {"least": round(ours.bound, 3), "times_least": round(ours.loss / ours.bound, 4)}
    leaks = len(found.leaks) + len(found.contradictions)
    both = (ours.seconds + ours_audit, plain.seconds + plain_check)
    primary = ours.primary
    return [
        Row(f"protect and audit, {what}", *both, "s", target, {**detail, **seconds}),
        Row(
            f"hidden counts, {what}",
            primary + ours.companions,
            primary + plain.companions,
            "counts",
            detail=hidden,
        ),
        Row(
            f"loss beside, {what}", ours.loss, plain.loss, "loss", round(TARGET_LOSS * ours.bound, 3), losses
        ),
        Row(f"can be worked out, {what}", leaks, worked_out(plain_content), "counts", 0.0),
    ]
