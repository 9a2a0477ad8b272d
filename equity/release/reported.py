"""Figures that a named publisher printed: carried as printed, with what was withheld kept as withheld."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from equity.release.counted import SUBMITTED
from equity.release.figure import NUMBER_COLUMNS
from equity.release.tables import as_figures
from equity.release.vital import with_interval

#: Shares of births that publishers print.
SHARES: Final = ("preterm", "low_birthweight", "very_low_birthweight")
RENAMED: Final = {"source_id": "source"}
#: How the note of a row begins whose rate was printed without the counts behind it.
RATE_ALONE: Final = "The release prints the rate alone"


def printed_figures(published: pd.DataFrame) -> pd.DataFrame:
    """Turn published estimates into figures.

    A printed value is judged by our policy like any other (empty ``status``), but for one marked as at
    odds with other counts of its publisher. One marked as suppressed was withheld, and stays so whatever
    number a transcription left in it; by race one reason serves for all, since who withheld which would
    itself tell something. Infant mortality brings its deaths and births.
    """
    table = published.rename(columns=RENAMED)
    withheld = table["status"].eq("suppressed")
    doubtful = table["status"].eq("unstable")
    found = table["note"].fillna("").str.startswith(RATE_ALONE)
    table = table.assign(
        status=np.select([withheld, doubtful], ["suppressed", "unstable"], ""),
        reason=np.select(
            [withheld & table["group"].ne("all"), withheld, doubtful],
            ["not_by_race", "withheld_by_publisher", "doubtful_in_print"],
            "",
        ),
        method=np.select([withheld, found], ["", "rate as printed, counts found from it"], "as printed"),
        basis="reported",
    )
    table.loc[withheld, list(NUMBER_COLUMNS)] = float("nan")
    figures = _complete(as_figures(table.drop(columns="note")))
    return pd.concat([figures, *_counts_behind(figures)], ignore_index=True)


def _complete(figures: pd.DataFrame) -> pd.DataFrame:
    """Give what was printed with counts, but without an interval that holds it, its interval."""
    outside = (figures["value"] < figures["low"]) | (figures["value"] > figures["high"])
    bare = figures["value"].notna() & (figures["low"].isna() | outside)
    bare &= figures["numerator"].notna() & figures["denominator"].notna()
    kinds = (("rate", ["infant_mortality"], "exact"), ("share", list(SHARES), "wilson"))
    for kind, names, method in kinds:
        rows = bare & figures["measure"].isin(names)
        found = with_interval(figures.loc[rows, ["numerator", "denominator"]], kind, method)
        figures.loc[rows, ["low", "high"]] = found[["low", "high"]]
        figures.loc[rows, "method"] = f"as printed, interval {method}"
    return figures


def _counts_behind(figures: pd.DataFrame) -> list[pd.DataFrame]:
    """Deaths and births as figures of their own, from the rates that were printed with counts."""
    rates = figures[figures["measure"].eq("infant_mortality")]
    made = []
    for measure, column in (("infant_deaths", "numerator"), ("births", "denominator")):
        rows = rates.copy()
        counts = rows[column]
        rows[list(NUMBER_COLUMNS)] = float("nan")
        rows = rows.assign(measure=measure, value=counts, numerator=counts)
        # births are no secret where deaths are: only the deaths stay withheld
        keep = rows["value"].notna() | (rows["reason"].ne("") & (measure == "infant_deaths"))
        made.append(rows[keep])
    return made


def reported_births(totals: pd.DataFrame, area_kind: str) -> pd.DataFrame:
    """Births by year as figures, from the totals a publisher printed for one kind of place.

    The only such series that ships is the Census Bureau's, whose years run from July to June.
    """
    births = totals[totals["event"].eq("births") & ~totals["source_id"].str.startswith(SUBMITTED)]
    table = births.rename(columns={**RENAMED, "count": "value"}).assign(
        measure="births", method="count, year to 30 June"
    )
    table["numerator"] = table["value"]
    return as_figures(table, area_kind=area_kind, basis="reported")


def context_figures(context: pd.DataFrame) -> pd.DataFrame:
    """What surrounds families (poverty, insurance, cars), as printed by its source."""
    table = context.rename(columns=RENAMED).assign(method="as printed", basis="reported")
    return as_figures(table)
