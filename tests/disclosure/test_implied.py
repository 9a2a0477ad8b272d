"""The count behind a printed rate: what its digits leave open, and what its interval does."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.release.attack import audit
from equity.release.implied import implied_counts
from tests.disclosure.leaking import content, row


@given(st.integers(0, 400), st.integers(20, 40_000), st.integers(0, 4))
def test_the_true_count_is_never_ruled_out(deaths: int, births: int, digits: int) -> None:
    deaths = min(deaths, births)
    rate = round(1000 * deaths / births, digits)
    least, most = implied_counts(rate, nan, nan, births, 1000)
    assert least <= deaths <= most
    kept = len(f"{rate:g}".partition(".")[2])
    assert most - least <= births / 1000 * 10.0**-kept + 2


def test_an_interval_narrows_what_digits_leave_open() -> None:
    # 5 per 1,000 of 4,000, to whole numbers: 18 to 22
    assert implied_counts(5, nan, nan, 4000, 1000) == (18, 22)
    # the exact limits of 18 and 19 are 7 per 1,000, those of 20 to 22 are 8
    assert implied_counts(5, 3, 7, 4000, 1000) == (18, 19)
    assert implied_counts(5, 3, 8, 4000, 1000) == (20, 22)


def test_an_interval_of_another_method_is_passed_over() -> None:
    assert implied_counts(5, 1, 30, 4000, 1000) == (18, 22)


def test_more_than_all_of_them_is_taken_as_printed() -> None:
    assert implied_counts(1.5, 1.2, 1.8, 2, 1) == (3, 3)
    assert implied_counts(1500, 300, 4400, 2, 1000) == (3, 3)


def _hidden(measure: str, **more: Any) -> dict[str, Any]:
    return row("infant_deaths", "county", "29001", None), row(
        measure, "county", "29001", None, status="shown", reason="", **more
    )  # fmt: skip


LEAKS = {
    "a rounded rate": {"value": 5.8, "denominator": 1200.0},
    "a rounded rate whose births stand elsewhere": {"value": 5.8},
    "an exact interval": {"value": 6.0, "low": 2.5, "high": 11.5, "denominator": 1200.0},
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_rate_beside_a_hidden_count_is_a_leak(name: str) -> None:
    hidden, rate = _hidden("infant_mortality", **LEAKS[name])
    rate["numerator"] = np.nan
    found = audit(content(hidden, rate, row("births", "county", "29001", 1200)))
    assert [leak.cell.event for leak in found.leaks] == ["deaths"]


def test_a_share_in_whole_percent_tells_a_small_count() -> None:
    share = row("low_birthweight", "county", "29001", None, status="shown", reason="", value=0.08)
    hidden = row("low_birthweight", "county", "29001", None)
    found = audit(content(share | {"denominator": 100.0}, hidden, row("births", "county", "29001", 100)))
    assert len(found.leaks) == 1


def test_a_rate_of_many_births_in_few_digits_tells_none() -> None:
    hidden, rate = _hidden("infant_mortality", value=1.0, denominator=9000.0)
    assert audit(content(hidden, rate | {"value": 1.0})).safe
