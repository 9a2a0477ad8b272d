"""Short ways to write tables of figures in tests."""

from __future__ import annotations

from typing import Any

import pandas as pd

from equity.release.tables import as_figures

DEFAULTS: dict[str, Any] = {
    "measure": "infant_mortality",
    "area_kind": "county",
    "area": "29510",
    "group": "all",
    "first_year": 2017,
    "last_year": 2023,
    "basis": "demonstration",
    "status": "",
}


def cells(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of figures from partial rows; what a row leaves out is as in ``DEFAULTS``."""
    return as_figures(pd.DataFrame([DEFAULTS | row for row in rows]))


def rate(deaths: float, births: float, **more: Any) -> dict[str, Any]:
    """A rate per 1,000 with its exact interval."""
    from equity.measures.rates import rate_interval

    found = rate_interval([deaths], [births])
    numbers = {"value": found.rate[0], "low": found.low[0], "high": found.high[0]}
    return {"numerator": deaths, "denominator": births, **numbers, **more}
