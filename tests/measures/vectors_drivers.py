"""Drivers: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures.drivers import kitagawa, periods_of_risk


def crude_death_rates(given: Any) -> Any:
    n1, m1, n0, m0 = (np.array(given[name], float) for name in ("n1", "m1", "n0", "m0"))
    found = kitagawa(n1, n1 * m1 / 1000, n0, n0 * m0 / 1000)
    return {
        "crude1": found.rate1,
        "crude0": found.rate0,
        "composition": found.composition,
        "rate": found.rate,
    }


def thirteen_ages(given: Any) -> Any:
    shares = {year: np.array(given[f"share_{year}"]) for year in (1970, 1985)}
    deaths = {year: shares[year] * given[f"rate_{year}"] / 1000 for year in shares}
    found = kitagawa(shares[1985], deaths[1985], shares[1970], deaths[1970])
    return {
        "crude_1970": found.rate0, "crude_1985": found.rate1, "composition": found.composition,
        "rate": found.rate, "composition_pct": np.round(100 * found.composition / found.difference, 2),
        "rate_pct": np.round(100 * found.rate / found.difference, 2),
    }  # fmt: skip


def first_phase(given: Any) -> Any:
    study, reference = (
        {("denominator" if name == "denom" else name): count for name, count in given[who].items()}
        for who in ("study", "ref")
    )
    found = periods_of_risk(study, reference)
    return {
        "rate": found.rate, "excess": found.excess_rate, "excess_deaths": found.excess_deaths,
        "total_excess_rate": found.total_excess_rate, "total_excess_deaths": found.total_excess_deaths,
    }  # fmt: skip


CHECKS: dict[str, Any] = {
    "kitagawa_dasgupta53": crude_death_rates,
    "KIT_DG51": thirteen_ages,
    "ppor_phase1": first_phase,
}
