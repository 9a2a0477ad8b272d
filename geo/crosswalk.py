"""ZIP, ZCTA and county: cleaning ZIP codes, and moving counts (never rates) between areas.

A rate of an area is its apportioned deaths divided by its apportioned births; rates themselves are never
averaged across a crosswalk.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.places import SHIPPED

OUTSIDE = "outside"
"""Where counts go that belong to counties other than the eight."""
UNKNOWN = "unknown"
"""Where counts go whose ZIP is none of the 125."""
_ZIP = re.compile(
    r"(?:ZIP|ZCTA5?)?\s*(?:(?P<nine>[0-9]{5})[0-9]{4}|(?P<five>[0-9]{3,5})(?:-[0-9]{4}|\.0+)?)", re.IGNORECASE
)


def load_zip_county() -> pd.DataFrame:
    """Each ZIP's share of addresses in each of the eight counties.

    Columns: ``zip, county, weight, vintage, weight_basis``.

    Weights are shares of all the ZIP's residential addresses (HUD–USPS), so those of a ZIP that reaches
    beyond the eight counties sum to less than 1: the rest lies outside. ``weight_basis`` says
    ``all addresses`` for the few ZIPs without residential ones.
    """
    return pd.read_csv(SHIPPED / "zip_county.csv", dtype={"zip": "str", "county": "str"})


@lru_cache(maxsize=1)
def known_zips() -> frozenset[str]:
    """The 125 ZCTAs of the eight counties."""
    with (SHIPPED / "zip_county.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["zip"] for row in csv.DictReader(file))


@lru_cache(maxsize=1)
def zip_aliases() -> Mapping[str, str]:
    """Post-office and single-customer ZIP to the ZCTA its addresses lie in."""
    with (SHIPPED / "zip_alias.csv").open(encoding="utf-8", newline="") as file:
        return {row["zip"]: row["zcta"] for row in csv.DictReader(file)}


def clean_zip(value: object) -> tuple[str | None, str]:
    """The ZCTA a ZIP as written stands for, and a note on what was repaired or why it is refused.

    Returns ``(zip, "")`` for a ZIP that needed nothing, ``(zip, note)`` for a repaired one and
    ``(None, note)`` for one that is unreadable or not of the eight counties.
    """
    text = str(value).strip().strip("'\"").strip()
    if text.lower() in {"", "nan", "none", "<na>"}:
        return None, "no ZIP is given"
    match = _ZIP.fullmatch(text)
    if match is None:
        return None, f"'{text}' is not a ZIP code: five digits are needed"
    digits = match["nine"] or match["five"]
    code = digits.zfill(5)
    notes = []
    if code != digits:
        notes.append(f"'{text}' read as {code}: leading zero restored")
    elif code != text:
        notes.append(f"'{text}' read as {code}")
    if code in zip_aliases():
        box, code = code, zip_aliases()[code]
        notes.append(f"{box} is a post-office or single-customer ZIP inside {code}")
    if code not in known_zips():
        notes.append(f"{code} is not a ZIP of the eight counties")
        return None, "; ".join(notes)
    return code, "; ".join(notes)


def split_by_county(counts: Mapping[str, float], whole: bool = False) -> pd.DataFrame:
    """Split counts of ZIPs among counties by address shares: ``zip, county, count``.

    ``county`` is one of the eight, ``outside`` for the share beyond them, or ``unknown`` for a ZIP that
    is not in the crosswalk, so every ZIP's total stays as it was. With ``whole`` each ZIP's count (a
    whole number) is split into whole numbers by largest remainder.
    """
    shares = dict(iter(load_zip_county().groupby("zip")))
    rows = []
    for code, count in counts.items():
        if code not in shares:
            rows.append((code, UNKNOWN, count))
            continue
        places = [*shares[code]["county"], OUTSIDE]
        weights = shares[code]["weight"].to_numpy()
        # weights are stored to six decimals, so a remainder that small is rounding, not an address
        rest = 1 - weights.sum()
        weights = np.append(weights, rest if rest > 1e-5 else 0.0)
        weights = weights / weights.sum()
        parts = largest_remainder(weights * count, int(count)) if whole else weights * count
        rows += [(code, place, part) for place, part in zip(places, parts, strict=True) if part > 0]
    return pd.DataFrame(rows, columns=["zip", "county", "count"])


def apportion(counts: Mapping[str, float], whole: bool = False) -> pd.Series:
    """County totals of counts by ZIP (see :func:`split_by_county`); sums to the total of ``counts``.

    Fractions of deaths are not Poisson counts: put no exact interval on them.
    """
    return split_by_county(counts, whole).groupby("county")["count"].sum()


def largest_remainder(shares: Iterable[float], total: int) -> npt.NDArray[np.int64]:
    """Round non-negative numbers (k,) to whole ones that sum to ``total``, their own sum.

    Hamilton's method: everybody gets the floor, what is left goes to the largest remainders, ties to the
    earlier place.
    """
    exact = np.asarray(list(shares), dtype=float)
    if round(exact.sum()) != total:
        raise ValueError(f"the shares sum to {exact.sum():g}, not to {total}")
    floors = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - floors), kind="stable")
    floors[order[: total - floors.sum()]] += 1
    return floors


def interpolate(
    values: npt.ArrayLike, fractions: npt.ArrayLike, areas: npt.ArrayLike | None = None
) -> npt.NDArray[np.float64]:
    """Areal interpolation (Goodchild and Lam 1980) of source zones (n,) onto targets (m,).

    ``fractions`` (n, m) is the part of each source zone's area that lies in each target. Without ``areas``
    the values are counts, summed by area share. With ``areas`` (n,) of the source zones they are
    densities or rates, averaged by area: right for a density, wrong for a mortality rate, which is
    ``interpolate(deaths, f) / interpolate(births, f)``.
    """
    amount = np.asarray(values, dtype=float)
    share = np.asarray(fractions, dtype=float)
    if areas is None:
        return amount @ share
    overlap = np.asarray(areas, dtype=float)[:, None] * share
    return (amount @ overlap) / overlap.sum(axis=0)
