"""Counts that add up to each other: the linked tables of a release, as one system of sums.

Every count behind a figure is a cell. Groups make up all, ZIP codes and counties larger places, years a
block, neonatal and postneonatal deaths all infant deaths; programs' families make up their region's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

CELL: Final = ["event", "area_kind", "area", "group", "first_year", "last_year"]
#: Counts of which the first are among the second.
AMONG: Final = (("very_low_birthweight", "low_birthweight"),)
AGES: Final = ("neonatal", "postneonatal")
FAMILIES: Final = "families"
#: Everybody who is in none of the groups shown.
REST: Final = "rest"
#: A place's whole number of families and what rounding its share may take or give.
ROUNDING: Final = 1.0
_PIECE: Final = "piece"


@dataclass(frozen=True)
class LinkedTables:
    """``row_low <= matrix @ counts <= row_high`` over ``cells`` and, after them, counts never published.

    ``cells``: the columns of ``CELL`` and whatever came with them, a row for each column of the matrix up to
    its length.
    """

    cells: pd.DataFrame
    matrix: csr_array
    row_low: NDArray[np.float64]
    row_high: NDArray[np.float64]


def link(cells: pd.DataFrame, areas: pd.DataFrame, parts: pd.DataFrame) -> LinkedTables:
    """Find every sum between the cells (columns ``CELL``, one row each; ``REST`` is a group of its own).

    ``areas``: kind, geoid, region. ``parts``: which area is in which, with weights.
    """
    tables = _Tables(cells.reset_index(drop=True))
    shares = _shares(parts)
    tables.groups(shares[shares["share"].lt(1)].groupby("county")["zip"].size())
    tables.ages()
    tables.years()
    tables.among()
    for members in _members(areas, parts):
        tables.places(members)
    tables.splits(shares)
    return tables.linked()


def _shares(parts: pd.DataFrame) -> pd.DataFrame:
    """The share of each ZIP code in each of its counties: ``zip county share``."""
    rows = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    share = rows["weight"] / rows.groupby("whole")["weight"].transform("sum")
    return pd.DataFrame({"zip": rows["whole"], "county": rows["part"], "share": share})


def _members(areas: pd.DataFrame, parts: pd.DataFrame) -> list[pd.DataFrame]:
    """What makes up larger places: ``whole_kind whole part_kind part``, a table for each kind of sum."""
    groups = parts[parts["whole_kind"].eq("zip_group") & parts["part_kind"].eq("zip")]
    found = [groups[["whole_kind", "whole", "part_kind", "part"]]]
    inside = areas[areas["region"].notna() & areas["region"].ne("")]
    for kind in ("county", "zip", "program"):
        rows = inside[inside["kind"].eq(kind)]
        whole = {"whole_kind": "region", "whole": rows["region"]}
        found.append(pd.DataFrame(whole | {"part_kind": kind, "part": rows["geoid"]}))
    return found


class _Tables:
    """Rows of the system, collected one kind of sum after the other."""

    def __init__(self, cells: pd.DataFrame) -> None:
        #: The cells, and ``at``, the column of each.
        self.cells = cells.assign(at=np.arange(len(cells)))
        self.columns = len(cells)
        self.entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        self.ends: list[NDArray[np.float64]] = []
        self.rows = 0

    def linked(self) -> LinkedTables:
        """The system as one."""
        row, column, factor = (np.concatenate([e[i] for e in self.entries]) for i in range(3))
        ends = np.concatenate(self.ends)
        matrix = csr_array(coo_array((factor, (row, column)), shape=(self.rows, self.columns)))
        return LinkedTables(self.cells, matrix, ends[:, 0], ends[:, 1])

    def _wide(self, by: str) -> pd.DataFrame:
        """The column of each cell, side by side for all that differ in one name alone."""
        return self.cells.pivot_table(index=[name for name in CELL if name != by], columns=by, values="at")

    def groups(self, straddling: pd.Series) -> None:
        """All are the groups shown and everybody else; ``straddling``: ZIP codes that a county shares."""
        wide = self._wide("group").reindex(columns=["all", "black", "white", REST])
        wide = wide[wide["all"].notna() & wide[REST].notna()]
        # families of a county are dealt out group by group, each rounded by itself
        index = wide.index.to_frame(index=False)
        dealt = index["event"].eq(FAMILIES) & index["area_kind"].eq("county")
        room = index["area"].map(straddling).fillna(0.0).where(dealt, 0.0).to_numpy(float) * 4 * ROUNDING
        self._sums(wide, ("all", "black", "white", REST), room)

    def ages(self) -> None:
        """Deaths before and after day 28."""
        wide = self._wide("event")
        if not {"infant_deaths", *AGES} <= set(wide):
            return
        wide = wide[["infant_deaths", *AGES]].dropna()
        self._sums(wide, ("infant_deaths", *AGES))

    def years(self) -> None:
        """Blocks of which every year is a cell or unknown."""
        cells = self.cells
        single = cells[cells["first_year"].eq(cells["last_year"])]
        blocks = cells[cells["first_year"].lt(cells["last_year"])]
        key = ["event", "area_kind", "area", "group"]
        pairs = blocks.merge(single[[*key, "first_year", "at"]], on=key, suffixes=("", "_year"))
        pairs = pairs[pairs["first_year_year"].between(pairs["first_year"], pairs["last_year"])]
        if pairs.empty:
            return
        counted = pairs.groupby("at")["at_year"].transform("size")
        gaps = pairs.assign(gap=pairs["last_year"] - pairs["first_year"] + 1 - counted)
        self._add(gaps["at"], gaps["at_year"], open_ended=gaps.groupby("at")["gap"].first().gt(0))

    def among(self) -> None:
        """Each of one kind is one of another."""
        wide = self._wide("event")
        for inner, outer in AMONG:
            if {inner, outer} <= set(wide):
                pairs = wide[[inner, outer]].dropna()
                self._sums(pairs, (outer, inner), above=np.inf)

    def places(self, members: pd.DataFrame) -> None:
        """Larger places and their parts."""
        cells = self.cells
        rest = ["event", "group", "first_year", "last_year"]
        wholes = cells.merge(members, left_on=["area_kind", "area"], right_on=["whole_kind", "whole"])
        pairs = wholes.merge(
            cells[["area_kind", "area", *rest, "at"]],
            left_on=["part_kind", "part", *rest],
            right_on=["area_kind", "area", *rest],
            suffixes=("", "_part"),
        )
        if pairs.empty:
            return
        expected = members.groupby("whole")["part"].nunique()
        seen = pairs.groupby("at").agg(whole=("whole", "first"), seen=("part", "nunique"))
        missing = seen["seen"] < seen["whole"].map(expected)
        if pairs["part_kind"].eq("program").any():
            missing[:] = False  # a program that is not listed for a year has nobody enrolled
        self._add(pairs["at"], pairs["at_part"], open_ended=missing)

    def splits(self, shares: pd.DataFrame) -> None:
        """A county's ZIP codes, of some of which it holds a part."""
        cells = self.cells
        rest = ["event", "group", "first_year", "last_year"]
        zips = cells[cells["area_kind"].eq("zip")].merge(shares, left_on="area", right_on="zip")
        counties = cells[cells["area_kind"].eq("county")].rename(columns={"area": "county", "at": "around"})
        pairs = zips.merge(counties[["county", *rest, "around"]], on=["county", *rest])
        if pairs.empty:
            return
        expected = shares.groupby("county")["zip"].nunique()
        seen = pairs.groupby("around").agg(county=("county", "first"), seen=("zip", "nunique"))
        missing = seen["seen"] < seen["county"].map(expected)
        split = pairs["share"].lt(1).to_numpy()
        part = pairs["at"].to_numpy().copy()
        part[split] = self._new(int(split.sum()))
        shared = pairs[split]
        piece = pd.DataFrame({"own": shared["at"].to_numpy(), _PIECE: part[split]})
        self._sums(piece, ("own", _PIECE), above=np.inf)
        families = shared["event"].eq(FAMILIES).to_numpy()
        self._rounded(piece[families], shared["share"].to_numpy()[families])
        self._add(pairs["around"], pd.Series(part, pairs.index), open_ended=missing)

    # ---- rows ------------------------------------------------------------------------------------------
    def _new(self, count: int) -> NDArray[np.int64]:
        """Columns of counts that nobody publishes."""
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def _sums(
        self,
        table: pd.DataFrame,
        names: tuple[str, ...],
        room: float | NDArray[np.float64] = 0.0,
        above: float = 0.0,
    ) -> None:
        """The first column of each row less the others; where one is empty, that part does not exist."""
        rows = np.arange(self.rows, self.rows + len(table))
        for name in names:
            filled = table[name].notna().to_numpy()
            factor = np.where(name == names[0], 1.0, -1.0) * np.ones(int(filled.sum()))
            self.entries.append((rows[filled], table[name].to_numpy(float)[filled].astype(int), factor))
        spread = np.broadcast_to(room, len(table))
        self.ends.append(np.column_stack([-spread, spread + above]))
        self.rows += len(table)

    def _rounded(self, piece: pd.DataFrame, share: NDArray[np.float64]) -> None:
        """A piece is its share of the whole, rounded."""
        rows = np.arange(self.rows, self.rows + len(piece))
        self.entries.append((rows, piece[_PIECE].to_numpy(int), np.ones(len(piece))))
        self.entries.append((rows, piece["own"].to_numpy(int), -share))
        self.ends.append(np.tile([-ROUNDING, ROUNDING], (len(piece), 1)).astype(float))
        self.rows += len(piece)

    def _add(self, whole: pd.Series, part: pd.Series, open_ended: pd.Series) -> None:
        """Each whole less all its parts; at least them where some part is not known."""
        code, wholes = pd.factorize(whole)
        rows = self.rows + code
        self.entries.append((rows, part.to_numpy(int), -np.ones(len(part))))
        self.entries.append(
            (self.rows + np.arange(len(wholes)), np.asarray(wholes, int), np.ones(len(wholes)))
        )
        more = np.where(open_ended.reindex(wholes).fillna(False).to_numpy(bool), np.inf, 0.0)
        self.ends.append(np.column_stack([np.zeros(len(wholes)), more]))
        self.rows += len(wholes)
