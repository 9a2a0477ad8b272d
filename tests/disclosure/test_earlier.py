"""Releases that leak only together: what a file adds, a window that moves on, a companion shown before."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from equity.release.attack import audit
from equity.release.earlier import NAME
from tests.disclosure.leaking import Content, content, row

FAMILIES, DEATHS = "caseload", "infant_deaths"
YEAR = {"years": (2024, 2024), "basis": "reported"}
A, B, AB = {"source": "a"}, {"source": "b"}, {"source": "a;b"}
BESIDE = {"reason": "beside_hidden"}


def release(*rows: dict[str, Any], **sums: str) -> Content:
    """A release whose files have these checksums."""
    names = sorted({name for each in rows for name in each.get("source", "").split(";")})
    sources = pd.DataFrame({"id": names, "sha256": [sums.get(name, f"sum of {name}") for name in names]})
    return content(*rows, sources=sources)


def _county(code: str, count: float | None, **more: Any) -> dict[str, Any]:
    return row(DEATHS, "county", code, count, **{"source": "a", **more})


def _families(count: float | None, **more: Any) -> dict[str, Any]:
    return row(FAMILIES, "zip", "63001", count, **YEAR, **more)


OTHERS = [row(FAMILIES, "zip", code, 20, **YEAR, **A) for code in ("63002", "63003")]
LEAKS: dict[str, tuple[Content, Content]] = {
    "what one file added": (release(_families(40, **A)), release(_families(43, **AB))),
    "what one file added, though the sum is hidden now": (
        release(_families(12, **A), row(FAMILIES, "zip_group", "g", 52, **YEAR, **A),
                *OTHERS),
        release(_families(None, **AB, **BESIDE), row(FAMILIES, "zip_group", "g", 56, **YEAR, **AB),
                *OTHERS),
    ),
    "a companion that was shown before": (
        release(row(DEATHS, "region", "r", 60, **A), _county("29001", 40), _county("29002", None, **BESIDE),
                _county("29003", None, **BESIDE)),
        release(row(DEATHS, "region", "r", 60, **A), _county("29001", None, **BESIDE), _county("29002", 16),
                _county("29003", None)),
    ),
    "years of a window that the other has not": (
        release(_county("29001", 100, years=(2017, 2023)), *(
            _county("29001", 14, years=(year, year)) for year in range(2018, 2023))),
        release(_county("29001", 100, years=(2017, 2023)), _county("29001", 23, years=(2017, 2017)),
                _county("29001", None, years=(2023, 2023))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_what_two_releases_tell_together_is_found(name: str) -> None:
    before, after = LEAKS[name]
    assert audit(before).safe and audit(after).safe
    found = audit(after, [before])
    assert not found.safe and found.across
    assert {leak.through for leak in found.leaks} == {(NAME,)}


SAFE: dict[str, tuple[Content, Content]] = {
    "the same again": (release(_families(40, **A)), release(_families(40, **A))),
    "many were added": (release(_families(40, **A)), release(_families(55, **AB))),
    "nobody was added": (release(_families(40, **A)), release(_families(40, **AB))),
    "another file in its place": (release(_families(40, **A)), release(_families(43, **B))),
    "a corrected file of the same name": (
        release(_families(40, **A)), release(_families(43, **A), a="another sum"),
    ),
    "told before, not by this one": (
        release(row(DEATHS, "region", "r", 60, **A), _county("29001", 40), _county("29002", 16),
                _county("29003", None)),
        release(row(DEATHS, "region", "r", 60, **A), _county("29001", 40), _county("29002", None, **BESIDE),
                _county("29003", None)),
    ),
    "the same files counted otherwise": (
        release(row(DEATHS, "region", "r", 60, **A), _county("29001", 40), _county("29002", None),
                _county("29003", None)),
        release(row(DEATHS, "region", "r", 70, **A), _county("29001", 40), _county("29002", None, **BESIDE),
                _county("29003", None, **BESIDE)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAFE)
def test_what_tells_nothing_more_passes(name: str) -> None:
    before, after = SAFE[name]
    assert audit(after, [before]).safe


def test_it_takes_three_releases() -> None:
    first = release(_families(40, **A))
    third = release(_families(47, source="a;b;c"))
    between = release(_families(44, **AB))
    found = audit(third, [between, first])
    # what the third file added can be told since the second release; what the second added could be before
    assert {str(leak.cell) for leak in found.leaks} == {
        "what was added to families of zip 63001, all, 2024 (reported) since an earlier release"
    }
    assert {leak.found.low for leak in found.leaks} >= {3.0}


def test_the_sentence_holds_no_value() -> None:
    before, after = LEAKS["what one file added"]
    (leak,) = audit(after, [before]).leaks
    assert str(leak) == (
        "what was added to families of zip 63001, all, 2024 (reported) since an earlier release is told, "
        "through an earlier release"
    )
