"""The fan of a target agrees with the exact posterior, keeps within one basis, and ends when it is due."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from equity.measures._pace import learn_pace
from equity.measures.targets import SLOPE_PRIOR, probability_ratio_reaches, probability_reaching
from equity.release.compare import comparisons
from equity.release.disclose import disclose
from equity.release.load import Release
from equity.release.policy import PUBLIC
from equity.release.target_paths import PATH_COLUMNS, YEARS_PAST_DUE, target_paths
from equity.release.target_progress import target_progress
from tests.release.cells import cells, rate
from tests.release.test_targets import AFTER, BEFORE, REGION, TARGET

WINDOWS = [[2010, 2016], [2017, 2023]]
BANDS = ["low", "low50", "median", "high50", "high"]


def _paths(*rows: dict[str, Any], **target: Any) -> pd.DataFrame:
    figures = disclose(cells(*rows), PUBLIC)
    figures = pd.concat([comparisons(figures), figures], ignore_index=True)
    return target_paths(target_progress(pd.DataFrame([TARGET | target]), figures, PUBLIC), figures)


def _rate_path(before: tuple[float, float], after: tuple[float, float], **more: Any) -> pd.DataFrame:
    basis = more.pop("basis_after", "reported")
    return _paths(REGION | BEFORE | rate(*before), REGION | AFTER | rate(*after, basis=basis), **more)


def _gap_path(black: list[float], white: list[float], **target: Any) -> pd.DataFrame:
    """Deaths of both groups before and after, in 20,000 births each."""
    rows = [
        REGION | block | rate(deaths[end], 20_000) | {"group": group, "scheme": "one"}
        for group, deaths in (("black", black), ("white", white))
        for end, block in enumerate((BEFORE, AFTER))
    ]
    return _paths(*rows, **target)


def test_a_rate_path_runs_from_the_middle_of_the_latest_period_to_the_due_year() -> None:
    path = _rate_path((900, 100_000), (780, 100_000))
    assert list(path.columns) == list(PATH_COLUMNS)
    assert path["year"].tolist() == list(range(2020, 2034))
    ordered = path[BANDS].to_numpy()
    assert (np.diff(ordered, axis=1) > 0).all()
    assert (np.diff(path["high"] - path["low"]) > 0).all()


@pytest.mark.parametrize(
    ("column", "below"), [("low", 0.025), ("low50", 0.25), ("high50", 0.75), ("high", 0.975)]
)
def test_the_bands_of_a_rate_hold_what_they_say_when_due(column: str, below: float) -> None:
    end = _rate_path((90, 10_000), (70, 10_000)).iloc[-1]
    found = probability_reaching([90, 70], [10_000] * 2, WINDOWS, end[column], 2033)
    assert float(found[0] if found.ndim else found) == pytest.approx(below, abs=1e-4)


@pytest.mark.parametrize(
    ("column", "below"), [("low", 0.025), ("low50", 0.25), ("high50", 0.75), ("high", 0.975)]
)
@pytest.mark.parametrize(("black", "white"), [([300, 240], [100, 95]), ([40, 30], [25, 22])])
def test_the_bands_of_a_ratio_agree_with_the_exact_posterior(
    black: list[float], white: list[float], column: str, below: float
) -> None:
    target = {"measure": "infant_mortality_ratio", "kind": "ratio", "target_value": 1.0}
    end = _gap_path(black, white, **target).iloc[-1]
    found = probability_ratio_reaches(
        black, [20_000] * 2, white, [20_000] * 2, WINDOWS, end[column], 10, SLOPE_PRIOR
    )
    assert np.ravel(found)[0] == pytest.approx(below, abs=0.012)


def test_the_bands_of_a_difference_agree_with_draws_from_the_posterior() -> None:
    black, white = [60, 45], [30, 28]
    target = {"measure": "infant_mortality_difference", "kind": "difference", "target_value": 0.0}
    end = _gap_path(black, white, **target).iloc[-1]
    random = np.random.default_rng(5)
    drawn = _draws(random, black) - _draws(random, white)
    for column, below in (("low", 0.025), ("low50", 0.25), ("high50", 0.75), ("high", 0.975)):
        assert (drawn <= end[column]).mean() == pytest.approx(below, abs=0.015), column


def _draws(random: np.random.Generator, deaths: list[float], draws: int = 100_000) -> np.ndarray:
    """Rates of 2033: the slope from its grid, the level from its gamma given the slope."""
    pace = learn_pace(np.array(deaths, float), np.full(2, 2e4), np.array([2013.0, 2020.0]), SLOPE_PRIOR)
    node = random.choice(len(pace.weight), draws, p=pace.weight)
    level = random.gamma(float(pace.shape), 1.0, draws) / pace.exposure[node]
    return 1000 * level * np.exp(pace.slope[node] * (2033 - pace.centre))


def test_both_gaps_ask_the_same_of_the_worse_off_group() -> None:
    ratio = {"measure": "infant_mortality_ratio", "kind": "ratio", "target_value": 1.0}
    difference = {"measure": "infant_mortality_difference", "kind": "difference", "target_value": 0.0}
    needed = [_gap_path([300, 240], [100, 95], **t)["required_change"].iloc[0] for t in (ratio, difference)]
    assert 240 * (1 + needed[0] / 100) ** 13 == pytest.approx(95, abs=0.01)
    assert needed[0] == needed[1]


def test_the_required_change_leads_to_the_goal_in_the_years_left() -> None:
    path = _rate_path((900, 100_000), (850, 100_000), kind="level", target_value=6.0)
    assert 8.5 * (1 + path["required_change"].iloc[0] / 100) ** 13 == pytest.approx(6.0, abs=1e-3)


def test_a_target_that_is_due_goes_on_for_some_years_and_requires_nothing_more() -> None:
    path = _rate_path((900, 100_000), (850, 100_000), due_year=2022)
    assert path["year"].max() == 2023 + YEARS_PAST_DUE
    assert path["required_change"].isna().all()


def test_a_target_already_below_its_goal_requires_no_change() -> None:
    assert _rate_path((900, 100_000), (700, 100_000))["required_change"].isna().all()


def test_without_two_ends_of_one_basis_there_is_no_path() -> None:
    assert _rate_path((900, 100_000), (700, 100_000), basis_after="demonstration").empty
    assert _rate_path((30, 3000), (6, 3000)).empty
    assert _rate_path((900, 100_000), (700, 100_000), baseline_value=9.26, target_value=7.871).empty
    gap = {"measure": "infant_mortality_ratio", "kind": "ratio", "target_value": 1.0}
    assert _gap_path([30, 6], [40, 40], **gap).empty


def test_the_release_has_a_path_for_each_target_with_a_chance_and_no_other(release: Release) -> None:
    targets, paths = release.tables["targets"], release.tables["target_paths"]
    assert set(paths["target"]) == set(targets.loc[targets["probability"].notna(), "id"])
    assert len(set(paths["target"])) >= 5
    assert not paths[["year", *BANDS]].isna().any().any()


def test_the_fan_and_the_chance_in_the_table_speak_of_the_same(release: Release) -> None:
    """Where the goal lies above the band when due, the chance is high; below it, low."""
    targets = release.tables["targets"].set_index("id")
    rates = [key for key in targets.index if targets.loc[key, "measure"] == "infant_mortality"]
    for key, path in release.tables["target_paths"].groupby("target"):
        row = targets.loc[str(key)]
        if key not in rates:
            continue
        at_due = path[path["year"].eq(row["due_year"])].iloc[0]
        for column, below in (
            ("low", 0.025),
            ("low50", 0.25),
            ("median", 0.5),
            ("high50", 0.75),
            ("high", 0.975),
        ):
            assert (row["target_value"] >= at_due[column]) == (row["probability"] >= below), (key, column)
