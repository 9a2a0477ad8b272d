"""Births, deaths and their like, summed to years or blocks of years in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    case,
    distinct,
    func,
    literal,
    select,
    union_all,
)

from equity.store.engine import Readable, connected
from equity.store.frames import read_frame
from equity.store.schema import source, vital_count

#: First and last year, both inclusive.
Block = tuple[int, int]
#: Blocks do not overlap: overlapping windows give single years away by subtraction.
BLOCKS: Final[tuple[Block, ...]] = ((2010, 2016), (2017, 2023))
#: What names one cell besides its group and scheme.
_CELL: Final = ("source_id", "area", "first_year", "last_year", "event", "stratum", "whole")


def vital_totals(
    readable: Readable,
    area_kind: str,
    by: Literal["block", "year"] = "block",
    blocks: Sequence[Block] = BLOCKS,
    basis: str = "demonstration",
    death_basis: Literal["period", "cohort"] = "period",
) -> pd.DataFrame:
    """Counts by source, area, period, group and event, from sources of one basis, without strata.

    Columns: ``source_id, area, first_year, last_year, group, scheme, event, count, years, bound``.
    ``years`` is the number of years that have a row in the cell: a sum is whole only where it equals the
    span (a source may leave out rows of zero). ``bound`` is ``at_least`` where a row is a lower bound.
    Group ``all`` is what the source gives for it, or the sum of its groups where it has others beside
    Black, white and Hispanic families: without them the sum would not be all. Sources are never added to
    each other, nor schemes, nor period deaths to cohort deaths.
    A row printed for a whole block is taken before a sum of single years; other windows are left out.
    """
    query = _totals(area_kind, by, blocks, basis, death_basis, stratified=False)
    with connected(readable) as connection:
        return read_frame(connection, query)


def vital_strata(
    readable: Readable,
    area_kind: str,
    by: Literal["block", "year"] = "block",
    blocks: Sequence[Block] = BLOCKS,
    basis: str = "demonstration",
    death_basis: Literal["period", "cohort"] = "period",
) -> pd.DataFrame:
    """The same as :func:`vital_totals` for the parts of each event, with the column ``stratum``."""
    query = _totals(area_kind, by, blocks, basis, death_basis, stratified=True)
    with connected(readable) as connection:
        return read_frame(connection, query)


def _totals(
    area_kind: str, by: str, blocks: Sequence[Block], basis: str, death_basis: str, stratified: bool
) -> Select[Any]:
    rows = _rows(area_kind, blocks if by == "block" else None, basis, death_basis, stratified)
    candidates = union_all(_as_given(rows), _summed_groups(rows)).subquery()
    columns = candidates.c
    key = [columns[name] for name in (*_CELL[:-1], "group", "scheme")]
    best_first = (columns.years.desc(), columns.whole.desc(), columns.given.desc())
    rank = func.row_number().over(partition_by=key, order_by=best_first).label("rank")
    ranked = select(candidates, rank).subquery()
    chosen = ["source_id", "area", "first_year", "last_year", "group", "scheme", "event"]
    chosen += ["stratum"] if stratified else []
    return select(*(ranked.c[name] for name in (*chosen, "count", "years", "bound"))).where(
        ranked.c.rank == 1
    )


def _rows(
    area_kind: str, blocks: Sequence[Block] | None, basis: str, death_basis: str, stratified: bool
) -> Subquery:
    """Rows of one basis, each with the period it counts towards and whether it fills that period alone."""
    table = vital_count.c
    first: ColumnElement[Any] = table.first_year
    last: ColumnElement[Any] = table.last_year
    wanted = table.first_year == table.last_year
    if blocks is not None:
        inside = [(table.first_year >= start) & (table.last_year <= end) for start, end in blocks]
        first = case(*((test, literal(start)) for test, (start, _) in zip(inside, blocks, strict=True)))
        last = case(*((test, literal(end)) for test, (_, end) in zip(inside, blocks, strict=True)))
        wanted = wanted | ((table.first_year == first) & (table.last_year == last))
    return (
        select(
            table.source_id,
            table.area,
            first.label("first_year"),
            last.label("last_year"),
            table.event,
            table.stratum,
            case((table.first_year < table.last_year, 1), else_=0).label("whole"),
            table.group,
            table.scheme,
            table.first_year.label("year"),
            (table.last_year - table.first_year + 1).label("span"),
            table.count,
            table.bound,
        )
        .join(source, source.c.id == table.source_id)
        .where(source.c.basis == basis, table.area_kind == area_kind, wanted, first.is_not(None))
        .where(table.stratum != "" if stratified else table.stratum == "")
        .where(table.death_basis.in_(("", death_basis)))
        .subquery()
    )


def _as_given(rows: Subquery) -> Select[Any]:
    cell = [rows.c[name] for name in _CELL]
    return select(
        *cell, rows.c.group, rows.c.scheme, *_count_and_years(rows), literal(1).label("given")
    ).group_by(*cell, rows.c.group, rows.c.scheme)


def _summed_groups(rows: Subquery) -> Select[Any]:
    """Group ``all`` as the sum of the groups; where a source counts by two schemes, by either of them."""
    cell = [rows.c[name] for name in _CELL]
    by_scheme = (
        select(*cell, rows.c.scheme, *_count_and_years(rows))
        .where(rows.c.group != "all", rows.c.source_id.in_(_counts_everybody()))
        .group_by(*cell, rows.c.scheme)
        .subquery()
    )
    kept = [by_scheme.c[name] for name in _CELL]
    return select(
        *kept,
        literal("all").label("group"),
        literal("").label("scheme"),
        func.max(by_scheme.c.count).label("count"),
        func.max(by_scheme.c.years).label("years"),
        func.max(by_scheme.c.bound).label("bound"),
        literal(0).label("given"),
    ).group_by(*kept)


def _counts_everybody() -> Select[Any]:
    """Sources whose groups leave nobody out."""
    return select(vital_count.c.source_id).where(vital_count.c.group.in_(("other", "unknown"))).distinct()


def _count_and_years(rows: Subquery) -> tuple[ColumnElement[Any], ...]:
    """The sum, the years behind it (the span of a block's own row, else the years that have a row), and
    whether it is a lower bound."""
    years = case((rows.c.whole == 1, func.max(rows.c.span)), else_=func.count(distinct(rows.c.year)))
    bound = func.max(rows.c.bound)
    return func.sum(rows.c.count).label("count"), years.label("years"), bound.label("bound")
