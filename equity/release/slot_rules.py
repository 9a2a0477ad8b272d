"""Split a program's slots over the ZIP codes it serves, by a stated rule, in whole slots, none lost.

By families enrolled they follow what the release shows of each ZIP code, all programs together, and nothing
else: split by a program's own families, the slots would give the hidden ones back.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from equity.measures.apportion import largest_remainder
from equity.release.policy import Policy

RULES: Final = ("births", "caseload", "equal")
#: The rule by which ``slots`` of the release are split.
DEFAULT_RULE: Final = "births"
PAIR: Final = ["program_id", "zip", "year"]
PLACE: Final = ["zip", "year"]


def split_slots(
    slots: pd.DataFrame, areas_served: pd.DataFrame, rule: str, weights: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Slots of each program, ZIP and year by a rule: ``program_id zip year rule slots``.

    ``slots``: program_id, year, slots; ``areas_served``: program_id, zip; ``weights``: zip, year, weight, of
    which a ZIP without a row has none; equal shares without them. A program without a service area has no
    row.
    """
    pairs = slots.merge(areas_served[["program_id", "zip"]], on="program_id")
    if weights is None:
        pairs["weight"] = 1.0
    else:
        pairs = pairs.merge(weights[[*PLACE, "weight"]], how="left", on=PLACE).fillna({"weight": 0.0})
    pairs = pairs.sort_values(PAIR, ignore_index=True)
    whole = pairs["program_id"].astype(str) + "/" + pairs["year"].astype(str)
    return pairs[PAIR].assign(rule=rule, slots=largest_remainder(pairs["slots"], pairs["weight"], whole))


def families_shown(figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """What the families of each ZIP code weigh: ``zip year weight``, from disclosed figures.

    Where they are hidden, it is the middle of the hidden range, however many they are.
    """
    rows = figures[
        figures["measure"].eq("caseload") & figures["area_kind"].eq("zip") & figures["group"].eq("all")
    ]
    middle = (policy.hide_from + policy.hide_to) / 2
    weight = rows["value"].mask(rows["status"].eq("suppressed"), middle)
    return pd.DataFrame({"zip": rows["area"].astype(str), "year": rows["last_year"], "weight": weight})
