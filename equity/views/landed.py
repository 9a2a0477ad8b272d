"""Where a file that was taken in is seen: its measures, places and periods in a release, and the pages."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from equity.registry import measure
from equity.release.figure import VISIBLE, period_code
from equity.release.load import Release
from equity.views.format import period_text
from equity.views.selecting import LAYERS, LEVELS
from equity.words import say


@dataclass(frozen=True)
class Landed:
    """What a file brought onto the pages: a sentence, and codes for the addresses of Map and Profile.

    ``map_codes`` and ``profile_codes`` are empty where no place of ours shows a figure of the file.
    """

    sentence: str
    map_codes: dict[str, str]
    profile_codes: dict[str, str]
    profile_name: str


def landed(release: Release, source_id: str) -> Landed:
    """Find the figures of one source in a release: on the Map's layers, for the Map's kinds of place."""
    figures = release.figures
    named = figures["source"].str.split(";").map(lambda sources: source_id in sources)
    shown = figures[named & figures["status"].isin(VISIBLE)]
    shown = shown[shown["measure"].isin(LAYERS) & shown["area_kind"].isin(LEVELS) & shown["group"].eq("all")]
    if shown.empty:
        return Landed(say("data.landed.nowhere"), {}, {}, "")
    layer = min(shown["measure"].unique(), key=LAYERS.index)
    rows = shown[shown["measure"].eq(layer)]
    kinds = rows["area_kind"].astype("str").value_counts()
    level = min(kinds.index, key=lambda kind: (-kinds[kind], LEVELS.index(kind)))
    rows = rows[rows["area_kind"].eq(level)]
    newest = rows.sort_values(["last_year", "first_year"]).iloc[-1]
    period = (int(newest["first_year"]), int(newest["last_year"]))
    rows = rows[rows["first_year"].eq(period[0]) & rows["last_year"].eq(period[1])]
    area = str(rows["area"].sort_values().iloc[0])
    codes = {"layer": layer, "level": level, "region": release.region_of(level, area), "area": area}
    return Landed(
        _sentence(release, shown),
        codes | {"period": period_code(*period)},
        {"area": area},
        release.area_name(level, area),
    )


def _sentence(release: Release, shown: pd.DataFrame) -> str:
    told = [
        say("data.landed.measure", measure=measure(code).name, years=_years(shown[shown["measure"].eq(code)]))
        for code in sorted(shown["measure"].unique(), key=LAYERS.index)
    ]
    counts = {level: shown.loc[shown["area_kind"].eq(level), "area"].nunique() for level in LEVELS}
    places = [say(f"data.landed.{level}", count=count) for level, count in counts.items() if count]
    return say("data.landed.seen", measures="; ".join(told), places=", ".join(places))


def _years(rows: pd.DataFrame) -> str:
    """The periods of some figures, oldest first; single years in a row as one, with the blocks in them."""
    spans = sorted(set(zip(rows["first_year"].tolist(), rows["last_year"].tolist(), strict=True)))
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if first == last and joined and joined[-1][1] == first - 1:
            joined[-1] = (joined[-1][0], last)
        elif first == last:
            joined.append((first, last))
    blocks = [(a, b) for a, b in spans if a < b and not any(c <= a and b <= d for c, d in joined)]
    return ", ".join(period_text(*span) for span in sorted([*joined, *blocks]))
