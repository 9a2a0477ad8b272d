"""Disparity: how each reference vector is computed with our functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from equity.measures.disparity import (
    attributable_fraction,
    equity_score,
    excess_deaths,
    inequality,
    rate_difference,
    rate_ratio,
)
from equity.measures.rates import rate_interval


def ratio_and_difference(given: Any) -> Any:
    counts = (given["d1"], given["n1"], given["d0"], given["n0"])
    exact, score, gap = rate_ratio(*counts), rate_ratio(*counts, method="score"), rate_difference(*counts)
    return {
        "rr": exact.ratio, "ex_lo": exact.low, "ex_hi": exact.high, "p_central": exact.p,
        "sc_lo": score.low, "sc_hi": score.high, "rd_lo": gap.low, "rd_hi": gap.high,
    }  # fmt: skip


def excess(given: Any) -> Any:
    found = excess_deaths(given["d1"], given["n1"], given["d0"], given["n0"])
    return {"excess": found.excess, "lo": found.low, "hi": found.high}


def summary_measures(given: Any) -> Any:
    found = inequality(given["deaths"], given["births"], ordered=True)
    return {
        "mean": float(found.mean), "BGV": float(found.bgv), "BGSD": float(found.bgsd),
        "MLD_x1000": 1000 * float(found.mld), "TI_x1000": 1000 * float(found.theil),
        "IDISU": 100 * float(found.idis_mean), "IDISW": 100 * float(found.idis_weighted),
        "MDMU": float(found.mdm), "MDMW": float(found.mdm_weighted),
        "MDBU": float(found.mdb), "MDBW": float(found.mdb_weighted),
        "PAR": float(found.par), "PAF": 100 * float(found.paf),
        "D": float(found.difference), "R": float(found.ratio),
        "ACI": float(found.aci), "RCI": float(found.rci),
        "SII_linear": float(found.sii), "RII_linear": float(found.rii), "RII_mean": float(found.rii_mean),
        "KMI": float(found.kmi), "RII_poisson": float(found.rii_poisson),
        "BGV_se": half_width(found.bgv), "MLD_se_unscaled": half_width(found.mld),
        "TI_se_unscaled": half_width(found.theil),
    }  # fmt: skip


def half_width(estimate: Any) -> float:
    return (estimate.high - estimate.low) / (2 * 1.959963984540054)


def unordered_25(given: Any) -> Any:
    births = np.array(given["population"])
    deaths = births * np.array(given["estimate"])
    best = inequality(deaths, births, per=1, lower_is_better=False)
    fixed = inequality(deaths, births, per=1, reference=given["reference_index_1based"] - 1)
    adverse = inequality(deaths, births, per=1)
    return {
        "mu": float(best.mean), "theil_x1000": 1000 * float(best.theil), "mld_x1000": 1000 * float(best.mld),
        "bgv": float(best.bgv), "bgsd": float(best.bgsd), "cov_pct": 100 * float(best.cov),
        "idis_unweighted_pct": 100 * float(best.idis_mean),
        "idis_weighted_pct": 100 * float(best.idis_weighted),
        "mdm_unweighted": float(best.mdm), "mdm_weighted": float(best.mdm_weighted),
        "mdb_unweighted_max_best": float(best.mdb), "mdb_weighted_max_best": float(best.mdb_weighted),
        "mdr_unweighted_ref14": float(fixed.mdr), "mdr_weighted_ref14": float(fixed.mdr_weighted),
        "par_favourable": float(best.par), "paf_favourable_pct": 100 * float(best.paf),
        "par_adverse": float(adverse.par), "paf_adverse_pct": 100 * float(adverse.paf),
    }  # fmt: skip


def ordered_5(given: Any) -> Any:
    births = np.array(given["population"])
    found = inequality(
        births * np.array(given["estimate"]), births, per=1, ordered=True, lower_is_better=False
    )
    return {
        "aci": float(found.aci), "rci_fraction": float(found.rci),
        "par": float(found.par), "paf_pct": 100 * float(found.paf),
    }  # fmt: skip


def five_races(given: Any) -> Any:
    found = inequality(given["cases"], given["population"], per=100_000)
    return {
        "id_pct": round(100 * float(found.idis_mean), 1),
        "weighted_id_pct": round(100 * float(found.idis_weighted), 1),
        "gini": round(float(found.gini), 3), "theil": float(found.theil), "mld": float(found.mld),
    }  # fmt: skip


def st_louis(given: Any) -> Any:
    births, deaths = given["births"], given["deaths"]
    groups = ("all", "black", "white")
    rate = {group: rate_interval(deaths[group], births[group]) for group in groups}
    pair = (deaths["black"], births["black"], deaths["white"], births["white"])
    whole = (deaths["all"], births["all"], deaths["white"], births["white"])
    ratio, gap = rate_ratio(*pair), rate_difference(*pair)
    # the logarithmic and Wald forms are in the vector for comparison: ours must be near them, not equal
    log_error = np.sqrt(1 / pair[0] + 1 / pair[2])
    wald = 1000 * np.sqrt(pair[0] / pair[1] ** 2 + pair[2] / pair[3] ** 2)
    return {
        "rate": {group: np.round(found.rate, 1) for group, found in rate.items()},
        "ratio": ratio.ratio, "score": equity_score(ratio.ratio),
        "exact_ci": {group: [found.low, found.high] for group, found in rate.items()},
        "rr_log_ci": ratio.ratio * np.exp(1.959964 * log_error * np.array([-1, 1])),
        "rd": gap.difference, "rd_wald_ci": gap.difference + 1.959964 * wald * np.array([-1, 1]),
        "excess_black_deaths_vs_white": excess_deaths(*pair).excess,
        "paf_total_vs_white_pct": 100 * attributable_fraction(*whole, nested=True).fraction,
    }  # fmt: skip


CHECKS: dict[str, Any] = {
    "rr_rd_18_1500_9_2600": ratio_and_difference,
    "rr_rd_0_310_4_2050": ratio_and_difference,
    "excess_deaths": excess,
    "ineq_measures": summary_measures,
    "HE25": unordered_25,
    "HE_ORD": ordered_5,
    "PMC6727205_C": five_races,
    "PMC6727205_D": five_races,
    "STL1115": st_louis,
}
