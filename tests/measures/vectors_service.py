"""Service: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures.service import allocate, catchment, concentration_index, coverage, gini, hoover


def floating_catchment(given: Any) -> Any:
    places = (given["S"], given["P"], given["D"], 30)
    plain = catchment(*places)
    return {
        "two_sfca": plain,
        "e2sfca": catchment(*places, weights={10: 1, 20: 0.68, 30: 0.22}),
        "weighted_mean": np.average(plain, weights=given["P"]),
    }


def concentration(given: Any) -> Any:
    births, slots = given["births"], given["slots"]
    return {
        "CI": concentration_index(given["need"], births, slots),
        "Gini": gini(births, slots),
        "Hoover": hoover(births, slots),
    }


def sixty_slots(given: Any) -> Any:
    found = allocate(given["cur"], given["E"], given["B"], given["cap"], given["K"], given["floor"])
    return {"x": found.added, "value": found.value}


def share_served(given: Any) -> Any:
    return {"pct": round(100 * float(coverage(given["served"], given["potential"]).proportion), 4)}


CHECKS: dict[str, Any] = {
    "fca": floating_catchment,
    "conc_index": concentration,
    "slot_allocation": sixty_slots,
    "COV_MO_MIECHV": share_served,
    "COV_US": share_served,
}
