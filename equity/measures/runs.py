"""Runs on control and run charts: patterns that chance alone rarely makes.

Points run along the last axis in the order of time. A point that is not known (NaN) breaks every pattern.
Many rules at once make many false alarms: choose one set before looking at the points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._arrays import Array, read_counts
from equity.measures._limits import binomial_quantile
from equity.measures._patterns import RULE_SETS, Flags, Rule, Signs, find_pattern
from equity.measures._series import fit_line, individuals_sigma, known_median, read_series


@dataclass(frozen=True)
class RunSignals:
    """What each rule found: mappings from the rule's name to arrays of the points' shape.

    ``signals`` has 1 (above or rising) or -1 (below or falling) at the point that completes a pattern, and 0
    elsewhere; patterns without a side have 1. ``points`` has True for every point of a pattern; ``special``
    is True where any rule has it.
    """

    signals: Mapping[str, Signs]
    points: Mapping[str, Flags]
    special: Flags


def run_rules(
    values: ArrayLike,
    centre: ArrayLike,
    rules: str | Iterable[str] = "nhs",
    sigma: ArrayLike | None = None,
) -> RunSignals:
    """Find the patterns on a control chart that say that the process itself has changed.

    Parameters
    ----------
    values, centre : array_like, shapes (..., points) and one that broadcasts to it
        Points in the order of time, and the centre line in the same unit.
    rules : {"nhs", "nelson", "western_electric"} or names of rules of the NHS
        Which patterns: `RULE_SETS` names those of each set, with their lengths.
    sigma : array_like, optional
        A third of the way from the centre to a limit; by default that of an individuals chart of the points.

    Returns
    -------
    RunSignals
        ``.signals .points .special``.

    Notes
    -----
    Sources: NHS England, Making Data Count, as in NHSRplotthedots; Nelson 1984, Journal of Quality Technology
    16:237; Western Electric 1956, Statistical Quality Control Handbook.

    Examples
    --------
    >>> run_rules([1, 2, 3, 4, 5, 6, 7], 4).signals["trend"].tolist()
    [0, 0, 0, 0, 0, 0, 1]
    """
    chosen, points = _chosen(rules), read_series(values)
    distance = points - fit_line(centre, points, "centre")
    width = individuals_sigma(points)[0][..., None] if sigma is None else read_counts(sigma=sigma)[0]
    width = fit_line(width, points, "sigma")
    found = {name: find_pattern(rule, points, distance, width) for name, rule in chosen.items()}
    members = {name: flags for name, (_, flags) in found.items()}
    special = np.logical_or.reduce(list(members.values()))
    return RunSignals({name: signs for name, (signs, _) in found.items()}, members, special)


def _chosen(rules: str | Iterable[str]) -> Mapping[str, Rule]:
    if isinstance(rules, str) and rules in RULE_SETS:
        return RULE_SETS[rules]
    names, known = [rules] if isinstance(rules, str) else list(rules), RULE_SETS["nhs"]
    if not names or not set(names) <= set(known):
        raise ValueError(
            f"rules must be {', '.join(RULE_SETS)}, or some of {', '.join(known)}; it is {rules!r}."
        )
    return {name: known[name] for name in names}


@dataclass(frozen=True)
class RunLimits:
    """The longest run and the fewest crossings that chance allows, whole numbers."""

    longest_run_max: NDArray[np.int64]
    crossings_min: NDArray[np.int64]


def run_limits(n: ArrayLike) -> RunLimits:
    """Limits of Anhøj's two rules for a run chart.

    Parameters
    ----------
    n : array_like
        Points that are not on the centre line.

    Returns
    -------
    RunLimits
        ``.longest_run_max`` round(log2 n + 3), ``.crossings_min`` the 5 % quantile of crossings; 0 at n 0.

    Notes
    -----
    Sources: Anhøj and Olesen 2014, PLoS ONE 9:e113825; Schilling 2012; Chen 2010.

    Examples
    --------
    >>> found = run_limits([10, 24])
    >>> found.longest_run_max.tolist(), found.crossings_min.tolist()
    ([6, 8], [2, 8])
    """
    (points,) = read_counts(n=n)
    if np.any(points != np.floor(points)):
        raise ValueError("n must be a whole number of points.")
    longest = np.where(points > 0, np.round(np.log2(np.maximum(points, 1)) + 3), 0)
    fewest = binomial_quantile(0.05, np.maximum(points - 1, 0), 0.5)
    return RunLimits(longest.astype(np.int64), fewest.astype(np.int64))


@dataclass(frozen=True)
class RunChart(RunLimits):
    """Anhøj's rules on points; one value for each series. ``signal`` is True where a rule is broken."""

    useful: NDArray[np.int64]
    longest_run: NDArray[np.int64]
    crossings: NDArray[np.int64]
    signal: Flags


def run_chart(values: ArrayLike, centre: ArrayLike | None = None) -> RunChart:
    """Longest run and crossings of the centre line, against what chance allows.

    Parameters
    ----------
    values : array_like, shape (..., points)
        Points in the order of time; those not known are passed over, as are those on the centre line.
    centre : array_like, optional
        Centre line that broadcasts to the points; by default the median of each series.

    Returns
    -------
    RunChart
        ``.useful .longest_run .longest_run_max .crossings .crossings_min .signal``: a run that is too long or
        crossings that are too few.

    Notes
    -----
    Source: as `run_limits`. Below about 10 points the rules rarely see a change.

    Examples
    --------
    >>> found = run_chart([1, 2, 1, 2, 1, 2, 9, 9, 9, 9, 9, 9], centre=3)
    >>> int(found.longest_run), int(found.crossings), bool(found.signal)
    (6, 1, True)
    """
    points = read_series(values)
    line = known_median(points)[..., None] if centre is None else np.asarray(centre, float)
    longest, useful, crossings = _longest_run(
        np.nan_to_num(np.sign(points - fit_line(line, points, "centre")))
    )
    limits = run_limits(useful)
    signal = (longest > limits.longest_run_max) | (crossings < limits.crossings_min)
    return RunChart(**vars(limits), useful=useful, longest_run=longest, crossings=crossings, signal=signal)


def _longest_run(side: Array) -> tuple[NDArray[np.int64], ...]:
    """Longest run, points that have a side (1 or -1) and changes of side, passing over points without one."""
    place = np.where(side != 0, np.arange(side.shape[-1]), -1)
    last = np.maximum.accumulate(place, axis=-1)
    held = np.where(last >= 0, np.take_along_axis(side, np.maximum(last, 0), axis=-1), 0)
    crossed = held * np.concatenate([np.zeros((*side.shape[:-1], 1)), held[..., :-1]], axis=-1) < 0
    counted = (side != 0).cumsum(-1)
    start = np.maximum.accumulate(np.where(crossed, counted - 1, 0), axis=-1)
    return (counted - start).max(-1), counted[..., -1], crossed.sum(-1)
