"""County totals against what the publisher prints; everything else against the nation and the state."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from equity.demonstration import DemoData

# County Health Rankings, release 2026 (data 2017-2023, printed counts) and release 2018 (data 2010-2016;
# counts by race are those that give the printed rates to all their digits): deaths, births.
PUBLISHED = [
    ("29510", 2017, "all", 238, 26307),
    ("29510", 2017, "black", 180, 12945),
    ("29510", 2017, "white", 46, 9640),
    ("29189", 2017, "all", 453, 75396),
    ("29189", 2017, "black", 274, 24593),
    ("29189", 2017, "white", 134, 40075),
    ("29201", 2017, "all", 22, 3361),
    ("29510", 2010, "all", 311, 32341),
    ("29510", 2010, "black", 238, 16199),
    ("29510", 2010, "white", 53, 13014),
    ("29189", 2010, "all", 540, 79611),
    ("29189", 2010, "black", 312, 25702),
    ("29189", 2010, "white", 197, 46273),
    ("29069", 2010, "all", 30, 3104),
    ("29155", 2010, "all", 32, 1942),
    ("29201", 2010, "all", 33, 3561),
]
WITHHELD = [(county, 2017) for county in ("29069", "29133", "29143", "29155", "29207")]
WITHHELD += [(county, 2010) for county in ("29133", "29143", "29207")]
BOOTHEEL = ["29069", "29133", "29143", "29155", "29201", "29207"]


def block_total(table: pd.DataFrame, event: str, areas: list[str], first: int, group: str = "all") -> int:
    rows = table[(table["event"] == event) & (table["stratum"] == "") & table["area"].isin(areas)]
    rows = rows[rows["first_year"].between(first, first + 6)]
    if group != "all":
        rows = rows[rows["group"].isin(group.split(";"))]
    return int(rows["count"].sum())


@pytest.mark.parametrize(("county", "first", "group", "deaths", "births"), PUBLISHED)
def test_county_totals_equal_the_published_counts(
    demo: DemoData, county: str, first: int, group: str, deaths: int, births: int
) -> None:
    assert block_total(demo.vital_county, "infant_deaths", [county], first, group) == deaths
    assert block_total(demo.vital_county, "births", [county], first, group) == births


@pytest.mark.parametrize("county", ["29510", "29189"])
@pytest.mark.parametrize("first", [2010, 2017])
def test_the_other_groups_are_what_black_and_white_leave(demo: DemoData, county: str, first: int) -> None:
    printed = {(c, f, g): (deaths, births) for c, f, g, deaths, births in PUBLISHED}
    for i, event in enumerate(("infant_deaths", "births")):
        total, black, white = (printed[county, first, group][i] for group in ("all", "black", "white"))
        rest = block_total(demo.vital_county, event, [county], first, "hispanic;other;unknown")
        assert rest == total - black - white


@pytest.mark.parametrize(("county", "first"), WITHHELD)
def test_withheld_counties_stay_below_the_publishers_threshold(
    demo: DemoData, county: str, first: int
) -> None:
    deaths = block_total(demo.vital_county, "infant_deaths", [county], first)
    assert 0 < deaths < 20


@pytest.mark.shared
def test_invented_deaths_are_not_the_withheld_ones(demo: DemoData) -> None:
    path = Path(os.environ["EQUITY_SHARED_DATA"]) / "chr" / "chr_missouri_tidy.csv"
    rows = pd.read_csv(path, dtype=str)
    rows = rows[rows["measure"].str.startswith("infant_mortality") & (rows["group"] == "all")]
    hidden = rows[rows["value"].isna() & rows["numerator"].notna() & (rows["data_years"] == "2010-2016")]
    assert len(hidden), "the source holds counts it did not mean to publish"
    for county, count in hidden[["fips", "numerator"]].to_numpy():
        assert block_total(demo.vital_county, "infant_deaths", [county], 2010) != int(count)


def test_the_bootheel_has_a_plausible_rate_and_ratio(demo: DemoData) -> None:
    def rate(first: int, group: str = "all") -> float:
        deaths = block_total(demo.vital_county, "infant_deaths", BOOTHEEL, first, group)
        return 1000 * deaths / block_total(demo.vital_county, "births", BOOTHEEL, first, group)

    assert rate(2010) == pytest.approx(8.9, abs=0.3)
    assert 7 <= rate(2017) <= 8
    for first in (2010, 2017):
        assert 1.6 <= rate(first, "black") / rate(first, "white") <= 2.6


# Printed shares of low birthweight, 2010-2016, same release.
@pytest.mark.parametrize(
    ("county", "share"),
    [("29510", 0.1245), ("29189", 0.0897), ("29069", 0.1133), ("29133", 0.1203), ("29155", 0.1196)],
)
def test_low_birthweight_is_near_the_printed_share(demo: DemoData, county: str, share: float) -> None:
    low = block_total(demo.vital_county, "low_birthweight", [county], 2010)
    assert low / block_total(demo.vital_county, "births", [county], 2010) == pytest.approx(share, abs=0.012)


@pytest.mark.parametrize(("group", "share"), [("black", 0.1635), ("white", 0.0761)])
def test_low_birthweight_by_race_is_near_the_printed_share(demo: DemoData, group: str, share: float) -> None:
    low = block_total(demo.vital_county, "low_birthweight", ["29510"], 2010, group)
    births = block_total(demo.vital_county, "births", ["29510"], 2010, group)
    assert low / births == pytest.approx(share, abs=0.012)


def test_preterm_is_near_the_printed_share(demo: DemoData) -> None:
    # March of Dimes report card of November 2017: City 13.3 %, County 10.6 %.
    for county, share in (("29510", 0.133), ("29189", 0.106)):
        preterm = block_total(demo.vital_county, "preterm", [county], 2010)
        births = block_total(demo.vital_county, "births", [county], 2010)
        assert preterm / births == pytest.approx(share, abs=0.01)


def test_about_two_thirds_of_deaths_are_neonatal(demo: DemoData) -> None:
    counties = list(demo.vital_county["area"].unique())
    deaths = sum(block_total(demo.vital_county, "infant_deaths", counties, first) for first in (2010, 2017))
    neonatal = sum(block_total(demo.vital_county, "neonatal", counties, first) for first in (2010, 2017))
    # NCHS linked file 2015, United States: 15,554 of 23,326.
    assert neonatal / deaths == pytest.approx(15554 / 23326, abs=0.04)


def test_single_years_wander_no_more_than_chance_allows(demo: DemoData) -> None:
    rows = demo.vital_county[demo.vital_county["stratum"] == ""]
    for county in ("29510", "29189"):
        here = rows[rows["area"] == county].groupby(["event", "first_year"])["count"].sum()
        deaths, births = here["infant_deaths"], here["births"]
        block = (deaths.index >= 2017).astype(int)
        rate = (deaths.groupby(block).sum() / births.groupby(block).sum()).to_numpy()[block]
        chi2 = float((((deaths - births * rate) ** 2) / (births * rate)).sum())
        assert 2 < chi2 < 26.2  # 12 degrees of freedom: between the 0.06 and the 99 % point
