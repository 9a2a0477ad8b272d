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
    # a made-up figure never stands in for one that was withheld
    fits = region and around.visible and around.basis == own[1].basis and own[1].status == "suppressed"
    return around if fits else own[1]


def stand_in(release: Release, measure: str, area_kind: str, area: str, year: int) -> Figure | None:
    """The larger figure to read in place of a hidden one; ``None`` where none is needed or fits."""
    found = widen(release, measure, area_kind, area, year)
    return found if found.visible and found.area != area else None
