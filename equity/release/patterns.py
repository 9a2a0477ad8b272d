"""Local pattern of infant mortality: ZIP codes that are like, or unlike, the places around beyond chance.

Local Moran statistics on rates standardised by empirical Bayes, by block, corrected for looking at every
place. They are made from what is published and from nothing else: where deaths are hidden, the number to
expect of the hidden ones at the rate of all stands in for them. So no class, and no sum over the map, can
give a hidden count away. The Bootheel is not analysed: its places and deaths are too few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from scipy.special import gammaln

from equity.measures.clusters import local_moran, moran
from equity.release.hidden_deaths import CELL
from equity.release.policy import Policy
from equity.release.small_areas import SmallAreas, zip_cells
from equity.release.tables import as_figures, empty_figures, first_rule
from geo.neighbours import contiguity

PATTERN: Final = "infant_mortality_pattern"
METHOD: Final = "local Moran, empirical Bayes"
#: Regions with enough places and deaths to be analysed.
ANALYSED: Final = ("stl",)
#: The published value of each class; 0 stands for no pattern beyond chance.
CLASSES: Final = {"low-low": 1.0, "low-high": 2.0, "high-low": 3.0, "high-high": 4.0}
#: Of the places that are named, the share that may be named wrongly, in each block.
FALSE_DISCOVERIES: Final = 0.05
PERMUTATIONS: Final = 9999
SEED: Final = 20172023
#: Rounds in which the rate of all and the stand-ins for hidden deaths settle.
ROUNDS: Final = 50


@dataclass(frozen=True)
class Known:
    """What is published of the places that can be compared, arrays (places,).

    ``fewest`` and ``most`` deaths are the same where the count is published; ``expected`` lies between them.
    """

    births: np.ndarray
    fewest: np.ndarray
    most: np.ndarray
    expected: np.ndarray

    @property
    def rate(self) -> float:
        """Deaths per birth of all places together."""
        return float(self.expected.sum() / self.births.sum())

    @property
    def side_known(self) -> np.ndarray:
        """Where all that is published says on which side of the rate of all a place lies."""
        hidden = self.fewest < self.most
        above, below = self.fewest > self.rate * self.births, self.most < self.rate * self.births
        return ~hidden | above | below


def patterns(
    counts: pd.DataFrame,
    zips: GeoDataFrame,
    policy: Policy,
    basis: str,
    source: str,
    beside: pd.MultiIndex | None = None,
) -> SmallAreas:
    """The class of each ZIP by block, and in the manifest whether high rates lie together at all.

    ``counts`` are block totals of ZIPs (long), ``zips`` their layer; ``beside`` (`hidden_beside`) names the
    ZIPs and blocks whose deaths are not told at all, for which ``counts`` hold the number to expect.
    """
    if counts.empty:
        return SmallAreas(empty_figures(), {})
    cells = zip_cells(counts, zips, policy)
    cells["untold"] = False if beside is None else pd.MultiIndex.from_frame(cells[CELL]).isin(beside)
    around = contiguity(zips).as_dict()
    cells["value"], cells["verdict"] = 0.0, np.where(cells["region"].isin(ANALYSED), "", "not_scanned")
    together = []
    for (region, _), rows in cells[cells["verdict"].eq("")].groupby(["region", "first_year"]):
        found, overall = _analysed(rows, around, policy)
        cells.loc[found.index, ["value", "verdict"]] = found
        if overall:
            period = [int(rows["first_year"].iloc[0]), int(rows["last_year"].iloc[0])]
            together.append({"region": region, "period": period, **overall})
    manifest = {
        "method": METHOD,
        "regions": list(ANALYSED),
        "permutations": PERMUTATIONS,
        "false_discoveries": FALSE_DISCOVERIES,
        "together": together,
    }
    return SmallAreas(as_figures(_judged(cells, policy), basis=basis, source=source), {PATTERN: manifest})


def _analysed(
    rows: pd.DataFrame, around: dict[str, tuple[str, ...]], policy: Policy
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Value and verdict of one region's and block's places, and Moran's I of them all."""
    found = pd.DataFrame({"value": 0.0, "verdict": "not_scanned"}, index=rows.index)
    rows = rows[(rows["births"] > policy.hide_to) & rows["deaths"].notna()]
    if rows.empty:
        return found, {}
    position = {area: place for place, area in enumerate(rows["area"])}
    touching = [[position[near] for near in around[area] if near in position] for area in rows["area"]]
    try:
        known = _known(rows, policy)
        local = local_moran(known.expected, touching, known.births, PERMUTATIONS, SEED)
        overall = moran(known.expected, touching, known.births)
    except ValueError:
        # too few places, or no deaths: nothing can be told from chance
        return found, {}
    stands_out = local.p_adjusted <= FALSE_DISCOVERIES
    # a place named as high, or beside high ones, has at least as many deaths around it as a rate needs
    enough = [known.fewest[[place, *near]].sum() >= policy.rate_floor for place, near in enumerate(touching)]
    stands_out &= (local.quadrant == "low-low") | np.array(enough)
    value = np.where(stands_out, [CLASSES.get(words, 0.0) for words in local.quadrant], 0.0)
    alone = np.array([not near for near in touching])
    unclear, high = stands_out & ~known.side_known, np.char.endswith(local.quadrant, "-high")
    verdict = np.select(
        [alone, unclear & high, unclear], ["no_neighbours", "among_high", "among_low"], default=""
    )
    found.loc[rows.index, "value"], found.loc[rows.index, "verdict"] = value, verdict
    together = {
        "moran_i": round(overall.i, 3),
        "z": round(overall.z, 2),
        "p": float(f"{overall.p:.2g}"),
        "places": overall.areas,
    }
    return found, together


