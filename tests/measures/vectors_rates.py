"""Rates: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures._limits import byar_limit
from equity.measures.rates import (
    pooled_rate,
    proportion_interval,
    rate_interval,
    relative_standard_error,
    relative_width,
    standardised_rate,
)
from tests.measures.reference import vectors


def limits(method: str) -> Any:
    def check(given: Any) -> Any:
        found = rate_interval(given["deaths"], given["births"], given["per"], method=method)
        return {"lo": found.low, "hi": found.high}

    return check


def byar_other_variant(given: Any) -> Any:
    """Another "Byar" takes the count plus a half for both limits; ours must not be that one."""
    classic = limits("byar")(given)
    scale = given["per"] / given["births"]
    low, high = (scale * byar_limit(np.array(given["deaths"] + 0.5), z) for z in (-1.959963985, 1.959963985))
    assert abs(classic["lo"] - low) > 0.5
    assert abs(classic["hi"] - high) > 1.8
    return {"lo": low, "hi": high}


def clopper_pearson(given: Any) -> Any:
    found = proportion_interval(given["deaths"], given["births"], method="exact")
    return {"lo": given["per"] * found.low, "hi": given["per"] * found.high}


def fay_feuer(given: Any) -> Any:
    found = standardised_rate(given["counts"], given["pop"], given["std"], given["per"])
    return {"rate": found.rate, "lo": found.low, "hi": found.high}


def pooled(given: Any) -> Any:
    found = pooled_rate(given["deaths"], given["births"], given["per"])
    yearly = rate_interval(given["deaths"], given["births"], given["per"]).rate
    assert found.df == len(yearly) - 1
    return {
        "pooled": found.rate, "mean_of_annual": yearly.mean(),
        "chi2": found.chi2, "p": found.p, "lo": found.low, "hi": found.high,
    }  # fmt: skip


def standard_error(given: Any) -> Any:
    births = given["births"]
    return {
        "rse": relative_standard_error(given["deaths"], births),
        "rse_deaths_only": relative_standard_error(given["deaths"], births * 1e12),
    }


def widths_by_deaths(given: Any) -> Any:
    return dict(zip(map(str, given["deaths"]), relative_width(given["deaths"], 1000), strict=True))


def byar_of_a_count(given: Any) -> Any:
    found = {level: rate_interval(given["count"], 1, 1, level, "byar") for level in (0.95, 0.998)}
    return {"ci95": [found[0.95].low, found[0.95].high], "ci998": [found[0.998].low, found[0.998].high]}


def wilson(given: Any) -> Any:
    found = proportion_interval(given["x"], given["n"])
    return {"ci95": [found.low, found.high]}


def rate_per_100(method: str) -> Any:
    def check(given: Any) -> Any:
        found = rate_interval(given["x"], given["n"], given["multiplier"], method=method)
        return {"value": found.rate, "ci95": [found.low, found.high]}

    return check


CHECKS: dict[str, Any] = {
    **{name: limits("exact") for name in vectors() if name.startswith("garwood_")},
    **{name: limits("byar") for name in vectors() if name.startswith("byar_classic_")},
    "byar_midp_variant_3_412": byar_other_variant,
    "clopper_3_412": clopper_pearson,
    "relwidth_by_deaths": lambda given: {"relwidth_pct": relative_width(given["deaths"], 1000)},
    "fayfeuer_down": fay_feuer,
    "pool_years": pooled,
    "rse_imr": standard_error,
    "PHE_BYAR": byar_of_a_count,
    "PHE_WILSON": wilson,
    "PHE_RATE_1_100": rate_per_100("exact"),
    "PHE_RATE_5_100": rate_per_100("exact"),
    "PHE_RATE_20_100": rate_per_100("byar"),
    "NCHS_RCIW": widths_by_deaths,
}
