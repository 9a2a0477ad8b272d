"""What lies behind a gap: births that start smaller or more dangerous for their size, and at which period.

These are arithmetic splits of a difference between groups or places. They say where to look, not why; and
an association over areas says nothing about the single families in them (the ecological fallacy).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equity.measures._arrays import Array, divide, normal_quantile, read_counts
from equity.measures._regression import fit_poisson

PERIODS: Final = ("MHP", "MC", "NC", "IH")
#: What is counted under each definition of the periods of risk.
DEFINITIONS: Final = {
    "citymatch": "births and deaths of 500 g or more, fetal deaths also of 24 weeks or more",
    "all_weights": "births and deaths of any weight, fetal deaths of 20 weeks or more",
}
#: Published floors: fewer deaths in all, or in one period, are not analysed.
MINIMUM_TOTAL: Final = 60
MINIMUM_CELL: Final = 10


@dataclass(frozen=True)
class Kitagawa:
    """A difference of two rates split in two, for every ``per`` births.

    ``composition`` and ``rate``: sums; ``composition_by_stratum`` and ``rate_by_stratum``: (..., strata),
    positive and negative parts among them. ``rate1 - rate0 = difference = composition + rate``.
    """

    composition: Array
    rate: Array
    composition_by_stratum: Array
    rate_by_stratum: Array
    rate1: Array
    rate0: Array
    difference: Array
    per: float


def kitagawa(
    births1: ArrayLike, deaths1: ArrayLike, births0: ArrayLike, deaths0: ArrayLike, per: float = 1000
) -> Kitagawa:
    """Split a difference of rates into how births are spread over strata and how many die in each.

    Source: Kitagawa 1955, JASA 50:1168: sums of (p1 - p0)(m1 + m0) / 2 and of (m1 - m0)(p1 + p0) / 2.

    Parameters
    ----------
    births1, deaths1, births0, deaths0 : array_like, shape (..., strata)
        Counts of group 1 and of the reference by stratum (birthweight, gestation); name the strata.
    per : float
        Births that the rates are for.

    Returns
    -------
    Kitagawa
        ``.composition .rate`` and both by stratum; a stratum with births in one group only is refused.

    Examples
    --------
    >>> found = kitagawa([20, 980], [5, 3], [10, 990], [2, 2])
    >>> round(float(found.composition), 3), round(float(found.rate), 3)
    (2.225, 1.775)
    """
    n1, d1, n0, d0 = read_counts(births1=births1, deaths1=deaths1, births0=births0, deaths0=deaths0)
    if not np.isfinite(n1 + d1 + n0 + d0).all() or np.any(n1.sum(-1) == 0) or np.any(n0.sum(-1) == 0):
        raise ValueError("Both groups need known births and deaths in every stratum, and some births.")
    if np.any((n1 == 0) != (n0 == 0)) or np.any((n1 == 0) & (d1 + d0 > 0)):
        raise ValueError("A stratum has no births in one group: merge it with its neighbour, do not drop it.")
    p1, p0 = (n / n.sum(-1, keepdims=True) for n in (n1, n0))
    m1, m0 = (per * divide(d, n, empty=0.0) for d, n in ((d1, n1), (d0, n0)))
    composition, rate = (p1 - p0) * (m1 + m0) / 2, (m1 - m0) * (p1 + p0) / 2
    rate1, rate0 = (p1 * m1).sum(-1), (p0 * m0).sum(-1)
    sums = composition.sum(-1), rate.sum(-1)
    return Kitagawa(*sums, composition, rate, rate1, rate0, rate1 - rate0, per)


@dataclass(frozen=True)
class PeriodsOfRisk:
    """Feto-infant mortality by period, for every ``per`` births and fetal deaths, against a reference.

    Periods: MHP maternal health and prematurity, MC maternal care, NC newborn care, IH infant health.
    Excess may be negative; the parts still add up.
    """

    rate: dict[str, float]
    reference_rate: dict[str, float]
    excess_rate: dict[str, float]
    excess_deaths: dict[str, float]
    total_rate: float
    total_excess_rate: float
    total_excess_deaths: float
    definition: str
    per: float


def periods_of_risk(
    study: Mapping[str, float],
    reference: Mapping[str, float],
    definition: str = "citymatch",
    per: float = 1000,
) -> PeriodsOfRisk:
    """Perinatal periods of risk, phase 1. Source: Sappenfield and others 2010, MCHJ 14:838; CityMatCH.

    Parameters
    ----------
    study, reference : mapping
        Deaths in each of ``MHP MC NC IH`` and ``denominator`` (live births and fetal deaths), counted under
        one definition, as `periods_of_risk_cells` does.
    definition, per
        What was counted ("citymatch" or "all_weights", see ``DEFINITIONS``); births of the rates.

    Returns
    -------
    PeriodsOfRisk
        ``.rate .excess_rate .excess_deaths`` by period, and totals; refused below the published floors of
        60 deaths in all and 10 in each period, in either group.

    Examples
    --------
    >>> study = {"MHP": 41, "MC": 22, "NC": 14, "IH": 29, "denominator": 10042}
    >>> other = {"MHP": 48, "MC": 29, "NC": 16, "IH": 21, "denominator": 20053}
    >>> round(periods_of_risk(study, other).total_excess_deaths, 1)
    48.9
    """
    _check_definition(definition)
    own, other = _period_rates(study, "study", per), _period_rates(reference, "reference", per)
    excess = {period: own[period] - other[period] for period in PERIODS}
    deaths = {period: value * study["denominator"] / per for period, value in excess.items()}
    rate, excess_rate, excess_deaths = (sum(part.values()) for part in (own, excess, deaths))
    return PeriodsOfRisk(own, other, excess, deaths, rate, excess_rate, excess_deaths, definition, per)


def _check_definition(definition: str) -> None:
    if definition not in DEFINITIONS:
        raise ValueError(f"definition must be one of {', '.join(DEFINITIONS)}; it is {definition!r}.")


def _period_rates(cells: Mapping[str, float], who: str, per: float) -> dict[str, float]:
    names = (*PERIODS, "denominator")
    if missing := [name for name in names if name not in cells]:
        raise ValueError(f"The {who} group has no count for {', '.join(missing)}.")
    *counts, denominator = map(float, read_counts(**{name: cells[name] for name in names}))
    if np.isnan([*counts, denominator]).any():
        raise ValueError(f"A count of the {who} group is not known, so it cannot be analysed.")
    total = sum(counts)
    if total < MINIMUM_TOTAL or min(counts) < MINIMUM_CELL:
        raise ValueError(
            f"The {who} group has {total:.0f} deaths, {min(counts):.0f} in its smallest period: at least "
            f"{MINIMUM_TOTAL} in all and {MINIMUM_CELL} in each are needed. Take more years or a larger area."
        )
    if denominator < total:
        raise ValueError(f"The {who} group has more deaths than live births and fetal deaths.")
    return {period: per * count / denominator for period, count in zip(PERIODS, counts, strict=True)}


def periods_of_risk_cells(
    live_births: Mapping[str, float],
    fetal_deaths: Mapping[str, float],
    neonatal: Mapping[str, float],
    postneonatal: Mapping[str, float],
    definition: str = "citymatch",
) -> dict[str, float]:
    """Sort counts by weight class into the periods of risk. Source: as `periods_of_risk`.

    Below 1,500 g all deaths are MHP; from there on fetal ones are MC, neonatal NC, postneonatal IH.

    Parameters
    ----------
    live_births, fetal_deaths, neonatal, postneonatal : mapping of weight class to count
        Classes ``<500``, ``500-1499``, ``1500-2499``, ``2500+``; unknown weights are imputed before.
    definition : {"citymatch", "all_weights"}
        See ``DEFINITIONS``; it also names the week from which fetal deaths are counted.

    Returns
    -------
    dict
        ``MHP MC NC IH denominator``.

    Examples
    --------
    >>> cells = periods_of_risk_cells({"500-1499": 90, "2500+": 9000}, {"500-1499": 20, "2500+": 12},
    ...                               {"500-1499": 15, "2500+": 6}, {"2500+": 14})
    >>> cells["MHP"], cells["IH"], cells["denominator"]
    (35.0, 14.0, 9122.0)
    """
    _check_definition(definition)
    small = ("<500", "500-1499") if definition == "all_weights" else ("500-1499",)
    large = ("1500-2499", "2500+")
    return {
        "MHP": sum(_count(table, small) for table in (fetal_deaths, neonatal, postneonatal)),
        "MC": _count(fetal_deaths, large),
        "NC": _count(neonatal, large),
        "IH": _count(postneonatal, large),
        "denominator": _count(live_births, small + large) + _count(fetal_deaths, small + large),
    }


def _count(table: Mapping[str, float], classes: tuple[str, ...]) -> float:
    return float(sum(table.get(name, 0.0) for name in classes))


@dataclass(frozen=True)
class Association:
    """Ratio of rates for ``step`` more of a context measure, over areas (never over families)."""

    ratio: float
    low: float
    high: float
    scatter: float
    areas: int
    step: float
    level: float


def association(
    deaths: ArrayLike, births: ArrayLike, context: ArrayLike, step: float = 1.0, level: float = 0.95
) -> Association:
    """How area rates go with a context measure: between places, not between people. Source: quasi-Poisson.

    Parameters
    ----------
    deaths, births, context : array_like, shape (areas,)
        Counts, and the measure in any unit (child poverty as a share); areas without it, or without
        births, are left out.
    step : float
        Difference of the context measure that the ratio is for: 0.1 is ten points of a share.
    level : float
        Two-sided level.

    Returns
    -------
    Association
        ``.ratio .low .high``; the interval is widened where areas scatter more than Poisson counts do.

    Examples
    --------
    >>> found = association([4, 8, 16, 32], [1000] * 4, [0.1, 0.2, 0.3, 0.4], step=0.1)
    >>> round(found.ratio, 2)
    2.0
    """
    top, base = read_counts(deaths=deaths, births=births)
    measure = np.broadcast_to(np.asarray(context, float), top.shape)
    some = (base > 0) & np.isfinite(measure) & np.isfinite(top)
    if some.sum() < 3:
        raise ValueError("An association needs at least three areas with births and a context measure.")
    fit = fit_poisson(top[some], base[some], measure[some] - measure[some].mean())
    if np.isnan(fit.slope):
        raise ValueError("No association can be fitted: the measure or the deaths do not vary over areas.")
    half = normal_quantile(level) * float(fit.se) * max(float(fit.scatter), 1.0) ** 0.5
    low, ratio, high = (float(np.exp(step * (fit.slope + side * half))) for side in (-1, 0, 1))
    return Association(ratio, low, high, float(fit.scatter), int(some.sum()), step, level)
