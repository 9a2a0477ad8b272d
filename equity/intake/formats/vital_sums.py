"""Counts of one place, time and group put together from rows, and the checks of what must add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from equity.intake.findings import Level, quoted
from equity.intake.formats._cells import Notes
from equity.intake.formats.vital_columns import EVENTS, PART_OF
from equity.intake.places import Places

#: Share of births of unknown race above which figures by race are in doubt.
MOST_UNKNOWN: Final = 0.05
_WHOLE: Final = frozenset(("black", "white", "other"))


class Cell(NamedTuple):
    """One place, year or years, and group."""

    area_kind: str
    area: str
    first_year: int
    last_year: int
    group: str
    scheme: str


@dataclass
class Tally:
    """What the rows of one cell count, by event; ``hidden`` and ``absent`` are events some row keeps back."""

    rows: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hidden: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)

    def known(self) -> dict[str, int]:
        """Events every row of the cell counts."""
        return {event: number for event, number in self.counts.items()
                if event not in self.hidden and event not in self.absent}  # fmt: skip


Tallies = Mapping[Cell, Tally]


def check_sums(tallies: Tallies, places: Places, notes: Notes) -> None:
    """Every check of counts against each other."""
    for cell, tally in tallies.items():
        _check_parts(cell, tally, notes)
    for (kind, area, first, last), groups in _by_place(tallies):
        _check_groups(f"{kind} {area}, {first}-{last}", groups, notes)
    _check_zips(tallies, places, notes)
    _check_unknown(tallies, notes)


def _check_parts(cell: Cell, tally: Tally, notes: Notes) -> None:
    """A part is never more than its whole, and infant deaths are neonatal and postneonatal ones."""
    known, row = tally.known(), tally.rows[0]
    for part, whole in PART_OF.items():
        if part in known and whole in known and known[part] > known[whole]:
            notes.say("error", f"{known[part]:,} {EVENTS[part]} and {known[whole]:,} {EVENTS[whole]}",
                      f"no more {EVENTS[part]} than {EVENTS[whole]}",
                      "Look whether two columns or numbers were exchanged.", row, part)  # fmt: skip
    ages = ("neonatal", "postneonatal", "infant_deaths")
    if all(event in known for event in ages):
        early, late, all_deaths = (known[event] for event in ages)
        if early + late != all_deaths:
            notes.say("error", f"{early:,} neonatal and {late:,} postneonatal deaths",
                      f"together {all_deaths:,}, the infant deaths", "Correct the number that is wrong.",
                      row, "infant_deaths")  # fmt: skip


def _by_place(tallies: Tallies) -> Iterator[tuple[tuple[str, str, int, int], dict[Cell, Tally]]]:
    gathered: dict[tuple[str, str, int, int], dict[Cell, Tally]] = defaultdict(dict)
    for cell, tally in tallies.items():
        gathered[cell[:4]][cell] = tally
    yield from gathered.items()


def _check_groups(where: str, groups: Mapping[Cell, Tally], notes: Notes) -> None:
    """The groups of a place add up to all, as far as they are given and none is hidden.

    Where Hispanic people stand in every race they are a part on their own, not one of the sum.
    """
    total = next((tally for cell, tally in groups.items() if cell.group == "all"), None)
    if total is None:
        return
    parts = {cell.group: tally for cell, tally in groups.items() if cell.group != "all"}
    across = any(cell.scheme.endswith("any_hispanic") for cell in groups)
    summed = {name: tally for name, tally in parts.items() if not (across and name == "hispanic")}
    for event, everyone in total.known().items():
        shown = {name: tally.known()[event] for name, tally in parts.items() if event in tally.known()}
        found = sum(number for name, number in shown.items() if name in summed)
        largest = max(shown.values(), default=0)
        level: Level | None = None
        if max(found, largest) > everyone:
            level = "error"
        elif found < everyone and _complete(summed, shown, across):
            level = "error" if "unknown" in shown else "warning"
        if level:
            notes.say(level, f"the groups of {quoted(where)} have {max(found, largest):,} {EVENTS[event]}",
                      f"{everyone:,}, as for all", "Correct the rows, or say in the reason who is missing.",
                      total.rows[0], event)  # fmt: skip


def _complete(parts: Mapping[str, Tally], shown: Mapping[str, int], across: bool) -> bool:
    needed = _WHOLE if across else _WHOLE | {"hispanic"}
    return needed <= parts.keys() and parts.keys() <= shown.keys()


def _check_zips(tallies: Tallies, places: Places, notes: Notes) -> None:
    """ZIPs that lie in one known county have together no more than it."""
    sums: dict[tuple[Cell, str], int] = defaultdict(int)
    for cell, tally in tallies.items():
        home = places.counties_of.get(cell.area, ()) if cell.area_kind == "zip" else ()
        if len(home) == 1:
            county = cell._replace(area_kind="county", area=home[0])
            for event, number in tally.known().items():
                sums[county, event] += number
    for (county, event), number in sums.items():
        whole = tallies[county].known().get(event) if county in tallies else None
        if whole is not None and number > whole:
            name = places.names.get(("county", county.area), county.area)
            found = f"ZIP codes of {name} have together {number:,} {EVENTS[event]} ({county.group})"
            notes.say("warning", found, f"no more than the county's {whole:,}",
                      "Check both; a ZIP code that reaches over the county's border may explain it.",
                      tallies[county].rows[0], event)  # fmt: skip


def _check_unknown(tallies: Tallies, notes: Notes) -> None:
    """Births of unknown race, of all births of the places that tell them."""
    unknown = total = 0
    for _, groups in _by_place(tallies):
        births = {cell.group: tally.known().get("births") for cell, tally in groups.items()}
        if births.get("unknown") is None:
            continue
        unknown += births["unknown"] or 0
        everyone = births.get("all")
        total += sum(number or 0 for name, number in births.items() if name not in ("all", "hispanic")) if (
            everyone is None
        ) else everyone  # fmt: skip
    if total and unknown > MOST_UNKNOWN * total:
        notes.say("warning", f"{unknown / total:.1%} of births are of unknown race",
                  f"at most {MOST_UNKNOWN:.0%}",
                  "Figures by race may mislead; say in the reason why so many are unknown.",
                  column="group")  # fmt: skip
