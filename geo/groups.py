"""ZIP groups: neighbouring ZIPs taken together until a rate can stand on them.

Inside each county group (City, County, the Bootheel) the max-p-regions heuristic (Wei, Rey and Knaap
2020, in PySAL ``spopt``) makes as many contiguous groups as it can, each with at least
``THRESHOLD`` infant deaths expected in a seven-year block, and keeps them compact.
"""

from __future__ import annotations

import warnings

import geopandas
import numpy as np
import pandas as pd
from tqdm import tqdm

from geo.places import GROUP_OF_COUNTY

THRESHOLD = 20.0
SEED = 20172023
BLOCK_YEARS = 7
BIRTHS = {"city": 26_307.0, "county": 75_396.0, "bootheel": 2_000.0 * BLOCK_YEARS}
"""Births of a block: published 2017–2023 for City and County, about 2,000 a year assumed for the Bootheel."""
RATE = {"city": 238 / 26_307, "county": 453 / 75_396, "bootheel": 8 / 1_000}
"""Infant deaths per birth: published 2017–2023 for City and County, assumed for the Bootheel."""
TITLES = {"city": "City", "county": "County", "bootheel": "Bootheel"}


def expected_deaths(population: pd.Series, shares: pd.DataFrame) -> pd.Series:
    """Infant deaths expected per ZIP in a block, by its people in each county group.

    ``population`` is indexed by ZIP; ``shares`` has ``zip, county, weight`` for the eight counties.
    """
    people = shares["zip"].map(population) * shares["weight"]
    group = shares["county"].map(GROUP_OF_COUNTY)
    deaths = people / people.groupby(group).transform("sum") * group.map(BIRTHS) * group.map(RATE)
    return deaths.groupby(shares["zip"]).sum()


def form_groups(zips: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Assign every ZIP to a group: ``zip, zip_group, name``, numbered from north to south.

    ``zips`` (in metres) has ``zip, county`` (primary), ``city, population, expected`` and polygons.
    """
    rows: list[pd.DataFrame] = []
    for code in tqdm(TITLES, "ZIP groups", unit="group", disable=None):
        part = zips[zips["county"].map(GROUP_OF_COUNTY) == code].reset_index(drop=True)
        labels = _regions(part)
        latitude = part.dissolve(labels).centroid.y.sort_values(ascending=False)
        for number, label in enumerate(latitude.index, start=1):
            members = part[labels == label]
            name = _name(code, number, members)
            rows.append(
                pd.DataFrame({"zip": members["zip"], "zip_group": f"{code}-{number:02d}", "name": name})
            )
    return pd.concat(rows).sort_values("zip").reset_index(drop=True)


def _regions(part: geopandas.GeoDataFrame) -> np.ndarray:
    """Max-p labels of one county group; the same for the same input, because seeded."""
    from libpysal.weights import Rook
    from spopt.region import MaxPHeuristic

    frame = part.assign(x=part.centroid.x / 1000, y=part.centroid.y / 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # libpysal announces future defaults
        touching = Rook.from_dataframe(frame, use_index=False)
        np.random.seed(SEED)  # spopt draws from numpy's global generator
        model = MaxPHeuristic(
            frame,
            touching,
            ["x", "y"],
            "expected",
            THRESHOLD,
            top_n=2,
            max_iterations_construction=100,
            max_iterations_sa=5,
        )
        model.solve()
    return np.asarray(model.labels_)


def _name(code: str, number: int, members: geopandas.GeoDataFrame) -> str:
    """A plain name: the ZIPs, or for rural groups the places with most people."""
    title = f"{TITLES[code]} group {number}: "
    if code == "bootheel":
        places = members.sort_values("population", ascending=False)["city"].drop_duplicates().tolist()
        return title + ", ".join(places[:3]) + (" and around" if len(places) > 3 else "")
    codes = sorted(members["zip"])
    return title + ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
