"""Places and their parts as shipped, and refusal of rows that cannot be right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from equity.intake.geography import BOUNDARIES, read_geography
from equity.intake.reference import REFERENCE
from tests.intake.sources import rows


def test_all_places_and_their_parts_are_read() -> None:
    found = read_geography(REFERENCE)
    assert found.refused == ()
    assert set(found.area["kind"]) == {"zip", "zip_group", "county", "region", "state", "nation"}
    assert not found.area.duplicated(["kind", "geoid"]).any()
    parts = found.area_part.groupby(["whole_kind", "part_kind"]).size()
    assert parts["zip_group", "zip"] == 125
    assert parts["region", "county"] == 8
    assert found.area_part.loc[found.area_part["whole_kind"].ne("zip"), "weight"].eq(1).all()


def test_zip_groups_stay_inside_a_region() -> None:
    found = read_geography(REFERENCE)
    region = found.area.set_index(["kind", "geoid"])["region"]
    members = found.area_part[found.area_part["whole_kind"].eq("zip_group")]
    for row in members.itertuples():
        assert region["zip", row.part] == region["zip_group", row.whole]


@pytest.mark.shared
def test_shares_are_those_of_residential_addresses() -> None:
    parts = read_geography(REFERENCE).area_part
    ours = parts[parts["whole_kind"].eq("zip")].set_index(["whole", "part"])["weight"]
    printed = {
        (row["zip"], row["county"]): float(row["res_ratio"])
        for row in rows("zcta/zip_county_residential_ratio_2025q4.csv")
    }
    for zip_code, county in (("63120", "29510"), ("63136", "29189"), ("63801", "29201"), ("63801", "29143")):
        assert ours[zip_code, county] == pytest.approx(printed[zip_code, county], abs=1e-6)


@pytest.mark.parametrize(
    ("file", "row", "column", "reason"),
    [
        ("zip_county.csv", "63999,29189,1,HUD,addresses", "zip", "'63999' is not a known ZIP."),
        ("zip_county.csv", "63106,29510,1.2,HUD,addresses", "weight",
         "'1.2' is out of bounds: it must be from 0 to 1."),
        ("zip_county.csv", "63106,29189,0.5,HUD-USPS 2025Q4,addresses", "weight",
         "the shares of this ZIP add up to more than 1."),
        ("zip_groups.csv", "63106,city-99,Somewhere,2017-2023", "zip",
         "the row repeats an earlier one with the same zip, vintage."),
        ("zip_groups.csv", "63106,,Somewhere,2024", "zip_group", "this cell is empty; fill it."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(tmp_path: Path, file: str, row: str, column: str, reason: str) -> None:
    folder = Path(shutil.copytree(BOUNDARIES, tmp_path / "boundaries"))
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write(row + "\n")
    refused = read_geography(REFERENCE, folder).refused
    assert (file, column, reason) in [(found.file, found.column, found.reason) for found in refused]
