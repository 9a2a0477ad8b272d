"""The gap in deaths, in shares and in one number, from what is published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from equity.release.disparities import disparities, gap_changes, inequality_table
from equity.release.load import Release
from equity.release.policy import PUBLIC
from tests.release.cells import cells, rate

CITY = ("county", "29510")
NOW, THEN = {"first_year": 2017, "last_year": 2023}, {"first_year": 2010, "last_year": 2016}


@pytest.mark.parametrize(
    ("measure", "value", "tolerance"),
    [
        # 174 of 12,865 Black and 38 of 8,544 white babies, 232 of 23,617 in all (City of St. Louis)
        ("excess_deaths", 116.78, 0.005),
        ("excess_share", 116.78 / 174, 1e-4),
        ("attributable_fraction", 0.5472, 5e-5),
        ("black_share_of_deaths", 0.75, 1e-9),
        ("black_share_of_births", 0.5447, 5e-5),
    ],
)
def test_the_citys_gap_of_2011_to_2015(
    release: Release, measure: str, value: float, tolerance: float
) -> None:
    figure = release.figure(measure, *CITY, "all", (2011, 2015))
    assert figure.value == pytest.approx(value, abs=tolerance)
    assert figure.low is not None and figure.high is not None
    assert figure.low < value < figure.high
    assert (figure.status, figure.basis, figure.scheme) == ("shown", "reported", "mophims_any_hispanic")


def test_a_gap_is_shown_only_where_both_rates_are(release: Release) -> None:
    rows = release.figures
    made = rows[rows["measure"].isin(["excess_deaths", "excess_share", "attributable_fraction"])]
    assert set(made["area_kind"]) == {"county", "region", "state", "nation"}
    for row in made.to_dict("records"):
        period = (row["first_year"], row["last_year"])
        rates = [
            release.figure("infant_mortality", row["area_kind"], row["area"], group, period)
            for group in ("black", "white")
        ]
        assert pd.notna(row["value"]) == all(one.visible and one.numerator for one in rates)


def pair(black: float, white: float, **more: Any) -> list[dict[str, Any]]:
    """Rates by race of one cell, with 10,000 births each."""
    return [
        rate(black, 10000, group="black", status="shown", **more),
        rate(white, 10000, group="white", status="shown", **more),
    ]


def test_rates_of_two_bases_or_schemes_are_not_held_against_each_other() -> None:
    black, white = pair(150, 50)
    assert disparities(cells(black, white | {"basis": "reported"})).empty
    assert disparities(cells(black, white | {"scheme": "nchs_single_nh"})).empty
    assert disparities(cells(black, white))["value"].tolist()[0] == pytest.approx(100)


def test_a_hidden_rate_hides_the_gap_and_a_doubtful_one_marks_it() -> None:
    black, white = pair(150, 50)
    hidden = disparities(cells(black, white | {"status": "suppressed", "reason": "few_deaths"}))
    assert set(hidden["status"]) == {"suppressed"} and hidden["value"].isna().all()
    doubtful = disparities(cells(black, white | {"status": "unstable", "reason": "doubtful_in_print"}))
    assert set(zip(doubtful["status"], doubtful["reason"], strict=True)) == {
        ("unstable", "doubtful_in_print")
    }


def test_shares_need_all_babies_and_inequality_a_third_group_large_enough() -> None:
    measures = set(disparities(cells(*pair(150, 50)))["measure"])
    assert measures == {"excess_deaths", "excess_share"}
    for rest, groups in ((9, 0), (10, 6)):
        everybody = rate(200 + rest, 25000, status="shown")
        table = inequality_table(cells(*pair(150, 50), everybody), PUBLIC)
        assert len(table) == groups


def test_inequality_of_the_city_by_definition(release: Release) -> None:
    table = release.tables["inequality"]
    city = table[table["area"].eq("29510") & table["first_year"].eq(2011)].set_index("measure")
    # by the definitions of the World Health Organization, written out
    share = np.array([12865, 8544, 2208]) / 23617
    relative = np.array([174 / 12865, 38 / 8544, 20 / 2208]) / (232 / 23617)
    assert city.loc["theil", "value"] == pytest.approx((share * relative * np.log(relative)).sum())
    assert city.loc["mld", "value"] == pytest.approx(-(share * np.log(relative)).sum())
    assert city.loc["idis_mean", "value"] == pytest.approx(np.abs(relative - 1).mean())
    assert (city["low"] < city["value"]).all() and (city["value"] < city["high"]).all()


@pytest.mark.parametrize(
    ("after", "verdict"),
    [((120, 60), "levelled_down"), ((140, 40), "ratio_grew_while_both_fell"), ((120, 45), "narrowed")],
)
def test_a_change_of_the_gap_says_who_moved(after: tuple[int, int], verdict: str) -> None:
    table = gap_changes(cells(*pair(150, 50, **THEN), *pair(*after, **NOW)), PUBLIC)
    assert table["verdict"].tolist() == [verdict]


def test_the_citys_narrower_gap_is_marked_as_doubtful(release: Release) -> None:
    row = release.tables["gap_changes"].set_index("area").loc["29510"]
    assert (row["verdict"], row["doubtful"], row["schemes_differ"]) == ("levelled_down", True, True)
