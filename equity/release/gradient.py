"""Inequality of infant mortality over classes of ZIP codes that have an order: from the poorest down.

Only the indices are published, in round numbers and over few, large classes: the classes' own counts
would, less the counts in print, give away those that are hidden.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from equity.measures.inequality import Estimate, inequality
from equity.release.associations import MINIMUM_AREAS, by_region
from equity.release.policy import Policy
from equity.release.vital import PER

CLASSES: Final = 5
#: Deaths that each class needs.
LEAST: Final = 50
#: Decimals of each index: with so many deaths, one more in a class moves it by less than it is rounded.
DECIMALS: Final = {"slope": 0, "relative": 1, "concentration": 2, "absolute": 1}


def gradient(
    zips: pd.DataFrame, poverty: pd.Series, regions: pd.Series, policy: Policy, basis: str, source: str
) -> pd.DataFrame:
    """Slope, relative and concentration indices over classes by poverty, one row a region and block.

    Arguments as of `associations`. ``slope`` in deaths per 1,000 and ``relative`` as a ratio are of the
    poorest end against the other; ``concentration`` and ``absolute`` (per 1,000) are below 0 where deaths
    gather in poor ZIP codes. Each has limits; ``reason`` says why there are none.
    """
    rows = [
        {**head, "areas": len(own), **_indices(own)}
        for head, own in by_region(zips, poverty, regions, policy)
    ]
    return pd.DataFrame(rows).assign(basis=basis, source=source) if rows else pd.DataFrame()


def classes(own: pd.DataFrame) -> pd.DataFrame:
    """Deaths and births of ``CLASSES`` classes with about as many births each, the poorest first."""
    ordered = own.sort_values(["poverty", "area"], ascending=[False, True])
    middle = (ordered["births"].cumsum() - ordered["births"] / 2) / ordered["births"].sum()
    number = np.minimum((CLASSES * middle).astype(int), CLASSES - 1)
    return ordered.groupby(number)[["infant_deaths", "births"]].sum()


def _indices(own: pd.DataFrame) -> dict[str, Any]:
    if len(own) < MINIMUM_AREAS:
        return {"reason": "few_areas"}
    found = classes(own)
    if len(found) < CLASSES or found["infant_deaths"].min() < LEAST:
        return {"reason": "few_deaths"}
    all_of = inequality(found["infant_deaths"], found["births"], per=PER, ordered=True)
    if all_of.sii is None or all_of.rii_poisson is None or all_of.rci is None or all_of.aci is None:
        return {"reason": "few_deaths"}
    # rank runs from the poorest to the least poor, so what rises with poverty has a falling line
    relative = all_of.rii_poisson
    numbers = {
        "slope": (-all_of.sii.value, -all_of.sii.high, -all_of.sii.low),
        "relative": (1 / relative.value, 1 / relative.high, 1 / relative.low),
        "concentration": _limits(all_of.rci),
        "absolute": _limits(all_of.aci),
    }
    row: dict[str, Any] = {"reason": ""}
    for name, values in numbers.items():
        columns = (name, f"{name}_low", f"{name}_high")
        row |= {key: round(float(x), DECIMALS[name]) for key, x in zip(columns, values, strict=True)}
    return row


def _limits(found: Estimate) -> tuple[float, float, float]:
    return found.value, found.low, found.high
