"""What lies behind the gap, as small tables of a release: birthweight, periods of risk, poverty."""

from __future__ import annotations

import pandas as pd

from equity.release.associations import associations
from equity.release.gradient import gradient
from equity.release.kitagawa import kitagawa_table
from equity.release.periods_of_risk import periods_table
from equity.release.policy import Policy
from equity.release.weights import families, weight_counts
from equity.store import read
from equity.store.engine import Readable
from equity.store.vital import vital_totals


def driver_tables(
    store: Readable, figures: pd.DataFrame, policy: Policy, basis: str, source: str
) -> dict[str, pd.DataFrame]:
    """Tables ``kitagawa``, ``periods_of_risk``, ``associations``, ``gradient``: counts of one basis.

    ``figures`` are the disclosed rates: nothing is split where the rate itself is hidden.
    """
    parts = read.area_parts(store)
    members = parts[parts["whole_kind"].eq("region") & parts["part_kind"].eq("county")]
    members = members.rename(columns={"part": "area"})[["area", "whole"]].drop_duplicates()
    counts = weight_counts(store, members, basis, policy.blocks)
    found = families(figures, members, policy.blocks)
    zips = vital_totals(store, "zip", blocks=policy.blocks, basis=basis)
    areas = read.areas(store)
    areas = areas[areas["kind"].eq("zip")].set_index("geoid")
    context = read.context_rows(store)
    poverty = context[context["area_kind"].eq("zip") & context["measure"].eq("poverty")]
    by_poverty = (zips[zips["group"].eq("all")], poverty.set_index("area")["value"], areas["region"], policy)
    return {
        "kitagawa": kitagawa_table(counts, found, policy, basis, source),
        "periods_of_risk": periods_table(counts, found, policy, basis, source),
        "associations": associations(*by_poverty, basis, source),
        "gradient": gradient(*by_poverty, basis, source),
    }
