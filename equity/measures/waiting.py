"""From referral to enrollment: how long families wait, and how many are lost on the way.

Days count from the referral; a family that is still waiting on the day the data were cut is not a failure
but is followed until then. Events are whole numbers: 0 still waiting, 1 enrolled, 2 and more other ends
(declined, moved, not eligible). One row is one family: remove repeated referrals first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._arrays import Array, divide, normal_quantile, read_counts
from equity.measures.rates import Proportion, proportion_interval

Counts = NDArray[np.int64]

INTERVALS: Final = ("log-log", "log", "plain")
#: Fewer waiting than this, and a curve tells single families (and is too unsteady to read).
FEWEST_AT_RISK: Final = 10


@dataclass(frozen=True)
class _Curve:
    """Steps at ``time`` (days, from 0); every other array ends in the same axis."""

    time: Array
    at_risk: Counts
    censored: Counts

    def at(self, days: ArrayLike) -> Self:
        """The curve on these days; NaN after the last day that anyone was followed, unless none is left."""
        wanted = np.atleast_1d(np.asarray(days, float))
        if not (wanted >= 0).all():
            raise ValueError("days must be zero or more.")
        place = np.searchsorted(self.time, wanted, side="right") - 1
        beyond = (wanted > self.time[-1]) & (self.censored[-1] > 0)
        followed = np.append(self.at_risk, 0)[np.searchsorted(self.time, wanted)]
        found: dict[str, Any] = {"time": wanted, "at_risk": followed}
        for name, steps in self._arrays():
            if steps.dtype == float:
                found.setdefault(name, np.where(beyond, np.nan, steps[..., place]))
            else:
                found.setdefault(name, np.where(wanted == self.time[place], steps[..., place], 0))
        return replace(self, **found)

    def until(self, fewest: int = FEWEST_AT_RISK) -> Self:
        """The curve as far as at least this many families are still followed."""
        kept = int((self.at_risk >= fewest).sum())
        return replace(self, **{name: steps[..., :kept] for name, steps in self._arrays()})

    def _arrays(self) -> list[tuple[str, NDArray[Any]]]:
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, value) for name, value in named if isinstance(value, np.ndarray)]


@dataclass(frozen=True)
class Survival(_Curve):
    """Share still waiting after each day, with its standard error and limits, and the counts behind it."""

    events: Counts
    survival: Array
    se: Array
    low: Array
    high: Array
    level: float
    interval: str

    def quantile(self, share: float = 0.5) -> Quantile:
        """First day on which at least this share is no longer waiting; NaN where that is never reached."""
        if not 0 < share < 1:
            raise ValueError(f"share must lie between 0 and 1, for example 0.5; it is {share}.")
        days = [_first_below(line, self.time, 1 - share) for line in (self.survival, self.low, self.high)]
        return Quantile(*days)

    @property
    def median(self) -> float:
        """Day by which half are no longer waiting."""
        return self.quantile().value


@dataclass(frozen=True)
class Quantile:
    """A day with its limits; NaN where the curve, or its limit, does not come down so far."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Incidence(_Curve):
    """Share that each cause has ended by each day: arrays (causes, days); ``waiting`` is the rest, by day."""

    causes: tuple[int, ...]
    events: Counts
    incidence: Array
    se: Array
    low: Array
    high: Array
    waiting: Array
    level: float
    interval: str


def kaplan_meier(
    days: ArrayLike, event: ArrayLike, level: float = 0.95, interval: str = "log-log", cause: int = 1
) -> Survival:
    """Share of families still waiting by day (Kaplan and Meier).

    Parameters
    ----------
    days, event : array_like, shape (families,)
        Days followed, and what ended them; a family ended by another cause counts as followed until then.
        With other causes, `cumulative_incidence` tells how many enroll; one minus this curve says too much.
    level : float
        Two-sided level.
    interval : {"log-log", "log", "plain"}
        Scale of Greenwood's limits; ``low high`` are NaN where nobody or everybody has been ended.
    cause : int
        The event that is looked for.

    Returns
    -------
    Survival
        Steps from day 0 on; ``.at(days)``, ``.quantile(share)``, ``.median``, ``.until(fewest)``.

    Notes
    -----
    Sources: Kaplan and Meier 1958, JASA 53:457; Kalbfleisch and Prentice 2002, section 1.4.

    Examples
    --------
    >>> found = kaplan_meier([3, 5, 8, 9], [1, 0, 1, 1])
    >>> found.at([4, 8]).survival.tolist(), found.median
    ([0.75, 0.375], 8.0)
    """
    time, at_risk, (events,), left = _table(days, event, [cause])
    survival = np.cumprod(1 - events / at_risk)
    # none left: the curve is at zero, and its standard error is not known
    se = survival * np.sqrt(np.cumsum(divide(events, at_risk * (at_risk - events))))
    low, high = _limits(survival, se, level, interval)
    return Survival(time, at_risk, left, events, survival, se, low, high, level, interval)


