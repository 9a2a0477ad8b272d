"""Smoothing: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures.smoothing import bym2, gamma_poisson, icar_scale, local_marshall, marshall
from tests.measures.reference import carolina, carolina_touching, rows_of


def counts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Deaths, births and expected deaths of the 100 counties."""
    deaths, births = (carolina()[name].to_numpy(float) for name in ("SID74", "BIR74"))
    return deaths, births, births * deaths.sum() / births.sum()


def global_shrinkage(given: Any) -> Any:
    found = marshall(*counts()[:2])
    return {"m": found.mean, "a": found.variance, "eb": found.rate[rows_of(given["counties"])]}


def published_shrinkage(given: Any) -> Any:
    deaths, births, _ = counts()
    found, names = marshall(deaths, births), list(given["areas"])
    assert (deaths.sum(), births.sum()) == (given["sum_deaths"], given["sum_births"])
    rates = dict(zip(names, found.rate[rows_of(names)], strict=True))
    return {"b": found.mean, "a": found.variance, "eb_per_1000": rates}


def local_shrinkage(given: Any) -> Any:
    found = local_marshall(*counts()[:2], carolina_touching())
    return {"eb": found.rate[rows_of(given["counties"])]}


def gamma_prior(given: Any) -> Any:
    deaths, _, expected = counts()
    found, rows = gamma_poisson(deaths, expected), rows_of(given["counties"])
    return {
        "nu": found.shape, "mu": found.shape / found.rate, "post": found.mean[rows],
        "anson_ci": [found.low[rows[0]], found.high[rows[0]]], "pr_gt1": found.probability_above(1)[rows],
    }  # fmt: skip


def spatial_model(given: Any) -> Any:
    deaths, _, expected = counts()
    found, rows = bym2(deaths, expected, carolina_touching()), rows_of(given["counties"])
    return {
        "mean": found.mean[rows], "lo": found.low[rows], "hi": found.high[rows],
        "pr_gt1": found.probability_above(1)[rows], "sigma": found.sigma, "rho": found.rho,
    }  # fmt: skip


def count_given_away(given: Any) -> Any:
    """The attack itself: what a published risk with its prior and births says about the count."""
    expected = given["births"] * given["global_rate"]
    deaths, _, _ = counts()
    assert deaths[rows_of(["Anson"])] == 15
    return {"d": (expected + given["nu"] / given["mu"]) * given["RR"] - given["nu"]}


CHECKS: dict[str, Any] = {
    "marshall_eb": global_shrinkage,
    "marshall_eb_zero_var": lambda given: {"eb": marshall(given["deaths"], given["births"]).rate},
    "EB_NC_SIDS": published_shrinkage,
    "local_eb_spdep": local_shrinkage,
    "gamma_poisson_mle": gamma_prior,
    "icar_scale": lambda _: {"scale": icar_scale(carolina_touching())},
    "bym2_posterior": spatial_model,
    "eb_leak": count_given_away,
}
