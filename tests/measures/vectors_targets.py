"""Targets: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures._poisson import log_slope
from equity.measures.targets import (
    percent_change,
    percent_of_targeted_change,
    probability_below,
    probability_of_change,
    required_annual_change,
    required_group_change,
)


def required(_: Any) -> Any:
    yearly = required_annual_change(-0.15, 10)
    return {
        "req_pct": -yearly, "log_slope": np.log1p(yearly / 100),
        "ratio_change_pct": required_group_change(2.4, 1, 10),
        "black_apc_if_white_minus1": required_group_change(2.4, 1, 10, -1),
    }  # fmt: skip


def fifteen_percent_less(given: Any) -> Any:
    deaths, births = np.array(given["deaths"], float), np.array(given["births"], float)
    years = np.arange(len(deaths), dtype=float)
    slope, se = log_slope(deaths, births, years)
    return {"b": slope, "se": se, "p": probability_of_change(deaths, births, years, -0.15, 10)}


def healthy_people(given: Any) -> Any:
    return {
        "ptca": percent_of_targeted_change(given["base"], given["recent"], given["target"]),
        "pct_change": percent_change(given["base"], given["recent"]),
    }


def bootheel(given: Any) -> Any:
    return {"pct": percent_of_targeted_change(given["baseline"], given["recent"], given["target"])}


CHECKS: dict[str, Any] = {
    "required_rate": required,
    "p_target_gamma": lambda given: {"p": probability_below(given["d"], given["b"], given["target"])},
    "p_minus15": fifteen_percent_less,
    "hp_ptca": healthy_people,
    "TGT_HP": bootheel,
}
