"""Inequality among several groups in one number: the summary measures of the World Health Organization.

Values are unscaled: shares and fractions, not percents; Theil and mean log deviation not times 1,000.
Standard errors come from Poisson counts through the measures' derivatives (births taken as known).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._arrays import Array, normal_quantile, read_counts
from equity.measures._poisson import log_slope

#: Step of the complex-step derivative: far below rounding, as nothing is subtracted.
STEP: Final = 1e-100
#: Measures that are ratios: their interval is made on the log scale.
RATIOS: Final = ("ratio", "rii", "rii_poisson", "kmi")


@dataclass(frozen=True)
class Estimate:
    """A value with its limits and standard error; for a ratio the error is that of its logarithm."""

    value: float
    low: float
    high: float
    se: float

    def __float__(self) -> float:
        """The value alone."""
        return self.value


@dataclass(frozen=True)
class Inequality:
    """Summary measures of inequality; those in the rates' unit are for every ``per`` births.

    ``None`` marks a measure that does not apply: ``mld``, ``ratio`` and ``idis_best`` where a group has no
    deaths, ``mdr`` without a reference, ``aci`` to ``kmi`` where groups have no order, ``rii`` and ``kmi``
    where the line falls below zero. The interval of a measure of spread is symmetric and may reach below
    zero: then the groups' rates may all be equal.
    """

    mean: Estimate  #: rate of everybody
    difference: Estimate  #: largest minus smallest rate
    ratio: Estimate | None  #: largest over smallest rate
    bgv: Estimate  #: between-group variance, in squared units
    bgsd: Estimate  #: between-group standard deviation
    cov: Estimate  #: bgsd over the mean
    mld: Estimate | None  #: mean log deviation
    theil: Estimate  #: Theil index
    gini: Estimate  #: Gini coefficient over groups weighted by births
    idis_mean: Estimate  #: index of disparity against the mean, unweighted (Pearcy and Keppel)
    idis_weighted: Estimate  #: the same, groups weighted by births
    idis_best: Estimate | None  #: against the best group, divided by groups - 1 (Healthy People 2010)
    mdm: Estimate  #: mean difference from the mean, unweighted
    mdm_weighted: Estimate  #: the same, weighted by births
    mdb: Estimate  #: mean difference from the best group, unweighted
    mdb_weighted: Estimate
    mdr: Estimate | None  #: mean difference from the reference group, unweighted
    mdr_weighted: Estimate | None
    par: Estimate  #: reference (or best) rate minus the mean: negative for an adverse outcome
    paf: Estimate  #: par over the mean
    aci: Estimate | None  #: absolute concentration index, groups from most to least disadvantaged
    rci: Estimate | None  #: relative concentration index
    sii: Estimate | None  #: slope of the weighted line of rate on rank
    rii: Estimate | None  #: the line at the top over the line at the bottom
    rii_mean: Estimate | None  #: sii over the mean
    rii_poisson: Estimate | None  #: the same ratio from a log-linear Poisson model
    kmi: Estimate | None  #: the line at the bottom over the line at the top (Kunst and Mackenbach)
    groups: int
    reference: int  #: number of the group that ``par`` and ``paf`` compare with
    per: float
    level: float


def inequality(
    deaths: ArrayLike,
    births: ArrayLike,
    per: float = 1000,
    ordered: bool = False,
    reference: int | None = None,
    level: float = 0.95,
    lower_is_better: bool = True,
) -> Inequality:
    """Summary measures of groups that do not overlap. Source: WHO, Schlotheuber 2022, IJERPH 19:3697.

    Parameters
    ----------
    deaths, births : array_like, shape (groups,)
        Counts by group; groups without births are left out. Two groups are enough.
    per, level : float
        Births that the rates are for; two-sided level of the intervals.
    ordered : bool
        True where groups run from the most to the least disadvantaged (education; not race).
    reference : int, optional
        Number of the reference group; without it the best group is taken, after seeing the data.
    lower_is_better : bool
        False for a favourable outcome.

    Returns
    -------
    Inequality
        One `Estimate` (``value low high se``) for each measure.

    Examples
    --------
    >>> round(inequality([174, 38, 20], [12865, 8544, 2208]).theil.value, 3)
    0.103
    """
    counts, base, chosen = _groups(deaths, births, reference)
    rate = per * counts / base
    best = int(np.argmin(rate) if lower_is_better else np.argmax(rate))
    kit = _Kit(base / base.sum(), rate, best, best if chosen is None else chosen, lower_is_better)
    fields = _all_measures(counts, base, per, kit, _applicable(rate, chosen, ordered, kit), level)
    return Inequality(**fields, groups=len(rate), reference=kit.reference, per=per, level=level)


def _groups(deaths: ArrayLike, births: ArrayLike, reference: int | None) -> tuple[Array, Array, int | None]:
    """Counts of the groups with births, and the reference's number among them."""
    counts, base = read_counts(deaths=deaths, births=births)
    if counts.ndim != 1 or not np.isfinite(counts + base).all():
        raise ValueError("Inequality needs one count of deaths and of births for every group.")
    some = base > 0
    if some.sum() < 2:
        raise ValueError("Inequality needs at least two groups with births.")
    if not counts.any():
        raise ValueError("No group has a death, so there is nothing to compare.")
    if reference is not None:
        if not 0 <= reference < len(base) or not some[reference]:
            raise ValueError(f"The reference group, number {reference}, has no births here.")
        reference = int(some[:reference].sum())
    return counts[some], base[some], reference


