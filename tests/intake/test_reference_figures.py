"""The shipped figures against the real source files, cell by cell."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy.stats import chi2

from equity.intake.reference import read_reference
from tests.intake.sources import rankings, rows

#: Release of County Health Rankings a source id stands for.
RELEASES = {
    "chr-2026-v129": "2026",
    "chr-2025-v037": "2025",
    "chr-2025-v014": "2025",
    "chr-2025-v024": "2025",
    "chr-2025-v085": "2025",
    "chr-2022": "2022",
    "chr-2021": "2021",
    "chr-2019": "2019",
    "chr-2018": "2018",
    "chr-2016": "2016",
    "chr-2014": "2014",
}
BOOTHEEL = ("29069", "29133", "29143", "29155", "29201", "29207")
#: Rates printed without counts, whose counts the rate alone gives away: (deaths, births).
RECOVERED = {
    ("29510", "black"): (238, 16_199),
    ("29510", "white"): (53, 13_014),
    ("29189", "black"): (312, 25_702),
    ("29189", "white"): (197, 46_273),
}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return read_reference()["published_estimates.csv"].table


def figure(
    published: pd.DataFrame, area: str, group: str, years: tuple[int, int], measure: str = "infant_mortality"
) -> pd.Series:
    found = published[
        published["area"].eq(area)
        & published["group"].eq(group)
        & published["first_year"].eq(years[0])
        & published["last_year"].eq(years[1])
        & published["measure"].eq(measure)
    ]
    assert len(found) == 1, (area, group, years, measure)
    return found.iloc[0]


def publisher_interval(value: float, deaths: int, births: int) -> tuple[float, float]:
    if deaths < 100:
        exact = chi2.ppf(0.025, 2 * deaths) / 2, chi2.ppf(0.975, 2 * deaths + 2) / 2
        return 1000 * exact[0] / births, 1000 * exact[1] / births
    return value * (1 - 1.96 / math.sqrt(deaths)), value * (1 + 1.96 / math.sqrt(deaths))


def equal(cell: str, number: float) -> bool:
    return math.isnan(number) if cell == "" else float(cell) == number


@pytest.mark.shared
@pytest.mark.parametrize(
    ("measure", "named"),
    [("infant_mortality", "infant_mortality_rate_per_1000"), ("low_birthweight", "low_birthweight_share")],
)
def test_every_shown_figure_of_the_county_rankings_is_the_source_files(
    published: pd.DataFrame, measure: str, named: str
) -> None:
    source = rankings(named)
    ours = published[
        published["measure"].eq(measure)
        & published["status"].isin(["shown", "unstable"])
        & published["source_id"].isin(RELEASES)
    ]
    assert len(ours) > 30
    for row in ours.itertuples():
        printed = source[RELEASES[row.source_id], row.area_kind, row.area, row.group]
        assert printed["data_years"] == f"{row.first_year}-{row.last_year}"
        assert equal(printed["value"], row.value), row
        if measure == "infant_mortality" and row.first_year == 2010 and row.group != "all":
            continue  # counts and interval are recovered: tested below
        for column, name in (("low", "ci_low"), ("high", "ci_high")):
            assert equal(printed[name], getattr(row, column)), (row, column)
        for column in ("numerator", "denominator"):
            assert equal(printed[column], getattr(row, column)), (row, column)


@pytest.mark.shared
@pytest.mark.parametrize(("place", "counts"), RECOVERED.items())
def test_counts_behind_the_rates_by_race_of_2010_2016_are_the_only_ones_possible(
    published: pd.DataFrame, place: tuple[str, str], counts: tuple[int, int]
) -> None:
    area, group = place
    rate = float(rankings("infant_mortality_rate_per_1000")["2018", "county", area, group]["value"])
    later = int(figure(published, area, group, (2017, 2023))["denominator"])
    possible = []
    for births in range(int(0.65 * later), int(1.5 * later)):
        deaths = round(rate * births / 1000)
        if deaths and abs(1000 * deaths / births - rate) <= 5e-13 * rate:
            possible.append((deaths, births))
    assert possible == [counts]
    row = figure(published, area, group, (2010, 2016))
    assert (row["numerator"], row["denominator"]) == counts
    assert (row["low"], row["high"]) == pytest.approx(publisher_interval(rate, *counts), abs=1e-6)


@pytest.mark.shared
def test_the_publishers_interval_rule_gives_all_intervals_it_printed() -> None:
    printed = [row for row in rows("chr/v129_r2026.csv") if row["v129_cilow"]]
    assert len(printed) == 1220
    for row in printed:
        deaths, births = int(row["v129_numerator"]), int(row["v129_denominator"])
        low, high = publisher_interval(float(row["v129_rawvalue"]), deaths, births)
        assert (low, high) == pytest.approx((float(row["v129_cilow"]), float(row["v129_cihigh"])), rel=1e-12)


@pytest.mark.shared
def test_every_cell_the_publisher_left_blank_is_withheld_here(published: pd.DataFrame) -> None:
    source = rankings("infant_mortality_rate_per_1000")
    blank = {
        (release, area)
        for (release, _, area, group), row in source.items()
        if release in ("2018", "2026") and group == "all" and not row["value"]
    }
    assert len(blank) == 3 + 5
    for release, area in blank:
        years = (2010, 2016) if release == "2018" else (2017, 2023)
        assert figure(published, area, "all", years)["status"] == "suppressed"


def test_withheld_cells_carry_no_number_and_say_why(published: pd.DataFrame) -> None:
    hidden = published[published["status"].eq("suppressed")]
    numbers = hidden[["value", "low", "high", "numerator", "denominator"]]
    assert numbers.isna().all(axis=None)
    assert hidden["note"].str.match(r"Withheld by the publisher|No (rate|share) by race is shown").all()
    for area in set(BOOTHEEL) - {"29201"}:
        assert figure(published, area, "all", (2017, 2023))["status"] == "suppressed"
    for area in BOOTHEEL:
        for group in ("black", "white"):
            assert figure(published, area, group, (2017, 2023))["status"] == "suppressed"
    assert "2013-2019 (15.5)" in figure(published, "29155", "all", (2017, 2023))["note"]


def test_no_file_holds_the_numbers_of_a_withheld_cell(published: pd.DataFrame) -> None:
    deaths = published[published["measure"].isin(["infant_mortality", "infant_deaths"])]
    assert not deaths["numerator"].lt(20).any()


def test_what_is_shown_leaves_no_other_groups_count_of_one_to_nine(published: pd.DataFrame) -> None:
    cell = ["measure", "area", "first_year", "last_year"]
    counted = published[
        published["numerator"].notna() & published["measure"].isin(["infant_mortality", "low_birthweight"])
    ]
    counted = counted[~counted["scheme"].eq("mophims_any_hispanic")]
    for count in ("numerator", "denominator"):
        wide = counted.pivot_table(index=cell, columns="group", values=count)
        wide = wide.dropna(subset=["all", "black", "white"])
        assert len(wide) >= 8
        two = wide["all"] - wide["black"] - wide["white"]
        three = (two - wide["hispanic"]).dropna()
        for rest in (two, three):
            assert not rest.between(0.5, 9.5).any(), rest[rest.between(0.5, 9.5)]


@pytest.mark.parametrize(
    ("area", "group", "deaths", "births"),
    [
        ("29510", "all", 238, 26_307),
        ("29510", "black", 180, 12_945),
        ("29510", "white", 46, 9_640),
        ("29189", "all", 453, 75_396),
        ("29189", "black", 274, 24_593),
        ("29189", "white", 134, 40_075),
        ("29201", "all", 22, 3_361),
        ("29", "all", 2_987, 493_276),
        ("29", "black", 845, 68_878),
        ("29", "white", 1_766, 359_299),
    ],
)
def test_infant_mortality_of_2017_2023(
    published: pd.DataFrame, area: str, group: str, deaths: int, births: int
) -> None:
    row = figure(published, area, group, (2017, 2023))
    assert (row["numerator"], row["denominator"]) == (deaths, births)
    assert row["value"] == pytest.approx(1000 * deaths / births, rel=1e-12)
    assert (row["low"], row["high"]) == pytest.approx(
        publisher_interval(row["value"], deaths, births), rel=1e-9
    )
    assert row["scheme"] == ("" if group == "all" else "nchs_single_nh")


@pytest.mark.parametrize(
    ("area", "years", "value", "counts"),
    [
        ("29069", (2013, 2019), 7.560137457, (22, 2_910)),
        ("29155", (2013, 2019), 15.503875969, (28, 1_806)),
        ("29143", (2006, 2012), 12.0, (20, 1_666)),
    ],
)
def test_last_printed_windows(
    published: pd.DataFrame, area: str, years: tuple[int, int], value: float, counts: tuple[int, int]
) -> None:
    row = figure(published, area, "all", years)
    assert row["value"] == value
    assert (row["numerator"], row["denominator"]) == counts


def test_stoddard_was_last_printed_without_counts(published: pd.DataFrame) -> None:
    row = figure(published, "29207", "all", (2002, 2008))
    assert (row["value"], row["low"], row["high"]) == (8.2, 4.7, 11.7)
    assert math.isnan(row["numerator"])


@pytest.mark.shared
def test_city_2011_2015_is_as_the_city_printed_it(published: pd.DataFrame) -> None:
    for printed in rows("published_figures.csv")[:3]:
        row = figure(published, "29510", printed["group"], (2011, 2015))
        assert row["value"] == float(printed["value"])
        assert (row["numerator"], row["denominator"]) == (
            int(printed["numerator"]),
            int(printed["denominator"]),
        )
        assert row["scheme"] == ("" if printed["group"] == "all" else "mophims_any_hispanic")
    ratio = figure(published, "29510", "all", (2011, 2015), "infant_mortality_ratio")
    score = figure(published, "29510", "all", (2011, 2015), "equity_score")
    assert (ratio["value"], score["value"]) == (3.041, 34)
    black, white = (figure(published, "29510", group, (2011, 2015)) for group in ("black", "white"))
    computed = black["numerator"] / black["denominator"] / (white["numerator"] / white["denominator"])
    assert round(computed, 3) == ratio["value"]


@pytest.mark.shared
def test_preterm_births_are_the_counts_of_the_export(published: pd.DataFrame) -> None:
    ours = published[published["measure"].eq("preterm")]
    assert set(ours["area"]) == {"29510", "29189", "29"}
    for row in ours.itertuples():
        counted = [
            line
            for line in rows("wonder/wonder_mo_lbw_preterm_2016_2024.csv")
            if row.first_year <= int(line["year"]) <= row.last_year and row.area in (line["fips"], "29")
        ]
        known = sum(int(line["births_in_gest_file"]) - int(line["gest_unknown_shown"]) for line in counted)
        assert row.numerator == sum(int(line["preterm_lt37w_shown"]) for line in counted)
        assert row.denominator == known
    # printed by March of Dimes: City 12.8 % in 2024, Missouri 11 % in 2023 and 2024
    assert round(100 * figure(published, "29510", "all", (2024, 2024), "preterm")["value"], 1) == 12.8
    for year in (2023, 2024):
        assert round(100 * figure(published, "29", "all", (year, year), "preterm")["value"]) == 11


def test_the_bootheels_own_figures(published: pd.DataFrame) -> None:
    assert figure(published, "bootheel", "all", (2003, 2013))["value"] == 9.26
    bootheel = published[published["area"].eq("bootheel")]
    assert set(bootheel["group"]) == {"all"}
    assert not bootheel["measure"].eq("infant_deaths").any()  # a web page's counts are no vital statistics
