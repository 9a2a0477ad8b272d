"""Clusters: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures.clusters import geary, local_moran, moran, scan
from tests.measures.reference import carolina, carolina_touching, rows_of


def whole_map(_: Any) -> Any:
    deaths, births = (carolina()[name].to_numpy(float) for name in ("SID74", "BIR74"))
    found = moran(deaths / births, carolina_touching())
    return {
        "I": found.i, "EI": found.expected, "VI_rand": found.variance, "z_rand": found.z,
        "z_norm": found.z_normal, "geary_C": geary(deaths / births, carolina_touching()),
        "EBI_moran": moran(deaths, carolina_touching(), births).i,
    }  # fmt: skip


def by_county(given: Any) -> Any:
    raw = (carolina()["SID74"] / carolina()["BIR74"]).to_numpy()
    found = local_moran(raw, carolina_touching(), permutations=99).i[rows_of(given["counties"])]
    return {"esda_form": found, "spdep_default": found * len(raw) / (len(raw) - 1)}


def largest_circle(given: Any) -> Any:
    counties = carolina()
    found = scan(
        counties["SID74"],
        counties["BIR74"],
        counties[["X", "Y"]],
        max_share=given["max_frac"],
        simulations=999,
    ).most_likely
    return {
        "LLR": found.llr, "n_counties": len(found.members), "obs": found.observed, "exp": found.expected,
        "p999": np.round(found.p, 12),
    }  # fmt: skip


CHECKS: dict[str, Any] = {
    "moran": whole_map,
    "local_moran": by_county,
    "kulldorff_50": largest_circle,
}
