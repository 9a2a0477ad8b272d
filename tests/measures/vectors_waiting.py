"""Waiting: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

from equity.measures.waiting import cumulative_incidence, funnel, kaplan_meier


def still_waiting(given: Any) -> Any:
    curve = kaplan_meier(given["t"], given["e"])
    found = curve.at([14, 30, 60])
    return {"S": found.survival, "lo": found.low, "hi": found.high, "median": curve.median}


def enrolled_and_declined(given: Any) -> Any:
    found = cumulative_incidence(given["t"], given["e"]).at([14, 30, 60, 90])
    naive = 1 - kaplan_meier(given["t"], given["e"]).at(60).survival[0]
    return {"cif1": found.incidence[0], "cif2": found.incidence[1], "naive_1mKM_60": naive}


def new_jersey(given: Any) -> Any:
    """The brief prints the enrolled as a percentage of the referred: ours must be of the stage before."""
    enrolled = given["referred"] * given["enrolled_pct"] / 100
    found = funnel([given["screened"], given["referred"], enrolled])
    assert found.overall[-1] < found.conversion[-1]
    return {"enrolled": given["referred"] * found.conversion[-1]}


CHECKS: dict[str, Any] = {
    "km": still_waiting,
    "aj": enrolled_and_declined,
    "REF_NJ": new_jersey,
}
