"""Deaths hidden beside others: no figure of any model depends on how many they are."""

from __future__ import annotations

import pandas as pd
import pytest

from equity.release.clusters import CLUSTER, clusters
from equity.release.hidden_deaths import hidden_beside, stand_in, unseen
from equity.release.load import Release
from equity.release.patterns import CLASSES, PATTERN, patterns
from equity.release.policy import PUBLIC
from equity.release.small_areas import EXCESS, SMOOTHED, small_areas, zip_cells
from tests.release.small import BLOCK, counted, squares

PLACES = 24
ZIPS = squares(PLACES)
#: Two places whose deaths are hidden beside others: what one has more, the other has less.
PAIR = ("63003", "63009")
BESIDE = pd.MultiIndex.from_tuples(
    [(area, *BLOCK) for area in PAIR], names=["area", "first_year", "last_year"]
)


def _counts(first: int, second: int) -> pd.DataFrame:
    births = dict.fromkeys(ZIPS["geoid"], (800, 900, 200))
    deaths = {area: (9 + place % 5, 4 + place % 3, 1) for place, area in enumerate(ZIPS["geoid"])}
    return counted(births, deaths | {PAIR[0]: (first, 5, 1), PAIR[1]: (second, 5, 1)})


def _published(counts: pd.DataFrame) -> pd.DataFrame:
    smoothed = small_areas(counts, ZIPS, PUBLIC, "demonstration", "made-up", BESIDE)
    assert smoothed.manifest[SMOOTHED]["diagnostics"] == "passed"
    rates = smoothed.figures[smoothed.figures["measure"].eq(SMOOTHED)]
    told = stand_in(counts, BESIDE, rates)
    clustered = clusters(told, ZIPS, PUBLIC, "demonstration", "made-up").figures
    pattern = patterns(told, ZIPS, PUBLIC, "demonstration", "made-up", BESIDE).figures
    return pd.concat([smoothed.figures, clustered, pattern], ignore_index=True)


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return _published(_counts(14, 26))


@pytest.mark.parametrize(("first", "second"), [(26, 14), (0, 40), (39, 1)])
def test_nothing_published_depends_on_them(published: pd.DataFrame, first: int, second: int) -> None:
    pd.testing.assert_frame_equal(_published(_counts(first, second)), published)


def test_the_places_still_have_an_estimate_a_cluster_and_a_pattern(published: pd.DataFrame) -> None:
    rows = published[published["area"].isin(PAIR)]
    assert rows.groupby("measure").size().to_dict() == dict.fromkeys((SMOOTHED, EXCESS, CLUSTER, PATTERN), 2)
    assert rows["status"].eq("shown").all() or set(rows["reason"]) <= {"", "among_high", "among_low"}


def test_a_place_is_not_called_high_or_low_by_deaths_that_are_not_told() -> None:
    zips = squares(60)
    north = zips["geoid"][:20]
    deaths = dict.fromkeys(zips["geoid"], (0, 10, 2)) | dict.fromkeys(north, (0, 30, 4))
    counts = counted(dict.fromkeys(zips["geoid"], (0, 1900, 100)), deaths)
    made = patterns(counts, zips, PUBLIC, "demonstration", "made-up", BESIDE).figures.set_index("area")
    seen = patterns(counts, zips, PUBLIC, "demonstration", "made-up").figures.set_index("area")
    middle = PAIR[1]  # all around it lies the north
    assert seen.loc[middle, "value"] == CLASSES["high-high"]
    assert made.loc[middle, "reason"] == "among_high" and pd.isna(made.loc[middle, "value"])


def test_cells_lose_their_deaths_of_every_group() -> None:
    cells = unseen(zip_cells(_counts(14, 26), ZIPS, PUBLIC), BESIDE).set_index("area")
    deaths = ["deaths", "deaths_black", "deaths_white", "deaths_rest"]
    assert cells.loc[list(PAIR), deaths].isna().all(axis=None)
    assert cells.drop(list(PAIR)).loc["63000":"63023", deaths].notna().all(axis=None)
    assert cells.loc[list(PAIR), "births"].eq(1900).all()


def test_the_release_names_such_cells(release: Release) -> None:
    found = hidden_beside(release.figures)
    assert len(found) > 5
    rows = release.figures[release.figures["measure"].eq(SMOOTHED)]
    keys = pd.MultiIndex.from_frame(rows[["area", "first_year", "last_year"]].astype({"area": str}))
    assert rows["status"][keys.isin(found)].eq("shown").all()
