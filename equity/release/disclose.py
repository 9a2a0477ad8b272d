"""Decide what may be seen: every figure of a release gets its status here, and hidden numbers go.

Works on the whole table at once. A figure that arrives with a status of its own (a cell its publisher
withheld, a value nobody reported) keeps it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from equity.registry import measures
from equity.release.figure import KEY_COLUMNS, NUMBER_COLUMNS
from equity.release.policy import Policy
from equity.release.tables import first_rule
from equity.words import DEFAULT

#: What the registry says of measures whose interval comes from their source.
AS_PRINTED = "as printed by the source"
#: Parts that add up to a whole inside one cell: with one part hidden, the other would give it away.
AGE_PARTS = ("neonatal_mortality", "postneonatal_mortality")
SHOWN = ("shown", "unstable")
#: Why a figure does not apply whose place has no births.
NOTHING = ("no_births", "no_need")
#: Why a figure is hidden that would give another away.
BESIDE = "beside_hidden"


def disclose(figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Set ``status`` and ``reason`` by the policy and empty the numbers of what is hidden.

    ``figures`` has the columns of ``FIGURE_COLUMNS``; a row with an empty ``status`` is judged, and a
    reason it came with stays as a mark where it may be seen. Returns
    a new table of the same shape in which no hidden row carries a number.
    """
    table = figures.reset_index(drop=True).copy()
    judged = table["status"].eq("")
    floor = table["measure"].map({key: entry.floor for key, entry in measures().items()})
    verdict = _keep_marks(_verdicts(table, floor, policy), table["reason"])
    table["status"] = table["status"].where(~judged, verdict["status"])
    table["reason"] = table["reason"].where(~judged, verdict["reason"])
    if not policy.zero_shown:
        table = _hide_nothing(table)
    table = _hide_age_twins(_hide_small_remainders(table, policy))
    hidden = ~table["status"].isin(SHOWN)
    table.loc[hidden, list(NUMBER_COLUMNS)] = np.nan
    return table


def hide(figures: pd.DataFrame, hit: ArrayLike, reason: str = BESIDE) -> pd.DataFrame:
    """A copy in which the rows that are hit, and shown, are suppressed for a reason and hold no number."""
    table = figures.copy()
    struck = np.asarray(hit, dtype=bool) & table["status"].isin(SHOWN).to_numpy()
    table.loc[struck, "status"], table.loc[struck, "reason"] = "suppressed", reason
    table.loc[struck, list(NUMBER_COLUMNS)] = np.nan
    return table


def _verdicts(table: pd.DataFrame, floor: pd.Series, policy: Policy) -> pd.DataFrame:
    """Status and reason of every row, as if none had one: the first rule that fits decides."""
    small_top = _small(table["numerator"], policy)
    small_base = _small(table["denominator"], policy)
    wide = 100 * (table["high"] - table["low"]) > policy.widest * table["value"]
    few = table["numerator"] < policy.rate_floor
    rate, share = floor.eq("rate"), floor.eq("share")
    printed_range = table["measure"].isin(
        [key for key, entry in measures(DEFAULT).items() if entry.interval == AS_PRINTED]
    )
    rules = [
        (table["value"].isna() & table["denominator"].eq(0), "not_applicable", "no_births"),
        (table["value"].isna(), "missing", "not_reported"),
        (floor.eq("count") & small_top, "suppressed", "small_count"),
        (rate & (few | small_base), "suppressed", "few_deaths"),
        (rate & wide, "suppressed", "wide_interval"),
        (share & (small_top | small_base), "suppressed", "few_cases"),
        ((rate | share) & (table["denominator"] < policy.least_births), "suppressed", "few_births"),
        (floor.eq("derived") & (small_top | small_base), "suppressed", "hidden_part"),
        (rate & (table["numerator"] < policy.steady), "unstable", "under_20_deaths"),
        ((rate | share | printed_range) & table["low"].isna(), "unstable", "no_interval"),
        (share & table["numerator"].between(policy.hide_to, policy.steady, "neither"), "unstable",
         "under_20_cases"),
    ]  # fmt: skip
    status, reason = first_rule(rules)
    return pd.DataFrame({"status": status, "reason": reason})


def _hide_nothing(table: pd.DataFrame) -> pd.DataFrame:
    """Where zeros are hidden, no figure says that there are no births, or nobody in need."""
    told = table["status"].eq("not_applicable") & table["reason"].isin(NOTHING)
    return table.assign(
        status=table["status"].mask(told, "suppressed"), reason=table["reason"].mask(told, "hidden_part")
    )


def _keep_marks(verdict: pd.DataFrame, reason: pd.Series) -> pd.DataFrame:
    """A figure that arrives with a reason to doubt it keeps that mark where it may be seen at all."""
    marked = reason.ne("") & verdict["status"].isin(["shown", "unstable"])
    return verdict.assign(
        status=verdict["status"].mask(marked, "unstable"), reason=verdict["reason"].mask(marked, reason)
    )


def _small(counts: pd.Series, policy: Policy) -> pd.Series:
    """Where a count lies in the hidden range. A fraction below 1 is as telling as a 1."""
    over = counts > 0 if policy.zero_shown else counts >= 0
    return over & (counts < policy.hide_to + 1)


def _hide_small_remainders(table: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Hide a group's figure where all less what is shown by group would leave a small count.

    Where both groups are shown the white figure goes: either would do, and the Black one is what this
    dashboard is for. Where one is shown alone, everybody else is what the difference tells of.
    """
    cell = [column for column in KEY_COLUMNS if column != "group"]
    visible = table["status"].isin(["shown", "unstable"])
    wide = table[visible].pivot_table(
        index=[*cell, "basis"], columns="group", values="numerator", aggfunc="sum", min_count=1
    )
    wide = wide.reindex(columns=["all", "black", "white"])
    keys = []
    for group, other in (("white", "black"), ("black", "white")):
        alone = wide["all"] - wide[group].where(wide[other].isna())
        keys.append(wide[_small(alone, policy)].reset_index()[[*cell, "basis"]].assign(group=group))
    both = wide["all"] - wide["black"] - wide["white"]
    keys.append(wide[_small(both, policy)].reset_index()[[*cell, "basis"]].assign(group="white"))
    return _suppress(table, pd.concat(keys, ignore_index=True), "left_out_here")


def _hide_age_twins(table: pd.DataFrame) -> pd.DataFrame:
    """Hide both age parts of infant deaths where one of them is hidden and the whole is not."""
    cell = [column for column in KEY_COLUMNS if column != "measure"]
    parts = table[table["measure"].isin(AGE_PARTS)]
    hidden = parts.loc[~parts["status"].isin(["shown", "unstable"]), [*cell, "basis"]].drop_duplicates()
    twins = hidden.merge(pd.DataFrame({"measure": AGE_PARTS}), how="cross")
    return _suppress(table, twins[[*KEY_COLUMNS, "basis"]], BESIDE)


def _suppress(table: pd.DataFrame, keys: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Suppress the visible rows that ``keys`` names."""
    marked = table.merge(keys.drop_duplicates(), how="left", indicator=True)["_merge"].eq("both")
    return hide(table, marked, reason)
