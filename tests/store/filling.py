"""Rows for every table a database has, made from what it says of its columns and rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
)

#: Texts that a rule asks for in a shape.
_SHAPED = {"quarter": ("2022Q3", "2022Q4")}
Rows = dict[str, list[dict[str, Any]]]


def reflected(connection: Connection) -> MetaData:
    """The tables as they are now, but for Alembic's own."""
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def fill(connection: Connection, tables: Iterable[str] | None = None) -> None:
    """Put two rows with a value in every column into each table, or into those named."""
    found = reflected(connection)
    for table in found.sorted_tables:
        if tables is None or table.name in tables:
            rows = [
                {column.name: _value(table, column, number) for column in table.columns} for number in (0, 1)
            ]
            connection.execute(insert(table), rows)


def contents(connection: Connection) -> Rows:
    """Every row of every table, in an order of their own."""
    return {
        table.name: sorted((dict(row._mapping) for row in connection.execute(select(table))), key=repr)
        for table in reflected(connection).sorted_tables
    }


def _value(table: Table, column: Column[Any], number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return _value(key.column.table, key.column, number)
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Integer):
        return number + 1
    if isinstance(column.type, Float):
        return 0.25 + number % 4 / 8
    if isinstance(column.type, LargeBinary):
        return bytes((0, number, 255))
    if column.name in _SHAPED:
        return _SHAPED[column.name][number % 2]
    allowed = _allowed(table, column.name)
    return allowed[number % len(allowed)] if allowed else f"{table.name} {column.name} {number} größer"


def _allowed(table: Table, column: str) -> list[str]:
    """The codes that a rule of the form ``column IN (...)`` allows; PostgreSQL writes it as ``ANY``."""
    for rule in table.constraints:
        text = str(rule.sqltext) if isinstance(rule, CheckConstraint) else ""
        if re.match(rf'\(*"?{column}"?\)* (IN|=) ', text) and "'" in text:
            return [code for code in re.findall(r"'([^']*)'", text) if code]
    return []
