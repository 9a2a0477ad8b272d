"""Control charts: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

from equity.measures.control import g_chart, p_chart, run_chart, run_limits, run_rules, t_chart


def shares(given: Any) -> Any:
    plain, laney = (p_chart(given["x"], given["n"], laney=wide) for wide in (False, True))
    runs = run_chart(plain.values, plain.centre)
    ends = {"1": 0, "24": 23}
    return {
        "cl": plain.centre[0], "sigma_z": plain.spread,
        **{f"p{name}": [plain.low[at], plain.high[at]] for name, at in ends.items()},
        **{f"laney{name}": [laney.low[at], laney.high[at]] for name, at in ends.items()},
        "longest_run": runs.longest_run, "longest_run_max": runs.longest_run_max,
        "crossings": runs.crossings, "crossings_min": runs.crossings_min,
    }  # fmt: skip


def births_between(given: Any) -> Any:
    plain, quantiles = g_chart(given["g"]), g_chart(given["g"], limits="probability")
    return {
        "mean": g_chart(given["g"], centre="mean").centre[0],
        "median_cl": plain.centre[0],
        "ucl": plain.high[0],
        "prob_limits": [quantiles.low[0], quantiles.centre[0], quantiles.high[0]],
    }


def days_between(given: Any) -> Any:
    plain, quantiles = t_chart(given["t"]), t_chart(given["t"], limits="probability")
    return {
        "cl": plain.centre[0], "ucl": plain.high[0], "lcl": plain.low[0],
        "exp_limits": [quantiles.low[0], quantiles.centre[0], quantiles.high[0]],
    }  # fmt: skip


def seven_points(given: Any) -> Any:
    return {
        "trend": [run_rules(series, 4, "nhs").signals["trend"] for series in given["trend"]],
        "shift": run_rules(given["shift"], 0, ["shift"]).signals["shift"],
    }


def run_chart_limits(given: Any) -> Any:
    return vars(run_limits(given["n"]))


CHECKS: dict[str, Any] = {
    "p_chart": shares,
    "g_chart": births_between,
    "t_chart": days_between,
    "nhs_rules": seven_points,
    "RUNCHART": run_chart_limits,
}
