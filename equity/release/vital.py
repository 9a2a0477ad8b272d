"""Figures made from counts of births and deaths: rates, shares and their intervals."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from equity.measures.rates import proportion_interval, rate_interval
from equity.release.tables import as_figures, join_sources

#: Deaths and births are per 1,000 throughout the field.
PER: Final = 1000


class Recipe(NamedTuple):
    """How a measure is made from events: ``kind`` is count, rate (per 1,000) or share."""

    measure: str
    kind: str
    numerator: str
    method: str


RECIPES: Final = (
    Recipe("births", "count", "births", "count"),
    Recipe("infant_deaths", "count", "infant_deaths", "count"),
    Recipe("infant_mortality", "rate", "infant_deaths", "publisher"),
    Recipe("neonatal_mortality", "rate", "neonatal", "exact"),
    Recipe("postneonatal_mortality", "rate", "postneonatal", "exact"),
    Recipe("preterm", "share", "preterm", "wilson"),
    Recipe("low_birthweight", "share", "low_birthweight", "wilson"),
    Recipe("very_low_birthweight", "share", "very_low_birthweight", "wilson"),
)

#: Measures whose county figures add up to a region's.
SUMMED: Final = ("births", "infant_deaths", "infant_mortality", "preterm", "low_birthweight")

CELL: Final = ["area_kind", "area", "group", "first_year", "last_year"]


def vital_figures(counts: pd.DataFrame, basis: str, scheme: str, source: str) -> pd.DataFrame:
    """Make every vital measure of every cell.

    ``counts`` is long: ``CELL`` columns, ``event``, ``count``. Cells without births get rates and
    shares without a value, which ``disclose`` then marks as not applicable.
    """
    wide = counts.pivot_table(index=CELL, columns="event", values="count", aggfunc="sum", min_count=1)
    wide = wide.reset_index().rename_axis(columns=None)
    parts = [_one_measure(wide, recipe) for recipe in RECIPES if recipe.numerator in wide]
    table = pd.concat(parts, ignore_index=True)
    table["scheme"] = np.where(table["group"].eq("all"), "", scheme)
    return as_figures(table, basis=basis, source=source)


def _one_measure(wide: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """One measure for every cell that has its numerator; a rate or share needs births too."""
    known = wide[wide[recipe.numerator].notna()]
    if recipe.kind != "count":
        known = known[known["births"].notna()]
    cells = known[CELL].assign(measure=recipe.measure, method=recipe.method)
    cells["numerator"] = known[recipe.numerator].astype(float)
    if recipe.kind == "count":
        return cells.assign(value=cells["numerator"])
    cells["denominator"] = known["births"].astype(float)
    return with_interval(cells, recipe.kind, recipe.method)


def with_interval(cells: pd.DataFrame, kind: str, method: str) -> pd.DataFrame:
    """Add ``value``, ``low`` and ``high`` from ``numerator`` and ``denominator`` (rate or share)."""
    top, base = cells["numerator"].to_numpy(float), cells["denominator"].to_numpy(float)
    some = base > 0
    numbers = np.full((3, len(cells)), np.nan)
    if kind == "rate":
        found = rate_interval(top[some], base[some], per=PER, method=method)
        numbers[:, some] = found.rate, found.low, found.high
    else:
        share = proportion_interval(top[some], base[some], method=method)
        numbers[:, some] = share.proportion, share.low, share.high
    return cells.assign(value=numbers[0], low=numbers[1], high=numbers[2])


def sum_into(counts: pd.DataFrame, parts: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Sum long counts of areas into the larger areas they belong to.

    ``parts`` has ``area`` and ``whole``, whole areas only (no shares). Returns long counts of ``kind``.
    """
    keys = ["whole", "group", "first_year", "last_year", "event"]
    joined = counts.merge(parts[["area", "whole"]], on="area")
    summed = joined.groupby(keys, observed=True)["count"].sum(min_count=1).reset_index()
    return summed.rename(columns={"whole": "area"}).assign(area_kind=kind)


def region_from_reported(reported: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Reported figures of a region, where every county in it is reported alike.

    A region's figure is the sum of its counties' counts, and stands only where all of them are printed
    with counts under one scheme of race. ``parts`` has ``area`` (county) and ``whole`` (region).
    """
    made = [_region_sums(reported, parts, recipe) for recipe in RECIPES if recipe.measure in SUMMED]
    return as_figures(pd.concat(made, ignore_index=True), area_kind="region", basis="reported")


def _region_sums(reported: pd.DataFrame, parts: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    rows = reported[reported["measure"].eq(recipe.measure) & reported["area_kind"].eq("county")]
    needed = ["numerator"] if recipe.kind == "count" else ["numerator", "denominator"]
    joined = rows[rows[needed].notna().all(axis=1)].merge(parts[["area", "whole"]], on="area")
    keys = ["whole", "group", "first_year", "last_year", "scheme"]
    summed = joined.groupby(keys, observed=True).agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        counties=("area", "nunique"),
        source=("source", join_sources),
        reason=("reason", "max"),
    )
    summed = summed.reset_index()
    summed["status"] = ""  # judged like any other; one county's doubtful figure makes the region's doubtful
    full = summed["counties"] == summed["whole"].map(parts["whole"].value_counts())
    summed = summed[full].drop(columns="counties").rename(columns={"whole": "area"})
    summed = summed.assign(measure=recipe.measure, method=f"sum of counties, {recipe.method}")
    if recipe.kind == "count":
        return summed.assign(value=summed["numerator"], denominator=np.nan)
    return with_interval(summed, recipe.kind, recipe.method)
