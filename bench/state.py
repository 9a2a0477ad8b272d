"""A state's counts of births, deaths and families, invented: what protection and audit are measured on.

As many ZIP codes and counties as a state has, and the margins of the shipped release: ZIP codes and ZIP
groups by block, counties and regions by year too, race where the release has it, families by year, programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equity.release.disclose import disclose
from equity.release.policy import PUBLIC
from equity.release.programs import program_caseloads
from equity.release.service_inputs import membership
from equity.release.service_zips import whole_into_places
from equity.release.shield import GROUPS, Places, hide_beside, hide_service
from equity.release.tables import as_figures
from equity.release.vital import vital_figures

ZIPS, COUNTIES, REGIONS, ZIP_GROUPS, PROGRAMS = 1_000, 115, 7, 240, 232
#: ZIP codes that lie in two counties of a region; of the eight counties' 125 it is 33.
SPLIT: Final = 0.26
YEARS: Final = np.arange(PUBLIC.blocks[0][0], PUBLIC.blocks[-1][1] + 1)
BASIS: Final = "demonstration"
#: Births of a ZIP code and year; families enrolled for each of them.
BIRTHS, ENROLLED = 70.0, 0.03
#: Of births, by group (Black, white, others).
SHARES: Final = {
    "infant_deaths": (0.011, 0.005, 0.006),
    "preterm": (0.14, 0.095, 0.1),
    "low_birthweight": (0.135, 0.07, 0.08),
}
#: Of infant deaths before day 28, and of low weights the very low ones.
NEONATAL, VERY_LOW = 0.65, 0.17
SEED: Final = 11


@dataclass(frozen=True)
class Published:
    """What an attacker reads."""

    figures: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """Counts as figures before any is hidden: of births and deaths, and of families; and who serves.

    ``caseloads``: ``program_id year numerator`` and more, as `program_caseloads` gives them.
    """

    places: Places
    vital: pd.DataFrame
    service: pd.DataFrame
    caseloads: pd.DataFrame
    programs: pd.DataFrame

    def published(self) -> Published:
        """Disclosed and protected, as a release has it."""
        vital = hide_beside(disclose(self.vital, PUBLIC), self.vital, self.places, PUBLIC, BASIS)
        linked = self.places.with_programs(self.programs)
        service, beside = hide_service(self.service, self.caseloads, vital, linked, PUBLIC, BASIS)
        families = self.caseloads.rename(
            columns={"area": "program_id", "first_year": "year", "numerator": "caseload"}
        )
        named = pd.MultiIndex.from_frame(families[["program_id", "year"]])
        hidden = families["caseload"].between(PUBLIC.hide_from, PUBLIC.hide_to)
        hidden |= named.isin(pd.MultiIndex.from_frame(beside))
        years = families.assign(caseload=families["caseload"].mask(hidden))
        tables = {**self.places._asdict(), "programs": self.programs, "program_years": years}
        manifest = {
            "blocks": [list(block) for block in PUBLIC.blocks],
            "rules": {"hidden_counts": [PUBLIC.hide_from, PUBLIC.hide_to]},
        }
        return Published(pd.concat([vital, service], ignore_index=True), tables, manifest)


def state(zips: int = ZIPS, counties: int = COUNTIES, regions: int = REGIONS) -> State:
    """A state of so many ZIP codes, counties and regions, ZIP groups and programs in proportion."""
    rng = np.random.default_rng(SEED)
    places = _places(rng, zips, counties, regions)
    counts = _counts(rng, places)
    vital = vital_figures(_margins(counts, places), BASIS, BASIS, "")
    service, caseloads, programs = _service(rng, counts, places)
    return State(places, vital, service, caseloads, programs)


def _places(rng: np.random.Generator, zips: int, counties: int, regions: int) -> Places:
    """Counties dealt out to regions, ZIP codes to counties, ZIP groups of a region's ZIP codes."""
    county = pd.DataFrame({"geoid": [f"29{at:03d}" for at in range(counties)], "kind": "county"})
    county["region"] = [f"region{at % regions}" for at in range(counties)]
    home = np.sort(np.concatenate([np.arange(counties), rng.integers(0, counties, zips - counties)]))
    code = pd.DataFrame({"geoid": [f"6{at:04d}" for at in range(zips)], "kind": "zip"})
    code["region"] = county["region"].to_numpy()[home]
    within = code.groupby("region").cumcount() // round(ZIPS / ZIP_GROUPS)
    group = code["region"] + "-" + within.astype(str)
    own = pd.DataFrame({"whole": code["geoid"], "part": county["geoid"].to_numpy()[home], "weight": 1.0})
    # the next county of the same region
    other = county["geoid"].to_numpy()[(home + regions) % counties]
    same = county["region"].to_numpy()[(home + regions) % counties] == code["region"].to_numpy()
    split = same & (rng.random(zips) < SPLIT)
    share = rng.uniform(0.1, 0.9, zips)
    own["weight"] = np.where(split, share, 1.0)
    second = pd.DataFrame({"whole": code["geoid"], "part": other, "weight": 1 - share})[split]
    parts = [
        pd.concat([own, second]).assign(whole_kind="zip", part_kind="county"),
        pd.DataFrame({"whole": group, "part": code["geoid"]}).assign(whole_kind="zip_group", part_kind="zip"),
        county.rename(columns={"region": "whole", "geoid": "part"})[["whole", "part"]].assign(
            whole_kind="region", part_kind="county"
        ),
    ]
    groups = pd.DataFrame({"geoid": group, "kind": "zip_group", "region": code["region"]}).drop_duplicates()
    areas = pd.concat([county, code, groups], ignore_index=True)
    return Places(areas, pd.concat(parts, ignore_index=True).fillna({"weight": 1.0}))