def _known(rows: pd.DataFrame, policy: Policy) -> Known:
    """What is published of places whose births are, and the number to expect where deaths are hidden."""
    births, deaths = rows["births"].to_numpy(float), rows["deaths"].to_numpy(float)
    untold = rows["untold"].to_numpy(bool)
    first = policy.hide_from if policy.zero_shown else 0
    hidden = (deaths >= first) & (deaths <= policy.hide_to) & ~untold
    fewest = np.select([untold, hidden], [0.0, first], deaths)
    most = np.select([untold, hidden], [births, policy.hide_to], deaths)
    known = Known(births, fewest, most, np.where(hidden, (fewest + most) / 2, deaths))
    for _ in range(ROUNDS):
        expected = deaths.copy()
        expected[hidden] = _expected(known.rate * births[hidden], first, policy.hide_to)
        known = Known(births, fewest, most, expected)
    return known


def _expected(mean: np.ndarray, first: int, last: int) -> np.ndarray:
    """The mean of Poisson counts of which only those from ``first`` to ``last`` are looked at."""
    number = np.arange(first, last + 1)
    weight = number * np.log(mean)[:, None] - gammaln(number + 1)
    weight = np.exp(weight - weight.max(1, keepdims=True))
    return np.asarray((weight * number).sum(1) / weight.sum(1))


def _judged(cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    births, verdict = cells["births"], cells["verdict"]
    rules = [
        (~cells["region"].isin(ANALYSED), "not_applicable", "not_scanned"),
        (births.isna() | cells["deaths"].isna(), "missing", "not_reported"),
        (births.between(policy.hide_from, policy.hide_to), "suppressed", "small_count"),
        (births.eq(0), "not_applicable", "no_births"),
        (verdict.eq("not_scanned"), "not_applicable", "not_scanned"),
        (verdict.eq("no_neighbours"), "not_applicable", "no_neighbours"),
        (verdict.eq("among_high"), "suppressed", "among_high"),
        (verdict.eq("among_low"), "suppressed", "among_low"),
    ]
    status, reason = first_rule(rules)
    return cells[CELL].assign(
        measure=PATTERN,
        area_kind="zip",
        group="all",
        method=METHOD,
        value=cells["value"].where(status == "shown"),
        status=status,
        reason=reason,
    )
