"""Count a record-level file, and say what was counted, what was left out and why."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pandas as pd

from equity.intake.findings import Finding, Level, Reading
from equity.intake.records import aggregate
from equity.intake.records.aggregate import COLUMNS, COUNTED, NATION, PlaceKind
from equity.intake.records.codes import NO_COUNTY, STATES
from equity.intake.records.layouts import LAYOUTS, Layout, race_of, recognise
from equity.intake.records.lines import run
from equity.intake.records.pack import DAMAGED, opened
from equity.intake.records.summary import summary
from equity.intake.records.wanted import EMPTY, LENGTH
from equity.intake.report import IntakeError
from equity.intake.upload import safe_name

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KIND: Final = "records"
PUBLISHER: Final = "Centers for Disease Control and Prevention, National Center for Health Statistics"
#: Lines at the head of a file that say which layout it has and how finely it tells places.
HEAD: Final = 2000
_LONGEST: Final = 10_000
#: Places named one by one in what a reading covers; more are only numbered.
_NAMED: Final = 3

Engine: TypeAlias = "Literal['duckdb'] | SparkSession"


@dataclass(frozen=True)
class Aggregated:
    """What a file came to: its layout, kind of place, counts and the lines not counted, by reason.

    ``counts`` has the columns of ``vital_count`` without its source; ``unplaced`` the same, summed, of
    residents whose line names no known place.
    """

    layout: Layout
    places: PlaceKind
    weighted: bool
    counts: pd.DataFrame
    unplaced: dict[str, int]
    left_out: dict[str, int]

    @property
    def lines(self) -> int:
        """Lines of the file that are not empty."""
        return self.births + sum(self.left_out.values())

    @property
    def births(self) -> int:
        """Births counted, with a known place or without."""
        events = self.counts["event"]
        return int(self.counts.loc[events.eq("births"), "count"].sum()) + self.unplaced.get("births", 0)


def main_records(
    path: Path, write: Callable[[str], object], engine: Engine = "duckdb", weighted: bool | None = None
) -> Reading:
    """Count a file and write a table of its totals and findings; the reading is handed back."""
    reading = read_records(path, engine, weighted)
    write(summary(reading))
    return reading


def read_records(path: Path, engine: Engine = "duckdb", weighted: bool | None = None) -> Reading:
    """Count a file and say what was found in it.

    Raises :class:`IntakeError` where the file cannot be read or has none of the known layouts.
    """
    found = aggregate_records(path, engine, weighted)
    years = sorted(set(found.counts["first_year"]))
    span = "-".join(dict.fromkeys(str(year) for year in (years[0], years[-1]))) if years else ""
    refused = {why: lines for why, lines in found.left_out.items() if why != aggregate.FOREIGN}
    return Reading(
        kind=KIND,
        title=f"{found.layout.title}: {span}",
        tables={"vital_count": found.counts} if len(found.counts) else {},
        source={
            "kind": "dataset",
            "publisher": PUBLISHER,
            "title": f"Record-level file, {found.layout.title}: {span}",
            "vintage": span,
            "url": "https://www.cdc.gov/nchs/nvss/births.htm",
            "licence": "Counts made here from the publisher's records, under its terms of use",
            "basis": "reported",
            "note": _note(found, years),
        },
        covers="/".join((KIND, found.layout.name, span, _covered(found))),
        rows_read=found.lines,
        rows_refused=sum(refused.values()),
        findings=tuple(_findings(found)),
    )


def aggregate_records(path: Path, engine: Engine = "duckdb", weighted: bool | None = None) -> Aggregated:
    """Count the births and deaths of residents in a plain or gzip-compressed file.

    ``engine`` is DuckDB in this process, or a Spark session on whose workers the same path is readable.
    ``weighted`` counts deaths by their weights; ``None`` does as the publisher's tables of the layout do.
    """
    label = safe_name(path.name)
    layout, places = _look(path, label)
    weigh = (layout.weighted if weighted is None else weighted) and layout.has("weight")
    fields = aggregate.needed(layout, places, weigh)
    rows = run(path, engine, label, fields, lambda cut: aggregate.counts(cut, layout, places, weigh))
    counted = rows["fate"].eq(COUNTED)
    placed = counted & rows["area"].ne("")
    key = ["area", "first_year", "group", "event"]
    table = rows.loc[placed, list(COLUMNS)].sort_values(key).reset_index(drop=True)
    lost = rows[counted & ~placed].groupby("event")["count"].sum()
    births = rows[~counted & rows["event"].eq("births") & rows["fate"].ne(EMPTY)]
    left_out = births.groupby("fate")["count"].sum()
    return Aggregated(
        layout, places, weigh, table, {str(k): int(v) for k, v in lost.items()},
        {str(k): int(v) for k, v in left_out.items() if v},
    )  # fmt: skip


def _look(path: Path, label: str) -> tuple[Layout, PlaceKind]:
    """The layout that most lines at the head have, and the finest places they name."""
    try:
        with opened(path, label) as file:
            head = list(_first_lines(file))
    except DAMAGED:
        raise IntakeError(
            f"{label} is not there or cannot be read: put the file there and try again."
        ) from None
    votes = Counter(layout.name for line in head if (layout := recognise(line)))
    if not votes:
        kinds = "; ".join(f"{layout.title} ({layout.length:,} characters)" for layout in LAYOUTS)
        raise IntakeError(
            f"{label} has none of the known layouts, by the length of its lines and the year in them. "
            f"Known are: {kinds}. Hand in the file as the publisher gives it."
        )
    name = votes.most_common(1)[0][0]
    layout = next(layout for layout in LAYOUTS if layout.name == name)
    return layout, _finest(layout, [line for line in head if len(line) == layout.length])


def _first_lines(file: io.BufferedIOBase) -> Iterator[str]:
    """Some lines, none of them longer than any layout's: a file need not have lines at all."""
    for _ in range(HEAD):
        line = file.readline(_LONGEST)
        if not line:
            return
        yield line.decode("latin-1").rstrip("\r\n")


