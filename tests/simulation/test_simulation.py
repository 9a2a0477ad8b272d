"""What readers see keeps within its limits in the committed table, and the simulations make it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import pytest

from tests.simulation.areas import small_areas
from tests.simulation.intervals import coverage
from tests.simulation.praise import false_praise
from tests.simulation.reaching import chances
from tests.simulation.table import Line, as_table, committed

SIMULATIONS: Final[dict[str, Callable[[], list[Line]]]] = {
    "coverage of a rate's interval": coverage,
    "small areas": small_areas,
    "false praise": false_praise,
    "chances": chances,
}
HEAVY = [pytest.param(make, marks=pytest.mark.slow) for make in list(SIMULATIONS.values())[1:]]
NEVER_SHOWN: Final = "(never shown)"
#: Draws are the same everywhere; a borderline case may fall the other way on another machine.
SLACK: Final = 0.002


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return committed()


def test_everything_that_readers_see_is_as_wanted(table: pd.DataFrame) -> None:
    shown = table[~table["what"].str.endswith(NEVER_SHOWN)]
    missed = shown[shown["met"].ne("yes")]
    assert missed.empty, missed.to_string()
    assert shown.groupby("what").size().to_dict() == {
        "coverage of a rate's interval": 12,
        "coverage of a small area's interval, BYM2": 3,
        "squared error, BYM2 as a share of the raw rates'": 3,
        "squared error, BYM2 as a share of plain empirical Bayes'": 3,
        "praise of a rate that stays": 12,
        "praise of a gap that stays": 6,
        "a rate's goal reached by 2033": 10,
        "15 % lower in ten years": 10,
        "a gap's goal reached by 2033": 5,
    }


def test_every_bin_of_a_chance_holds_two_thousand_cases(table: pd.DataFrame) -> None:
    bins = table[table["setting"].str.startswith("said ")]
    assert (bins.loc[~bins["what"].str.endswith(NEVER_SHOWN), "repetitions"] >= 2000).all()


def test_the_formulas_that_are_never_shown_fail(table: pd.DataFrame) -> None:
    plug_in = table[table["what"].str.contains("plug-in normal")]
    certain = plug_in[plug_in["setting"].str.startswith("said 0.8")].iloc[0]
    assert certain["met"] == "no"
    assert certain["result"] < 0.75
    bayes = table[table["what"].str.contains("plug-in empirical Bayes")]
    assert bayes.loc[bayes["setting"].str.startswith("1 expected"), "met"].eq("no").all()


def test_every_line_that_misses_says_why(table: pd.DataFrame) -> None:
    assert (table["note"].ne("") == table["met"].eq("no")).all()


@pytest.mark.parametrize("make", [coverage, *HEAVY])
def test_the_table_can_be_made_again(make: Callable[[], list[Line]], table: pd.DataFrame) -> None:
    again = as_table(make())
    kept = table[table["what"].isin(again["what"])].reset_index(drop=True)
    same = ["what", "wanted", "met", "seed", "note"]
    pd.testing.assert_frame_equal(again[same], kept[same])
    assert (again["result"] - kept["result"]).abs().max() <= SLACK
