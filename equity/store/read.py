"""What the release builder asks of the store: whole tables here, sums in ``vital`` and ``service``.

Every function takes an engine, or a connection where several answers must be of the same moment
(``with reading(engine) as connection``), and returns a frame with the named columns, in an order that
is the same on every database.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, Table, select

from equity.store import schema
from equity.store.engine import Readable, connected
from equity.store.frames import read_frame
from equity.store.service import capacity_by_quarter, enrollment_by, programs, service_areas
from equity.store.vital import BLOCKS, Block, vital_strata, vital_totals

__all__ = [
    "BLOCKS",
    "Block",
    "area_parts",
    "areas",
    "capacity_by_quarter",
    "context_rows",
    "enrollment_by",
    "program_evidence",
    "programs",
    "published",
    "service_areas",
    "sources",
    "targets",
    "vital_strata",
    "vital_totals",
]


def published(readable: Readable) -> pd.DataFrame:
    """Figures as others printed them: the columns of ``published_estimate`` and ``basis``."""
    return _frame(readable, _with_basis(schema.published_estimate))


def context_rows(readable: Readable) -> pd.DataFrame:
    """Poverty, insurance and their like: the columns of ``context`` and ``basis``."""
    return _frame(readable, _with_basis(schema.context))


def program_evidence(readable: Readable) -> pd.DataFrame:
    """Costs and comparison programs: the columns of ``program_evidence`` and ``basis``."""
    return _frame(readable, _with_basis(schema.program_evidence))


def targets(readable: Readable) -> pd.DataFrame:
    """What the initiatives want to reach, by when: the columns of ``target`` and ``basis``."""
    return _frame(readable, _with_basis(schema.target))


def areas(readable: Readable) -> pd.DataFrame:
    """Places by kind and geoid: the columns of ``area``."""
    return _frame(readable, select(schema.area))


def area_parts(readable: Readable, vintage: str | None = None) -> pd.DataFrame:
    """Which part lies in which whole with what weight, of one vintage or all: columns of ``area_part``."""
    query = select(schema.area_part)
    return _frame(readable, query if vintage is None else query.where(schema.area_part.c.vintage == vintage))


def sources(readable: Readable) -> pd.DataFrame:
    """Where everything comes from: the columns of ``source``."""
    return _frame(readable, select(schema.source))


def _with_basis(table: Table) -> Select[Any]:
    return select(table, schema.source.c.basis).join(schema.source, schema.source.c.id == table.c.source_id)


def _frame(readable: Readable, query: Select[Any]) -> pd.DataFrame:
    with connected(readable) as connection:
        return read_frame(connection, query)