def cumulative_incidence(
    days: ArrayLike,
    event: ArrayLike,
    causes: Sequence[int] | None = None,
    level: float = 0.95,
    interval: str = "log-log",
) -> Incidence:
    """Share of families that each cause has ended by day (Aalen and Johansen), ties as they are.

    Parameters
    ----------
    days, event : array_like, shape (families,)
        Days followed, and what ended them; every code but 0 competes with the others.
    causes : sequence of int, optional
        The causes to give, in this order; by default all that occur.
    level, interval
        As in `kaplan_meier`.

    Returns
    -------
    Incidence
        Shares of all families, which add up to 1 with ``.waiting``; ``.at(days)``, ``.until(fewest)``.

    Notes
    -----
    Sources: Aalen and Johansen 1978, Scandinavian Journal of Statistics 5:141; variance and limits: Choudhury
    2002, Statistics in Medicine 21:1129.

    Examples
    --------
    >>> found = cumulative_incidence([3, 5, 8, 9], [1, 2, 1, 0])
    >>> found.causes, found.at(8).incidence[:, 0].round(4).tolist()
    ((1, 2), [0.5, 0.25])
    """
    asked = None if causes is None else list(causes)
    return _incidence(days, event, asked, level, interval)


def _incidence(
    days: ArrayLike, event: ArrayLike, asked: list[int] | None, level: float, interval: str
) -> Incidence:
    every = sorted({*(asked or []), *np.asarray(event, float).ravel().tolist()} - {0}) or [1]
    time, at_risk, events, left = _table(days, event, every)
    shares, error, waiting = _shares_ended(events, at_risk)
    rows = [every.index(cause) for cause in (every if asked is None else asked)]
    events, shares, se = events[rows], shares[rows], error[rows]
    low, high = _limits(shares, se, level, interval)
    named = tuple(int(every[row]) for row in rows)
    return Incidence(time, at_risk, left, named, events, shares, se, low, high, waiting, level, interval)


def _shares_ended(events: Counts, at_risk: Counts) -> tuple[Array, Array, Array]:
    """Shares that each cause has ended, their standard errors, and the share still waiting."""
    ends = events.sum(axis=0)
    waiting = np.cumprod(1 - ends / at_risk)
    before = np.append(1.0, waiting[:-1])
    share = np.cumsum(before * events / at_risk, axis=-1)
    # once none are left no share changes any more
    hazard = divide(ends, at_risk * (at_risk - ends), empty=0.0)
    sums = (np.cumsum(hazard * power, axis=-1) for power in (np.ones(share.shape), share, share**2))
    total, first, second = sums
    all_ends = share**2 * total - 2 * share * first + second
    own = np.cumsum(before**2 * events * (at_risk - events) / at_risk**3.0, axis=-1)
    both = before * events / at_risk**2.0
    together = share * np.cumsum(both, axis=-1) - np.cumsum(both * share, axis=-1)
    return share, np.sqrt(np.maximum(all_ends + own - 2 * together, 0.0)), waiting


def conversion_within(
    days: ArrayLike, event: ArrayLike, followed: ArrayLike, window: float, level: float = 0.95, cause: int = 1
) -> Proportion:
    """Share that enrolled within so many days, of the families referred long enough ago to tell.

    Parameters
    ----------
    days, event : array_like, shape (families,)
        As in `kaplan_meier`.
    followed : array_like, shape (families,) or a number
        Days from each referral to the day the data were cut.
    window : float
        Days within which an enrollment counts.
    level, cause
        As in `kaplan_meier`.

    Returns
    -------
    Proportion
        ``.proportion .low .high`` (Wilson); NaN where no family was referred so long ago. Families whose
        wait has ended early count too: they were referred long enough ago.

    Notes
    -----
    Source: definition of this project: a fixed window, for cohorts observed for all of it.

    Examples
    --------
    >>> found = conversion_within([10, 40, 5, 60], [1, 1, 1, 0], followed=[90, 80, 20, 60], window=30)
    >>> round(float(found.proportion), 4)
    0.3333
    """
    waits, codes = _families(days, event)
    (span,) = read_counts(followed=np.broadcast_to(np.asarray(followed, float), waits.shape))
    if not (waits <= span).all():
        raise ValueError("days must not go beyond followed: nothing is known after the data were cut.")
    in_time = span >= window
    return proportion_interval((in_time & (codes == cause) & (waits <= window)).sum(), in_time.sum(), level)


