"""Small helpers that shape tables of figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from equity.release.figure import FIGURE_COLUMNS, NUMBER_COLUMNS


def as_figures(table: pd.DataFrame, **constants: Any) -> pd.DataFrame:
    """Give ``table`` all columns of a figure: constants as given, numbers NaN, texts empty."""
    out = table.assign(**constants)
    for column in FIGURE_COLUMNS:
        if column not in out:
            out[column] = np.nan if column in NUMBER_COLUMNS else ""
    out = out[list(FIGURE_COLUMNS)].reset_index(drop=True)
    texts = [name for name in FIGURE_COLUMNS if name not in (*NUMBER_COLUMNS, "first_year", "last_year")]
    out[texts] = out[texts].fillna("")
    out[list(NUMBER_COLUMNS)] = out[list(NUMBER_COLUMNS)].astype(float)
    return out


def empty_figures() -> pd.DataFrame:
    """A table of figures without rows."""
    return as_figures(pd.DataFrame({"first_year": pd.Series(dtype=int), "last_year": pd.Series(dtype=int)}))


def first_rule(rules: Sequence[tuple[Any, str, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Status and reason of every row, by the first of ``(where, status, reason)`` that fits; else shown."""
    where = [np.asarray(rule[0], dtype=bool) for rule in rules]
    status = np.select(where, [rule[1] for rule in rules], default="shown")
    return status, np.select(where, [rule[2] for rule in rules], default="")


def join_sources(values: pd.Series) -> str:
    """Source ids of several rows as one text, each once, sorted, joined by ``;``."""
    return ";".join(sorted({part for value in values.dropna() for part in str(value).split(";") if part}))
