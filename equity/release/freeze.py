"""Freeze a draft: turn it into bytes that never change, and name it by its content.

The id is the hash of what readers can see (figures, places, boundaries, targets, sources, policy), so
the same content always has the same id, on any machine and in any database.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from equity.release.figure import FIGURE_COLUMNS, KEY_COLUMNS

PARQUET: Final = "application/vnd.apache.parquet"
JSON: Final = "application/json+gzip"
#: The format of releases, part of each one's manifest and so of its id. Raise it by one when a page reads
#: what earlier releases do not hold, or reads it in another way: a table or column, a measure that a page
#: cannot do without, a key of the manifest. Earlier releases are then refused with a sentence, where pages
#: would fail or say something wrong.
FORMAT: Final = 1


@dataclass(frozen=True)
class Draft:
    """A release before it has a name.

    ``figures`` is the disclosed table; ``tables`` small tables by name (areas, parts, sources, targets,
    evidence); ``layers`` GeoJSON by area kind; ``manifest`` policy, vintages and counts, to which the
    format is added.
    """

    figures: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    layers: dict[str, dict[str, Any]]
    manifest: dict[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "manifest", {**self.manifest, "format": FORMAT})


def ordered(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures in their one order: by measure, place, group and period."""
    return figures[list(FIGURE_COLUMNS)].sort_values(list(KEY_COLUMNS), kind="stable", ignore_index=True)


def count_figures(figures: pd.DataFrame) -> dict[str, int]:
    """How many figures there are of each ``basis/status``."""
    kinds = zip(figures["basis"], figures["status"], strict=True)
    return dict(sorted(Counter(f"{basis}/{status}" for basis, status in kinds).items()))


def release_id(draft: Draft) -> str:
    """Sixteen hexadecimal digits that depend on the content alone."""
    digest = hashlib.sha256()
    digest.update(_canonical_csv(ordered(draft.figures)))
    for name in sorted(draft.tables):
        digest.update(name.encode() + _canonical_json(_rows(draft.tables[name])))
    digest.update(_canonical_json(draft.layers) + _canonical_json(draft.manifest))
    return digest.hexdigest()[:16]


def to_parts(draft: Draft) -> dict[str, tuple[str, bytes]]:
    """The named parts of a release as ``(content type, bytes)``."""
    buffer = io.BytesIO()
    ordered(draft.figures).to_parquet(buffer, index=False, compression="zstd")
    parts = {"figures": (PARQUET, buffer.getvalue())}
    for name, table in draft.tables.items():
        parts[f"table/{name}"] = (JSON, _packed(_rows(table)))
    for name, layer in draft.layers.items():
        parts[f"layer/{name}"] = (JSON, _packed(layer))
    return parts


def read_json(content: bytes) -> Any:
    """Read a packed JSON part back."""
    return json.loads(gzip.decompress(content))


def read_figures(content: bytes) -> pd.DataFrame:
    """Read the figures back, with texts as categories so that they stay small and quick to filter."""
    return as_read(pd.read_parquet(io.BytesIO(content)))


def as_read(table: pd.DataFrame) -> pd.DataFrame:
    """Figures as a release that was read has them."""
    texts = [c for c in FIGURE_COLUMNS if not pd.api.types.is_numeric_dtype(table[c])]
    return table.astype(dict.fromkeys(texts, "category"))


def _rows(table: pd.DataFrame) -> Any:
    """A table as rows of plain values; missing ones are ``None``."""
    return json.loads(table.to_json(orient="records", double_precision=12))


def _packed(value: Any) -> bytes:
    return gzip.compress(_canonical_json(value), mtime=0)


def _canonical_json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _canonical_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, float_format="%.10g", lineterminator="\n").encode()