@dataclass(frozen=True)
class Funnel:
    """Stages along the last axis; shares from 0 to 1, of the stage before (NaN at the first), and overall."""

    counts: Array
    conversion: Array
    low: Array
    high: Array
    overall: Array
    level: float


def funnel(counts: ArrayLike, level: float = 0.95) -> Funnel:
    """How many of each stage reach the next: screened, referred, enrolled.

    Parameters
    ----------
    counts : array_like, shape (..., stages)
        Families at each stage, all of one cohort; none can be more than the stage before.
    level : float
        Two-sided level.

    Returns
    -------
    Funnel
        ``.conversion .low .high`` (Wilson) and ``.overall``; NaN after a stage that nobody reached.

    Notes
    -----
    Source: definition; the limits are those of `proportion_interval`.

    Examples
    --------
    >>> funnel([30_000, 9_000, 1_890]).conversion.round(2).tolist()
    [nan, 0.3, 0.21]
    """
    (families,) = read_counts(counts=np.atleast_1d(np.asarray(counts, float)))
    if not families.shape[-1]:
        raise ValueError("counts must hold at least one stage.")
    if np.any(families[..., 1:] > families[..., :-1]):
        raise ValueError("counts must not rise: a stage cannot hold more families than the one before it.")
    step = proportion_interval(families[..., 1:], families[..., :-1], level)
    first = np.full((*families.shape[:-1], 1), np.nan)
    share, low, high = (
        np.concatenate([first, column], axis=-1) for column in (step.proportion, step.low, step.high)
    )
    return Funnel(families, share, low, high, divide(families, families[..., :1]), level)


def _families(days: ArrayLike, event: ArrayLike) -> tuple[Array, Array]:
    waits, codes = read_counts(days=days, event=event)
    if waits.ndim != 1 or not waits.size:
        raise ValueError("Give days and event for at least one family, one of each for every family.")
    if np.isnan(waits).any() or np.isnan(codes).any():
        raise ValueError("days and event must be known for every family; leave out those where they are not.")
    if np.any(codes != np.floor(codes)):
        raise ValueError("event must be a whole number: 0 still waiting, 1 enrolled, 2 and more other ends.")
    return waits, codes


def _table(
    days: ArrayLike, event: ArrayLike, causes: Sequence[float]
) -> tuple[Array, Counts, Counts, Counts]:
    """Days with a step, families followed until then, those each cause ended (causes, days), and censored."""
    waits, codes = _families(days, event)
    if any(cause < 1 or cause != int(cause) for cause in causes):
        raise ValueError("A cause must be a whole number from 1 on; 0 is still waiting.")
    time, place = np.unique(np.append(0.0, waits), return_inverse=True)
    day = place[1:]
    gone = np.bincount(day, minlength=time.size)
    events = np.array([np.bincount(day[codes == cause], minlength=time.size) for cause in causes])
    at_risk = waits.size - np.append(0, gone.cumsum()[:-1])
    return time, at_risk, events, gone - events.sum(axis=0)


def _limits(share: Array, se: Array, level: float, interval: str) -> tuple[Array, Array]:
    """Limits of shares on the chosen scale, from 0 to 1; NaN where the share is 0 or 1."""
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}; it is {interval!r}.")
    z, inside = normal_quantile(level), (share > 0) & (share < 1)
    p = np.where(inside, share, 0.5)
    half = z * np.where(inside, se, np.nan)
    if interval == "log-log":
        # the logarithm is negative: its larger multiple is the lower limit
        low, high = (p ** np.exp(side * half / (p * np.log(p))) for side in (-1, 1))
    elif interval == "log":
        low, high = (p * np.exp(side * half / p) for side in (-1, 1))
    else:
        low, high = p - half, p + half
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _first_below(line: Array, time: Array, level: float) -> float:
    """First day on which a falling line is at the level or below; half way along a step that lies on it."""
    slack = 1e-8
    below = np.flatnonzero(line <= level + slack)
    if not below.size:
        return float("nan")
    under = np.flatnonzero(line < level - slack)
    if line[below[0]] >= level - slack and under.size:
        return float((time[below[0]] + time[under[0]]) / 2)
    return float(time[below[0]])
