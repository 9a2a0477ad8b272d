"""Reader of places and how they make up one another: areas, ZIP to county, ZIP groups, regions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from equity.intake.checks import RowChecks
from equity.intake.csvfile import SHIPPED, read_csv
from equity.intake.reference import known_areas, read_areas
from equity.intake.report import ReadResult, Refusal

BOUNDARIES: Final = SHIPPED / "boundaries"
SHARE_COLUMNS: Final = ("zip", "county", "weight", "vintage", "weight_basis")
GROUP_COLUMNS: Final = ("zip", "zip_group", "name", "vintage")
#: Vintage and basis of parts that hold by definition, not by a count.
DEFINED: Final = "definition"
#: The shares of a ZIP may add up to a little more than 1 by rounding.
_ROUNDING: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Geography:
    """Frames in the shapes of ``area`` and ``area_part``, the vintages used and what was refused."""

    area: pd.DataFrame
    area_part: pd.DataFrame
    vintages: tuple[str, ...]
    refused: tuple[Refusal, ...]


def read_geography(reference: Path, boundaries: Path = BOUNDARIES) -> Geography:
    """Read ``areas.csv``, ``zip_county.csv`` and ``zip_groups.csv``.

    A part's weight is the share of the whole that lies in it: of a ZIP in each county (by addresses;
    the rest lies outside the eight counties); 1 for a ZIP in its group and a county in its region.
    """
    areas = read_areas(reference)
    known = known_areas(areas)
    zips = sorted(geoid for kind, geoid in known if kind == "zip")
    counties = sorted(geoid for kind, geoid in known if kind == "county")
    shares = _read_shares(boundaries, zips, counties)
    groups = _read_groups(boundaries, zips)
    parts = [_zip_in_county(shares.table), _group_of_zips(groups.table), _region_of_counties(areas.table)]
    results = (areas, shares, groups)
    return Geography(
        area=pd.concat([areas.table, _group_areas(groups.table, areas.table)], ignore_index=True),
        area_part=pd.concat(parts, ignore_index=True),
        vintages=tuple(sorted({*shares.table["vintage"], *groups.table["vintage"]})),
        refused=tuple(refusal for result in results for refusal in result.refused),
    )


def _read_shares(folder: Path, zips: list[str], counties: list[str]) -> ReadResult:
    checks = RowChecks(read_csv(folder / "zip_county.csv", SHARE_COLUMNS))
    checks.one_of("zip", zips, "a known ZIP")
    checks.one_of("county", counties, "a known county")
    weight = checks.number("weight", required=True, low=0, high=1)
    checks.filled("vintage", "weight_basis")
    total = weight.groupby([checks.text["zip"], checks.text["vintage"]]).transform("sum")
    checks.refuse(total > 1 + _ROUNDING, "weight", "the shares of this ZIP add up to more than 1.")
    checks.unique(["zip", "county", "vintage"])
    return checks.result()


def _read_groups(folder: Path, zips: list[str]) -> ReadResult:
    checks = RowChecks(read_csv(folder / "zip_groups.csv", GROUP_COLUMNS))
    checks.one_of("zip", zips, "a known ZIP")
    checks.filled("zip_group", "name", "vintage")
    checks.unique(["zip", "vintage"])
    return checks.result()


def _zip_in_county(shares: pd.DataFrame) -> pd.DataFrame:
    table = shares.rename(columns={"zip": "whole", "county": "part"})
    return table.assign(whole_kind="zip", part_kind="county")


def _group_of_zips(groups: pd.DataFrame) -> pd.DataFrame:
    table = groups.rename(columns={"zip_group": "whole", "zip": "part"}).drop(columns="name")
    return table.assign(whole_kind="zip_group", part_kind="zip", weight=1.0, weight_basis=DEFINED)


def _region_of_counties(areas: pd.DataFrame) -> pd.DataFrame:
    counties = areas[areas["kind"].eq("county") & areas["region"].ne("")]
    table = counties.rename(columns={"region": "whole", "geoid": "part"})[["whole", "part"]]
    constants = {"whole_kind": "region", "part_kind": "county", "vintage": DEFINED, "weight_basis": DEFINED}
    return table.assign(weight=1.0, **constants)


def _group_areas(groups: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """ZIP groups as areas, in the region of their ZIPs (groups do not cross regions)."""
    region = areas[areas["kind"].eq("zip")].set_index("geoid")["region"]
    table = groups.assign(kind="zip_group", region=groups["zip"].map(region))
    table = table.drop_duplicates("zip_group").rename(columns={"zip_group": "geoid"})
    return table[["kind", "geoid", "name", "region"]]
