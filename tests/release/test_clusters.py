"""Clusters: a planted one is found, chance alone names none, few deaths and the Bootheel are never named."""

from __future__ import annotations

import pandas as pd

from equity.release.clusters import CLUSTER, clusters
from equity.release.load import Release
from equity.release.policy import PUBLIC
from equity.views.advice import advice, finding
from equity.views.format import full_text
from tests.release.small import counted, drawn, squares

CORNER = ("63000", "63001", "63004", "63005")


def found(counts: pd.DataFrame, stl: int = 24) -> pd.DataFrame:
    made = clusters(counts, squares(stl), PUBLIC, "demonstration", "made-up")
    return made.figures.set_index("area")


def named(counts: pd.DataFrame, stl: int = 24) -> set[str]:
    rows = found(counts, stl)
    return set(rows.index[rows["value"].eq(1)])


def test_a_planted_cluster_is_named() -> None:
    assert named(drawn(squares(24), high=CORNER, times=3.0)) == set(CORNER)


def test_chance_alone_names_none() -> None:
    rows = found(drawn(squares(24)))
    assert rows.loc[rows["status"].eq("shown"), "value"].eq(0).all()


def test_a_cluster_below_ten_deaths_is_never_named() -> None:
    zips = squares(24)
    births = dict.fromkeys(zips["geoid"], (0, 300, 0))
    deaths = dict.fromkeys(zips["geoid"], (0, 0, 0))
    nine = counted(births, deaths | {"63000": (0, 5, 0), "63001": (0, 4, 0)})
    ten = counted(births, deaths | {"63000": (0, 5, 0), "63001": (0, 5, 0)})
    assert named(nine) == set()
    assert named(ten) == {"63000", "63001"}


def test_the_bootheel_is_not_scanned() -> None:
    zips = squares(24)
    bootheel = tuple(zips.loc[zips["region"].eq("bootheel"), "geoid"])
    rows = found(drawn(zips, high=bootheel[:1], times=8.0)).loc[list(bootheel)]
    assert set(rows["reason"]) == {"not_scanned"}
    assert rows["value"].isna().all()


def test_odd_counts_are_dealt_with() -> None:
    zips = squares(24)
    births = dict.fromkeys(zips["geoid"], (0, 300, 0)) | {"63000": (0, 0, 0), "63001": (0, 5, 0)}
    deaths = dict.fromkeys(zips["geoid"], (0, 0, 0))
    rows = found(counted(births, deaths))
    assert rows.loc["63000", "reason"] == "no_births"
    assert rows.loc["63001", "reason"] == "small_count"
    assert rows.loc["63002", "value"] == 0
    one_place = found(drawn(squares(1)), stl=1)
    assert one_place.loc["63000", "value"] == 0
    assert clusters(counted({}, {}), zips, PUBLIC, "demonstration", "made-up").figures.empty


def test_the_same_counts_give_the_same_clusters() -> None:
    counts = drawn(squares(24), high=CORNER, times=1.6)
    pd.testing.assert_frame_equal(found(counts), found(counts))


def test_the_release_says_how_it_looked(release: Release) -> None:
    told = release.manifest["models"][CLUSTER]
    assert (told["method"], told["largest_share_of_births"], told["regions"]) == (
        "circular scan",
        0.25,
        ["stl"],
    )
    rows = release.select(CLUSTER, "zip")
    assert told["named"] >= 1 and rows["value"].eq(1).any()


def test_no_cluster_found_can_be_said(release: Release) -> None:
    period = (2017, 2023)
    rows = release.select(CLUSTER, "zip", first_year=2017, status="shown")
    figures = [release.figure(CLUSTER, "zip", str(area), "all", period) for area in rows["area"]]
    inside, outside = ([f for f in figures if f.value == value] for value in (1, 0))
    assert full_text(inside[0]) == "in a cluster"
    assert full_text(outside[0]) == "no cluster found"
    assert finding(CLUSTER, figures).startswith(f"In {len(inside)} of {len(figures)} places")
    assert advice(CLUSTER, outside).startswith("No cluster found: in none of")
    assert advice("births", figures) == ""
