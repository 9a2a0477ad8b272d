"""Where the numbers of a page come from: each source with what rests on it, its file, sheets and rows."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.walk_back import Origin, known_origins
from equity.views.format import number
from equity.views.notes import source_title
from equity.words import say


def origins_table(release: Release, figures: Iterable[Figure]) -> pd.DataFrame:
    """A row a source, in the order in which the figures name them; texts. Empty where nothing has one."""
    origins = known_origins(release)
    measures: dict[str, dict[str, None]] = {}
    for figure in figures:
        for code in filter(None, figure.source.split(";")):
            measures.setdefault(code, {})[measure(figure.measure).name] = None
    found = [(origins[code], ", ".join(names)) for code, names in measures.items() if code in origins]
    columns = {
        say("table.source"): [source_title(o.publisher, o.title, o.vintage) for o, _ in found],
        say("view.origins.figures"): [names for _, names in found],
        say("table.basis"): [say(f"figure.basis_short.{origin.basis}") for origin, _ in found],
        say("view.origins.file"): [_file(origin) for origin, _ in found],
    }
    return pd.DataFrame(columns)


def _file(origin: Origin) -> str:
    """The file, its sheets and rows, when it came and was taken in, and the start of its checksum."""
    if not origin.handed_in:
        rows = number(float(origin.rows_accepted or 0))
        return say("view.origins.held", rows=rows, sum=origin.sha256 or say("view.origins.no_sum"))
    sheets = ", ".join(filter(None, origin.sheets))
    return say(
        "view.origins.handed_in",
        file=origin.file_name,
        sheets=say("view.origins.sheets", sheets=sheets) if sheets else "",
        read=number(float(origin.rows_read or 0)),
        refused=number(float(origin.rows_refused or 0)),
        received=origin.received_on,
        accepted=origin.accepted_on,
        sum=origin.sha256,
    )
