"""How the world adds up, as an attacker knows it: the relations between the counts of a release.

Groups make up all, places larger places, years a block, programs their region; deaths before and after day 28
are all infant deaths; a birth of very low weight is one of low weight. Shares nothing with what hides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, Final, NamedTuple

import pandas as pd

from equity.release.audit import Relation
from equity.release.readable import DEMONSTRATION, REST, Cell, Knowledge

#: Each of the first is one of the second.
NESTED: Final = (
    ("very_low_birthweight", "low_birthweight"),
    ("low_birthweight", "births"),
    ("preterm", "births"),
    ("deaths", "births"),
    ("neonatal", "births"),
    ("postneonatal", "births"),
    ("very_low_birthweight", "births"),
)
FAMILIES: Final = "families"
#: A county's families are dealt out to it group by group, and each is rounded: so far may sums be off.
ROUNDED: Final = 4.0
Members = dict[str, list[str]]


def relations(known: Knowledge, tables: Mapping[str, pd.DataFrame]) -> list[Relation]:
    """Every relation with a hidden count in it."""
    world = _World(known, tables)
    every = (*world.groups(), *world.years(), *world.ages(), *world.nested(), *world.places())
    return [each for each in every if any(cell not in known.published for cell in each.terms)]


class _Margin(NamedTuple):
    """All that a cell is but its place."""

    basis: str
    event: str
    group: str
    first: int
    last: int

    def cell(self, kind: str, code: str) -> Cell:
        """The count of a place."""
        return Cell(self.basis, self.event, kind, code, self.group, self.first, self.last)


class _World:
    def __init__(self, known: Knowledge, tables: Mapping[str, pd.DataFrame]) -> None:
        self.known = known
        self.cells = dict.fromkeys(known.cells)
        self.areas, self.parts = tables.get("areas"), tables.get("parts")
        self.programs = tables.get("programs")
        self.shares = self._shares()

    def groups(self) -> Iterator[Relation]:
        """All are the groups shown and everybody else."""
        shared: dict[str, int] = defaultdict(int)
        for _, county, share in self.shares:
            shared[county] += share < 1
        for cell in self.cells:
            parts = [cell._replace(group=group) for group in ("black", "white")]
            parts = [part for part in parts if part in self.cells]
            if cell.group == "all" and parts:
                terms = {cell: -1.0, **dict.fromkeys(parts, 1.0), cell._replace(group=REST): 1.0}
                dealt_out = cell.event == FAMILIES and cell.kind == "county"
                off = ROUNDED * shared[cell.area] if dealt_out else 0.0
                yield Relation(terms, -off, off, "groups")

    def years(self) -> Iterator[Relation]:
        """A block is the sum of its years."""
        for cell in self.cells:
            if cell.first < cell.last and (cell.first, cell.last) in self.known.rules.blocks:
                years = [cell._replace(first=year, last=year) for year in range(cell.first, cell.last + 1)]
                if any(year in self.cells for year in years):
                    yield Relation({cell: -1.0, **dict.fromkeys(years, 1.0)}, name="years")

    def ages(self) -> Iterator[Relation]:
        """Deaths before and after day 28."""
        for cell in self.cells:
            parts = [cell._replace(event=event) for event in ("neonatal", "postneonatal")]
            if cell.event == "deaths" and all(part in self.cells for part in parts):
                yield Relation({cell: -1.0, **dict.fromkeys(parts, 1.0)}, name="age at death")

    def nested(self) -> Iterator[Relation]:
        """Counts that are among others."""
        for inner, outer in NESTED:
            for cell in self.cells:
                around = cell._replace(event=outer)
                if cell.event == inner and around in self.cells:
                    yield Relation({cell: 1.0, around: -1.0}, -inf, 0.0, "one among the other")

    def places(self) -> Iterator[Relation]:
        """Larger places and what they are made of."""
        if self.areas is None or self.parts is None:
            return
        inside = self.areas[self.areas["region"].notna()]
        of_region = {
            kind: _members(inside[inside["kind"].eq(kind)], "region", "geoid") for kind in ("county", "zip")
        }
        zips = _members(self.parts[self.parts["whole_kind"].eq("zip_group")], "whole", "part")
        programs = {} if self.programs is None else _members(self.programs, "region", "program_id")
        for margin in sorted({_Margin(c.basis, c.event, c.group, c.first, c.last) for c in self.cells}):
            yield from self._sums("ZIP groups", margin, ("zip_group", "zip"), zips)
            yield from self._sums("counties", margin, ("region", "county"), of_region["county"])
            if margin.basis == DEMONSTRATION:
                yield from self._sums("ZIP codes", margin, ("region", "zip"), of_region["zip"])
            if (margin.event, margin.group) == (FAMILIES, "all"):
                yield from self._programs(margin, programs)
            yield from self._splits(margin)

    def _sums(
        self, name: str, margin: _Margin, kinds: tuple[str, str], members: Members
    ) -> Iterator[Relation]:
        """A place is the sum of its parts, of which at least one is published or hidden here."""
        for code, codes in members.items():
            whole, parts = margin.cell(kinds[0], code), [margin.cell(kinds[1], part) for part in codes]
            if whole in self.cells and any(part in self.cells for part in parts):
                yield Relation({whole: -1.0, **dict.fromkeys(parts, 1.0)}, name=name)

    def _programs(self, margin: _Margin, members: Members) -> Iterator[Relation]:
        """Programs make up their region; one without a row for a year had nobody enrolled."""
        for code, codes in members.items():
            whole = margin.cell("region", code)
            parts = [cell for cell in (margin.cell("program", part) for part in codes) if cell in self.cells]
            if whole in self.cells and parts:
                yield Relation({whole: -1.0, **dict.fromkeys(parts, 1.0)}, name="programs")

    def _shares(self) -> list[tuple[str, str, float]]:
        """ZIP code, county and the share of it that lies there."""
        if self.parts is None:
            return []
        rows = self.parts[self.parts["whole_kind"].eq("zip") & self.parts["part_kind"].eq("county")]
        share = rows["weight"] / rows.groupby("whole")["weight"].transform("sum")
        return list(zip(rows["whole"], rows["part"], share, strict=True))

    def _splits(self, margin: _Margin) -> Iterator[Relation]:
        """A county holds all of some ZIP codes, and of others a part: as many as fit, or their share."""
        pieces: dict[Cell, dict[Any, float]] = defaultdict(dict)
        for code, county, share in self.shares:
            own, around = margin.cell("zip", code), margin.cell("county", county)
            if own not in self.cells or around not in self.cells:
                continue
            piece = own if share == 1 else ("piece", own, county)
            pieces[around][piece] = 1.0
            if share < 1:
                yield Relation({piece: 1.0, own: -1.0}, -inf, 0.0, "ZIP codes in two counties")
                if margin.event == FAMILIES:
                    yield Relation({piece: 1.0, own: -share}, -1.0, 1.0, "ZIP codes in two counties")
        for around, terms in pieces.items():
            # of real counts some may be of ZIP codes that are not listed
            least = 0.0 if margin.basis == DEMONSTRATION else -inf
            yield Relation({around: -1.0, **terms}, least, 0.0, "ZIP codes")


def _members(table: pd.DataFrame, whole: str, part: str) -> Members:
    return {str(code): list(rows) for code, rows in table.groupby(whole)[part]}
