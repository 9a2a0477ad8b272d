"""What a chosen place says beside the map: need, service and outcomes, a sentence each."""

from __future__ import annotations

from typing import Final

from equity.release.load import Release
from equity.release.places_served import of_service, slots_year
from equity.release.widen import stand_in
from equity.views.overview import Statement, state
from equity.words import knows

#: What the model says of a ZIP code whose own count is small.
MODELLED: Final = ("infant_mortality_smoothed", "infant_mortality_excess")
SERVICE: Final = ("service_gap", "need", "slots", "caseload", "coverage")


def panel(release: Release, layer: str, level: str, area: str, period: tuple[int, int]) -> list[Statement]:
    """Statements on a place: what the map shows of it, its service in the year the map shows, its outcomes
    in that year's block; where its own rate is hidden, the nearest larger figure that may be shown stands
    beside."""
    year = min(period[1], slots_year(release, level, area))
    blocks = [(int(first), int(last)) for first, last in release.manifest["blocks"]]
    block = next((found for found in blocks if found[0] <= period[1] <= found[1]), blocks[-1])
    figures = [of_service(release, name, level, area, year) for name in SERVICE]
    figures.append(release.figure("births", level, area, "all", block))
    figures.append(release.figure("infant_mortality", level, area, "all", block))
    around = stand_in(release, "infant_mortality", level, area, period[1])
    figures += [around] if around else []
    modelled = [release.figure(name, level, area, "all", block) for name in MODELLED]
    figures += [figure for figure in modelled if figure.visible]
    shown = release.figure(layer, level, area, "all", period)
    # a code for a kind of place has no sentence of its own: the legend says what it means
    said = [shown] if knows(f"overview.sentence.{layer}") else []
    return [state(release, figure) for figure in dict.fromkeys([*said, *figures])]
