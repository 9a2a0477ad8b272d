"""Local patterns: a planted one is found, flat data show none, and no hidden count can be read from them."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest

from equity.release.clusters import CLUSTER
from equity.release.load import Release
from equity.release.patterns import CLASSES, FALSE_DISCOVERIES, PATTERN, patterns
from equity.release.policy import PUBLIC
from equity.release.small_areas import SmallAreas
from tests.release.small import counted, squares

#: Squares in rows of four; the first five rows are the north.
PLACES = 60
NORTH, SOUTH = range(20), range(20, PLACES)
#: A place of the north that all of its eight neighbours are in as well.
MIDDLE = "63009"


def made(counts: pd.DataFrame, stl: int = PLACES) -> SmallAreas:
    return patterns(counts, squares(stl), PUBLIC, "demonstration", "made-up")


def found(counts: pd.DataFrame, stl: int = PLACES) -> pd.DataFrame:
    return made(counts, stl).figures.set_index("area")


def area(number: int) -> str:
    return f"63{number:03d}"


def laid_out(high: float, low: float, births: int = 2000, seed: int = 7, **deaths: int) -> pd.DataFrame:
    """Equal births; deaths by chance at a high rate in the north and a low one in the south (of 1,000)."""
    rng = np.random.default_rng(seed)
    zips = squares(PLACES)["geoid"]
    by_place = {code: (0, int(rng.poisson(births * low / 1000)), 0) for code in zips}
    by_place |= {area(n): (0, int(rng.poisson(births * high / 1000)), 0) for n in NORTH}
    by_place |= {code: (0, count, 0) for code, count in deaths.items()}
    return counted(dict.fromkeys(zips, (0, births, 0)), by_place)


def kind(words: str) -> float:
    return CLASSES[words]


def test_planted_halves_are_found_and_lie_together() -> None:
    told = made(laid_out(high=16, low=6))
    rows = told.figures.set_index("area")["value"]
    north, south = (rows[[area(n) for n in part]] for part in (NORTH, SOUTH))
    assert north.eq(kind("high-high")).sum() >= 8
    assert not north.eq(kind("low-low")).any() and not south.eq(kind("high-high")).any()
    (together,) = told.manifest[PATTERN]["together"]
    assert (together["region"], together["period"], together["places"]) == ("stl", [2017, 2023], PLACES)
    assert together["moran_i"] > 0.3 and together["z"] > 3 and together["p"] < 0.001


def test_a_place_unlike_those_around_it_is_found() -> None:
    rows = found(laid_out(high=24, low=6, **{MIDDLE: 10}))
    assert rows.loc[MIDDLE, "value"] == kind("low-high")


@pytest.mark.parametrize("births", [400, 2000])
def test_flat_data_show_next_to_nothing(births: int) -> None:
    """Of 100 maps of chance, about 5 may name a place or say that rates lie together."""
    maps = [made(laid_out(high=7, low=7, births=births, seed=seed)) for seed in range(30)]
    told = [
        one.figures["value"].gt(0) | one.figures["reason"].isin(["among_high", "among_low"]) for one in maps
    ]
    assert sum(rows.any() for rows in told) <= 3
    together = [one.manifest[PATTERN]["together"] for one in maps]
    assert sum(row["p"] <= 0.05 for rows in together for row in rows) <= 4


@pytest.mark.parametrize("births", [400, 900, 1500])
def test_no_hidden_count_changes_anything_published(births: int) -> None:
    """Each place whose deaths are hidden may have had any number from 1 to 9: the release is the same."""
    counts = laid_out(high=14, low=4, births=births)
    hidden = counts["event"].eq("infant_deaths") & counts["count"].between(1, 9)
    assert hidden.any()
    others = counts.copy()
    others.loc[hidden, "count"] = 10 - others.loc[hidden, "count"]
    before, after = made(counts), made(others)
    pd.testing.assert_frame_equal(before.figures, after.figures)
    assert before.manifest == after.manifest


def test_a_hidden_count_gets_a_class_only_where_any_count_would_get_it() -> None:
    counts = laid_out(high=24, low=6, **{MIDDLE: 9})
    rows = found(counts)
    # 9 of 2,000 is below the rate of all, and so is any smaller number: the class gives nothing away
    assert rows.loc[MIDDLE, "value"] == kind("low-high")
    births = counts["area"].eq(MIDDLE) & counts["event"].eq("births") & counts["group"].isin(["white", "all"])
    counts.loc[births, "count"] = 500
    row = found(counts).loc[MIDDLE]
    assert (row["status"], row["reason"]) == ("suppressed", "among_high")
    assert np.isnan(row["value"])


def test_hidden_births_are_suppressed_and_never_enter() -> None:
    counts = laid_out(high=16, low=6)
    at = counts["area"].eq(MIDDLE) & counts["group"].isin(["white", "all"])
    tables = []
    for births, deaths in ((9, 1), (1, 1)):
        other = counts.copy()
        other.loc[at & other["event"].eq("births"), "count"] = births
        other.loc[at & other["event"].eq("infant_deaths"), "count"] = deaths
        tables.append(found(other))
    assert tables[0].loc[MIDDLE, ["status", "reason"]].tolist() == ["suppressed", "small_count"]
    pd.testing.assert_frame_equal(*tables)


def test_nothing_is_called_high_on_fewer_than_ten_deaths() -> None:
    """Small places at three times the others' rate: with counts all hidden, none is high or among high."""
    counts = laid_out(high=30, low=5, births=150)
    deaths = counts["event"].eq("infant_deaths")
    counts.loc[deaths, "count"] = counts.loc[deaths, "count"].clip(upper=1)
    rows = found(counts)
    assert set(rows["value"].dropna()) <= {0.0, kind("low-low")}


