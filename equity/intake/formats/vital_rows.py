"""Rows of the store from the counts of an extract, and what is said of counts that are not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from equity.intake.findings import quoted
from equity.intake.formats._cells import Notes
from equity.intake.formats.vital_columns import DEATHS, EVENTS, WITHHELD
from equity.intake.formats.vital_sums import Cell, Tally

_LISTED: Final = 5
#: Counts of rows whose place is not known: by place and years, then by group and row.
Unknown = Mapping[tuple[str, int, int], Mapping[str, Mapping[str, int]]]


def count_rows(tallies: Mapping[Cell, Tally]) -> pd.DataFrame:
    """Rows of ``vital_count``: every event all rows of a cell count."""
    rows = [
        [*cell, event, "", number, "period" if event in DEATHS else "", ""]
        for cell, tally in tallies.items()
        for event, number in tally.known().items()
    ]
    return pd.DataFrame(rows, columns=[*Cell._fields, "event", "stratum", "count", "death_basis", "bound"])


def withheld_rows(tallies: Mapping[Cell, Tally]) -> pd.DataFrame:
    """Rows of ``published_estimate`` for hidden counts, so that no made-up number fills them."""
    rows = [
        [*cell, measure, "suppressed", "Hidden in the extract."]
        for cell, tally in tallies.items()
        for event, measure in WITHHELD.items()
        if event in tally.hidden
    ]
    return pd.DataFrame(rows, columns=[*Cell._fields, "measure", "status", "note"])


def tell_incomplete(tallies: Mapping[Cell, Tally], events: Sequence[str], notes: Notes) -> None:
    """Say which counts are hidden, which sums lack a row, and where deaths are left empty."""
    for event in events:
        hidden = sum(event in tally.hidden for tally in tallies.values())
        if hidden:
            notes.say("note", f"{hidden:,} counts of {EVENTS[event]} are hidden", "numbers",
                      "They stay hidden; no number is put in their place.", column=event)  # fmt: skip
        mixed = sum(
            event in tally.counts and event in tally.hidden | tally.absent for tally in tallies.values()
        )
        if mixed:
            found = f"{mixed:,} sums of {EVENTS[event]} lack a row that is hidden or empty"
            notes.say("warning", found, "every row of a sum", "These sums were left out.", column=event)
    empty = [tally.rows[0] for tally in tallies.values() if "infant_deaths" in tally.absent]
    if empty:
        found = f"{len(empty):,} cells of infant deaths are empty, the first in row {min(empty)}"
        notes.say("warning", found, "a number, 0 where there was none, or * where it is hidden",
                  "Fill them, or say in the reason why they are empty.",
                  column="infant_deaths")  # fmt: skip


def tell_unknown(unknown: Unknown, events: Sequence[str], rows: int, notes: Notes) -> None:
    """Say what rows of unknown places count: of a place with a row for all mothers, that row's."""
    if not unknown:
        return
    sums: dict[str, int] = defaultdict(int)
    for groups in unknown.values():
        everyone = {name: counts for name, counts in groups.items() if name.startswith("all ")}
        for counts in (everyone or groups).values():
            for event, value in counts.items():
                sums[event] += value
    told = ", ".join(f"{sums[event]:,} {EVENTS[event]}" for event in ("births", "infant_deaths")
                     if event in events)  # fmt: skip
    names = list(dict.fromkeys(name for name, _, _ in unknown))
    listed = ", ".join(quoted(name) for name in names[:_LISTED])
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    notes.say("note", f"unknown area: {rows:,} rows, {told} ({listed}{more})", "places of the dashboard",
              "They are in no figure; correct the area where it is misspelt.", column="area")  # fmt: skip
