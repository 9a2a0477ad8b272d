"""Small releases, published one after the other."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Engine

from equity.release.figure import FIGURE_COLUMNS
from equity.release.freeze import Draft
from equity.release.publish import publish_draft

#: Names that a spreadsheet program would take for formulas.
FORMULAS = {"63101": '=HYPERLINK("http://x","y")', "63102": "+1+1", "63103": "-2", "63104": "@SUM(A1)"}
_SQUARE = [[[-90.0, 38.0], [-89.9, 38.0], [-89.9, 38.1], [-90.0, 38.0]]]


def figure(
    area: str,
    rate: float | None,
    status: str = "shown",
    basis: str = "reported",
    year: int = 2023,
    **more: Any,
) -> dict[str, Any]:
    row = dict.fromkeys(FIGURE_COLUMNS, "") | {
        "measure": "infant_mortality", "area_kind": "zip", "area": area, "group": "all",
        "first_year": year, "last_year": year, "value": rate, "low": None, "high": None,
        "numerator": None, "denominator": None, "status": status, "basis": basis, "source": "test",
    }  # fmt: skip
    return row | more


def draft(rate: float) -> Draft:
    """Four ZIP codes with names of formulas, of which the last is hidden, and one without a shape."""
    rows = [figure(area, rate + number) for number, area in enumerate(list(FORMULAS)[:3])]
    rows += [
        figure("63104", None, "suppressed", reason="small_count"),
        figure("stl", rate, area_kind="region", basis="demonstration"),
    ]
    figures = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))
    numbers = ["value", "low", "high", "numerator", "denominator"]
    figures[numbers] = figures[numbers].astype(float)
    areas = [("zip", area, name, "stl") for area, name in FORMULAS.items()] + [("region", "stl", "All", None)]
    sources = [("test", "reported", "=Publisher", "<b>T</b>", "2023", "", "", "")]
    shapes = [
        {"type": "Feature", "id": area, "properties": {"geoid": area, "name": name},
         "geometry": {"type": "Polygon", "coordinates": _SQUARE}}
        for area, name in FORMULAS.items() if area != "63103"
    ]  # fmt: skip
    tables = {
        "areas": pd.DataFrame(areas, columns=["kind", "geoid", "name", "region"]),
        "sources": pd.DataFrame(
            sources, columns=["id", "basis", "publisher", "title", "vintage", "url", "licence", "note"]
        ),
    }
    return Draft(
        figures, tables, {"zip": {"type": "FeatureCollection", "features": shapes}}, {"policy": "public"}
    )


def publish(store: Engine, rate: float) -> str:
    """Publish a small release; return its id."""
    return publish_draft(store, draft(rate), "public").id
