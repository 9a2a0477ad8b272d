"""A small world for small-area tests: a row of square ZIPs in two regions, with counts of known rates."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
from shapely.geometry import box

BLOCK = (2017, 2023)


def squares(stl: int = 12, bootheel: int = 4) -> geopandas.GeoDataFrame:
    """Squares that touch within a region, in rows; the two regions lie far apart."""
    rows = []
    for region, count, south in (("stl", stl, 38.6), ("bootheel", bootheel, 36.2)):
        for number in range(count):
            # corners on one grid, so that neighbours share them exactly
            column, row = number % 4, number // 4
            west, east = (round(-90.4 + 0.05 * (column + step), 2) for step in (0, 1))
            bottom, top = (round(south + 0.05 * (row + step), 2) for step in (0, 1))
            geoid = f"{63 if region == 'stl' else 64}{number:03d}"
            rows.append((geoid, region, box(west, bottom, east, top)))
    frame = pd.DataFrame(rows, columns=["geoid", "region", "geometry"])
    return geopandas.GeoDataFrame(frame, geometry="geometry", crs=4326)


def counted(
    births: dict[str, tuple[int, int, int]],
    deaths: dict[str, tuple[int, int, int]],
    block: tuple[int, int] = BLOCK,
) -> pd.DataFrame:
    """Long counts from births and deaths of Black, white and other babies by ZIP."""
    rows = []
    for event, counts in (("births", births), ("infant_deaths", deaths)):
        for area, parts in counts.items():
            by_group = zip(("black", "white", "other", "all"), (*parts, sum(parts)), strict=True)
            rows += [(area, *block, group, event, count) for group, count in by_group]
    return pd.DataFrame(rows, columns=["area", "first_year", "last_year", "group", "event", "count"])


def drawn(zips: geopandas.GeoDataFrame, high: tuple[str, ...] = (), times: float = 1.0) -> pd.DataFrame:
    """Poisson deaths at 12, 5 and 6 of 1,000; in ``high`` ZIPs ``times`` as many."""
    rng = np.random.default_rng(3)
    births, deaths = {}, {}
    for geoid in zips["geoid"]:
        births[geoid] = tuple(int(x) for x in rng.integers(200, 1500, 3))
        raised = times if geoid in high else 1.0
        rates = raised * np.array([0.012, 0.005, 0.006])
        deaths[geoid] = tuple(int(x) for x in rng.poisson(rates * np.array(births[geoid])))
    return counted(births, deaths)
