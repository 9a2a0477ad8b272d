"""A store small enough to check by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Engine

from equity.store.engine import writing
from equity.store.write import replace_source

VITAL_COLUMNS = [
    "area_kind", "area", "first_year", "last_year", "group", "scheme",
    "event", "stratum", "count", "death_basis",
]  # fmt: skip


def source_row(id: str = "demo", basis: str = "demonstration") -> dict[str, Any]:
    return {"id": id, "kind": "test", "publisher": "Nobody", "title": "A test", "basis": basis}


def vital(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of (area_kind, area, first_year, last_year, group, event, stratum, count)."""
    full = [
        (kind, area, first, last, group, "" if group == "all" else "nchs_single_nh", event, stratum, count,
         "period" if "death" in event else "")
        for kind, area, first, last, group, event, stratum, count in rows
    ]  # fmt: skip
    return pd.DataFrame(full, columns=VITAL_COLUMNS)


def service() -> dict[str, pd.DataFrame]:
    """One agency, two programs; P2 reports group 'all' beside one of its parts."""
    enrolled = [
        ("P1", "63106", "black", "2022Q1", 3, 10, 1),
        ("P1", "63106", "black", "2022Q2", 4, 11, 2),
        ("P1", "63106", "black", "2022Q3", 1, 12, 3),
        ("P1", "63107", "white", "2022Q2", 2, 0, 0),
        ("P1", "63106", "black", "2023Q1", 0, 9, None),
        ("P2", "63106", "black", "2022Q1", 1, 1, 0),
        ("P2", "63106", "all", "2022Q1", 5, 6, 0),
        ("P2", "63106", "all", "2022Q2", 0, 7, 0),
    ]
    return {
        "agency": pd.DataFrame(
            {"id": ["A1"], "name": ["Agency (demo)"], "county": ["29510"], "region": ["stl"],
             "latitude": [38.6], "longitude": [-90.2]}
        ),
        "program": pd.DataFrame(
            {"id": ["P1", "P2"], "agency_id": ["A1", "A1"], "name": ["One", "Two"],
             "model": ["Parents as Teachers", "Nurse-Family Partnership"], "cost_per_slot": [3500.0, None]}
        ),
        "service_area": pd.DataFrame({"program_id": ["P1", "P1", "P2"], "zip": ["63106", "63107", "63106"]}),
        "capacity": pd.DataFrame(
            {"program_id": ["P1", "P1"], "quarter": ["2022Q1", "2022Q2"], "slots": [20, 25],
             "home_visitor_fte": [1.5, None]}
        ),
        "enrollment": pd.DataFrame(
            enrolled, columns=["program_id", "zip", "group", "quarter", "new", "continuing", "exits"]
        ),
    }  # fmt: skip


def load(
    store: Engine, tables: dict[str, pd.DataFrame], id: str = "demo", basis: str = "demonstration"
) -> int:
    with writing(store) as connection:
        return replace_source(connection, source_row(id, basis), tables)
