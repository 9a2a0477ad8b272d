"""Figures that a named publisher printed: carried as printed, with what was withheld kept as withheld."""

from __future__ import annotations

import pandas as pd

from equity.measures.rates import rate_interval
from equity.release.figure import NUMBER_COLUMNS
from equity.release.tables import as_figures

RENAMED = {"source_id": "source"}


def printed_figures(published: pd.DataFrame) -> pd.DataFrame:
    """Turn published estimates into figures.

    A printed value is judged by our policy like any other (empty ``status``); an empty one that the
    publisher suppressed becomes *withheld by publisher*. Infant mortality brings its deaths and births.
    """
    table = published.rename(columns=RENAMED)
    withheld = table["status"].eq("suppressed") & table["value"].isna()
    table = table.assign(
        status=withheld.map({True: "suppressed", False: ""}),
        reason=withheld.map({True: "withheld_by_publisher", False: ""}),
        method=withheld.map({True: "", False: "as printed"}),
        basis="reported",
    )
    figures = _complete(as_figures(table.drop(columns="note", errors="ignore")))
    return pd.concat([figures, *_counts_behind(figures)], ignore_index=True)


def _complete(figures: pd.DataFrame) -> pd.DataFrame:
    """Give a rate that was printed with counts, but without an interval, its exact interval."""
    bare = figures["measure"].eq("infant_mortality") & figures["value"].notna() & figures["low"].isna()
    bare &= figures["numerator"].notna() & figures["denominator"].notna()
    rows = figures[bare]
    found = rate_interval(rows["numerator"], rows["denominator"], method="exact")
    figures.loc[bare, "low"], figures.loc[bare, "high"] = found.low, found.high
    figures.loc[bare, "method"] = "as printed, interval exact"
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
    """Births by year as figures, from the totals a publisher printed for one kind of place."""
    births = totals[totals["event"].eq("births")]
    table = births.rename(columns={**RENAMED, "count": "value"}).assign(measure="births", method="count")
    table["numerator"] = table["value"]
    return as_figures(table, area_kind=area_kind, basis="reported")


def context_figures(context: pd.DataFrame) -> pd.DataFrame:
    """What surrounds families (poverty, insurance, cars), as printed by its source."""
    table = context.rename(columns=RENAMED).assign(method="as printed", basis="reported")
    return as_figures(table)
