"""Figures made from counts that agencies and publishers handed in as files, one source at a time."""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.release.figure import KEY_COLUMNS
from equity.release.policy import Policy
from equity.release.tables import as_figures
from equity.release.vital import sum_into, vital_figures
from equity.store import read
from equity.store.engine import Readable
from equity.store.vital import vital_totals

#: Kinds of place for which counts are read.
KINDS: Final = ("zip", "county", "state", "nation")
#: Groups published anywhere.
GROUPS: Final = ("all", "black", "white")
#: How the ids of sources begin that came as a file and were accepted by a steward.
SUBMITTED: Final = "submission-"
#: Reason of a figure made from counts that may be higher.
LOWER_BOUND: Final = "lower_bound"


def counted_figures(store: Readable, policy: Policy, groups_of_zips: pd.DataFrame) -> pd.DataFrame:
    """Figures of births and deaths from submitted counts, before any is hidden.

    ``groups_of_zips``: ZIP groups by ``area`` (ZIP) and ``whole``. Of several sources with the same
    figure the one with exact counts is taken, then the newest. Counts of ZIP codes by race are published
    for ZIP groups only.
    """
    made = [_of_kind(store, policy, kind, groups_of_zips) for kind in KINDS]
    table = pd.concat(made, ignore_index=True)
    if table.empty:
        return table
    loaded = read.sources(store).set_index("id")["loaded_at"]
    table = table.assign(age=table["source"].map(loaded), short=table["reason"].eq(LOWER_BOUND))
    table = table.sort_values(["short", "age"], ascending=[True, False], kind="stable")
    table = table.drop_duplicates(list(KEY_COLUMNS)).drop(columns=["age", "short"])
    return table.reset_index(drop=True)


def _of_kind(store: Readable, policy: Policy, kind: str, groups_of_zips: pd.DataFrame) -> pd.DataFrame:
    counts = _whole_counts(store, policy, kind)
    made = []
    for (source, scheme), rows in counts.groupby(["source_id", "scheme"], sort=True):
        places = [rows.assign(area_kind=kind)]
        if kind == "zip":
            places = [
                rows[rows["group"].eq("all")].assign(area_kind="zip"),
                _full_groups(rows, groups_of_zips),
            ]
        for counted in places:
            if counted["event"].eq("births").any():
                made.append(_figures(counted, str(source), str(scheme)))
    return pd.concat(made, ignore_index=True) if made else as_figures(pd.DataFrame(columns=list(KEY_COLUMNS)))


def _whole_counts(store: Readable, policy: Policy, kind: str) -> pd.DataFrame:
    """Submitted counts by block and by year, where every year of the period has one."""
    found = [
        vital_totals(store, kind, by="block", blocks=policy.blocks, basis="reported"),
        vital_totals(store, kind, by="year", basis="reported"),
    ]
    counts = pd.concat(found, ignore_index=True)
    whole = counts["years"].eq(counts["last_year"] - counts["first_year"] + 1)
    submitted = counts["source_id"].str.startswith(SUBMITTED) & counts["group"].isin(GROUPS)
    return counts[whole & submitted]


def _full_groups(zips: pd.DataFrame, groups_of_zips: pd.DataFrame) -> pd.DataFrame:
    """Sums over ZIP groups of which every ZIP has a count."""
    cell = ["group", "first_year", "last_year", "event"]
    sums = sum_into(zips, groups_of_zips, "zip_group")
    joined = zips.merge(groups_of_zips[["area", "whole"]], on="area")
    seen = joined.groupby(["whole", *cell])["area"].nunique().rename("seen").reset_index()
    seen = seen[seen["seen"].eq(seen["whole"].map(groups_of_zips["whole"].value_counts()))]
    full = sums.merge(seen.rename(columns={"whole": "area"}), on=["area", *cell]).drop(columns="seen")
    bounds = joined.groupby(["whole", *cell])["bound"].max().reset_index().rename(columns={"whole": "area"})
    return full.merge(bounds, on=["area", *cell])


def _figures(counts: pd.DataFrame, source: str, scheme: str) -> pd.DataFrame:
    figures = vital_figures(counts, "reported", scheme, source)
    cell = ["area_kind", "area", "group", "first_year", "last_year"]
    short = counts.loc[counts["bound"].ne(""), cell].drop_duplicates()
    marked = figures.merge(short, how="left", on=cell, indicator=True)["_merge"].eq("both")
    figures["reason"] = figures["reason"].mask(marked.to_numpy(), LOWER_BOUND)
    return figures
