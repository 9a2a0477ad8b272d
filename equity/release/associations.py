"""How infant mortality goes with poverty over ZIP codes: between places, never between families."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm, pearsonr, spearmanr

from equity.measures.drivers import association
from equity.release.policy import Policy

#: Below so many places a correlation is mostly chance, and could point to one of them.
MINIMUM_AREAS: Final = 20
#: Difference of the share of poor residents that the ratio of rates is for.
STEP: Final = 0.1
#: Correlations are published to two decimals: enough to read, too few to work a count out from.
DECIMALS: Final = 2
Z: Final = float(norm.ppf(0.975))


def associations(
    zips: pd.DataFrame, poverty: pd.Series, regions: pd.Series, policy: Policy, basis: str, source: str
) -> pd.DataFrame:
    """Infant mortality against poverty over the ZIP codes of each region and block.

    ``zips`` is long (``area, first_year, last_year, event, count``, group all); ``poverty`` (0 to 1) and
    ``regions`` by ZIP code. All ZIP codes with enough births for a rate count, also those whose own rate
    is hidden: leaving them out would leave out the places with few deaths. Columns ``pearson spearman
    ratio``, each with limits; ``ratio`` is of the rates for ten points more poverty.
    """
    rows = [
        {**head, "areas": len(own), **_strength(own)}
        for head, own in by_region(zips, poverty, regions, policy)
    ]
    return pd.DataFrame(rows).assign(basis=basis, source=source) if rows else pd.DataFrame()


def by_region(
    zips: pd.DataFrame, poverty: pd.Series, regions: pd.Series, policy: Policy
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Deaths, births and poverty of the ZIP codes of each region and block, with the cell they are of."""
    wide = zips.pivot_table(index=["area", "first_year", "last_year"], columns="event", values="count")
    wide = wide.reset_index()
    wide = wide.assign(poverty=wide["area"].map(poverty), region=wide["area"].map(regions))
    known = wide[wide["poverty"].notna() & (wide["births"] > policy.hide_to)]
    cell = ["region", "first_year", "last_year"]
    for key, own in known.groupby(cell):
        yield {"area_kind": "region", **dict(zip(("area", *cell[1:]), key, strict=True))}, own


def _strength(own: pd.DataFrame) -> dict[str, Any]:
    deaths, births, poverty = (own[name].to_numpy(float) for name in ("infant_deaths", "births", "poverty"))
    if len(own) < MINIMUM_AREAS or not deaths.any():
        return {"reason": "few_areas"}
    rates = deaths / births
    fitted = association(deaths, births, poverty, step=STEP)
    numbers = {
        "pearson": correlation(float(pearsonr(poverty, rates).statistic), len(own)),
        "spearman": correlation(float(spearmanr(poverty, rates).statistic), len(own), ranks=True),
        "ratio": (fitted.ratio, fitted.low, fitted.high),
    }
    row: dict[str, Any] = {"reason": ""}
    for name, limits in numbers.items():
        for column, value in zip((name, f"{name}_low", f"{name}_high"), limits, strict=True):
            row[column] = round(float(value), DECIMALS)
    return row


def correlation(value: float, areas: int, ranks: bool = False) -> tuple[float, float, float]:
    """A correlation with its 95 % limits on Fisher's scale.

    For ranks the variance is Bonett and Wright's (2000, Psychometrika 65:23), (1 + r^2 / 2) / (n - 3).

    >>> [round(x, 3) for x in correlation(0.5, 30)]
    [0.5, 0.17, 0.729]
    """
    half = Z * np.sqrt((1 + value**2 / 2 if ranks else 1) / (areas - 3))
    middle: ArrayLike = np.arctanh(value)
    return value, float(np.tanh(middle - half)), float(np.tanh(middle + half))
