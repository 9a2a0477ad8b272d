"""The table of the samplers is whole, and our model still says what it says there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bench.libraries.carolina import Counties, counties, mean_and_above
from bench.libraries.tables import COLUMNS, COUNTIES, LONG, OURS, RESULTS, SAMPLERS, USUAL

#: Samplers of 20,000 draws differ among themselves by as much.
MEAN_TOLERANCE = 0.02
ABOVE_TOLERANCE = 0.015
NUMBERS = ("mean", "above")


@pytest.fixture(scope="module")
def data() -> Counties:
    return counties()


@pytest.fixture(scope="module")
def results() -> pd.DataFrame:
    return pd.read_csv(RESULTS)


@pytest.fixture(scope="module")
def by_county() -> pd.DataFrame:
    return pd.read_csv(COUNTIES)


def test_the_table_has_our_line_and_a_usual_and_a_long_run_of_each_sampler(results: pd.DataFrame) -> None:
    assert tuple(results.columns) == COLUMNS
    expected = [(OURS, 0), *((name, draws) for name in SAMPLERS for draws in (USUAL, LONG))]
    assert list(zip(results["method"], results["draws"], strict=True)) == expected
    assert results["versions"].str.contains("=").all()
    sampled = results[results["draws"] > 0]
    assert sampled.notna().all(axis=None)


def test_the_long_runs_have_settled(results: pd.DataFrame) -> None:
    long = results[results["draws"] == LONG]
    assert (long["rhat_max"] < 1.01).all()
    assert (long["ess_min"] > 1000).all()


def test_the_kept_values_are_all_there(data: Counties, by_county: pd.DataFrame) -> None:
    names = [f"{method}_{number}" for method in (OURS, *SAMPLERS) for number in NUMBERS]
    assert by_county.columns.tolist() == ["county", *names]
    assert by_county["county"].tolist() == data.names
    assert by_county.notna().all(axis=None)


def test_our_model_still_says_what_it_said_and_what_samplers_say(
    data: Counties, by_county: pd.DataFrame
) -> None:
    for number, found, tolerance in zip(
        NUMBERS, mean_and_above(data), (MEAN_TOLERANCE, ABOVE_TOLERANCE), strict=True
    ):
        np.testing.assert_allclose(found, by_county[f"{OURS}_{number}"], atol=2e-5)
        for method in SAMPLERS:
            np.testing.assert_allclose(found, by_county[f"{method}_{number}"], atol=tolerance)


def test_the_differences_in_the_table_are_those_of_the_values(
    results: pd.DataFrame, by_county: pd.DataFrame
) -> None:
    long = results[results["draws"] == LONG].set_index("method")
    for method in SAMPLERS:
        for number in NUMBERS:
            apart = (by_county[f"{method}_{number}"] - by_county[f"{OURS}_{number}"]).abs().max()
            assert long.loc[method, f"{number}_diff_max"] == pytest.approx(apart, abs=3e-5)
