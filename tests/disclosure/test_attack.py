"""The auditor finds every planted leak, says through what, and passes what is safe."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pandas as pd
import pytest

from equity.release.attack import audit
from tests.disclosure.leaking import Content, content, row

DEATHS, BIRTHS = "infant_deaths", "births"


def _counties(*counts: float | None, measure: str = DEATHS, **more: Any) -> list[dict[str, Any]]:
    codes = ("29001", "29002", "29003")
    return [row(measure, "county", code, n, **more) for code, n in zip(codes, counts, strict=True)]


def _years(*counts: float | None) -> list[dict[str, Any]]:
    pairs = zip(range(2017, 2024), counts, strict=True)
    return [row(DEATHS, "county", "29001", n, years=(year, year)) for year, n in pairs]


BESIDE = {"reason": "beside_hidden"}
LEAKS: dict[str, tuple[Content, set[str]]] = {
    "groups": (
        content(row(DEATHS, "county", "29001", 50), row(DEATHS, "county", "29001", 30, group="black"),
                row(DEATHS, "county", "29001", 13, group="white")),
        {"groups"},
    ),
    "counties of a region": (
        content(row(DEATHS, "region", "r", 60), *_counties(30, 24, None)), {"counties"},
    ),
    "ZIP codes of a group": (
        content(row(DEATHS, "zip_group", "g", 40), row(DEATHS, "zip", "63001", 20),
                row(DEATHS, "zip", "63002", 12), row(DEATHS, "zip", "63003", None)),
        {"ZIP groups"},
    ),
    "years of a block": (
        content(row(DEATHS, "county", "29001", 100), *_years(12, 14, 15, 16, 17, 18, None)), {"years"},
    ),
    "two hidden years whose sum is 17": (
        content(row(DEATHS, "county", "29001", 100), *_years(12, 14, 15, 20, 22, None, None)), {"years"},
    ),
    "neonatal and postneonatal deaths": (
        content(row(DEATHS, "county", "29001", 30),
                row("neonatal_mortality", "county", "29001", 22, denominator=5000.0, value=4.4),
                row("postneonatal_mortality", "county", "29001", None, reason="few_deaths")),
        {"age at death"},
    ),
    "a chain of three tables": (
        content(
            row(DEATHS, "region", "r", 90), *_counties(40, 30, None, reason="beside_hidden"),
            row(DEATHS, "county", "29003", 17, group="black"),
            row(DEATHS, "county", "29003", None, group="white"),
        ),
        {"counties", "groups"},
    ),
    "a percentage of a known total": (
        content(row("low_birthweight", "county", "29001", 60, denominator=600.0, value=0.1),
                row("low_birthweight", "county", "29001", 57, denominator=300.0, value=0.19, group="black"),
                row("low_birthweight", "county", "29001", None, group="white", reason="few_cases")),
        {"groups"},
    ),
    "births below a rate": (
        content(row("preterm", "county", "29001", 80, denominator=800.0),
                row("preterm", "county", "29002", 30, denominator=300.0),
                row(BIRTHS, "county", "29003", None), row(BIRTHS, "region", "r", 1107)),
        {"counties"},
    ),
    "need, whose numerator is births": (
        content(row("need", "zip", "63001", 400, years=(2020, 2020)),
                row("need", "zip", "63002", 300, years=(2020, 2020)),
                row(BIRTHS, "zip", "63003", None), row(BIRTHS, "zip_group", "g", 705)),
        {"ZIP groups"},
    ),
    "a ZIP code in two counties": (
        content(
            *(row("caseload", "zip", code, n, years=(2020, 2020))
              for code, n in (("63001", None), ("63002", 20), ("63003", 30))),
            row("caseload", "county", "29001", 14, years=(2020, 2020)),
        ),
        {"ZIP codes", "ZIP codes in two counties"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_found_and_its_relation_named(name: str) -> None:
    release, through = LEAKS[name]
    found = audit(release)
    assert not found.safe
    assert {each for leak in found.leaks for each in leak.through} == through
    assert all(str(leak).startswith(leak.cell.event) for leak in found.leaks)


def test_programs_of_a_region_are_attacked_too() -> None:
    programs = pd.DataFrame({"program_id": ["a", "b"], "region": ["r", "r"]})
    years = pd.DataFrame({"program_id": ["a", "b"], "year": [2020, 2020], "caseload": [40.0, None]})
    total = row("caseload", "region", "r", 46, years=(2020, 2020))
    found = audit(content(total, programs=programs, program_years=years))
    assert [(leak.cell.area, leak.through) for leak in found.leaks] == [("b", ("programs",))]


SAFE = {
    "two hidden counties": content(
        row(DEATHS, "region", "r", 60), *_counties(50, None, None)
    ),
    "a companion": content(
        row(DEATHS, "region", "r", 90), *_counties(50, None, None)[:2],
        row(DEATHS, "county", "29003", None, reason="beside_hidden"),
    ),
    "a zero that is shown": content(row(DEATHS, "region", "r", 30), *_counties(30, 0, 0)),
    "none can be anything but zero": content(
        row(DEATHS, "county", "29001", 0),
        row("neonatal_mortality", "county", "29001", None, reason="few_deaths"),
        row("postneonatal_mortality", "county", "29001", None, reason="few_deaths"),
    ),
    "what is told is no small count": content(
        row(DEATHS, "region", "r", 90), *_counties(40, 30, None, reason="beside_hidden")
    ),
    "withheld by its publisher": content(
        row(DEATHS, "region", "r", 60), *_counties(40, 15, None, reason="withheld_by_publisher")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAFE)
def test_what_is_safe_passes(name: str) -> None:
    assert audit(SAFE[name]).safe


def test_values_that_contradict_each_other_are_no_pass() -> None:
    found = audit(content(row(DEATHS, "region", "r", 20), *_counties(30, 24, None)))
    assert not found.safe
    assert found.contradictions


def test_what_is_said_of_a_leak_holds_no_value() -> None:
    found = audit(content(row(DEATHS, "region", "r", 60), *_counties(30, 23, None)))
    (leak,) = found.leaks
    assert str(leak) == "deaths of county 29003, all, 2017-2023 (demonstration) is told, through counties"


def _ruled(found: Content, **rules: Any) -> Content:
    found.manifest["rules"] |= rules
    return found


def test_a_release_is_attacked_by_the_rules_it_was_made_by() -> None:
    # two years of 1 to 9 each, 14 together
    hidden = content(row(DEATHS, "county", "29001", 88), *_years(12, 14, 15, 16, 17, None, None))
    assert audit(hidden).safe
    assert len(audit(_ruled(hidden, values_left_open=6)).leaks) == 2
    assert len(audit(_ruled(hidden, values_left_open=5, hidden_counts=[1, 8])).leaks) == 2
    # 1 is a number like others where zeros are hidden too
    zeros = content(row(DEATHS, "county", "29001", 79), *_years(12, 14, 15, 16, 17, None, None))
    assert len(audit(zeros).leaks) == 2
    assert audit(_ruled(zeros, hidden_counts=[0, 9])).safe


def test_deaths_too_few_for_a_rate_are_as_many_as_its_policy_says() -> None:
    age = row("neonatal_mortality", "county", "29001", None, reason="few_deaths")
    found = content(row(DEATHS, "county", "29001", 22), age, age | {"measure": "postneonatal_mortality"})
    assert audit(found).contradictions
    assert audit(_ruled(found, deaths_for_a_rate=20)).safe


def test_two_releases_of_one_reader_are_attacked_together() -> None:
    region, others = row(DEATHS, "region", "r", 59), {"29001": 30, "29002": 25}
    small = row(DEATHS, "county", "29003", None)
    one, other = (
        content(region, small, row(DEATHS, "county", shown, others[shown]),
                row(DEATHS, "county", hidden, None, **BESIDE))
        for shown, hidden in permutations(others)
    )  # fmt: skip
    assert audit(one).safe and audit(other).safe and audit(one, [one]).safe
    assert [str(leak.cell) for leak in audit(one, [other]).leaks] == [
        "deaths of county 29003, all, 2017-2023 (demonstration)"
    ]