def _finest(layout: Layout, lines: list[str]) -> PlaceKind:
    """Public files have no state and county; whether this one has them is told by its head."""
    state, county = layout.field("state"), layout.field("county")
    named = [line for line in lines if state.cut(line) in STATES]
    if any(county.cut(line).isdigit() and county.cut(line) not in NO_COUNTY for line in named):
        return "county"
    return "state" if named else "nation"


def _covered(found: Aggregated) -> str:
    """The kind of place, and the states it is of."""
    if found.places == "nation":
        return f"nation-{NATION}"
    states = sorted({area[:2] for area in found.counts["area"]})
    return f"{found.places}-{'+'.join(states) if len(states) <= _NAMED else f'{len(states)}-states'}"


def _note(found: Aggregated, years: list[int]) -> str:
    """How it was counted, for whoever reads the figures."""
    races = dict.fromkeys(race_of(found.layout, year).scheme for year in years)
    said = [
        f"residents only; race scheme {', '.join(races)}",
        f"length of pregnancy by {found.layout.weeks}",
    ]
    if found.layout.linked:
        how = "counted by their weights, each sum rounded" if found.weighted else "not weighted"
        said.append(f"deaths of children born in the year (cohort), {how}")
    return "; ".join(said)


def _findings(found: Aggregated) -> Iterator[Finding]:
    layout = found.layout
    said: dict[str, tuple[Level, str, str, str]] = {
        LENGTH: (
            "warning", "{lines} have a wrong length", f"{layout.length:,} characters in each",
            "They were left out; get the file again if there should be none.",
        ),
        aggregate.YEAR: (
            "warning", "{lines} have no year of this layout", f"{layout.first_year} to {layout.last_year}",
            "They were left out.",
        ),
        aggregate.RESIDENCE: (
            "warning", "{lines} do not say where the mother lives", "a resident status of 1 to 4",
            "They were left out.",
        ),
        aggregate.FOREIGN: (
            "note", "{lines} are births to residents of other countries", "residents",
            "They were left out, as in the publisher's tables.",
        ),
    }  # fmt: skip
    if not found.births:
        yield Finding("error", "no line of this file could be counted", f"lines of {layout.title}")
    for why, (level, text, expected, mend) in said.items():
        if lines := found.left_out.get(why):
            yield Finding(level, text.format(lines=f"{lines:,} lines"), expected, mend)
    if births := found.unplaced.get("births"):
        deaths = found.unplaced.get("infant_deaths")
        text = f"{births:,} births" + ("" if deaths is None else f" and {deaths:,} infant deaths")
        expected = f"a known {found.places} in each line"
        yield Finding("note", f"{text} are of no known {found.places}", expected, "They are given to none.")
