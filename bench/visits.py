"""Which addresses are visited: the pages as readers use them, each place, layer and region in turn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from urllib.parse import urlencode

from equity.release.load import Release
from equity.views.selecting import (
    ALL_REGIONS,
    LAYERS,
    REGIONS,
    levels_of,
    period_codes,
    periods_by_region,
    place_codes,
)

#: The name of each page in its address; the first is served at ``/``.
PAGES = ("overview", "map", "profile", "targets", "about")


def page_name(page: str) -> str:
    """How a request names a page."""
    return "" if page == PAGES[0] else page


def visits(release: Release, times: int) -> dict[str, list[str]]:
    """``times`` query strings for every page, spread over all that can be chosen there."""
    blocks = period_codes([(int(first), int(last)) for first, last in release.manifest["blocks"]])
    profiles = [urlencode({"area": area, "period": p}) for area, p in product(place_codes(release), blocks)]
    regions = [urlencode({"region": region}) for region in (*REGIONS, ALL_REGIONS)]
    choices = {"map": map_queries(release), "profile": profiles, "targets": regions}
    return {page: spread(choices.get(page, [""]), times) for page in PAGES}


def map_queries(release: Release) -> list[str]:
    """Every layer by every kind of place for every region, in its newest period."""
    return [
        urlencode({"layer": layer, "level": level, "region": region, "period": period})
        for layer in LAYERS
        for level in levels_of(release, layer)
        for region, offered in periods_by_region(release, layer, level).items()
        for period in list(period_codes(offered))[:1]
    ]


def spread(options: Sequence[str], times: int) -> list[str]:
    """``times`` of the options at even steps; all of them in turn, again and again, where they are fewer."""
    if len(options) < times:
        return [options[place % len(options)] for place in range(times)]
    return [options[place * len(options) // times] for place in range(times)]
