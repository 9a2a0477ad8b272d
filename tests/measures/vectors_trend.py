"""Trend: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from equity.measures._regression import poisson_deviance
from equity.measures.joinpoint import _design, _newton
from equity.measures.trend import (
    annual_percent_change,
    joinpoint,
    loglinear,
    next_count_interval,
    trend_marker,
)


def poisson_trend(given: Any) -> Any:
    years = given["year0"] + np.arange(len(given["deaths"]))
    series = (given["deaths"], given["births"], years)
    found = loglinear(*series, centre=given["centre"])
    profile = loglinear(*series, interval="profile")
    return {
        "b0": found.intercept, "b1": found.slope, "se": found.se, "apc": found.apc,
        "ci_wald": [found.low, found.high], "ci_profile": [profile.low, profile.high],
        "deviance": found.deviance,
    }  # fmt: skip


def least_squares_trend(given: Any) -> Any:
    years = 2010 + np.arange(len(given["deaths"]))
    found = loglinear(given["deaths"], given["births"], years, family="log_wls")
    return {"b1": found.slope, "se": found.se, "apc": found.apc, "ci_t": [found.low, found.high]}


def one_joint(given: Any) -> Any:
    years = given["year0"] + np.arange(len(given["deaths"]))
    found = joinpoint(given["deaths"], given["births"], years, max_joints=1)
    return {
        "joinpoint_year": found.joints[0], "deviance": found.deviance[1], "dev0": found.deviance[0],
        "apc1": found.apc[0], "apc2": found.apc[1], "aapc": found.aapc,
        "segmented_psi": joint_between_years(given, years),
    }  # fmt: skip


def joint_between_years(given: Any, years: Any) -> float:
    """Where the joint would lie if it need not be a whole year, by the same fit."""
    deaths, births = np.array(given["deaths"], float), np.array(given["births"], float)

    def deviance(tau: float) -> float:
        design = _design(years.astype(float), np.array([[tau]]))
        beta, _ = _newton(deaths, births, design)
        return float(poisson_deviance(deaths, births * np.exp(design @ beta[0]))[0])

    return float(minimize_scalar(deviance, bounds=(2013, 2017), method="bounded", options={"xatol": 1e-7}).x)


def next_count(given: Any) -> Any:
    found = next_count_interval(given["d"], given["b"], given["b_new"])
    return {"lo": found.low, "hi": found.high, "p0": found.p_zero}


def marker(given: Any) -> Any:
    values, low, high = np.array(given["points"]).T
    found = trend_marker(values, low, high)
    return {
        "marker": str(found.marker).capitalize(), "slope": found.slope,
        "chi2": round(float(found.chi2), 1), "critical": 9.54953570608324,
    }  # fmt: skip


CHECKS: dict[str, Any] = {
    "apc_poisson": poisson_trend,
    "apc_wls": least_squares_trend,
    "joinpoint_grid": one_joint,
    "unicef_aarr": lambda given: {"aarr": -annual_percent_change(given["b"])},
    "pi_count_small": next_count,
    "FT_TREND": marker,
}
