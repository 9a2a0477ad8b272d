"""What was counted, as text for the command line: totals by year and group, and the findings."""

from __future__ import annotations

import pandas as pd

from equity.intake.findings import Reading
from equity.intake.records.aggregate import BIRTH_EVENTS, DEATH_EVENTS, GROUPS


def summary(reading: Reading) -> str:
    """A table of all places together, each year's groups and their sum, and what was found."""
    lines = [reading.title, f"{reading.rows_read:,} records read, {reading.rows_refused:,} refused"]
    counts = reading.tables.get("vital_count")
    if counts is not None:
        lines += ["", _totals(counts), ""]
    lines += [f"{finding.level}: {finding.sentence()}" for finding in reading.findings]
    return "\n".join(lines).rstrip() + "\n"


def _totals(counts: pd.DataFrame) -> str:
    events = [event for event in (*BIRTH_EVENTS, *DEATH_EVENTS) if event in set(counts["event"])]
    sums = counts.pivot_table("count", ["first_year", "group"], "event", "sum")
    rows = [["year", "group", *(event.replace("_", " ") for event in events)]]
    for year in sorted(set(counts["first_year"])):
        table = sums.loc[year].reindex(list(GROUPS))[events]
        table.loc["all"] = table.sum()
        rows += [[str(year), str(group), *(f"{int(n):,}" for n in row)]
                 for group, row in zip(table.index, table.to_numpy(), strict=True)]  # fmt: skip
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
