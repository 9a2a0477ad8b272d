"""Clusters of infant deaths: ZIP codes where, with those around, more babies die than chance explains.

Kulldorff's circular scan, whose p-value counts every circle tried, once for each block; the blocks share
the level between them. A cluster below ten deaths is never named, and the Bootheel is not scanned: its six
counties are too few and their deaths too rare for a map of chance to look any different.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
from geopandas import GeoDataFrame

from equity.measures.clusters import scan
from equity.release.hidden_deaths import CELL
from equity.release.policy import Policy
from equity.release.small_areas import SmallAreas, zip_cells
from equity.release.tables import as_figures, empty_figures, first_rule

CLUSTER: Final = "infant_mortality_cluster"
METHOD: Final = "circular scan"
#: Regions with enough places and deaths to be scanned.
SCANNED: Final = ("stl",)
#: Largest share of births in one circle; more would call half a region a cluster.
LARGEST_SHARE: Final = 0.25
#: Chance of naming any cluster where there is none, over all blocks together.
LEVEL: Final = 0.05
SIMULATIONS: Final = 999
SEED: Final = 20172023
#: Coordinates in metres (UTM zone 15 north, Missouri).
METRES: Final = 26915


def clusters(counts: pd.DataFrame, zips: GeoDataFrame, policy: Policy, basis: str, source: str) -> SmallAreas:
    """Whether each ZIP lies in a cluster (1) or in none that was found (0), by block.

    ``counts`` are block totals of ZIPs (long), ``zips`` their layer.
    """
    if counts.empty:
        return SmallAreas(empty_figures(), {})
    cells = zip_cells(counts, zips, policy)
    points = zips.to_crs(METRES).representative_point()
    cells["x"], cells["y"] = points.x.to_numpy()[cells["place"]], points.y.to_numpy()[cells["place"]]
    cells["value"] = 0.0
    scans = [
        rows
        for (region, _), rows in cells.groupby(["region", "first_year"])
        if region in SCANNED and _can_scan(rows)
    ]
    found = [members for rows in scans for members in _named(rows, LEVEL / len(scans))]
    for members in found:
        cells.loc[members, "value"] = 1.0
    manifest = {
        "method": METHOD,
        "regions": list(SCANNED),
        "largest_share_of_births": LARGEST_SHARE,
        "simulations": SIMULATIONS,
        "level": LEVEL,
        "named": len(found),
    }
    return SmallAreas(as_figures(_judged(cells, policy), basis=basis, source=source), {CLUSTER: manifest})


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["births"].gt(0) & rows["deaths"].notna()]


def _can_scan(rows: pd.DataFrame) -> bool:
    """True where there are deaths to look at, and circles small enough to hold them."""
    known = _known(rows)
    return bool(known["deaths"].sum() > 0 and known["births"].min() <= LARGEST_SHARE * known["births"].sum())


def _named(rows: pd.DataFrame, level: float) -> list[pd.Index]:
    """The rows of each cluster of a region and block that may be named."""
    known = _known(rows)
    scanned = scan(known["deaths"], known["births"], known[["x", "y"]], LARGEST_SHARE, SIMULATIONS, SEED)
    sure = [cluster for cluster in scanned.clusters if cluster.p <= level and cluster.reportable]
    return [known.index[cluster.members] for cluster in sure]


def _judged(cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    births = cells["births"]
    rules = [
        (~cells["region"].isin(SCANNED), "not_applicable", "not_scanned"),
        (births.isna() | cells["deaths"].isna(), "missing", "not_reported"),
        (births.between(policy.hide_from, policy.hide_to), "suppressed", "small_count"),
        (births.eq(0), "not_applicable", "no_births"),
    ]
    status, reason = first_rule(rules)
    return cells[CELL].assign(
        measure=CLUSTER,
        area_kind="zip",
        group="all",
        method=METHOD,
        value=cells["value"].where(status == "shown"),
        status=status,
        reason=reason,
    )
