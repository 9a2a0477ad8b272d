"""What a file handed in would change, as a table a person reads."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from equity.registry import measure, measures
from equity.release.load import Release
from equity.views.format import number
from equity.words import say

#: Rows shown of all that would differ.
SHOWN: Final = 40


def preview_table(changes: pd.DataFrame, release: Release) -> pd.DataFrame:
    """The first changed figures as texts: what, where, when, before and after.

    ``changes`` as :func:`equity.steward.preview.changed_figures` makes it: disclosed values only;
    ``release`` knows the names of places.
    """
    rows = [_row(row, release) for row in changes.head(SHOWN).to_dict("records")]
    return pd.DataFrame(rows, columns=[say(f"data.preview.{name}") for name in COLUMNS])


COLUMNS: Final = ("change", "figure", "place", "group", "period", "before", "after")


def _row(row: dict[Any, Any], release: Release) -> list[str]:
    years = "–".join(dict.fromkeys((str(row["first_year"]), str(row["last_year"]))))
    name = measures()[row["measure"]].name if row["measure"] in measures() else str(row["measure"])
    place = release.area_name(row["area_kind"], row["area"])
    sides = [_seen(row, side) for side in ("before", "after")]
    return [say(f"data.preview.{row['change']}"), name, place, str(row["group"]), years, *sides]


def _seen(row: dict[Any, Any], side: str) -> str:
    status = row[f"status_{side}"]
    if not isinstance(status, str):
        return say("data.preview.nothing")
    if status not in ("shown", "unstable"):
        return say(f"data.preview.{status}")
    entry = measure(row["measure"])
    return number(row[f"value_{side}"] * entry.scale, entry.decimals)
