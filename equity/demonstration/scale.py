"""Invented plans of any size, for benchmarks: a state (1,000 ZIPs) or the nation (33,000 ZIPs)."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from equity.demonstration.plan import (
    CALIBRATED_GROUPS,
    COUNTY_COLUMNS,
    SEED,
    ZIP_COLUMNS,
    Grain,
    Plan,
    quarters_of,
)
from equity.demonstration.roster import MODELS

Scale = Literal["state", "nation"]
_BLOCKS = ((2010, 2016), (2017, 2023))
_BIRTHS_PER_RESIDENT = 0.0115
_RATES = np.array([0.0112, 0.0046, 0.0053])  # infant deaths per birth: black, white, rest
_LOW_BIRTHWEIGHT = 0.083
_STRADDLING = 0.2  # share of ZIPs that lie in two counties
_FUNDERS = ("Federal MIECHV", "State", "Foundation", "County", "Medicaid")


class Size(NamedTuple):
    """How much of everything; ``quarters`` as first and last year of service."""

    zips: int
    counties: int
    programs: int
    grain: Grain
    quarters: tuple[int, int]


SIZES: Final[dict[Scale, Size]] = {
    "state": Size(1_000, 115, 120, "year", (2010, 2023)),
    "nation": Size(33_000, 3_144, 3_300, "block", (2023, 2023)),
}


def scale_plan(scale: Scale, seed: int = SEED) -> Plan:
    """Make a plan of the size ``scale``. ZIPs, counties, totals and agencies are all invented."""
    return make_plan(SIZES[scale], seed)


def make_plan(size: Size, seed: int = SEED) -> Plan:
    """Make a plan of any size; needs at least as many ZIPs as counties, and at most 89,000 ZIPs."""
    if not size.counties <= size.zips <= 89_000:
        raise ValueError(
            f"{size.zips} ZIPs for {size.counties} counties: give one per county or more, up to 89,000."
        )
    rng = np.random.default_rng([seed, 4])
    parts = _parts(size, rng)
    agencies = _agencies(size, parts, rng)
    programs = _programs(size, agencies, rng)
    return Plan(parts, _counties(parts), agencies, programs, quarters_of(*size.quarters), size.grain)


def _parts(size: Size, rng: np.random.Generator) -> pd.DataFrame:
    side = int(np.ceil(np.sqrt(size.counties)))
    # Every county gets one ZIP; the others gather in the larger counties.
    pull = rng.lognormal(0, 0.8, size.counties)
    extra = rng.choice(size.counties, size.zips - size.counties, p=pull / pull.sum())
    county = np.concatenate([np.arange(size.counties), extra])
    black = rng.beta(0.5, 3.0, size.zips)
    hispanic = (1 - black) * rng.beta(0.6, 5.0, size.zips)
    step = 20.0 / side  # degrees: the grid of counties covers 20 by 20
    straddling = rng.random(size.zips) < _STRADDLING
    zips = pd.DataFrame(
        {
            "zip": [f"{10_000 + i}" for i in range(size.zips)],
            "county": county,
            "weight": np.where(straddling, rng.uniform(0.5, 0.98, size.zips), 1.0).round(5),
            "population": np.round(rng.lognormal(8.5, 1.2, size.zips)) + 50,
            "share_black": black.round(5),
            "share_white": ((1 - black - hispanic) * 0.93).round(5),
            "share_hispanic": hispanic.round(5),
            "poverty": np.clip(rng.beta(2, 11, size.zips) + 0.15 * black, 0, 0.6).round(5),
            "latitude": (29 + (county // side + rng.random(size.zips)) * step).round(6),
            "longitude": (-105 + (county % side + rng.random(size.zips)) * step).round(6),
        }
    )
    across = zips[zips["weight"] < 1].assign(
        county=lambda t: (t["county"] + 1) % size.counties, weight=lambda t: (1 - t["weight"]).round(5)
    )
    if size.counties == 1:
        across = across.iloc[:0]
    parts = pd.concat([zips, across], ignore_index=True)
    parts["county"] = [f"{1 + code // 300:02d}{1 + 2 * (code % 300):03d}" for code in parts["county"]]
    return parts[list(ZIP_COLUMNS)].sort_values(["zip", "county"], ignore_index=True)


def _counties(parts: pd.DataFrame) -> pd.DataFrame:
    people = parts["population"] * parts["weight"]
    black, white = people * parts["share_black"], people * parts["share_white"]
    by_group = pd.DataFrame({"black": black, "white": white, "rest": people - black - white})
    residents = by_group.groupby(parts["county"]).sum()
    frames = []
    for number, (first, last) in enumerate(_BLOCKS):
        births = np.ceil(residents * _BIRTHS_PER_RESIDENT * (last - first + 1) * 0.95**number)
        deaths = np.round(births * _RATES * 0.95**number)
        for group in ("all", *CALIBRATED_GROUPS):
            totals = (table.sum(axis=1) if group == "all" else table[group] for table in (births, deaths))
            frame = pd.DataFrame(dict(zip(("births", "infant_deaths"), totals, strict=True))).astype(int)
            frames.append(frame.assign(first_year=first, last_year=last, group=group))
    table = pd.concat(frames).reset_index()
    table = table.assign(name="County " + table["county"] + " (demo)", region="", basis="demonstration")
    table["low_birthweight"] = _LOW_BIRTHWEIGHT
    return table[list(COUNTY_COLUMNS)]


def _agencies(size: Size, parts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    number = min(max(1, size.programs // 2), size.zips)
    homes = parts.drop_duplicates("zip").sample(number, random_state=rng)
    homes = homes.sort_values("zip", ignore_index=True)
    ids = [f"agency-{i:05d}" for i in range(len(homes))]
    table = pd.DataFrame({"id": ids, "name": [f"Agency {i + 1} (demo)" for i in range(len(homes))]})
    return table.assign(region="", **{name: homes[name] for name in ("county", "latitude", "longitude")})


def _programs(size: Size, agencies: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    number = size.programs
    home = np.arange(number) % len(agencies)
    start = rng.integers(2, 12, number) * 5
    models = list(MODELS)
    return pd.DataFrame(
        {
            "id": [f"program-{i:05d}" for i in range(number)],
            "agency_id": agencies["id"].to_numpy()[home],
            "name": [f"Program {i + 1} (demo)" for i in range(number)],
            "model": np.array(models)[np.arange(number) % len(models)],
            "funder": np.array(_FUNDERS)[rng.integers(0, len(_FUNDERS), number)],
            "cost_per_slot": rng.integers(26, 60, number) * 100,
            "counties": [(code,) for code in agencies["county"].to_numpy()[home]],
            "zips": rng.integers(3, 15, number),
            "opened": np.array([f"{year}Q1" for year in rng.integers(2010, 2019, number)]),
            "slots_start": start,
            "slots_final": start * rng.integers(1, 4, number),
            "saturation": rng.uniform(0.65, 1.0, number).round(2),
        }
    )
