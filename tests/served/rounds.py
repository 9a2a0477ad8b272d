"""The addresses of a round: every page, and of every filter its values in turn (of long lists some)."""

from __future__ import annotations

from urllib.parse import urlencode

from bench.visits import map_queries, spread
from equity.release.load import Release
from equity.release.places_served import NEEDS, SPLITS
from equity.views.coverage import GROUPS, filters, quarter_codes
from equity.views.selecting import ALL_REGIONS, LEVELS, REGIONS, period_codes, place_codes, places

#: Addresses that name nothing: what a page says of them must hold no more than what it shows.
HOSTILE = (
    "area=../../etc/passwd",
    "layer=%3Cscript%3E&period=0000-9999",
    "area=%00%F0%9F%92%A3",
    "region=" + "A" * 5000,
)
#: Plans that are asked for, the last of which is none.
PLANS = ("n100_reach_need_both_all", "n30_fair_need_stl_all", "nonsense")
#: Pages with their downloads; what hides most is among them.
WITH_FILES = (
    ("map", "layer=infant_mortality&level=zip&region=both&period=2017-2023"),
    ("map", "layer=births&level=zip_group&region=bootheel&period=2010-2016"),
    ("coverage", ""),
    ("coverage", "region=bootheel&level=county&group=black"),
    ("planner", ""),
    ("profile", "area=29155&period=2017-2023"),
    ("profile", "area=63113&period=2010-2016"),
    ("data", ""),
    ("about", ""),
)


def round_of(release: Release) -> list[tuple[str, str]]:
    """Page and query of every visit."""
    return [
        *(("", query) for query in ("", *HOSTILE)),
        *(("targets", urlencode({"region": region})) for region in (*REGIONS, ALL_REGIONS)),
        *(("map", query) for query in _maps(release)),
        *(("coverage", query) for query in _coverages(release)),
        *(("profile", query) for query in _profiles(release)),
        *(("planner", f"plan={code}") for code in PLANS),
    ]


def _maps(release: Release) -> list[str]:
    """Each layer by each kind of place, each with a region in turn; each period of what is hidden most."""
    listed = map_queries(release)
    periods = {
        layer: period_codes(release.periods(layer, level))
        for layer, level in (("infant_mortality", "zip"), ("caseload", "zip"), ("coverage", "county"))
    }
    some = places(release, "zip")["geoid"].tolist()
    return [
        # a layer's regions follow each other: one of the three for each layer and kind of place
        *(query for number, query in enumerate(listed) if number % 3 == number // 3 % 3),
        *(urlencode({"layer": layer, "period": period}) for layer, own in periods.items() for period in own),
        *(f"layer=infant_mortality&region=both&area={area}" for area in spread(some, 4)),
    ]


def _coverages(release: Release) -> list[str]:
    chosen = [
        *({"need": need} for need in NEEDS),
        *({"rule": rule} for rule in SPLITS),
        *({"level": level, "region": region} for level in LEVELS for region in REGIONS),
        *({"level": "county", "group": group} for group in GROUPS),
        *({column: code} for column in ("funder", "model") for code in filters(release, column)),
        *({"agency": code} for code in spread(list(filters(release, "agency")), 4)),
        *({"quarter": quarter} for quarter in spread(list(quarter_codes(release)), 4)),
        *({"area": area} for area in spread(places(release, "zip")["geoid"].tolist(), 4)),
    ]
    return [urlencode(query) for query in chosen]


def _profiles(release: Release) -> list[str]:
    """Every county, region and ZIP group, and some ZIP codes, in the two periods by turns."""
    periods = list(period_codes([(int(first), int(last)) for first, last in release.manifest["blocks"]]))
    kinds = place_codes(release)
    zips = [area for area, (kind, _) in kinds.items() if kind == "zip"]
    chosen = [*(area for area, (kind, _) in kinds.items() if kind != "zip"), *spread(zips, 12)]
    return [
        urlencode({"area": area, "period": periods[number % len(periods)]})
        for number, area in enumerate(chosen)
    ]
