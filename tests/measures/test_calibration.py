"""The committed table of calibration can be made again, and keeps within its limits."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.measures.calibration import TABLE, simulate


def table() -> pd.DataFrame:
    return pd.read_csv(TABLE)


def test_intervals_of_rates_cover_at_least_95_of_100() -> None:
    rows = table().query("what == 'interval'")
    assert len(rows) == 12
    assert (rows["happened"] >= 0.95).all()


def test_small_area_intervals_cover_93_to_97_of_100_and_errors_shrink() -> None:
    rows = table().set_index("what")
    assert rows.loc["small area interval, bym2", "happened"].between(0.93, 0.97).all()
    against_raw = rows.loc["root mean squared error, bym2 against raw"]
    assert (against_raw["happened"] < 0.6 * against_raw["said"]).all()
    against_simple = rows.loc["root mean squared error, bym2 against empirical Bayes"]
    assert (against_simple["happened"] <= against_simple["said"]).all()


def test_probabilities_happen_as_often_as_they_say() -> None:
    rows = table().query("what in ('target reached by 2033', '15 % lower in ten years')")
    assert len(rows) == 20
    assert ((rows["said"] - rows["happened"]).abs() <= 0.05).all()
    assert (rows["cases"] >= 2000).all()


def test_praise_is_rarely_said_of_nothing() -> None:
    rows = table()[table()["what"].str.startswith("said falsely")]
    together = rows.groupby("setting")["happened"].sum()
    assert len(together) == 6
    assert (together <= 0.05).all()


@pytest.mark.slow
def test_the_table_can_be_made_again() -> None:
    again = simulate()
    kept = table()
    pd.testing.assert_frame_equal(again[["what", "setting"]], kept[["what", "setting"]])
    for column in ("cases", "said", "happened"):
        pd.testing.assert_series_equal(
            again[column].astype(float), kept[column].astype(float), rtol=0.02, atol=0.002
        )
