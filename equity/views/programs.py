"""Programs of home visiting: what they offer and hold, what does not add up, who is full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import pandas as pd

from equity.registry import measure
from equity.release.load import Release
from equity.views.format import amount, number
from equity.words import say

#: A program that uses this share of its slots, or more, has no room to speak of.
FULL: Final = 0.95
#: Limits of the kinds of use, in the order of `USES`: under 75, to under 95, to 100, above 100 of 100 slots.
LIMITS: Final = (0.75, FULL)
USES: Final = ("under_75", "under_95", "full", "over")


@dataclass(frozen=True)
class Program:
    """One program in one year. Numbers are ``None`` where they are hidden or not reported.

    ``slots`` are those of the quarter asked for; ``year_slots``, ``caseload`` and ``use`` of the year's end.
    ``caseload_hidden`` is true for 1 to 9 families.
    """

    id: str
    name: str
    agency: str
    model: str
    funder: str
    region: str
    cost: float | None
    slots: float | None
    year_slots: float | None
    caseload: float | None
    use: float | None
    caseload_hidden: bool
    marks: tuple[str, ...]
    basis: str

    @property
    def kind(self) -> str:
        """How full it is, as a code of ``USES``; ``hidden`` or ``no_slots`` where that cannot be said."""
        if self.use is None:
            return "hidden" if self.caseload_hidden else "no_slots"
        if self.use > 1:
            return "over"
        return USES[sum(self.use >= limit for limit in LIMITS)]

    @property
    def room(self) -> float | None:
        """Slots that are free at the year's end, not below zero."""
        if self.caseload is None or self.year_slots is None:
            return None
        return max(self.year_slots - self.caseload, 0.0)


def programs_of(release: Release, year: int, quarter: str = "") -> list[Program]:
    """Every program that reported in a year, by name."""
    years = release.tables["program_years"]
    rows = years[years["year"].eq(year)].merge(release.tables["programs"], on="program_id")
    then: dict[str, float] | None = None
    if quarter:
        reported = release.tables["program_quarters"]
        own = reported[reported["quarter"].eq(quarter)]
        then = dict(zip(own["program_id"], own["slots"].astype(float), strict=True))
    return [_program(row, then) for row in rows.sort_values(["name", "program_id"]).to_dict("records")]


def _program(row: dict[Any, Any], then: dict[str, float] | None) -> Program:
    year_slots = _number(row["slots"])
    return Program(
        id=str(row["program_id"]),
        name=str(row["name"]),
        agency=str(row["agency"]),
        model=str(row["model"]),
        funder=str(row["funder"]),
        region=str(row["region"]),
        cost=_number(row["cost_per_slot"]),
        slots=year_slots if then is None else then.get(str(row["program_id"])),
        year_slots=year_slots,
        caseload=_number(row["caseload"]),
        use=_number(row["saturation"]),
        caseload_hidden=_number(row["caseload"]) is None,
        marks=tuple(mark for mark in str(row["marks"] or "").split(";") if mark),
        basis=str(row["basis"]),
    )


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def marks_text(program: Program) -> str:
    """What does not add up in a program's report, in words."""
    return " ".join(say(f"coverage.mark.{mark}") for mark in program.marks)


def use_text(program: Program) -> str:
    """Slots in use of every 100, or why that is not said."""
    if program.use is None:
        return say(f"coverage.use.{program.kind}")
    return amount(measure("saturation"), program.use)


def count_text(value: float | None, hidden: bool = False) -> str:
    """A count, or the word for why there is none."""
    if value is not None:
        return number(value)
    return say("figure.short.suppressed" if hidden else "figure.short.missing")


def uses(programs: Sequence[Program]) -> Counter[str]:
    """How many programs are how full."""
    return Counter(program.kind for program in programs)


def use_sentence(programs: Sequence[Program], when: str) -> str:
    """How full the programs are, one by one and in the middle: never only a mean."""
    known = [program.use for program in programs if program.use is not None]
    if not known:
        return say("coverage.use_none")
    found = uses(programs)
    said = say(
        "coverage.use_one" if len(known) == 1 else "coverage.use_sentence",
        count=len(known),
        when=when,
        middle=amount(measure("saturation"), median(known)),
        low=amount(measure("saturation"), min(known)),
        high=amount(measure("saturation"), max(known)),
        **{kind: found[kind] for kind in USES},
    )
    hidden = say("coverage.use_hidden", count=found["hidden"]) if found["hidden"] else ""
    bare = say("coverage.use_no_slots", count=found["no_slots"]) if found["no_slots"] else ""
    return " ".join(part for part in (said, hidden, bare) if part)


def programs_table(programs: Sequence[Program], here: dict[str, float] | None = None) -> pd.DataFrame:
    """Programs as texts; with ``here`` the slots of each in one place come first."""
    columns: dict[str, list[str]] = {say("coverage.column.program"): [p.name for p in programs]}
    if here is not None:
        columns[say("coverage.column.slots_here")] = [number(here[p.id]) for p in programs]
    columns |= {
        say("coverage.column.agency"): [p.agency for p in programs],
        say("coverage.column.model"): [p.model for p in programs],
        say("coverage.column.funder"): [p.funder for p in programs],
        say("coverage.column.slots"): [count_text(p.slots) for p in programs],
        say("coverage.column.families"): [count_text(p.caseload, p.caseload_hidden) for p in programs],
        say("coverage.column.use"): [use_text(p) for p in programs],
        say("coverage.column.room"): [_room(p) for p in programs],
        say("table.basis"): [say(f"figure.basis_short.{p.basis}") for p in programs],
        say("coverage.column.marks"): [marks_text(p) for p in programs],
    }
    return pd.DataFrame(columns)


def _room(program: Program) -> str:
    if program.room is None:
        return say("coverage.room_unknown")
    if program.kind in ("full", "over"):
        return say("coverage.room_full")
    return say("coverage.room", count=number(program.room))
