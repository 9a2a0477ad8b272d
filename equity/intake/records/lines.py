"""The lines of a file as a table with one column, on DuckDB in this process or on a Spark cluster.

Neither writes a line anywhere. DuckDB is denied a folder for what does not fit into its memory: it gets
the lines block by block, and sums by code stay small. What Spark hands from worker to worker are sums by
code. What an engine says of an error may quote what it stopped at; nothing of that is passed on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from equity.intake.records.layouts import Layout
from equity.intake.records.pack import DAMAGED, GZIP, SCHEMA, ZIP, batches, magic, opened, pack
from equity.intake.report import IntakeError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Memory that DuckDB may take for its work; the file may be of any size.
MEMORY: Final = "512MB"
_TABLE: Final = "records"
_DAMAGED: Final = "is damaged or no text of lines: get the file again and try again."
_MANY: Final = f"cannot be counted in {MEMORY}: it has more places or codes than any file of its kind."

#: From a table of lines that have the layout to counts.
Expression = Callable[[ir.Table, Layout], ir.Table]


def run(
    path: Path,
    engine: Literal["duckdb"] | SparkSession,
    label: str,
    layout: Layout,
    names: tuple[str, ...],
    expression: Expression,
) -> pd.DataFrame:
    """The expression's rows of the file's lines, of whose fields it looks at those with these names.

    Raises :class:`IntakeError` where the file cannot be read to its end.
    """
    if engine == "duckdb":
        return _on_duckdb(path, label, layout, names, expression)
    return _on_spark(path, engine, label, layout, expression)


def _on_duckdb(
    path: Path, label: str, layout: Layout, names: tuple[str, ...], expression: Expression
) -> pd.DataFrame:
    import duckdb

    packed = pack(layout, names)
    connection = ibis.duckdb.connect(memory_limit=MEMORY, temp_directory="", preserve_insertion_order=False)
    connection.raw_sql("SET enable_progress_bar = false")
    try:
        with opened(path, label) as file:
            reader = pa.RecordBatchReader.from_batches(SCHEMA, batches(file, layout, packed))
            connection.con.register(_TABLE, reader)
            return pd.DataFrame(connection.execute(expression(connection.table(_TABLE), packed)))
    except duckdb.OutOfMemoryException:
        raise IntakeError(f"{label} {_MANY}") from None
    except (duckdb.Error, *DAMAGED):
        raise IntakeError(f"{label} {_DAMAGED}") from None
    finally:
        connection.disconnect()


def _on_spark(
    path: Path, session: SparkSession, label: str, layout: Layout, expression: Expression
) -> pd.DataFrame:
    from pyspark.errors import PySparkException

    kind = magic(path)
    if kind == ZIP or (kind.startswith(GZIP) and path.suffix != ".gz"):
        raise IntakeError(f"{label} is compressed: for a cluster, use gzip and a name that ends in .gz.")
    connection = ibis.pyspark.connect(session)
    try:
        # One character for each byte, as positions count bytes.
        lines = session.read.text(path.resolve().as_uri()).selectExpr(
            "decode(cast(value AS binary), 'ISO-8859-1') AS line"
        )
        lines.createOrReplaceTempView(_TABLE)
        return pd.DataFrame(connection.execute(expression(connection.table(_TABLE), layout)))
    except PySparkException:
        raise IntakeError(f"{label} {_DAMAGED}") from None
    finally:
        session.catalog.dropTempView(_TABLE)
