"""The gap split in two: more babies born very small, or more deaths among babies of one weight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from equity.measures.drivers import kitagawa
from equity.release.policy import Policy
from equity.release.vital import PER
from equity.release.weights import Array, Family, Period, Place, by_weight

#: Ways to class birthweight, finest first: the name of each class, and the classes it is the sum of.
PARTITIONS: Final[tuple[dict[str, tuple[int, ...]], ...]] = (
    {"<500": (0,), "500-1499": (1,), "1500-2499": (2,), "2500+": (3,)},
    {"<1500": (0, 1), "1500-2499": (2,), "2500+": (3,)},
    {"<1500": (0, 1), "1500+": (2, 3)},
)
DRAWS: Final = 4000
SEED: Final = 1955
TAILS: Final = (2.5, 97.5)
DEATHS: Final = ("neonatal", "postneonatal")


class Counts(NamedTuple):
    """Births and deaths of Black and of white babies by class of weight."""

    births_black: Array
    deaths_black: Array
    births_white: Array
    deaths_white: Array


def kitagawa_table(
    counts: pd.DataFrame, families: Iterable[Family], policy: Policy, basis: str, source: str
) -> pd.DataFrame:
    """Kitagawa's split for every place: a row a class of weight, and one, ``total``, for their sum.

    ``counts`` as `weights.weight_counts`. Columns ``composition`` and ``rate`` with limits, in deaths per
    1,000; births and deaths by group. Classes are joined until every count is large enough to be shown;
    counties of a region share their classes. A place for which none is has one row with a ``reason``.
    """
    rows: list[dict[str, Any]] = []
    for family in families:
        for places in ((family.region,), family.counties):
            rows += _together(counts, places, family, policy)
    return pd.DataFrame(rows).assign(basis=basis, source=source) if rows else pd.DataFrame()


def _together(
    counts: pd.DataFrame, places: tuple[Place, ...], family: Family, policy: Policy
) -> list[dict[str, Any]]:
    """Rows of places that are published in the same classes of weight, or not at all."""
    found = {place: _counts(counts, place, family.period) for place in places}
    when = dict(zip(("first_year", "last_year"), family.period, strict=True))
    apart = places != (family.region,) and not family.whole
    for partition in () if apart else PARTITIONS:
        joined = {place: _joined(one, partition) for place, one in found.items()}
        if all(min(map(np.min, one)) > policy.hide_to for one in joined.values()):
            return [
                {"area_kind": place[0], "area": place[1], **when, **row, "reason": ""}
                for place, one in joined.items()
                for row in _split(one, list(partition))
            ]
    reason = "left_out_here" if apart else "few_deaths"
    return [
        {"area_kind": place[0], "area": place[1], **when, "stratum": "", "reason": reason} for place in places
    ]


def _counts(counts: pd.DataFrame, place: Place, period: Period) -> Counts:
    found: list[Array] = []
    for group in ("black", "white"):
        births, *ages = (by_weight(counts, place, period, group, part) for part in ("births", *DEATHS))
        found += [births, np.sum(ages, axis=0)]
    return Counts(*found)


def _joined(found: Counts, partition: dict[str, tuple[int, ...]]) -> Counts:
    return Counts(*(np.array([part[list(of)].sum() for of in partition.values()]) for part in found))


def _split(found: Counts, names: list[str]) -> list[dict[str, Any]]:
    split, draws = kitagawa(*found, per=PER), kitagawa(*_drawn(found), per=PER)
    rows = []
    for place, name in enumerate([*names, "total"]):
        row: dict[str, Any] = {"stratum": name}
        for part in ("composition", "rate"):
            value, spread = getattr(split, part), getattr(draws, part)
            if name != "total":
                value = getattr(split, f"{part}_by_stratum")[place]
                spread = getattr(draws, f"{part}_by_stratum")[:, place]
            low, high = np.percentile(spread, TAILS)
            row |= {part: float(value), f"{part}_low": float(low), f"{part}_high": float(high)}
        for column, numbers in zip(Counts._fields, found, strict=True):
            row[column] = float(numbers.sum() if name == "total" else numbers[place])
        rows.append(row)
    return rows


def _drawn(found: Counts) -> Counts:
    """Counts as chance could have made them: births multinomial over classes, deaths binomial in each."""
    rng = np.random.default_rng(SEED)
    drawn = []
    for births, deaths in (found[:2], found[2:]):
        # a class with ten births at least is never drawn empty in practice; one keeps the rate defined
        some = np.maximum(rng.multinomial(int(births.sum()), births / births.sum(), DRAWS), 1)
        drawn += [some.astype(float), rng.binomial(some, np.minimum(deaths / births, 1.0)).astype(float)]
    return Counts(*drawn)