class _Kit:
    """What the measures need besides the rates: shares of births, ranks, and who is compared with."""

    def __init__(self, p: Array, rate: Array, best: int, reference: int, lower_is_better: bool) -> None:
        self.p, self.best, self.reference = p, best, reference
        self.rank = np.cumsum(p) - p / 2
        self.top, self.bottom = int(np.argmax(rate)), int(np.argmin(rate))
        self.sign = 1 if lower_is_better else -1

    def mean(self, y: Complex) -> Any:
        return (self.p * y).sum()

    def slope(self, y: Complex) -> Any:
        """Weighted least squares of rate on rank; the mean rank is always one half."""
        centred = self.rank - 0.5
        return (self.p * centred * y).sum() / (self.p * centred**2).sum()

    def line(self, y: Complex, rank: float) -> Any:
        return self.mean(y) + (rank - 0.5) * self.slope(y)

    def variance(self, y: Complex) -> Any:
        return (self.p * (y - self.mean(y)) ** 2).sum()

    def distance(self, y: Complex, point: Any, weights: Array | None = None) -> Any:
        """Mean distance from a point, weighted by births or not."""
        share = np.full(len(y), 1 / len(y)) if weights is None else weights
        return (share * _size(y - point)).sum()

    def attributable(self, y: Complex) -> Any:
        gap = y[self.reference] - self.mean(y)
        return gap if self.sign * gap.real <= 0 else 0 * gap


Complex = NDArray[np.complexfloating]


def _size(x: Complex) -> Complex:
    """Absolute value that keeps the imaginary step: a derivative passes through it."""
    return np.where(x.real < 0, -x, x)


def _entropy(share: Complex) -> Complex:
    """x log x, which is 0 at 0."""
    some = share.real > 0
    return np.where(some, share * np.log(np.where(some, share, 1.0)), 0.0)


