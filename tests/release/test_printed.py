"""What a publisher withheld stays withheld, whatever its transcription says."""

from __future__ import annotations

import pandas as pd

from equity.release.figure import NUMBER_COLUMNS
from equity.release.reported import printed_figures


def _printed(**changes: object) -> pd.DataFrame:
    row = {
        "area_kind": "county", "area": "29069", "group": "all", "first_year": 2016, "last_year": 2022,
        "scheme": "census", "measure": "infant_mortality", "status": "suppressed", "value": None, "low": None,
        "high": None, "numerator": None, "denominator": None, "source_id": "printed", "note": "",
    }  # fmt: skip
    return pd.DataFrame([row | changes]).astype(dict.fromkeys(NUMBER_COLUMNS, float))


def test_a_number_in_a_withheld_row_is_read_as_nothing() -> None:
    found = printed_figures(_printed(value=7.5, low=5.0, high=11.0, numerator=4.0, denominator=571.0))
    pd.testing.assert_frame_equal(found, printed_figures(_printed()))
    assert set(found["measure"]) == {"infant_mortality", "infant_deaths"}
    assert set(found["reason"]) == {"withheld_by_publisher"}
    assert found[list(NUMBER_COLUMNS)].isna().all(axis=None)
