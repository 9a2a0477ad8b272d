"""Home-visiting programs: who offers what where, how many places there are, and how many are filled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Double, Integer, Select, Subquery, Table, case, cast, func, select

from equity.store.engine import Readable, connected
from equity.store.frames import read_frame
from equity.store.schema import agency, capacity, enrollment, program, service_area, source

ServiceKey = Literal["program_id", "zip", "group", "year"]


def programs(readable: Readable) -> pd.DataFrame:
    """Programs with the agency that runs each, the latter's place, and the basis of the source.

    Columns: ``program_id, name, model, funder, eligibility, cost_per_slot, agency_id, agency, county,
    region, latitude, longitude, source_id, basis``.
    """
    query = (
        select(
            program.c.id.label("program_id"),
            *(program.c[name] for name in ("name", "model", "funder", "eligibility", "cost_per_slot")),
            program.c.agency_id,
            agency.c.name.label("agency"),
            *(agency.c[name] for name in ("county", "region", "latitude", "longitude")),
            program.c.source_id,
            source.c.basis,
        )
        .join(agency, agency.c.id == program.c.agency_id)
        .join(source, source.c.id == program.c.source_id)
    )
    return _frame(readable, query)


def service_areas(readable: Readable) -> pd.DataFrame:
    """Which ZIPs each program serves. Columns: ``program_id, zip, basis``."""
    return _frame(readable, _with_basis(service_area))


def capacity_by_quarter(readable: Readable) -> pd.DataFrame:
    """Maximum service capacity. Columns: ``program_id, quarter, slots, home_visitor_fte, basis``."""
    return _frame(readable, _with_basis(capacity))


def enrollment_by(readable: Readable, by: Sequence[ServiceKey] = ("zip", "group", "year")) -> pd.DataFrame:
    """Households by the chosen keys (``year`` always among them) and basis.

    Columns: those of ``by``, ``basis``, ``caseload``, ``served``. ``caseload`` (HRSA MIECHV Form 4) is
    new + continuing households in the last quarter of the year for which the program reported at all.
    ``served`` counts each household of the year once: those continuing in the first quarter in which
    the program reported the ZIP and group that year, plus the new of every quarter. Where a program
    gives group ``all`` beside the groups, a sum over groups takes that alone.
    """
    if "year" not in by:
        raise ValueError("enrollment is summed within a year: by must hold 'year'")
    rows = _quarters()
    keys = [rows.c[name] for name in (*by, "basis")]
    query = select(
        *keys,
        func.sum(_where(rows.c.quarter == rows.c.last_quarter, rows.c.new + rows.c.continuing)).label(
            "caseload"
        ),
        func.sum(rows.c.new + _where(rows.c.quarter == rows.c.first_quarter, rows.c.continuing)).label(
            "served"
        ),
    ).group_by(*keys)
    if "group" not in by:
        query = query.where((rows.c.has_all == 0) | (rows.c.group == "all"))
    return _frame(readable, query)


def flows_by_program(readable: Readable) -> pd.DataFrame:
    """Households that came and left. Columns: ``program_id, year, new, exits, basis``.

    ``exits`` is NaN where a program gave none: nobody said how many left.
    Where a program gives group ``all`` beside the groups, the sum takes that alone.
    """
    rows = _quarters()
    keys = [rows.c.program_id, rows.c.year, rows.c.basis]
    left = func.sum(cast(rows.c.exits, Double))
    query = select(*keys, func.sum(rows.c.new).label("new"), left.label("exits"))
    query = query.where((rows.c.has_all == 0) | (rows.c.group == "all")).group_by(*keys)
    return _frame(readable, query)


def caseloads(readable: Readable) -> pd.DataFrame:
    """Households of known ZIP codes in each quarter. Columns: ``program_id, quarter, caseload, basis``.

    Where a program gives group ``all`` beside the groups of a ZIP, the sum takes that alone.
    """
    rows = _quarters()
    keys = [rows.c.program_id, rows.c.quarter, rows.c.basis]
    query = select(
        rows.c.program_id,
        rows.c.quarter,
        func.sum(rows.c.new + rows.c.continuing).label("caseload"),
        rows.c.basis,
    )
    return _frame(readable, query.where((rows.c.has_all == 0) | (rows.c.group == "all")).group_by(*keys))


def reported_quarters(readable: Readable, table: Literal["capacity", "enrollment"]) -> pd.DataFrame:
    """Which source reports which quarter of which program. Columns: ``program_id, quarter, source_id``."""
    rows = {"capacity": capacity, "enrollment": enrollment}[table].c
    return _frame(readable, select(rows.program_id, rows.quarter, rows.source_id).distinct())


def _with_basis(table: Table) -> Select[Any]:
    columns = [column for column in table.columns if column.name != "source_id"]
    return select(*columns, source.c.basis).join(source, source.c.id == table.c.source_id)


def _where(test: ColumnElement[bool], value: ColumnElement[int]) -> ColumnElement[int]:
    return case((test, value), else_=0)


def _quarters() -> Subquery:
    """Every row of enrollment with its year, the quarters that open and close it, and its basis."""
    table = enrollment.c
    year = cast(func.substr(table.quarter, 1, 4), Integer)
    cell = [table.program_id, table.zip, table.group, year]
    has_all = func.max(case((table.group == "all", 1), else_=0))
    return (
        select(
            table.program_id,
            table.zip,
            table.group,
            year.label("year"),
            table.quarter,
            table.new,
            table.continuing,
            table.exits,
            source.c.basis,
            func.max(table.quarter).over(partition_by=[table.program_id, year]).label("last_quarter"),
            func.min(table.quarter).over(partition_by=cell).label("first_quarter"),
            has_all.over(partition_by=[table.program_id, table.zip, table.quarter]).label("has_all"),
        )
        .join(source, source.c.id == table.source_id)
        .subquery()
    )


def _frame(readable: Readable, query: Select[Any]) -> pd.DataFrame:
    with connected(readable) as connection:
        return read_frame(connection, query)
