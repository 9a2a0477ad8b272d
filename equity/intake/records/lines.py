"""The lines of a file as a table of the wanted fields, on DuckDB in this process or on a Spark cluster.

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

from equity.intake.records.pack import DAMAGED, GZIP, ZIP, batches, magic, opened, schema
from equity.intake.records.wanted import Wanted
from equity.intake.report import IntakeError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Memory that DuckDB may take for its work; the file may be of any size.
MEMORY: Final = "512MB"
_TABLE: Final = "records"
_DAMAGED: Final = "is damaged or no text of lines: get the file again and try again."
_MANY: Final = f"cannot be counted in {MEMORY}: it has more places or codes than any file of its kind."

#: From a table of wanted fields to counts.
Expression = Callable[[ir.Table], ir.Table]


def run(
    path: Path,
    engine: Literal["duckdb"] | SparkSession,
    label: str,
    wanted: Wanted,
    expression: Expression,
) -> pd.DataFrame:
    """The expression's rows of the wanted fields of the file's lines.

    Raises :class:`IntakeError` where the file cannot be read to its end.
    """
    if engine == "duckdb":
        return _on_duckdb(path, label, wanted, expression)
    return _on_spark(path, engine, label, wanted, expression)


def _on_duckdb(path: Path, label: str, wanted: Wanted, expression: Expression) -> pd.DataFrame:
    import duckdb

    connection = ibis.duckdb.connect(memory_limit=MEMORY, temp_directory="", preserve_insertion_order=False)
    connection.raw_sql("SET enable_progress_bar = false")
    try:
        with opened(path, label) as file:
            reader = pa.RecordBatchReader.from_batches(schema(wanted), batches(file, wanted))
            connection.con.register(_TABLE, reader)
            return pd.DataFrame(connection.execute(expression(connection.table(_TABLE))))
    except duckdb.OutOfMemoryException:
        raise IntakeError(f"{label} {_MANY}") from None
    except (duckdb.Error, *DAMAGED):
        raise IntakeError(f"{label} {_DAMAGED}") from None
    finally:
        connection.disconnect()


def _on_spark(
    path: Path, session: SparkSession, label: str, wanted: Wanted, expression: Expression
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
        return pd.DataFrame(connection.execute(expression(wanted.cut(connection.table(_TABLE)))))
    except PySparkException:
        raise IntakeError(f"{label} {_DAMAGED}") from None
    finally:
        session.catalog.dropTempView(_TABLE)
