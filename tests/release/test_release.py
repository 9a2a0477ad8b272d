"""The first release holds what publishers print, and hides what they hide."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from equity.release.figure import KEY_COLUMNS, NUMBER_COLUMNS, STATUSES
from equity.release.load import Release
from equity.release.widen import stand_in, widen

BLOCK = (2017, 2023)
# design facts: NCHS by way of County Health Rankings & Roadmaps, release 2026
PRINTED = [
    # kind, area, group, deaths, births, low, high
    ("county", "29510", "all", 238, 26307, 7.898, 10.196),
    ("county", "29510", "black", 180, 12945, 11.874, 15.936),
    ("county", "29510", "white", 46, 9640, 3.494, 6.365),
    ("county", "29189", "all", 453, 75396, 5.455, 6.562),
    ("county", "29189", "black", 274, 24593, 9.822, 12.461),
    ("county", "29189", "white", 134, 40075, 2.778, 3.910),
    ("county", "29201", "all", 22, 3361, 4.102, 9.910),
    ("state", "29", "all", 2987, 493276, 5.838, 6.273),
    ("state", "29", "black", 845, 68878, 11.441, 13.095),
    ("state", "29", "white", 1766, 359299, 4.686, 5.144),
]
WITHHELD = ["29069", "29133", "29143", "29155", "29207"]


@pytest.mark.parametrize(("kind", "area", "group", "deaths", "births", "low", "high"), PRINTED)
def test_printed_rates_stand_as_printed(
    release: Release, kind: str, area: str, group: str, deaths: int, births: int, low: float, high: float
) -> None:
    figure = release.figure("infant_mortality", kind, area, group, BLOCK)
    assert (figure.status, figure.basis) == ("shown", "reported")
    assert (figure.numerator, figure.denominator) == (deaths, births)
    assert figure.value == pytest.approx(1000 * deaths / births)
    assert (figure.low, figure.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_the_citys_own_ratio_of_2011_to_2015(release: Release) -> None:
    ratio = release.figure("infant_mortality_ratio", "county", "29510", "all", (2011, 2015))
    assert ratio.value == pytest.approx(3.041, abs=5e-4)
    assert ratio.low == pytest.approx(2.131, abs=1e-3)  # exact conditional; the log interval is 2.141-4.320
    assert ratio.high == pytest.approx(4.442, abs=1e-3)
    rates = [
        release.figure("infant_mortality", "county", "29510", group, (2011, 2015))
        for group in ("black", "white")
    ]
    assert [(r.low, r.high) for r in rates] == [
        (pytest.approx(11.5901, abs=1e-4), pytest.approx(15.6908, abs=1e-4)),
        (pytest.approx(3.1474, abs=1e-4), pytest.approx(6.1046, abs=1e-4)),
    ]


@pytest.mark.parametrize("area", WITHHELD)
def test_withheld_counties_stay_withheld(release: Release, area: str) -> None:
    rows = release.figures
    rows = rows[rows["area_kind"].eq("county") & rows["area"].eq(area) & rows["first_year"].ge(2017)]
    outcomes = ["infant_mortality", "infant_deaths", "neonatal_mortality", "postneonatal_mortality"]
    rows = rows[rows["measure"].isin(outcomes)]
    assert len(rows) >= len(outcomes)
    assert rows[list(NUMBER_COLUMNS)].isna().all(axis=None)
    block = rows[rows["last_year"].sub(rows["first_year"]).eq(6) & rows["group"].eq("all")]
    reasons = block.set_index("measure")["reason"]
    assert reasons["infant_mortality"] == reasons["infant_deaths"] == "withheld_by_publisher"
    assert reasons["neonatal_mortality"] == reasons["postneonatal_mortality"] == "inside_withheld"


@pytest.mark.parametrize("area", [*WITHHELD, "29201"])
@pytest.mark.parametrize("block", [(2010, 2016), BLOCK])
def test_by_race_the_bootheel_counties_are_hidden_all_for_one_reason(
    release: Release, area: str, block: tuple[int, int]
) -> None:
    for group in ("black", "white"):
        figure = release.figure("infant_mortality", "county", area, group, block)
        assert (figure.value, figure.numerator, figure.reason) == (None, None, "not_by_race")


def test_no_demonstration_number_in_a_cell_a_publisher_covers(release: Release) -> None:
    rows = release.figures
    counties = rows[
        rows["measure"].isin(["infant_mortality", "infant_deaths"])
        & rows["area_kind"].isin(["county", "state", "nation"])
        & rows["group"].eq("all")
        & rows["last_year"].sub(rows["first_year"]).ge(6)
    ]
    assert len(counties) > 30
    assert counties["basis"].eq("reported").all()


def test_every_cell_stands_once_and_every_status_is_known(release: Release) -> None:
    rows = release.figures
    assert not rows.duplicated(list(KEY_COLUMNS)).any()
    assert set(rows["status"]) <= set(STATUSES)


def test_hidden_figures_carry_no_numbers_and_visible_ones_do(release: Release) -> None:
    rows = release.figures
    visible = rows["status"].isin(["shown", "unstable"])
    assert rows.loc[~visible, list(NUMBER_COLUMNS)].isna().all(axis=None)
    assert rows.loc[visible, "value"].notna().all()
    assert rows.loc[~visible, "reason"].ne("").all()


def test_no_small_count_of_deaths_births_or_families_anywhere(release: Release) -> None:
    rows = release.figures
    counted = rows["measure"].isin(["births", "infant_deaths", "caseload"])
    assert not rows.loc[counted, "value"].between(1, 9).any()
    deaths = rows["measure"].isin(["infant_mortality", "neonatal_mortality", "postneonatal_mortality"])
    assert not (rows.loc[deaths, "numerator"] < 10).any()


def test_rates_and_shares_carry_an_interval_around_their_value(release: Release) -> None:
    rows = release.figures
    rates = rows[
        rows["value"].notna()
        & rows["measure"].isin(["infant_mortality", "preterm", "low_birthweight", "infant_mortality_ratio"])
        & rows["reason"].ne("no_interval")
    ]
    assert len(rates) > 800
    # some publishers round the interval: to a tenth of a rate, to a hundredth of a share
    assert (rates["low"] <= rates["value"] + 0.05).all()
    assert (rates["value"] <= rates["high"] + 0.05).all()


def test_opening_layer_of_the_map_is_full(release: Release) -> None:
    rows = release.select("service_gap", "zip", last_year=2023)
    assert len(rows) == 125
    assert rows["value"].notna().mean() >= 0.90


def test_a_region_is_the_sum_of_its_reported_counties(release: Release) -> None:
    small = release.figure("low_birthweight", "region", "stl", "all", BLOCK)
    assert (small.numerator, small.denominator, small.basis) == (10_966, 101_623, "reported")
    assert release.figure("births", "region", "stl", "all", BLOCK).value == 101_703
    figure = release.figure("infant_mortality", "region", "stl", "black", BLOCK)
    assert (figure.numerator, figure.denominator, figure.basis) == (454, 37538, "reported")
    bootheel = release.figure("infant_mortality", "region", "bootheel", "all", BLOCK)
    assert bootheel.basis == "demonstration"


def test_doubtful_print_is_marked_wherever_it_goes(release: Release) -> None:
    for kind, area in (("county", "29510"), ("region", "stl")):
        for measure, group in (("infant_mortality", "black"), ("infant_mortality_ratio", "all")):
            figure = release.figure(measure, kind, area, group, (2010, 2016))
            assert (figure.status, figure.reason) == ("unstable", "doubtful_in_print")
    guards = release.tables["targets"].set_index("id")["guards"]
    assert "doubtful_in_print" in guards["flourish-ratio"]


def test_a_gap_in_a_printed_series_of_births_is_not_filled(release: Release) -> None:
    rows = release.select("births", "county", area="29510")
    yearly = rows[rows["first_year"].eq(rows["last_year"])]
    assert set(yearly["basis"]) == {"reported"}
    assert release.figure("births", "county", "29510", "all", (2020, 2020)).status == "missing"


def test_no_target_is_judged_across_bases(release: Release) -> None:
    targets = release.tables["targets"].set_index("id")
    assert targets.loc["imri-bootheel-2003-2013", "status"] == "cannot_be_judged"
    stl = targets.loc["imri-stl"]
    assert stl["basis"] == "reported"
    # 851 of 111,952 in 2010-2016 and 691 of 101,703 in 2017-2023: (7.6015 - 6.7943) / (0.15 x 7.6015)
    assert stl["achieved"] == pytest.approx(70.8, abs=0.05)
    assert stl["achieved_low"] < stl["achieved"] < stl["achieved_high"]
    assert targets.loc["imri-bootheel", "basis"] == "demonstration"


def test_the_manifest_names_policy_rules_and_boundaries(release: Release) -> None:
    manifest = release.manifest
    assert manifest["policy"] == "public"
    assert manifest["rules"]["hidden_counts"] == [1, 9]
    assert "approximate" in manifest["boundaries"]
    assert sum(manifest["figures"].values()) == len(release.figures)


def test_layers_are_small_and_every_zip_has_its_place(release: Release) -> None:
    sizes = {kind: len(json.dumps(layer, separators=(",", ":"))) for kind, layer in release.layers.items()}
    assert sizes["zip"] + sizes["county"] < 200_000
    areas = release.areas
    zips = set(areas.loc[areas["kind"].eq("zip"), "geoid"])
    assert {feature["id"] for feature in release.layers["zip"]["features"]} == zips


def test_figures_of_the_release_are_not_read_twice_differently(release: Release) -> None:
    row = release.figures.iloc[100]
    figure = release.figure(
        row["measure"], row["area_kind"], row["area"], row["group"], (row["first_year"], row["last_year"])
    )
    assert figure.value == row["value"] or (figure.value is None and pd.isna(row["value"]))
    assert release.figure("infant_mortality", "zip", "99999", "all", BLOCK).status == "missing"


def test_the_period_widens_from_year_to_block_to_region(release: Release) -> None:
    city = widen(release, "infant_mortality", "county", "29510", 2023)
    assert (city.area, city.period, city.basis) == ("29510", "2017-2023", "reported")
    region = widen(release, "infant_mortality", "region", "bootheel", 2012)
    assert (region.area, region.period) == ("bootheel", "2012")
    assert widen(release, "infant_mortality", "zip_group", "bootheel-02", 2023).period == "2017-2023"
    zip_code = widen(release, "infant_mortality", "zip", "63106", 2023)
    assert (zip_code.area, zip_code.period) == ("63106", "2017-2023")


def test_a_made_up_region_never_stands_in_for_a_withheld_county(release: Release) -> None:
    for area in WITHHELD:
        found = widen(release, "infant_mortality", "county", area, 2023)
        assert (found.area, found.value, found.reason) == (area, None, "withheld_by_publisher")
        assert stand_in(release, "infant_mortality", "county", area, 2023) is None


def test_where_nothing_is_visible_the_place_itself_says_why(release: Release) -> None:
    nowhere = widen(release, "infant_mortality", "zip", "99999", 2023)
    assert (nowhere.area, nowhere.status) == ("99999", "missing")
