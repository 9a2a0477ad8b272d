"""What lies behind the gap: parts add up, floors hold, nothing small is published or left to work out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from equity.measures.drivers import MINIMUM_CELL, MINIMUM_TOTAL
from equity.release.associations import associations, correlation
from equity.release.kitagawa import kitagawa_table
from equity.release.load import Release
from equity.release.periods_of_risk import periods_table
from equity.release.policy import PUBLIC
from equity.release.weights import GROUPS, KEY, PARTS, WEIGHTS, Family

Place = tuple[str, str, int, int]


def analysed(release: Release, table: str) -> pd.DataFrame:
    rows = release.tables[table]
    return rows[rows["reason"].eq("")]


def by_place(rows: pd.DataFrame) -> list[tuple[Place, pd.DataFrame]]:
    """The rows of each place and period."""
    found: dict[Place, list[dict[str, Any]]] = {}
    for row in rows.to_dict("records"):
        key = (row["area_kind"], row["area"], row["first_year"], row["last_year"])
        found.setdefault(key, []).append({str(name): value for name, value in row.items()})
    return [(key, pd.DataFrame(own)) for key, own in found.items()]


def test_kitagawas_parts_add_up_to_the_gap_between_the_published_rates(release: Release) -> None:
    rows = analysed(release, "kitagawa")
    assert {"stl", "29510", "29189"} <= set(rows["area"])
    for (kind, area, *period), own in by_place(rows):
        total = own[own["stratum"].eq("total")].iloc[0]
        parts = own[own["stratum"].ne("total")]
        for part in ("composition", "rate"):
            assert parts[part].sum() == pytest.approx(total[part], abs=1e-9)
            assert (own[f"{part}_low"] < own[part]).all() and (own[part] < own[f"{part}_high"]).all()
        gap = release.figure("infant_mortality_difference", kind, area, "all", (period[0], period[1]))
        assert total["composition"] + total["rate"] == pytest.approx(gap.value, abs=1e-6)


def test_every_published_count_is_large_enough(release: Release) -> None:
    kitagawa = analysed(release, "kitagawa")
    counts = kitagawa[["births_black", "deaths_black", "births_white", "deaths_white"]]
    assert (counts > PUBLIC.hide_to).all(axis=None)
    periods = analysed(release, "periods_of_risk")
    cells = periods[periods["period"].ne("total")]
    assert cells["deaths"].min() >= MINIMUM_CELL
    assert periods.loc[periods["period"].eq("total"), "deaths"].min() >= MINIMUM_TOTAL


def test_classes_of_the_city_cannot_be_had_from_the_region_less_the_county(release: Release) -> None:
    rows = analysed(release, "kitagawa")
    for _, own in rows.groupby(["first_year", "last_year"]):
        classes = {area: set(strata) for area, strata in own.groupby("area")["stratum"]}
        assert classes["29510"] == classes["29189"]


def test_periods_of_risk_add_up_and_leave_no_small_rest_of_the_ages(release: Release) -> None:
    rows = analysed(release, "periods_of_risk")
    assert set(rows["definition"]) == {"citymatch", "all_weights"}
    for definition in ("citymatch", "all_weights"):
        _check_periods(release, rows[rows["definition"].eq(definition)])


def _check_periods(release: Release, rows: pd.DataFrame) -> None:
    for (kind, area, *years), own in by_place(rows):
        own = own.set_index("period")
        parts = own.drop("total")
        for column in ("deaths", "rate", "excess_rate", "excess_deaths"):
            assert parts[column].sum() == pytest.approx(own.loc["total", column], abs=1e-9)
        for period, measure in (("NC", "neonatal_mortality"), ("IH", "postneonatal_mortality")):
            age = release.figure(measure, kind, area, "black", (years[0], years[1]))
            assert age.numerator is not None
            rest = age.numerator - float(own["deaths"].to_dict()[period])
            assert rest == 0 or rest > PUBLIC.hide_to


def test_too_few_deaths_are_said_and_not_analysed(release: Release) -> None:
    for table in ("kitagawa", "periods_of_risk"):
        rows = release.tables[table]
        bootheel = rows[rows["area"].eq("bootheel")]
        assert set(bootheel["reason"]) == {"few_deaths"}
    # no split for a county whose own rate is withheld
    assert set(rows.loc[rows["area_kind"].eq("county"), "area"]) == {"29510", "29189"}


def made_up(deaths_of_city: float) -> pd.DataFrame:
    """Counts of a region of two counties; those of one county's Black babies above 1,500 g as asked."""
    rows = []
    for group in GROUPS:
        for part in PARTS:
            births = part == "births"
            county = [900.0 if births else 40.0] * len(WEIGHTS)
            city = [900.0 if births else 40.0] * 2 + [900.0 if births else deaths_of_city] * 2
            both = [a + b for a, b in zip(county, city, strict=True)]
            for place, numbers in (("b", county), ("a", city), ("r", both)):
                kind = "region" if place == "r" else "county"
                rows.append((kind, place, 2017, 2023, group, part, *numbers))
    return pd.DataFrame(rows, columns=[*KEY, *WEIGHTS]).set_index(KEY).sort_index()


