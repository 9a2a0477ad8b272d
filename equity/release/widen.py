"""Which period and place to show when the one asked for has too few deaths: year, then block, then region."""

from __future__ import annotations

from equity.release.figure import Figure
from equity.release.load import Release


def widen(release: Release, measure: str, area_kind: str, area: str, year: int, group: str = "all") -> Figure:
    """The first visible figure of: the place's year, its block of years, its region's block.

    A figure that somebody printed is taken before a made-up one of a shorter period. Where nothing is
    visible the place's block is returned, with the reason why it is hidden.
    """
    block = next(
        ((int(first), int(last)) for first, last in release.manifest["blocks"] if first <= year <= last),
        (year, year),
    )
    own = [release.figure(measure, area_kind, area, group, period) for period in ((year, year), block)]
    visible = [figure for figure in own if figure.visible]
    reported = [figure for figure in visible if figure.basis == "reported"]
    if visible:
        return (reported or visible)[0]
    region = release.region_of(area_kind, area)
    around = release.figure(measure, "region", region, group, block)
    return around if region and around.visible else own[1]
