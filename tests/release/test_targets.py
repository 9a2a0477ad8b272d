"""Targets are judged on what may be seen, and a word of praise must not come from chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from equity.measures.achieved import achieved_interval, rate_draws
from equity.release.disclose import disclose
from equity.release.policy import PUBLIC
from equity.release.target_progress import target_progress
from tests.release.cells import cells, rate

TARGET: dict[str, Any] = {
    "id": "t", "initiative": "i", "title": "fewer", "area_kind": "region", "area": "stl",
    "measure": "infant_mortality", "kind": "relative_change", "groups": "all", "relative_change": -0.15,
    "target_value": np.nan, "due_year": 2033, "baseline_stated": False, "baseline_value": np.nan,
    "baseline_first_year": np.nan, "baseline_last_year": np.nan, "source_id": "s", "note": "",
}  # fmt: skip
REGION = {"area_kind": "region", "area": "stl", "basis": "reported"}
BEFORE, AFTER = {"first_year": 2010, "last_year": 2016}, {"first_year": 2017, "last_year": 2023}


def _judge(before: dict[str, Any], after: dict[str, Any], **target: Any) -> pd.Series:
    figures = disclose(cells(REGION | BEFORE | before, REGION | AFTER | after), PUBLIC)
    return target_progress(pd.DataFrame([TARGET | target]), figures, PUBLIC).iloc[0]


def test_a_clear_fall_is_on_track_and_says_how_far() -> None:
    row = _judge(rate(900, 100_000), rate(780, 100_000))
    assert row["status"] == "on_track"
    # from 9.0 to 7.8, of the way to 7.65
    assert row["achieved"] == pytest.approx(100 * 1.2 / 1.35, abs=0.05)
    assert row["target_value"] == pytest.approx(7.65)
    assert row["achieved_low"] < row["achieved"] < row["achieved_high"]


def test_a_change_within_chance_is_no_clear_change() -> None:
    assert _judge(rate(30, 3000), rate(27, 3000))["status"] == "no_clear_change"


def test_a_clear_rise_is_the_wrong_way() -> None:
    assert _judge(rate(700, 100_000), rate(900, 100_000))["status"] == "wrong_way"


def test_hidden_figures_are_not_judged() -> None:
    row = _judge(rate(30, 3000), rate(6, 3000))
    assert (row["status"], row["reason"]) == ("cannot_be_judged", "latest_hidden")
    assert np.isnan(row["latest_value"])


def test_two_bases_are_not_judged_against_each_other() -> None:
    row = _judge(rate(900, 100_000), rate(700, 100_000, basis="demonstration"))
    assert row["status"] == "cannot_be_judged"
    assert np.isnan(row["achieved"])


def test_a_start_in_print_is_kept_as_stated() -> None:
    row = _judge(rate(900, 100_000), rate(700, 100_000), baseline_value=9.26, target_value=7.871)
    assert (row["baseline_value"], row["target_value"], row["status"]) == (9.26, 7.871, "cannot_be_judged")


def test_interval_of_the_percent_agrees_with_the_log_normal_for_large_counts() -> None:
    # achieved = (1 - ratio) / 0.15, log ratio normal with variance 1/4000 + 1/3600
    start, latest = rate_draws(4000, 500_000), rate_draws(3600, 500_000, stream=1)
    low, high = achieved_interval(start, latest, 0.85 * start)
    spread = norm.ppf(0.975) * np.sqrt(1 / 4000 + 1 / 3600)
    assert low == pytest.approx(100 * (1 - 0.9 * np.exp(spread)) / 0.15, abs=1.0)
    assert high == pytest.approx(100 * (1 - 0.9 * np.exp(-spread)) / 0.15, abs=1.0)