_MEASURES: Final[dict[str, Callable[[Complex, _Kit], Any]]] = {
    "mean": lambda y, kit: kit.mean(y),
    "difference": lambda y, kit: y[kit.top] - y[kit.bottom],
    "ratio": lambda y, kit: y[kit.top] / y[kit.bottom],
    "bgv": lambda y, kit: kit.variance(y),
    "bgsd": lambda y, kit: np.sqrt(kit.variance(y)),
    "cov": lambda y, kit: np.sqrt(kit.variance(y)) / kit.mean(y),
    "mld": lambda y, kit: -(kit.p * np.log(y / kit.mean(y))).sum(),
    "theil": lambda y, kit: (kit.p * _entropy(y / kit.mean(y))).sum(),
    "gini": lambda y, kit: (
        (np.outer(kit.p, kit.p) * _size(np.subtract.outer(y, y))).sum() / (2 * kit.mean(y))
    ),
    "idis_mean": lambda y, kit: kit.distance(y, kit.mean(y)) / kit.mean(y),
    "idis_weighted": lambda y, kit: kit.distance(y, kit.mean(y), kit.p) / kit.mean(y),
    "idis_best": lambda y, kit: kit.distance(y, y[kit.best]) * len(y) / (len(y) - 1) / y[kit.best],
    "mdm": lambda y, kit: kit.distance(y, kit.mean(y)),
    "mdm_weighted": lambda y, kit: kit.distance(y, kit.mean(y), kit.p),
    "mdb": lambda y, kit: kit.distance(y, y[kit.best]),
    "mdb_weighted": lambda y, kit: kit.distance(y, y[kit.best], kit.p),
    "mdr": lambda y, kit: kit.distance(y, y[kit.reference]),
    "mdr_weighted": lambda y, kit: kit.distance(y, y[kit.reference], kit.p),
    "par": lambda y, kit: kit.attributable(y),
    "paf": lambda y, kit: kit.attributable(y) / kit.mean(y),
    "aci": lambda y, kit: 2 * (kit.p * y * kit.rank).sum() - kit.mean(y),
    "rci": lambda y, kit: 2 * (kit.p * y * kit.rank).sum() / kit.mean(y) - 1,
    "sii": lambda y, kit: kit.slope(y),
    "rii": lambda y, kit: kit.line(y, 1) / kit.line(y, 0),
    "rii_mean": lambda y, kit: kit.slope(y) / kit.mean(y),
    "kmi": lambda y, kit: kit.line(y, 0) / kit.line(y, 1),
}


def _all_measures(
    counts: Array, base: Array, per: float, kit: _Kit, names: list[str], level: float
) -> dict[str, Any]:
    rate, se = per * counts / base, per * np.sqrt(counts) / base
    fields: dict[str, Any] = dict.fromkeys([*_MEASURES, "rii_poisson"])
    fields |= {name: _estimate(name, rate, kit, se, level) for name in names}
    if "sii" in names:
        fields["rii_poisson"] = _poisson_index(counts, base, kit.rank, level)
    return fields


def _applicable(rate: Array, chosen: int | None, ordered: bool, kit: _Kit) -> list[str]:
    left_out: set[str] = set()
    if rate.min() == 0:
        left_out |= {"mld", "ratio"}
    if rate[kit.best] == 0:
        left_out |= {"idis_best"}
    if chosen is None:
        left_out |= {"mdr", "mdr_weighted"}
    if not ordered:
        left_out |= {"aci", "rci", "sii", "rii", "rii_mean", "kmi"}
    elif min(kit.line(rate + 0j, 0).real, kit.line(rate + 0j, 1).real) <= 0:
        left_out |= {"rii", "kmi"}
    return [name for name in _MEASURES if name not in left_out]


def _estimate(name: str, rate: Array, kit: _Kit, se: Array, level: float) -> Estimate:
    measure = _MEASURES[name]
    value = float(np.real(measure(rate + 0j, kit)))
    steps = rate + 1j * STEP * np.eye(len(rate))
    slope = np.array([np.imag(measure(step, kit)) / STEP for step in steps])
    variance = float((slope**2 * se**2).sum())
    if name == "bgv":
        # a square has no slope where rates are equal: its second-order part is kept
        form = np.diag(kit.p) - np.outer(kit.p, kit.p)
        variance += float(2 * (form**2 * np.outer(se**2, se**2)).sum())
    return _with_limits(name, value, np.sqrt(variance), level)


def _with_limits(name: str, value: float, se: float, level: float) -> Estimate:
    z = normal_quantile(level)
    if name in RATIOS:
        log_se = se / value
        return Estimate(value, value * float(np.exp(-z * log_se)), value * float(np.exp(z * log_se)), log_se)
    return Estimate(value, value - z * se, value + z * se, float(se))


def _poisson_index(counts: Array, base: Array, rank: Array, level: float) -> Estimate | None:
    """Relative index from a log-linear model: rate at the top rank over rate at the bottom."""
    slope, se = (float(x) for x in log_slope(counts, base, rank))
    if np.isnan(slope):
        return None
    z = normal_quantile(level)
    low, value, high = (float(np.exp(slope + side * se)) for side in (-z, 0, z))
    return Estimate(value, low, high, se)
