"""A table against its declaration: pandera does the checking, and its failures become findings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from equity.intake.findings import Finding, quoted
from equity.intake.schemas.column import Column, Schema
from equity.intake.schemas.rules import Rule, rules_of
from equity.intake.sheet import ROW, Table

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

#: Row labels of a frame that failed, with what is said of each.
Failures = list[tuple[Any, Finding]]


@cache
def pandera_schema(schema: Schema) -> DataFrameSchema:
    """The declaration as a schema of pandera, for a frame of text cells.

    A column that no cell may be empty in must be there; others may be absent, and more may be.
    """
    import pandera.pandas as pa  # slow to load

    columns = {
        column.name: pa.Column(
            "str",
            [
                pa.Check(_asked(column, rule), error=rule.key, name=rule.key, ignore_na=False)
                for rule in rules_of(column)
            ],
            required=column.needed == "always",
            title=column.title,
            description=column.description,
        )
        for column in schema.columns
    }
    return pa.DataFrameSchema(columns, name=schema.kind, title=schema.title)


def failures(table: Table, schema: Schema) -> Failures:
    """Check the cells of a table; every cell that fails is told of once, under its own heading.

    The labels are those of ``table.frame``; a column that is not there has the label ``None``.
    """
    from pandera.errors import SchemaErrors  # slow to load

    try:
        pandera_schema(schema).validate(table.frame, lazy=True)
    except SchemaErrors as error:
        return _told(error.failure_cases, table, schema)
    return []


def _asked(column: Column, rule: Rule) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    def check(texts: pd.Series[str]) -> pd.Series[bool]:
        cells = texts.tolist()
        # most cells of a column repeat one another
        right = {text: (not text and rule.key != "filled") or rule.holds(column, text) for text in set(cells)}
        return pd.Series([right[text] for text in cells], index=texts.index, dtype=bool)

    return check


def _told(cases: pd.DataFrame, table: Table, schema: Schema) -> Failures:
    told: Failures = []
    seen: set[tuple[str, Any]] = set()
    for case in cases.to_dict("records"):
        if case["check"] == "column_in_dataframe":
            told.append((None, _absent(table, schema.column(str(case["failure_case"])))))
            continue
        cell = (str(case["column"]), case["index"])
        if cell not in seen:
            seen.add(cell)
            told.append((case["index"], _failed(case, table, schema)))
    return sorted(told, key=lambda pair: pair[1].row)


def _absent(table: Table, column: Column) -> Finding:
    return Finding(
        "error",
        "a column is not there",
        f"a column {quoted(column.title)}",
        f"Add it: {column.write}",
        table.sheet,
        table.header_row,
        column.title,
    )


def _failed(case: dict[Any, Any], table: Table, schema: Schema) -> Finding:
    column = schema.column(case["column"])
    rule = next(rule for rule in rules_of(column) if rule.key == case["check"])
    text = str(table.frame.at[case["index"], column.name])
    return Finding(
        "error",
        quoted(text) if text else "an empty cell",
        rule.expected(column),
        rule.mend(column),
        table.sheet,
        int(str(table.frame.at[case["index"], ROW])),
        table.headings.get(column.name, column.title),
    )
