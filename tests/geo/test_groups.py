"""ZIP groups: contiguous, large enough, inside one county group, numbered from north to south."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.boundaries import Layers, group_rows
from geo.crosswalk import load_zip_county
from geo.groups import THRESHOLD, expected_deaths
from geo.neighbours import contiguity
from geo.places import GROUP_OF_COUNTY


@pytest.fixture(scope="module")
def groups() -> pd.DataFrame:
    return pd.DataFrame(group_rows())


def test_every_zip_is_in_one_group(groups: pd.DataFrame, shipped: Layers) -> None:
    assert groups["zip"].tolist() == shipped.zips["geoid"].tolist()
    assert sorted(groups["zip_group"].unique()) == shipped.zip_groups["geoid"].tolist()
    assert (groups.groupby("zip_group")["name"].nunique() == 1).all()
    assert groups["zip_group"].str.fullmatch(r"(city|county|bootheel)-\d\d").all()


def test_a_group_keeps_to_one_county_group(groups: pd.DataFrame, shipped: Layers) -> None:
    primary = shipped.zips.set_index("geoid")["county"].map(GROUP_OF_COUNTY)
    assert (groups["zip"].map(primary) == groups["zip_group"].str.split("-").str[0]).all()


def test_a_group_can_be_walked_without_leaving_it(groups: pd.DataFrame, shipped: Layers) -> None:
    for code, members in groups.groupby("zip_group"):
        part = shipped.zips[shipped.zips["geoid"].isin(members["zip"])]
        assert len(contiguity(part).components) == 1, code
    assert (shipped.zip_groups.geometry.map(lambda shape: len(getattr(shape, "geoms", [shape]))) <= 2).all()


def test_groups_are_numbered_from_north_to_south(shipped: Layers) -> None:
    for _, part in shipped.zip_groups.groupby(shipped.zip_groups["geoid"].str.split("-").str[0]):
        assert part.to_crs("EPSG:26915").centroid.y.is_monotonic_decreasing


def test_names_are_plain(shipped: Layers) -> None:
    names = shipped.zip_groups.set_index("geoid")["name"]
    assert names["city-03"] == "City group 3: 63113, 63115"
    assert names["bootheel-05"] == "Bootheel group 5: Kennett, Caruthersville, Hayti and around"
    assert names.str.len().max() <= 70


@pytest.mark.shared
def test_a_group_expects_about_twenty_deaths_a_block(groups: pd.DataFrame, zcta: Path) -> None:
    crosswalk = pd.read_csv(zcta / "zcta_county8_crosswalk.csv", dtype={"zcta": "str"}, index_col="zcta")
    expected = expected_deaths(crosswalk["population_acs2022"], load_zip_county())
    assert expected.sum() == pytest.approx(238 + 453 + 112, rel=1e-6)  # published, published, assumed
    by_group = groups["zip"].map(expected).groupby(groups["zip_group"]).sum()
    assert (by_group >= THRESHOLD).all()
    assert len(by_group) == 30
