"""What stands beside a hidden count: nothing from which it could be worked out by subtraction."""

from __future__ import annotations

import pandas as pd
import pytest

from equity.release.companions import hide_companions
from equity.release.counted import SUBMITTED
from equity.release.disclose import disclose
from equity.release.policy import PUBLIC
from equity.release.tables import as_figures

AREAS = pd.DataFrame(
    [
        ("county", "29510", "stl"), ("county", "29189", "stl"), ("county", "29201", "bootheel"),
        ("zip", "63106", "stl"), ("zip", "63107", "stl"), ("zip", "63801", "bootheel"),
        ("region", "stl", ""),
    ],
    columns=["kind", "geoid", "region"],
)  # fmt: skip
Row = tuple[str, str, int, int, str, float]


def seen(*rows: Row, source: str = f"{SUBMITTED}1") -> dict[tuple[str, str, int, str], str]:
    """Status of each figure (kind, area, first and last year, measure, count) after disclosure."""
    table = pd.DataFrame(rows, columns=["area_kind", "area", "first_year", "last_year", "measure", "value"])
    figures = as_figures(table.assign(numerator=table["value"], group="all"), basis="reported", source=source)
    done = hide_companions(disclose(figures, PUBLIC), AREAS, PUBLIC)
    assert done.loc[done["status"].eq("suppressed"), ["value", "numerator"]].isna().all(axis=None)
    keys = zip(done["area_kind"], done["area"], done["first_year"], done["measure"], strict=True)
    return dict(zip(keys, done["status"], strict=True))


def deaths(kind: str, area: str, count: float, first: int = 2017, last: int = 2023) -> Row:
    return kind, area, first, last, "infant_deaths", count


def test_births_that_are_hidden_stand_below_no_rate() -> None:
    place = {"area_kind": "zip", "group": "all", "first_year": 2017, "last_year": 2023}
    rows = [
        {"area": "63106", "measure": "births", "value": 5.0, "numerator": 5.0},
        {"area": "63107", "measure": "births", "value": 900.0, "numerator": 900.0},
        {"area": "63107", "measure": "infant_mortality", "value": 23.3, "low": 14.4, "high": 35.7,
         "numerator": 21.0, "denominator": 900.0},
    ]  # fmt: skip
    figures = as_figures(
        pd.DataFrame([place | row for row in rows]), basis="reported", source=f"{SUBMITTED}1"
    )
    done = hide_companions(disclose(figures, PUBLIC), AREAS, PUBLIC)
    assert set(done["status"]) == {"suppressed"}
    assert done[["value", "denominator"]].isna().all(axis=None)


def test_nothing_hidden_hides_nothing() -> None:
    found = seen(deaths("zip", "63106", 12), deaths("zip", "63107", 15), deaths("county", "29510", 27))
    assert set(found.values()) == {"shown"}


@pytest.mark.parametrize("small", [1, 9])
def test_zip_codes_of_a_region_go_together(small: int) -> None:
    found = seen(
        deaths("zip", "63106", small), deaths("zip", "63107", 15),
        deaths("zip", "63801", 11), deaths("county", "29510", 27),
    )  # fmt: skip
    assert found == {
        ("zip", "63106", 2017, "infant_deaths"): "suppressed",
        ("zip", "63107", 2017, "infant_deaths"): "suppressed",
        ("zip", "63801", 2017, "infant_deaths"): "shown",
        ("county", "29510", 2017, "infant_deaths"): "shown",
    }


def test_a_hidden_county_takes_the_region_and_the_other_counties_with_it() -> None:
    found = seen(deaths("county", "29510", 4), deaths("county", "29189", 40), deaths("region", "stl", 44))
    assert set(found.values()) == {"suppressed"}


def test_a_hidden_year_takes_the_years_of_its_block_with_it() -> None:
    years = [deaths("county", "29201", 12, year, year) for year in (2010, 2018, 2019)]
    found = seen(*years, deaths("county", "29201", 3, 2020, 2020), deaths("county", "29201", 60))
    assert found[("county", "29201", 2018, "infant_deaths")] == "suppressed"
    assert found[("county", "29201", 2019, "infant_deaths")] == "suppressed"
    assert found[("county", "29201", 2010, "infant_deaths")] == "shown"  # another block
    assert found[("county", "29201", 2017, "infant_deaths")] == "shown"  # the block itself


def test_a_zero_goes_where_it_would_give_a_count_away() -> None:
    found = seen(deaths("zip", "63106", 0), deaths("zip", "63107", 4))
    assert set(found.values()) == {"suppressed"}
    assert set(seen(deaths("zip", "63106", 0), deaths("zip", "63107", 14)).values()) == {"shown"}


def test_other_counts_and_printed_figures_are_left_alone() -> None:
    births = ("zip", "63107", 2017, 2023, "births", 900.0)
    found = seen(deaths("zip", "63106", 4), births)
    assert found[("zip", "63107", 2017, "births")] == "shown"
    printed = seen(deaths("county", "29510", 4), deaths("county", "29189", 40), source="chr-2026-v129")
    assert printed[("county", "29189", 2017, "infant_deaths")] == "shown"
