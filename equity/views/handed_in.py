"""What a file handed in would change, as a table a person reads."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from equity.registry import measure, measures
from equity.release.load import Release
from equity.views.format import amount, decimals_of, number, word
from equity.words import say

#: Rows shown of all that would differ.
SHOWN: Final = 40
#: Statuses with a value to show.
VISIBLE: Final = ("shown", "unstable")
MADE_UP: Final = "demonstration"


def preview_table(changes: pd.DataFrame, release: Release) -> pd.DataFrame:
    """The first changed figures as texts: what, where, when, before and after; those with a number lead.

    ``changes`` as :func:`equity.steward.preview.changed_figures` makes it: disclosed values only;
    ``release`` knows the names of places.
    """
    seen = changes["status_before"].isin(VISIBLE) | changes["status_after"].isin(VISIBLE)
    first = pd.concat([changes[seen], changes[~seen]]).head(SHOWN)
    rows = [_row(row, release) for row in first.to_dict("records")]
    return pd.DataFrame(rows, columns=[say(f"data.preview.{name}") for name in COLUMNS])


COLUMNS: Final = ("change", "figure", "place", "group", "period", "before", "after")


def replaced_sentence(changes: pd.DataFrame) -> str:
    """How many of the changes are demonstration numbers that go, shown or hidden; empty where none are."""
    made_up, stays = (
        changes[f"basis_{side}"].eq(MADE_UP) & changes[f"status_{side}"].isin((*VISIBLE, "suppressed"))
        for side in ("before", "after")
    )
    count = int((made_up & ~stays).sum())
    return say("data.desk.preview_replaced", count=f"{count:,}") if count else ""


def before_and_after(row: dict[Any, Any]) -> tuple[str, str]:
    """What a reader sees of a figure before and after; never the same twice.

    Where both read alike, the second says what differs instead.
    """
    before, after = (_seen(row, side) for side in ("before", "after"))
    return before, _what_differs(row, after) if before == after else after


def _row(row: dict[Any, Any], release: Release) -> list[str]:
    years = "–".join(dict.fromkeys((str(row["first_year"]), str(row["last_year"]))))
    name = measures()[row["measure"]].name if row["measure"] in measures() else str(row["measure"])
    place = release.area_name(row["area_kind"], row["area"])
    sides = before_and_after(row)
    return [say(f"data.preview.{row['change']}"), name, place, str(row["group"]), years, *sides]


def _seen(row: dict[Any, Any], side: str) -> str:
    status = row[f"status_{side}"]
    if not isinstance(status, str):
        return say("data.preview.nothing")
    if status not in VISIBLE:
        return say(f"data.preview.{status}")
    value = row[f"value_{side}"]
    return word(row["measure"], int(value)) or amount(measure(row["measure"]), value)


def _what_differs(row: dict[Any, Any], seen: str) -> str:
    """What changes of a figure that reads the same before and after."""
    shown = row["status_after"] in VISIBLE
    if shown and _differ(row, "value"):
        entry = measure(row["measure"])
        decimals = decimals_of(entry, row["value_after"])
        return say("data.preview.less_than", step=number(10.0**-decimals, decimals))
    if shown and (_differ(row, "low") or _differ(row, "high")):
        return say("data.preview.other_range")
    if shown and _differ(row, "basis"):
        return say("data.preview.other_basis", basis=say(f"figure.basis_short.{row['basis_after']}"))
    kept = say("data.preview.same_number") if shown else seen
    key = "other_note" if _differ(row, "status") or _differ(row, "reason") else "other_source"
    return say(f"data.preview.{key}", word=kept)


def _differ(row: dict[Any, Any], name: str) -> bool:
    one, other = row[f"{name}_before"], row[f"{name}_after"]
    return one != other and not (pd.isna(one) and pd.isna(other))
