"""What everybody can read of a release: the counts behind its figures, and which of them are hidden.

Shares nothing with the code that hides. Of a hidden count no more is known than its reason says: one that was
hidden for being small lies in the hidden range.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, Protocol

import pandas as pd

from equity.release.audit import Range, Relation, attainable_ranges
from equity.release.implied import implied_counts

#: Measures whose numerator is a count, and the count.
EVENTS: Final = {
    "births": "births",
    "infant_deaths": "deaths",
    "infant_mortality": "deaths",
    "neonatal_mortality": "neonatal",
    "postneonatal_mortality": "postneonatal",
    "preterm": "preterm",
    "low_birthweight": "low_birthweight",
    "very_low_birthweight": "very_low_birthweight",
    "caseload": "families",
    "coverage": "families",
    "saturation": "families",
}
#: Measures of a year whose numerator are the births of the block it lies in.
BIRTHS_OF_BLOCK: Final = ("need", "service_gap")
#: Whose denominators are births.
PER_BIRTH: Final = frozenset(name for name, event in EVENTS.items() if event not in ("births", "families"))
#: Births that a rate is for; shares are of one.
UNITS: Final = dict.fromkeys(PER_BIRTH, 1.0) | dict.fromkeys(
    ("infant_mortality", "neonatal_mortality", "postneonatal_mortality"), 1000.0
)
SHOWN: Final = frozenset({"shown", "unstable"})
#: Reasons that say that a count is small. A rate of no deaths is hidden too.
SMALL: Final = frozenset({"small_count", "few_cases", "few_deaths"})
#: Reasons by which somebody else's rule hides, or which tell nothing of a count.
NOT_OURS: Final = frozenset({"withheld_by_publisher", "inside_withheld", "not_by_race", "wide_interval"})
DEMONSTRATION: Final = "demonstration"
REST: Final = "rest"


class Content(Protocol):
    """What is published: a release, or a draft of one."""

    @property
    def figures(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...  # noqa: D102
    @property
    def manifest(self) -> Mapping[str, Any]: ...  # noqa: D102


class Cell(NamedTuple):
    """A count behind figures. ``basis`` keeps made-up counts apart from real ones."""

    basis: str
    event: str
    kind: str
    area: str
    group: str
    first: int
    last: int

    def __str__(self) -> str:
        years = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.event} of {self.kind} {self.area}, {self.group}, {years} ({self.basis})"


class Rules(NamedTuple):
    """What a release says of itself: the range of hidden counts, the most deaths that a rate is hidden for
    being few, the values left to each hidden count, its blocks."""

    least: float
    most: float
    few_deaths: float
    room: int
    blocks: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Rules:
        """The rules in a manifest; those of the first releases where it says nothing."""
        rules = manifest.get("rules", {})
        least, most = rules.get("hidden_counts", (1, 9))
        blocks = tuple((int(first), int(last)) for first, last in manifest.get("blocks", ()))
        few_deaths = max(float(most), rules.get("deaths_for_a_rate", 10) - 1.0)
        return cls(float(least), float(most), few_deaths, int(rules.get("values_left_open", 5)), blocks)

    def tells(self, found: Range) -> bool:
        """Whether a range gives a small count away.

        It is narrow, and neither lies above the hidden range nor leaves no doubt that there are none.
        """
        return found.values < self.room and found.low <= self.most and found.high > 0


class Knowledge:
    """The counts of a release that can be read, and what is known of those that cannot, by its own rules."""

    def __init__(self, content: Content) -> None:
        self.rules = Rules.of(content.manifest)
        self.published: dict[Cell, float] = {}
        self.lower: dict[Cell, float] = {}
        self.upper: dict[Cell, float] = {}
        #: Hidden counts, in order.
        self.sought: dict[Cell, None] = {}
        self._bare: list[tuple[Cell, Any]] = []
        self._below: dict[Cell, list[tuple[str, float]]] = defaultdict(list)
        self._read_figures(content.figures)
        if "program_years" in content.tables:
            self._read_programs(content.tables["program_years"])
        self._everybody_else()

    @property
    def cells(self) -> list[Cell]:
        """Every count that is published, known to be hidden, or told by a rate."""
        others = dict.fromkeys([*self.sought, *self.lower])
        return [*self.published, *(cell for cell in others if cell.group != REST)]

    def _read_figures(self, figures: pd.DataFrame) -> None:
        rows = figures[figures["measure"].isin([*EVENTS, *BIRTHS_OF_BLOCK])]
        hidden: dict[Cell, set[str]] = defaultdict(set)
        for row in rows.itertuples(index=False):
            cell = self.cell_of(row)
            if row.status in SHOWN:
                self._see(cell, row)
            elif row.status == "suppressed" and row.measure not in BIRTHS_OF_BLOCK:
                hidden[cell].add(str(row.reason))
        # births are the figure of births; where that is not shown, what stands below rates, deaths' first
        for cell, found in self._below.items():
            self.published.setdefault(cell, min(found)[1])
        for cell, reasons in hidden.items():
            if cell not in self.published and not reasons & NOT_OURS:
                self.sought[cell] = None
                self._bound(cell, reasons)
        for cell, row in self._bare:
            self._work_out(cell, row)

    def _work_out(self, cell: Cell, row: Any) -> None:
        """What a rate without its count tells of it, where its births can be read."""
        births = row.denominator
        if pd.isna(births):
            births = self.published.get(cell._replace(event="births"), 0.0)
        if cell in self.published or births <= 0:
            return
        least, most = implied_counts(row.value, row.low, row.high, float(births), UNITS[row.measure])
        self.lower[cell] = max(least, self.lower.get(cell, 0.0))
        self.upper[cell] = min(most, self.upper.get(cell, most))

    def _bound(self, cell: Cell, reasons: set[str]) -> None:
        """What the reasons of a hidden count tell of it."""
        small = reasons & SMALL
        if not small:
            return
        # hidden for few births it may be none; among many births it is one at least
        few_births = "few_cases" in reasons and cell._replace(event="births") not in self.published
        only_deaths = small == {"few_deaths"}
        self.lower[cell] = 0.0 if few_births or only_deaths else self.rules.least
        self.upper[cell] = self.rules.few_deaths if only_deaths else self.rules.most

    def _read_programs(self, years: pd.DataFrame) -> None:
        """Families of each program and year; why one is hidden is not said."""
        for program, year, families in years[["program_id", "year", "caseload"]].itertuples(index=False):
            cell = Cell(DEMONSTRATION, "families", "program", str(program), "all", int(year), int(year))
            if pd.isna(families):
                self.sought[cell] = None
            else:
                self.published[cell] = float(families)

    def cell_of(self, row: Any) -> Cell:
        """The count in the numerator of a figure."""
        place = (row.area_kind, row.area, row.group)
        if row.measure in BIRTHS_OF_BLOCK:
            block = next((b for b in self.rules.blocks if b[0] <= row.first_year <= b[1]), (0, 0))
            return Cell(row.basis, "births", *place, *block)
        return Cell(row.basis, EVENTS[row.measure], *place, int(row.first_year), int(row.last_year))

    def _see(self, cell: Cell, row: Any) -> None:
        """A shown figure tells its count, and the births below it."""
        if pd.notna(row.numerator):
            self.published[cell] = float(round(row.numerator))
        elif row.measure in UNITS and pd.notna(row.value):
            self._bare.append((cell, row))
        if row.measure in PER_BIRTH and pd.notna(row.denominator):
            self._below[cell._replace(event="births")].append((row.measure, float(round(row.denominator))))

    def _everybody_else(self) -> None:
        """Those in no group that is shown are hidden wherever a group is not."""
        for cell in self.cells:
            if cell.group in ("black", "white"):
                self.sought[cell._replace(group=REST)] = None

    def ranges(self, relations: list[Relation], of: Iterable[Cell]) -> dict[Cell, Range]:
        """What each count can be, as far as it matters."""
        room = self.rules.room
        return attainable_ranges(relations, self.published, self.lower, self.upper, of=list(of), enough=room)

    def tells(self, found: Range) -> bool:
        """Whether a range gives a small count away."""
        return self.rules.tells(found)
