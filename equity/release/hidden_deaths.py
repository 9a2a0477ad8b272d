"""Deaths of ZIP codes that a release hides beside others: models of places must not give them back.

A count hidden for being small stays in its range (`small_areas.py`, `patterns.py`). One that is hidden to
protect another can be of any size: a smoothed rate made from it would tell it, and with it the other. So the
model never sees it; it predicts the place from those around it, and maps of clusters take that prediction.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.release.disclose import BESIDE
from equity.release.vital import PER

CELL: Final = ["area", "first_year", "last_year"]
DEATHS: Final = "infant_deaths"


def hidden_beside(figures: pd.DataFrame) -> pd.MultiIndex:
    """ZIP and block of each such count among disclosed figures."""
    rows = figures["measure"].eq(DEATHS) & figures["area_kind"].eq("zip") & figures["group"].eq("all")
    found = figures[rows & figures["status"].eq("suppressed") & figures["reason"].eq(BESIDE)]
    return pd.MultiIndex.from_frame(found[CELL].astype({"area": str}))


def unseen(cells: pd.DataFrame, beside: pd.MultiIndex) -> pd.DataFrame:
    """Cells of ZIP codes (`zip_cells`) without the deaths, of any group, that are hidden beside others."""
    table = cells.copy()
    hit = pd.MultiIndex.from_frame(cells[CELL]).isin(beside)
    table.loc[hit, [name for name in map(str, cells) if name.startswith("deaths")]] = float("nan")
    return table


def stand_in(counts: pd.DataFrame, beside: pd.MultiIndex, smoothed: pd.DataFrame) -> pd.DataFrame:
    """Counts of ZIP codes with the number to expect in place of deaths that are hidden beside others.

    ``counts``: block totals by group (long), of which only those of all are kept for deaths; ``smoothed``:
    the figures of the smoothed rate per 1,000. Where there is none, the deaths are unknown.
    """
    rates = smoothed.set_index([smoothed["area"].astype(str), "first_year", "last_year"])["value"] / PER
    keys = pd.MultiIndex.from_frame(counts[CELL].astype({"area": str}))
    of_all = counts["group"].eq("all")
    births = counts[of_all & counts["event"].eq("births")].set_index(CELL)["count"]
    hit = counts["event"].eq(DEATHS).to_numpy() & keys.isin(beside)
    expected = (rates.reindex(keys) * births.reindex(keys)).round().to_numpy()
    filled = counts.assign(count=counts["count"].astype(float).mask(hit, expected))
    return filled[~hit | (of_all & filled["count"].notna())]
