"""Between data frames and rows: types checked on the way in, one kind of missing (NULL) in the database."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import pandas as pd
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Connection,
    Double,
    Insert,
    Integer,
    Select,
    Table,
    func,
    insert,
    literal,
    select,
)

from equity.store.errors import StoreError

#: Rows sent to the database in one call.
CHUNK: Final = 5_000
_TRUE: Final = {"true", "yes", "1", "1.0"}
_FALSE: Final = {"false", "no", "0", "0.0"}


def insert_frame(connection: Connection, table: Table, frame: pd.DataFrame, subject: str) -> int:
    """Insert a frame into a table, as :func:`frame_rows` reads it; return the number of rows."""
    rows = frame_rows(table, frame, subject)
    while chunk := list(islice(rows, CHUNK)):
        if connection.dialect.name == "postgresql":
            connection.execute(_insert_arrays(table, chunk))
        else:
            connection.execute(insert(table), chunk)
    return len(frame)


def _insert_arrays(table: Table, rows: list[dict[str, Any]]) -> Insert:
    """One statement with an array for each column: PostgreSQL takes it ten times faster than rows."""
    columns = [table.c[name] for name in rows[0]]
    arrays = [literal([row[column.name] for row in rows], ARRAY(column.type)) for column in columns]
    unnested = func.unnest(*arrays).table_valued(*(column.name for column in columns)).render_derived()
    return insert(table).from_select(columns, select(unnested))


def frame_rows(table: Table, frame: pd.DataFrame, subject: str) -> Iterator[dict[str, Any]]:
    """Read the rows of a frame whose columns are (some of) the table's.

    ``subject`` names the frame in the sentence of the :class:`StoreError` that is raised for an
    unknown or missing column, text where a number belongs, or a number where text belongs.
    """
    subject = f"{subject}, table {table.name}"
    unknown = sorted(set(frame.columns) - set(table.columns.keys()))
    if unknown:
        raise StoreError(f"{subject}: unknown column {', '.join(unknown)}; remove or rename.")
    columns = [column for column in table.columns if column.name in frame.columns or not _may_lack(column)]
    values = {column.name: _values(column, frame, subject) for column in columns}
    return (dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))


def read_frame(connection: Connection, query: Select[Any]) -> pd.DataFrame:
    """Run a query and return its rows in an order that does not depend on the database.

    Types follow the columns, not the rows that happen to be there: text is ``str`` (missing is NaN),
    numbers are ``float64`` or ``int64``, whole numbers and truths that may be NULL ``Int64``, ``boolean``.
    """
    names = [column.name for column in query.selected_columns]
    rows = connection.execute(query).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=names, dtype=object)
    frame = frame.astype({column.name: _dtype(column) for column in query.selected_columns})
    return frame.sort_values(names, kind="stable", ignore_index=True)


def _dtype(column: Any) -> str:
    if isinstance(column.type, Boolean):
        return "boolean"
    if isinstance(column.type, Integer):
        return "Int64" if isinstance(column, Column) and column.nullable else "int64"
    return "float64" if isinstance(column.type, Double) else "str"


def _may_lack(column: Column[Any]) -> bool:
    return bool(column.nullable or column.server_default is not None or column.autoincrement is True)


def _values(column: Column[Any], frame: pd.DataFrame, subject: str) -> list[Any]:
    if column.name not in frame.columns:
        raise StoreError(f"{subject}: column {column.name} is missing; add it.")
    series = frame[column.name]
    values: list[Any]
    if isinstance(column.type, Boolean):
        values = [_boolean(value, column, subject) for value in _plain(series)]
    elif isinstance(column.type, Integer | Double):
        values = list(_numbers(series, column, subject))
    else:
        values = [_string(value, column, subject) for value in _plain(series)]
    if column.nullable:
        return values
    if column.server_default is not None:
        return ["" if value is None else value for value in values]
    if None in values:
        raise StoreError(
            f"{subject}: column {column.name} is empty in row {values.index(None) + 1}; fill it."
        )
    return values


def _plain(series: pd.Series[Any]) -> Iterator[Any]:
    """Python values, with None for every kind of missing and for empty text."""
    for value, missing in zip(series.astype(object), series.isna(), strict=True):
        yield None if missing or value == "" else value


def _numbers(series: pd.Series[Any], column: Column[Any], subject: str) -> Iterator[float | int | None]:
    whole = isinstance(column.type, Integer)
    for row, value in enumerate(_plain(series), start=1):
        if value is None:
            yield None
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.inf
        if math.isinf(number) or (whole and number != int(number)):
            kind = "a whole number" if whole else "a number"
            raise StoreError(f"{subject}: column {column.name}, row {row}: {value!r} is not {kind}.")
        yield int(number) if whole else number


def _string(value: Any, column: Column[Any], subject: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise StoreError(
        f"{subject}: column {column.name} holds {value!r}, which is not text: "
        "read codes such as ZIP and FIPS as text, or their leading zeros are lost."
    )


def _boolean(value: Any, column: Column[Any], subject: str) -> bool | None:
    if value is None:
        return None
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise StoreError(f"{subject}: column {column.name} holds {value!r}; write true or false.")
