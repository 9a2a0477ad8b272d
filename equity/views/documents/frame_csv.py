"""Tables of texts as CSV, such as the targets and the list of measures."""

from __future__ import annotations

import pandas as pd

from equity.release.load import Release
from equity.views.documents.tables import inert
from equity.words import say


def frame_csv(frame: pd.DataFrame, release: Release) -> bytes:
    """A table of texts as UTF-8 CSV with a byte order mark, the release named on every row.

    Texts that a spreadsheet could take for a formula are made inert, headings too: they hold names of plans.
    """
    safe = frame.astype(str).map(inert).rename(columns=inert).assign(**{say("about.fact.id"): release.id})
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
