"""A Spark cluster to count on, where a file outgrows one machine. PySpark is wanted only here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def spark(master: str, **settings: str) -> Iterator[SparkSession]:
    """A session on the cluster that ``master`` names, as ``spark://host:7077``; ended with the block.

    ``local-cluster[2,1,1024]`` starts two workers on this machine, each with a core and 1,024 MB.
    ``settings`` are Spark's own, with ``__`` for a dot: ``spark__executor__memory="4g"``. What workers hand
    each other lies in a folder that is removed at the end; sums by code, never a line.
    """
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory(prefix="equity-spark-") as folder:
        builder = SparkSession.builder.master(master).appName("equity records")
        chosen = {
            "spark.ui.enabled": "false",
            "spark.eventLog.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            "spark.local.dir": folder,
            **{name.replace("__", "."): value for name, value in settings.items()},
        }
        for name, value in chosen.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()
