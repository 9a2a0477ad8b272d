"""A record-level file read by ``pandas.read_fwf``, only the fields that are counted, and summed in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

#: Fields of a linked file of 2014 or 2015, as ``read_fwf`` wants them: from 0, the last one outside.
FIELDS: Final = {
    "year": (8, 12),
    "resident": (103, 104),
    "bridged": (109, 110),
    "origin": (114, 115),
    "weeks": (498, 500),
    "grams": (511, 515),
    "died": (1345, 1346),
    "age": (1355, 1358),
}


def count(path: Path) -> dict[str, dict[str, int]]:
    """Counts of residents by group and event."""
    records = pd.read_fwf(path, colspecs=list(FIELDS.values()), names=list(FIELDS), header=None, dtype="str")
    records = records[records["resident"].ne("4")]
    group = records["bridged"].map({"1": "white", "2": "black"}).fillna("other")
    group = group.mask(records["origin"].isin(list("12345")), "hispanic").mask(
        records["origin"].eq("9"), "unknown"
    )
    weeks, grams = records["weeks"].astype(int), records["grams"].astype(int)
    died, early = records["died"].eq("1"), pd.to_numeric(records["age"]).lt(28)
    events = pd.DataFrame(
        {
            "births": True,
            "preterm": weeks.lt(37),
            "low_birthweight": grams.lt(2500),
            "very_low_birthweight": grams.lt(1500),
            "infant_deaths": died,
            "neonatal": died & early,
            "postneonatal": died & ~early,
        }
    )
    sums = events.groupby(group).sum()
    return {str(name): {str(key): int(n) for key, n in row.items()} for name, row in sums.iterrows()}