def _counts(rng: np.random.Generator, places: Places) -> pd.DataFrame:
    """Events of each piece (ZIP code and county), year and group, long."""
    parts = places.parts
    pieces = parts.loc[parts["whole_kind"].eq("zip"), ["whole", "part", "weight"]]
    pieces = pieces.rename(columns={"whole": "zip", "part": "county"})
    size = dict(zip(pieces["zip"].unique(), rng.lognormal(0, 1, pieces["zip"].nunique()), strict=True))
    black = dict(zip(size, rng.beta(0.5, 2.5, len(size)), strict=True))
    mean = BIRTHS * pieces["zip"].map(size) * pieces["weight"] / np.mean(list(size.values()))
    share = pieces["zip"].map(black)
    found = []
    for at, (group, part) in enumerate(
        {"black": share, "white": 0.85 * (1 - share), "rest": 0.15 * (1 - share)}.items()
    ):
        for year in YEARS:
            births = rng.poisson(mean * part)
            events = {name: rng.binomial(births, of[at]) for name, of in SHARES.items()}
            events["neonatal"] = rng.binomial(events["infant_deaths"], NEONATAL)
            events["postneonatal"] = events["infant_deaths"] - events["neonatal"]
            events["very_low_birthweight"] = rng.binomial(events["low_birthweight"], VERY_LOW)
            for event, count in {"births": births, **events}.items():
                found.append(pieces.assign(group=group, year=year, event=event, count=count))
    every = pd.concat(found, ignore_index=True).drop(columns="weight")
    keys = [name for name in every if name not in ("group", "count")]
    whole = every.groupby(keys, as_index=False)[["count"]].sum().assign(group="all")
    return pd.concat([whole, every[every["group"].isin(GROUPS)]], ignore_index=True)


def _margins(counts: pd.DataFrame, places: Places) -> pd.DataFrame:
    """The margins of the shipped release (`build._demonstration_vital`)."""
    areas = places.areas[places.areas["kind"].eq("county")].set_index("geoid")["region"]
    parts = places.parts[places.parts["whole_kind"].eq("zip_group")].set_index("part")["whole"]
    block = {year: PUBLIC.block_of(int(year)) for year in YEARS}
    first, last = (
        counts["year"].map({year: ends[i] for year, ends in block.items() if ends}) for i in (0, 1)
    )
    blocks = counts.assign(first_year=first, last_year=last)
    years = counts.assign(first_year=counts["year"], last_year=counts["year"])
    whole = counts["group"].eq("all")
    wanted = (
        (blocks[whole], "zip", counts["zip"]),
        (blocks, "zip_group", counts["zip"].map(parts)),
        (blocks, "county", counts["county"]),
        (years[whole], "county", counts["county"]),
        (blocks, "region", counts["county"].map(areas)),
        (years, "region", counts["county"].map(areas)),
    )
    keys = ["area_kind", "area", "group", "first_year", "last_year", "event"]
    found = [
        rows.assign(area_kind=kind, area=area.loc[rows.index]).groupby(keys, as_index=False)[["count"]].sum()
        for rows, kind, area in wanted
    ]
    return pd.concat(found, ignore_index=True)


def _service(
    rng: np.random.Generator, counts: pd.DataFrame, places: Places
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Families by place, year and group; by program and year; and the programs with their region."""
    births = counts[counts["event"].eq("births") & counts["group"].isin(GROUPS)]
    births = births.groupby(["zip", "year", "group"], as_index=False)[["count"]].sum()
    own = births.assign(caseload=rng.poisson(ENROLLED * births["count"]).astype(float)).drop(columns="count")
    regions = places.areas[places.areas["kind"].eq("zip")].set_index("geoid")["region"]
    names = sorted(regions.unique())
    count = round(PROGRAMS * len(regions) / ZIPS)
    programs = pd.DataFrame({"program_id": [f"p{at:03d}" for at in range(count)]})
    programs["region"] = [names[at % len(names)] for at in range(count)]
    at = own["zip"].map(regions).map({name: place for place, name in enumerate(names)}).to_numpy()
    each = count // len(names)
    program: NDArray[np.int64] = at + len(names) * rng.integers(0, each, len(own))
    own["program_id"] = programs["program_id"].to_numpy()[program]
    within = membership(places.parts)
    every = whole_into_places(
        own.groupby(["zip", "year"], as_index=False)[["caseload"]].sum(), within, "caseload"
    )
    by_race = whole_into_places(own.drop(columns="program_id"), within, "caseload", ["group"])
    by_race = by_race[by_race["area_kind"].isin(["county", "region"])]
    table = pd.concat([every.assign(group="all"), by_race], ignore_index=True).rename(
        columns={"year": "first_year"}
    )
    table = table.assign(
        measure="caseload",
        last_year=table["first_year"],
        value=table["caseload"],
        numerator=table["caseload"],
    )
    listed = own.groupby(["program_id", "zip", "year"], as_index=False)[["caseload"]].sum()
    return as_figures(table, basis=BASIS), program_caseloads(listed), programs
