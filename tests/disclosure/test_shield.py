"""Hiding beside: where "few" says too much of counts, it is not said of them."""

from __future__ import annotations

import pandas as pd
import pytest

from equity.release.attack import audit
from equity.release.disclose import disclose
from equity.release.policy import PUBLIC
from equity.release.shield import FEW, Places, UnprotectedError, hide_beside
from tests.disclosure.leaking import Content, content, row

CODES = [f"2900{number}" for number in range(1, 7)]
AREAS = pd.DataFrame(
    [*(("county", code, "r") for code in CODES), ("region", "r", "r")], columns=["kind", "geoid", "region"]
)
PARTS = pd.DataFrame(
    [("region", "r", "county", code, 1.0) for code in CODES],
    columns=["whole_kind", "whole", "part_kind", "part", "weight"],
)
YEAR = {"years": (2017, 2017), "status": "", "reason": ""}


def _protected(*deaths: int) -> Content:
    """Six counties of a region: their deaths and births, disclosed and protected."""
    rows = [row("infant_deaths", "county", code, n, **YEAR) for code, n in zip(CODES, deaths, strict=True)]
    rows += [row("births", "county", code, 200, **YEAR) for code in CODES]
    rows += [row("infant_deaths", "region", "r", sum(deaths), **YEAR)]
    rows += [row("births", "region", "r", 1200, **YEAR)]
    counts = content(*rows).figures
    figures = hide_beside(disclose(counts, PUBLIC), counts, Places(AREAS, PARTS), PUBLIC, "demonstration")
    return content(*figures.to_dict("records"), areas=AREAS, parts=PARTS)


def test_six_counties_of_one_death_or_more_in_a_region_of_nine_have_room() -> None:
    made = _protected(1, 3, 1, 1, 2, 1)
    deaths = made.figures[made.figures["measure"].eq("infant_deaths")]
    assert deaths["status"].eq("suppressed").all() and deaths["value"].isna().all()
    assert not deaths["reason"].isin(FEW).all(), "everybody would know that each is one to four"
    found = audit(made)
    assert found.safe and found.sought >= 7


def test_that_they_are_few_is_said_where_it_gives_nothing_away() -> None:
    made = _protected(2, 4, 3, 6, 5, 9)
    assert made.figures.loc[made.figures["status"].eq("suppressed"), "reason"].isin(FEW).all()
    assert audit(made).safe


def test_what_cannot_be_protected_stops_the_publish_and_is_named() -> None:
    # nobody may hide a nation's count, and two of its three parts are shown by somebody else
    rows = [
        row("infant_deaths", "nation", "us", 60, **YEAR),
        row("infant_deaths", "nation", "us", 40, group="black", **YEAR),
        row("infant_deaths", "nation", "us", 16, group="white", **YEAR),
    ]
    counts = content(*rows).figures
    figures = counts.assign(status="shown")
    with pytest.raises(UnprotectedError) as refused:
        hide_beside(figures, counts, Places(AREAS, PARTS), PUBLIC, "demonstration")
    assert str(refused.value) == (
        "Not published, because hidden counts could be worked out whatever else were hidden: "
        "infant_deaths of nation us, rest, 2017, through groups. "
        "Merge or withdraw one of the files whose counts add up here."
    )


def test_where_all_are_none_there_is_no_group_to_protect() -> None:
    """Nobody died, which is shown; rates by race and age are hidden for being of few deaths."""
    rows = []
    for group in ("all", "black", "white"):
        place = {"group": group, **YEAR}
        births = {"all": 400.0, "black": 200.0, "white": 150.0}[group]
        rows += [
            row("births", "region", "r", births, **place),
            row("infant_deaths", "region", "r", 0, **place),
        ]
        for age in ("neonatal", "postneonatal"):
            rows.append(row(f"{age}_mortality", "region", "r", 0, denominator=births, **place))
    counts = content(*rows).figures
    figures = hide_beside(disclose(counts, PUBLIC), counts, Places(AREAS, PARTS), PUBLIC, "demonstration")
    shown = figures[figures["measure"].eq("infant_deaths")]
    assert shown["status"].eq("shown").all()
    assert audit(content(*figures.to_dict("records"), areas=AREAS, parts=PARTS)).safe
