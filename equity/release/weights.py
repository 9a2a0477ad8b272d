"""Births and deaths by birthweight, from the store: what the splits of a gap are made from.

Births and deaths of unknown weight are spread over the known classes in proportion, in whole numbers: the
classes then add up to the published total, and their difference from it gives no small count away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equity.measures.apportion import largest_remainder
from equity.release.figure import VISIBLE
from equity.store.engine import Readable
from equity.store.vital import vital_strata

#: Classes of birthweight in grams, lightest first.
WEIGHTS: Final = ("<500", "500-1499", "1500-2499", "2500+")
GROUPS: Final = ("black", "white")
PARTS: Final = ("births", "fetal_deaths", "neonatal", "postneonatal")
KEY: Final = ["area_kind", "area", "first_year", "last_year", "group", "part"]

Array = NDArray[np.float64]
Period = tuple[int, int]
#: Kind and code of a place.
Place = tuple[str, str]


class Family(NamedTuple):
    """A region, and those of its counties whose own rates by race are visible in the period.

    ``whole`` is true where these are all its counties. Splits of counties are published for all of them
    or for none: one county left out could be worked out from the region less the others.
    """

    region: Place
    counties: tuple[Place, ...]
    whole: bool
    period: Period


def weight_counts(
    store: Readable, members: pd.DataFrame, basis: str, blocks: Sequence[Period]
) -> pd.DataFrame:
    """Counts by ``KEY`` (index) and weight class (columns) for counties and regions, Black and white.

    ``part`` is births, fetal_deaths, neonatal or postneonatal; ``members`` has ``area`` and ``whole``.
    """
    rows = vital_strata(store, "county", blocks=blocks, basis=basis)
    rows = rows[rows["stratum"].str.contains("weight=") & rows["group"].isin(GROUPS)]
    keys = rows["stratum"].str.extract(r"(?:age=(?P<age>[^;]+);)?weight=(?P<weight>.+)")
    rows = rows.assign(
        area_kind="county", part=keys["age"].where(keys["age"].notna(), rows["event"]), weight=keys["weight"]
    )
    wide = rows.pivot_table(index=KEY, columns="weight", values="count", aggfunc="sum", fill_value=0)
    counties = _spread(wide.reindex(columns=[*WEIGHTS, "unknown"], fill_value=0))
    to_region = counties.reset_index().merge(members[["area", "whole"]], on="area")
    to_region = to_region.assign(area_kind="region", area=to_region["whole"])
    regions = to_region.groupby(KEY)[list(WEIGHTS)].sum()
    return pd.concat([counties, regions]).sort_index()


def _spread(counts: pd.DataFrame) -> pd.DataFrame:
    """Give unknown weights to the known classes in proportion, in whole numbers."""
    known = counts[list(WEIGHTS)].to_numpy(float)
    rows = np.repeat(np.arange(len(known)), len(WEIGHTS))
    unknown = np.repeat(counts["unknown"].to_numpy(float), len(WEIGHTS))
    added = largest_remainder(unknown, known.ravel(), rows).reshape(known.shape)
    return pd.DataFrame(known + added, index=counts.index, columns=list(WEIGHTS))


def by_weight(counts: pd.DataFrame, place: Place, period: Period, group: str, part: str) -> Array:
    """One row of `weight_counts` as numbers, zeros where it has none."""
    row = pd.MultiIndex.from_tuples([(*place, *period, group, part)], names=KEY)
    return np.asarray(counts.reindex(row, fill_value=0.0).to_numpy(float)[0])


def families(figures: pd.DataFrame, members: pd.DataFrame, blocks: Sequence[Period]) -> list[Family]:
    """Every region and block in which Black and white infant mortality are visible, with its counties.

    ``figures`` are disclosed. Nothing finer is said of a place whose own rate is hidden or withheld.
    """
    rates = figures[figures["measure"].eq("infant_mortality") & figures["status"].isin(VISIBLE)]
    seen = {
        row[:5]
        for row in zip(
            *(rates[name] for name in ("area_kind", "area", "group", "first_year", "last_year")), strict=True
        )
    }
    found = []
    for region, rows in members.groupby("whole"):
        for block in blocks:
            places = [("region", str(region)), *(("county", str(county)) for county in rows["area"])]
            visible = [p for p in places if all((*p, group, *block) in seen for group in GROUPS)]
            if ("region", str(region)) in visible:
                counties = tuple(visible[1:])
                whole = len(counties) == len(rows)
                found.append(Family(("region", str(region)), counties, whole, (block[0], block[1])))
    return found
