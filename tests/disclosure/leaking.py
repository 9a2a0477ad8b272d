"""Small releases that leak on purpose, each through one kind of relation; and one that does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from equity.release.tables import as_figures

BLOCK = (2017, 2023)
AREAS = pd.DataFrame(
    [("county", "29001", "r"), ("county", "29002", "r"), ("county", "29003", "r"), ("region", "r", "r"),
     ("zip", "63001", "r"), ("zip", "63002", "r"), ("zip", "63003", "r"), ("zip_group", "g", "r")],
    columns=["kind", "geoid", "region"],
)  # fmt: skip
PARTS = pd.DataFrame(
    [("region", "r", "county", "29001", 1.0), ("region", "r", "county", "29002", 1.0),
     ("region", "r", "county", "29003", 1.0), ("zip_group", "g", "zip", "63001", 1.0),
     ("zip_group", "g", "zip", "63002", 1.0), ("zip_group", "g", "zip", "63003", 1.0),
     ("zip", "63001", "county", "29001", 1.0), ("zip", "63002", "county", "29001", 0.5),
     ("zip", "63002", "county", "29002", 0.5), ("zip", "63003", "county", "29003", 1.0)],
    columns=["whole_kind", "whole", "part_kind", "part", "weight"],
)  # fmt: skip


@dataclass
class Content:
    """What an attacker reads."""

    figures: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=lambda: {"areas": AREAS, "parts": PARTS})
    manifest: dict[str, Any] = field(
        default_factory=lambda: {"blocks": [[2010, 2016], [2017, 2023]], "rules": {"hidden_counts": [1, 9]}}
    )


def row(measure: str, kind: str, area: str, count: float | None, **more: Any) -> dict[str, Any]:
    """A figure: shown with its count, or hidden (``count`` is ``None``) for being small."""
    first, last = more.pop("years", BLOCK)
    shown = count is not None
    return {
        "measure": measure, "area_kind": kind, "area": area, "group": more.pop("group", "all"),
        "first_year": first, "last_year": last, "value": count, "numerator": count,
        "status": "shown" if shown else "suppressed", "reason": "" if shown else "small_count",
        "basis": "demonstration", **more,
    }  # fmt: skip


def content(*rows: dict[str, Any], **tables: pd.DataFrame) -> Content:
    """A release of these figures."""
    made = Content(as_figures(pd.DataFrame(rows)))
    made.tables |= tables
    return made