def test_the_bootheel_is_not_analysed() -> None:
    zips = squares(PLACES)
    bootheel = list(zips.loc[zips["region"].eq("bootheel"), "geoid"])
    rows = found(laid_out(high=16, low=6)).loc[bootheel]
    assert set(rows["reason"]) == {"not_scanned"} and rows["value"].isna().all()


def test_odd_counts_are_dealt_with() -> None:
    births = dict.fromkeys(squares(24)["geoid"], (0, 3000, 0)) | {"63000": (0, 0, 0)}
    none = dict.fromkeys(births, (0, 0, 0))
    few = found(counted(births, none), 24)
    assert few.loc["63000", "reason"] == "no_births"
    # no deaths at all, too few places, no births at all: nothing can be told from chance
    assert few.loc["63001", "reason"] == "not_scanned"
    assert found(laid_out(high=16, low=6), stl=5).loc["63000", "reason"] == "not_scanned"
    empty = found(counted(dict.fromkeys(births, (0, 0, 0)), none), 24)
    assert set(empty.loc["63000":"63023", "reason"]) == {"no_births"}
    assert made(counted({}, {})).figures.empty
    unknown = counted({**births, "63005": (0, 3000, 0)}, {k: (0, 20, 0) for k in none if k != "63005"})
    assert found(unknown, 24).loc["63005", ["status", "reason"]].tolist() == ["missing", "not_reported"]


def test_an_island_has_no_neighbours() -> None:
    zips = squares(PLACES)
    away = zips["geoid"].eq("63059")
    zips.loc[away, "geometry"] = zips.loc[away, "geometry"].translate(xoff=3)
    rows = patterns(
        laid_out(high=16, low=6), geopandas.GeoDataFrame(zips), PUBLIC, "demonstration", "made-up"
    )
    row = rows.figures.set_index("area").loc["63059"]
    assert (row["status"], row["reason"]) == ("not_applicable", "no_neighbours")


def test_the_same_counts_give_the_same_patterns() -> None:
    counts = laid_out(high=14, low=6)
    before, after = made(counts), made(counts)
    pd.testing.assert_frame_equal(before.figures, after.figures)
    assert before.manifest == after.manifest


def test_the_release_says_how_it_looked(release: Release) -> None:
    told = release.manifest["models"][PATTERN]
    assert told["permutations"] >= 9999 and told["regions"] == ["stl"]
    assert told["false_discoveries"] == FALSE_DISCOVERIES
    assert [row["period"] for row in told["together"]] == [[2010, 2016], [2017, 2023]]
    assert all(row["p"] < 0.001 and row["moran_i"] > 0 for row in told["together"])


def test_the_release_never_shows_a_class_beside_hidden_births(release: Release) -> None:
    rows = release.select(PATTERN, "zip")
    assert len(rows) == len(release.select(CLUSTER, "zip"))
    births = release.select("births", "zip").set_index(["area", "first_year"])["status"]
    for row in rows[rows["status"].eq("shown")].itertuples():
        assert births[(row.area, row.first_year)] == "shown"
