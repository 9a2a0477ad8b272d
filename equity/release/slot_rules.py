"""Split a program's slots over the ZIP codes it serves, by a stated rule, in whole slots, none lost.

Whole numbers, and counts of 1 to 9 families that are joined before they weigh, keep the split from telling
what is hidden elsewhere.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from equity.measures.apportion import largest_remainder
from equity.release.policy import Policy

RULES: Final = ("births", "caseload", "equal")
#: The rule by which ``slots`` of the release are split.
DEFAULT_RULE: Final = "births"
PAIR: Final = ["program_id", "zip", "year"]


def split_slots(
    slots: pd.DataFrame,
    areas_served: pd.DataFrame,
    births: pd.DataFrame,
    caseload: pd.DataFrame,
    policy: Policy,
) -> pd.DataFrame:
    """Slots of each program, ZIP and year by each rule: ``program_id zip year rule slots``.

    ``slots``: program_id, year, slots; ``areas_served``: program_id, zip; ``births``: zip, year, births;
    ``caseload``: program_id, zip, year, caseload. A program without a service area has no row.
    """
    pairs = slots.merge(areas_served[["program_id", "zip"]], on="program_id")
    pairs = pairs.merge(births[["zip", "year", "births"]], how="left", on=["zip", "year"])
    pairs = pairs.merge(caseload[[*PAIR, "caseload"]], how="left", on=PAIR)
    pairs[["births", "caseload"]] = pairs[["births", "caseload"]].fillna(0.0)
    pairs = pairs.sort_values(PAIR, ignore_index=True)
    whole = pairs["program_id"].astype(str) + "/" + pairs["year"].astype(str)
    weights = {
        "births": pairs["births"],
        "caseload": joined_small(pairs["caseload"], whole, policy),
        "equal": pd.Series(1.0, index=pairs.index),
    }
    found = [
        pairs[PAIR].assign(rule=rule, slots=largest_remainder(pairs["slots"], weight, whole))
        for rule, weight in weights.items()
    ]
    return pd.concat(found, ignore_index=True)


def joined_small(counts: pd.Series, whole: pd.Series, policy: Policy) -> pd.Series:
    """Counts of each whole in which those that are hidden weigh their mean, never one alone.

    A single hidden count is joined with the next larger one.
    """
    weights = counts.astype(float).copy()
    for _, own in counts.groupby(whole):
        small = own[own.between(policy.hide_from, policy.hide_to)]
        if len(small) == 1:
            larger = own[own > policy.hide_to].nsmallest(1)
            small = pd.concat([small, larger])
        if len(small) > 1:
            weights[small.index] = small.mean()
        elif len(small) == 1:
            weights[own.index] = np.where(own > 0, 1.0, 0.0)
    return weights
