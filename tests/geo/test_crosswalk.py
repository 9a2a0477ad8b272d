"""ZIP hygiene, apportionment that loses nobody, and areal interpolation against its reference."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crosswalk import (
    OUTSIDE,
    UNKNOWN,
    apportion,
    clean_zip,
    interpolate,
    known_zips,
    largest_remainder,
    load_zip_county,
    split_by_county,
    zip_aliases,
)

CITY, COUNTY, SCOTT, NEW_MADRID = "29510", "29189", "29201", "29143"
VECTORS = Path(__file__).resolve().parent.parent / "reference" / "vectors_statistics.json"


@pytest.fixture(scope="module")
def weights() -> pd.Series:
    return load_zip_county().set_index(["zip", "county"])["weight"]


@pytest.mark.parametrize(
    ("code", "county", "percent"),
    [("63120", CITY, 88), ("63136", COUNTY, 93), ("63801", SCOTT, 85), ("63801", NEW_MADRID, 15)],
)
def test_known_shares(weights: pd.Series, code: str, county: str, percent: int) -> None:
    assert round(100 * weights[code, county]) == percent


def test_twelve_zips_lie_in_city_and_county(weights: pd.Series) -> None:
    both = {code for code, county in weights.index if county == CITY}
    both &= {code for code, county in weights.index if county == COUNTY}
    assert sorted(both) == [
        *("63105", "63117", "63119", "63120", "63123", "63125"),
        *("63130", "63133", "63136", "63137", "63138", "63143"),
    ]


@pytest.mark.shared
def test_the_same_twelve_as_the_census(weights: pd.Series, zcta: Path) -> None:
    crosswalk = pd.read_csv(zcta / "zcta_county8_crosswalk.csv", dtype="str")
    census = crosswalk.loc[crosswalk["counties8_2020"] == f"{COUNTY};{CITY}", "zcta"]
    counties = weights.reset_index().groupby("zip")["county"].apply(set)
    assert census.tolist() == [code for code in counties.index if counties[code] == {CITY, COUNTY}]


@pytest.mark.shared
def test_weights_are_the_residential_ratios(zcta: Path) -> None:
    hud = pd.read_csv(
        zcta / "zip_county_residential_ratio_2025q4.csv", dtype={"zip": "str", "county": "str"}
    ).set_index(["zip", "county"])
    table = load_zip_county()
    for basis, ratio in (("residential addresses", "res_ratio"), ("all addresses", "tot_ratio")):
        part = table[table["weight_basis"] == basis].set_index(["zip", "county"])["weight"]
        assert part.to_numpy() == pytest.approx(hud.loc[part.index, ratio].to_numpy(), abs=6e-7)
    assert set(hud.index.get_level_values("zip")) <= known_zips() | set(zip_aliases())


def test_weights_sum_to_one_except_beyond_the_eight_counties(weights: pd.Series) -> None:
    total = weights.groupby("zip").sum()
    assert len(total) == 125
    assert sorted(total[total < 0.999].index) == [
        *("63005", "63025", "63026", "63049", "63069", "63730", "63740", "63771", "63780", "63960")
    ]
    assert (total <= 1 + 2e-6).all()
    assert (weights > 0).all()


@pytest.mark.parametrize(
    ("written", "code", "note"),
    [
        ("63106", "63106", ""),
        (63106, "63106", ""),
        (" 63106 ", "63106", ""),
        ("63106-1234", "63106", "'63106-1234' read as 63106"),
        ("631061234", "63106", "'631061234' read as 63106"),
        ("63106.0", "63106", "'63106.0' read as 63106"),
        (63106.0, "63106", "'63106.0' read as 63106"),
        ("ZCTA5 63106", "63106", "'ZCTA5 63106' read as 63106"),
        ("63177", "63103", "63177 is a post-office or single-customer ZIP inside 63103"),
        (
            "1003",
            None,
            "'1003' read as 01003: leading zero restored; 01003 is not a ZIP of the eight counties",
        ),
        ("62201", None, "62201 is not a ZIP of the eight counties"),
        ("6310612", None, "'6310612' is not a ZIP code: five digits are needed"),
        ("Unknown", None, "'Unknown' is not a ZIP code: five digits are needed"),
        ("٦٣١٠٦", None, "'٦٣١٠٦' is not a ZIP code: five digits are needed"),
        ("", None, "no ZIP is given"),
        (float("nan"), None, "no ZIP is given"),
        (None, None, "no ZIP is given"),
    ],
)
def test_zip_hygiene(written: object, code: str | None, note: str) -> None:
    assert clean_zip(written) == (code, note)


def test_post_office_zips_point_at_zips_with_people() -> None:
    assert set(zip_aliases().values()) <= known_zips()
    assert not set(zip_aliases()) & known_zips()
    assert clean_zip("63155") == ("63155", "")  # a post office that has an area of its own


def test_counts_go_where_the_addresses_are() -> None:
    split = split_by_county({"63120": 1000, "63026": 100, "62201": 7}).set_index(["zip", "county"])["count"]
    assert split["63120", CITY] == pytest.approx(881.641)
    assert split["63026", OUTSIDE] == pytest.approx(51.945)
    assert split["62201", UNKNOWN] == 7
    assert apportion({"63106": 10, "63120": 0}).to_dict() == {CITY: 10.0}
    assert apportion({}).empty


ZIPS = st.sampled_from([*sorted(known_zips()), "62201", "99999"])


@given(st.dictionaries(ZIPS, st.integers(0, 5000), max_size=12))
def test_nobody_is_lost(counts: dict[str, int]) -> None:
    assert apportion(counts).sum() == pytest.approx(sum(counts.values()))
    whole = split_by_county(counts, whole=True)
    by_zip = whole.groupby("zip")["count"].sum()
    assert by_zip.to_dict() == {code: count for code, count in counts.items() if count}
    assert all(float(part).is_integer() for part in whole["count"])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.integers(1, 10**6))
def test_largest_remainder_stays_within_one(parts: list[int], total: int) -> None:
    if sum(parts) == 0:
        return
    exact = np.array(parts) * (total / sum(parts))
    rounded = largest_remainder(exact, total)
    assert rounded.sum() == total
    assert (np.abs(rounded - exact) < 1 + 1e-6).all()


def test_largest_remainder_by_hand() -> None:
    # Hamilton's method: 2.4, 3.3, 4.3 have floors 2, 3, 4; the one left goes to .4; ties to the first
    assert largest_remainder([2.4, 3.3, 4.3], 10).tolist() == [3, 3, 4]
    assert largest_remainder([0.5, 0.5], 1).tolist() == [1, 0]
    with pytest.raises(ValueError, match="sum to 3, not to 5"):
        largest_remainder([1.0, 2.0], 5)


def test_areal_interpolation_meets_its_reference() -> None:
    """R sf ``st_interpolate_aw``. The zones' areas are those that fill both targets of 9 exactly."""
    vector = next(v for v in json.loads(VECTORS.read_text(encoding="utf-8")) if v["id"] == "areal")
    zones, expected = vector["inputs"]["zones"], vector["expected"]
    births, rates, fractions = ([zone[key] for zone in zones] for key in ("births", "rate", "frac"))
    areas = [8.0, 4.0, 6.0]
    near = {"rel": vector["tolerance_rel"]}
    assert interpolate(areas, fractions) == pytest.approx(vector["inputs"]["target_area"], **near)
    assert interpolate(births, fractions) == pytest.approx(expected["births"], **near)
    assert interpolate(rates, fractions, areas) == pytest.approx(expected["intensive_rate"], **near)
    deaths = np.array(births) * rates
    true_rate = interpolate(deaths, fractions) / interpolate(births, fractions)
    assert true_rate == pytest.approx(expected["true_rate"], **near)
