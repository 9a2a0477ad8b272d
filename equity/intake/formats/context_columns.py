"""Headings that survey tables of places go by, and which scale their shares are on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

AREAS: Final = ("zip", "area", "fips", "county")
#: Kinds of place a column may name, the likeliest first.
KINDS: Final = {
    "zip": ("zip",),
    "area": ("zip", "county", "state", "nation"),
    "fips": ("county", "zip", "state", "nation"),
    "county": ("county", "state", "nation"),
}
MEASURES: Final = (
    "population", "poverty", "child_poverty", "uninsured", "no_vehicle", "median_income", "share_black",
)  # fmt: skip
_SHARE_WORDS: Final = ("", "pct ", "percent ", "share ", "percentage ", "rate ", "proportion ", "pct of ",
                       "percent of ", "share of ", "percentage of ", "proportion of ")  # fmt: skip
_SHARE_ENDS: Final = (" rate", " pct", " percent", " share", " percentage")
_SHARES: Final[dict[str, tuple[str, ...]]] = {
    "poverty": ("poverty", "below poverty", "below poverty level", "below the poverty level", "in poverty",
                "people in poverty", "persons in poverty", "population in poverty", "below poverty line",
                "people below poverty level", "people below the poverty level",
                "population below poverty level", "persons below poverty level", "poor"),
    "child_poverty": ("child poverty", "children in poverty", "children below poverty level",
                      "under 18 in poverty", "children under 18 in poverty", "under 18 below poverty level",
                      "children poverty", "child below poverty"),
    "uninsured": ("uninsured", "no health insurance", "without health insurance", "uninsured people",
                  "no health insurance coverage", "without health insurance coverage",
                  "population without health insurance"),
    "no_vehicle": ("no vehicle", "no vehicles", "no vehicle available", "no vehicles available", "no car",
                   "households without a vehicle", "households with no vehicle", "zero vehicle households",
                   "households with no vehicle available", "without a vehicle", "no vehicle households",
                   "households without vehicle"),
    "share_black": ("black", "african american", "black or african american", "black alone",
                    "black or african american alone", "black population"),
}  # fmt: skip
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "zip": ("zip code", "zipcode", "zcta", "zcta5", "zcta5ce10", "zcta5ce20", "geoid zcta", "postal code",
            "zip code tabulation area"),
    "area": ("geo id", "geography", "geographic identifier", "location", "place", "geographic area"),
    "fips": ("fips code", "county fips", "geoid", "county fips code", "county code", "geoid20", "geoid10"),
    "county": ("county name",),
    "years": ("year", "data year", "vintage", "acs year", "period", "survey years", "data years",
              "acs vintage", "years of data", "survey year", "dataset"),
    "group": ("race", "race ethnicity", "race or ethnicity", "population group"),
    "population": ("total population", "pop", "population total", "people", "total pop", "residents"),
    "median_income": ("median household income", "median income dollars", "household income median",
                      "median hh income", "median household income dollars"),
    **{
        measure: tuple(
            dict.fromkeys(
                text
                for words in headings
                for text in (
                    *(f"{before}{words}" for before in _SHARE_WORDS),
                    *(f"{words}{after}" for after in _SHARE_ENDS),
                )
            )
        )
        for measure, headings in _SHARES.items()
    },
}  # fmt: skip
SHARES: Final = tuple(_SHARES)
_PERCENT: Final = re.compile(r"%|\bpct\b|pct_|\bpercent", re.IGNORECASE)
_SHARE: Final = re.compile(r"\b(share|proportion|fraction)\b|share_|_share", re.IGNORECASE)
#: So many shares at or below 1 under a heading of percent are not percents by chance.
_MANY: Final = 10


def scale(heading: str, values: Sequence[float], signs: bool) -> tuple[float, str, bool]:
    """What to divide the shares of a column by, why, and whether that is in doubt.

    ``signs`` is true where cells carry a percent sign. Values above 1 can only be percents; a column that
    is headed percent and never goes above 1 holds shares, surely so only where it is long.
    """
    above = max(values, default=0.0) > 1
    if signs:
        return 100.0, "its cells carry percent signs", False
    if above:
        return 100.0, "it holds numbers above 1", bool(_SHARE.search(heading))
    if _PERCENT.search(heading):
        return 1.0, "it is headed percent but never goes above 1", len(values) < _MANY
    return 1.0, "", False
