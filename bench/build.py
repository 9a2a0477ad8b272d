"""Building a release, against a script of pandas that sums the same tables and loops over areas.

The script makes the figures of births, deaths, rates and service, with the simple rules for small numbers.
The build makes these and all else that a release holds: the printed figures, who holds each cell, the second
round of hiding, comparisons, the tables of targets and drivers, and the boundaries. So the ratio says what
all that costs beside a script that does without it, not how fast one and the same sum is.
"""

from __future__ import annotations

from bench.plain.figures import all_figures, read_tables
from bench.row import Row
from bench.subject import Subject
from bench.timing import in_turns, median
from equity.release.build import build_draft
from equity.release.freeze import Draft
from equity.release.policy import PUBLIC
from equity.store.engine import reading
from geo.boundaries import load_layers

TIMES = 5


def build(subject: Subject) -> list[Row]:
    """Seconds to build the release of the eight counties from a store, median of ``TIMES``."""
    layers = load_layers(subject.home)

    def ours() -> Draft:
        with reading(subject.engine) as connection:
            return build_draft(connection, layers, PUBLIC)

    def plain() -> list[dict[str, object]]:
        return all_figures(read_tables(subject.database))

    times, plain_times = in_turns(ours, plain, TIMES, "build")
    detail = {"runs": TIMES, "figures": len(ours().figures), "plain_figures": len(plain())}
    return [Row("release build", median(times), median(plain_times), "s", detail=detail)]