FAMILY = Family(("region", "r"), (("county", "a"), ("county", "b")), True, (2017, 2023))


ONE_BLOCK = replace(PUBLIC, blocks=((2017, 2023),))


@pytest.mark.parametrize(("deaths", "county"), [(5, ""), (4, "left_out_here")])
def test_one_county_below_the_floor_keeps_all_of_them_back(deaths: float, county: str) -> None:
    table = periods_table(made_up(deaths), [FAMILY], ONE_BLOCK, "demonstration", "x")
    reasons = table.groupby("area")["reason"].first()
    assert (reasons["r"], reasons["b"]) == ("", county)
    assert reasons["a"] == ("few_deaths" if county else "")


def test_counties_are_left_out_where_one_of_them_is_not_visible() -> None:
    some = FAMILY._replace(counties=(("county", "b"),), whole=False)
    for table in (
        periods_table(made_up(40), [some], ONE_BLOCK, "demonstration", "x"),
        kitagawa_table(made_up(40), [some], ONE_BLOCK, "demonstration", "x"),
    ):
        reasons = table.groupby("area")["reason"].first()
        assert (reasons["r"], reasons["b"]) == ("", "left_out_here")


def test_classes_are_joined_until_every_count_may_be_shown() -> None:
    few = made_up(40)
    few.loc[("region", "r", 2017, 2023, "white", ["neonatal", "postneonatal"]), "<500"] = 2.0
    table = kitagawa_table(few, [FAMILY._replace(counties=())], ONE_BLOCK, "demonstration", "x")
    assert table["stratum"].tolist() == ["<1500", "1500-2499", "2500+", "total"]
    few.loc[("region", "r", 2017, 2023, "white", ["neonatal", "postneonatal"])] = 1.0
    table = kitagawa_table(few, [FAMILY._replace(counties=())], ONE_BLOCK, "demonstration", "x")
    assert table["reason"].tolist() == ["few_deaths"]


def test_association_over_zip_codes_has_limits_and_a_floor(release: Release) -> None:
    rows = release.tables["associations"]
    assert set(rows["area"]) == {"stl", "bootheel"} and (rows["areas"] >= 20).all()
    for name in ("pearson", "spearman", "ratio"):
        assert (rows[f"{name}_low"] <= rows[name]).all() and (rows[name] <= rows[f"{name}_high"]).all()
    zips = pd.DataFrame(
        [(str(area), 2017, 2023, event, count) for area in range(19)
         for event, count in (("births", 500.0), ("infant_deaths", 1.0 + area))],
        columns=["area", "first_year", "last_year", "event", "count"],
    )  # fmt: skip
    poverty = pd.Series({str(area): area / 100 for area in range(19)})
    regions = pd.Series("r", index=poverty.index)
    table = associations(zips, poverty, regions, PUBLIC, "demonstration", "x")
    assert table["reason"].tolist() == ["few_areas"]


def test_a_correlation_has_fishers_limits() -> None:
    # tanh(atanh(0.5) -/+ 1.95996 / sqrt(27)); ranks wider by Bonett and Wright's factor
    assert correlation(0.5, 30)[1:] == pytest.approx((0.1704314, 0.7289586), abs=1e-6)
    assert correlation(0.5, 30, ranks=True)[1] < correlation(0.5, 30)[1]
