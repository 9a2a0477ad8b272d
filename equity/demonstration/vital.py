"""Births and infant deaths, drawn in the parts where ZIPs and counties cross.

Drawing in parts makes both sums right: the parts of a county add up to its calibrated totals, the
parts of a ZIP to its counts. A ZIP that reaches beyond the plan's counties counts only its part inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from equity.demonstration import rates
from equity.demonstration.draw import Floats, Ints, pick_rows, split, split_within
from equity.demonstration.plan import CALIBRATED_GROUPS, Plan

_GROUPS = len(rates.GROUPS)


@dataclass(frozen=True)
class Periods:
    """First and last years, their middle, and the block (calibration period) each lies in."""

    first: Ints
    last: Ints
    block: Ints
    block_middle: Floats

    @property
    def middle(self) -> Floats:
        """Middle of each period."""
        return (self.first + self.last) / 2

    @property
    def length(self) -> Ints:
        """Years in each period."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Vital:
    """Counts of shape parts × periods × groups × ``rates.CLASSES``, parts in the order of ``plan.parts``."""

    periods: Periods
    births: Ints
    neonatal: Ints
    postneonatal: Ints


@dataclass(frozen=True)
class _Cells:
    """Parts × periods × groups as flat arrays, sorted by stratum (county × block × calibrated group)."""

    part: Ints
    period: Ints
    group: Ints
    stratum: Ints


def draw_vital(plan: Plan, rng: np.random.Generator) -> Vital:
    """Draw births by weight and gestation, then deaths among them, then the age at death.

    The county × block × group totals of ``plan.counties`` come out exactly; everything below them
    is random, with a steady drift from block to block.
    """
    periods = _periods(plan)
    counties = county_codes(plan)
    births, deaths = _totals(plan, counties, "births"), _totals(plan, counties, "infant_deaths")
    county = np.searchsorted(counties, plan.parts["county"].to_numpy(dtype=str))
    cells = _cells(county, periods, births.shape[1])
    poverty = plan.parts["poverty"].to_numpy(dtype=float)[cells.part]
    years_from_middle = (periods.middle - periods.block_middle)[cells.period]

    growth = np.exp(_drift(births, -0.06, 0.06).ravel()[cells.stratum] * years_from_middle)
    people = _weights(plan)[cells.part, cells.group] * periods.length[cells.period]
    count = split(births.ravel(), cells.stratum, people * growth, rng)
    low = rates.low_weight_share(cells.group, poverty, periods.middle[cells.period])
    low = _near_county_share(plan, counties, county[cells.part], low, count)
    by_class = pick_rows(count, rates.class_shares(cells.group, low), rng)

    rate = np.divide(deaths, births, out=np.zeros(births.shape), where=births > 0)
    decline = _drift(rate, -0.03, 0.02).ravel()[cells.stratum] * years_from_middle
    risk = np.exp(rates.RISK_SLOPE * poverty + decline)[:, None] * rates.RISK
    owner = np.repeat(cells.stratum, len(rates.CLASSES))
    died = split_within(deaths.ravel(), owner, risk.ravel(), by_class.ravel(), rng).reshape(by_class.shape)
    neonatal = rng.binomial(died, np.broadcast_to(rates.NEONATAL, died.shape))
    shape = (len(plan.parts), len(periods.first), _GROUPS, len(rates.CLASSES))
    births_grid, neonatal_grid, postneonatal_grid = (
        _to_grid(cells, counts, shape) for counts in (by_class, neonatal, died - neonatal)
    )
    return Vital(periods, births_grid, neonatal_grid, postneonatal_grid)


def county_codes(plan: Plan) -> np.ndarray:
    """County codes of the plan, sorted."""
    return np.unique(plan.parts["county"].to_numpy(dtype=str))


def _near_county_share(plan: Plan, counties: np.ndarray, county: Ints, low: Floats, births: Ints) -> Floats:
    """Scale the cells' low-birthweight shares so that each county's comes near the plan's."""
    wanted = plan.counties.groupby("county")["low_birthweight"].mean().reindex(counties).to_numpy(dtype=float)
    expected = np.bincount(county, low * births, minlength=len(counties))
    total = np.bincount(county, births, minlength=len(counties))
    factor = np.divide(wanted * total, expected, out=np.ones(len(counties)), where=expected > 0)
    return np.minimum(low * factor[county], 0.5)


def _blocks(plan: Plan) -> list[tuple[int, int]]:
    pairs = plan.counties[["first_year", "last_year"]].drop_duplicates()
    return sorted((int(first), int(last)) for first, last in pairs.to_numpy())


def _periods(plan: Plan) -> Periods:
    blocks = _blocks(plan)
    spans = blocks
    if plan.grain == "year":
        spans = [(year, year) for first, last in blocks for year in range(first, last + 1)]
    first, last = np.array(spans, dtype=np.int64).T
    starts = np.array([block[0] for block in blocks])
    block = np.searchsorted(starts, first, side="right") - 1
    middles = np.array([(a + b) / 2 for a, b in blocks])
    return Periods(first, last, block, middles[block])


def _totals(plan: Plan, counties: np.ndarray, event: str) -> Ints:
    """Calibration totals, shape counties × blocks × ``CALIBRATED_GROUPS``."""
    wide = plan.counties.pivot(index="county", columns=["first_year", "last_year", "group"], values=event)
    wanted = pd.MultiIndex.from_tuples([(*block, g) for block in _blocks(plan) for g in CALIBRATED_GROUPS])
    known = wide.reindex(index=list(counties), columns=wanted)
    if known.isna().to_numpy().any():
        absent = known.index[known.isna().any(axis=1)][0]
        raise ValueError(f"plan_county has no complete {event} totals for county {absent}.")
    return known.to_numpy(dtype=np.int64).reshape(len(counties), -1, len(CALIBRATED_GROUPS))


def _cells(county: Ints, periods: Periods, blocks: int) -> _Cells:
    part, period, group = (
        axis.ravel() for axis in np.indices((len(county), len(periods.first), _GROUPS), dtype=np.int64)
    )
    stratum = (county[part] * blocks + periods.block[period]) * len(CALIBRATED_GROUPS)
    stratum += rates.CALIBRATED_OF[group]
    order = np.argsort(stratum, kind="stable")
    return _Cells(part[order], period[order], group[order], stratum[order])


def _weights(plan: Plan) -> Floats:
    """Relative births of each part (rows) and group (columns), within a county and calibrated group."""
    parts = plan.parts
    black, white, hispanic = (
        parts[column].to_numpy(dtype=float) for column in ("share_black", "share_white", "share_hispanic")
    )
    other = np.clip(1 - black - white - hispanic, 0.01, None)
    # Survey shares of zero are "none sampled": a few births still happen there.
    shares = np.column_stack(
        [black + 0.003, white + 0.003, hispanic + 0.002, other, np.full(len(parts), rates.UNKNOWN_SHARE)]
    )
    fertility = np.exp(rates.FERTILITY_SLOPE * parts["poverty"].to_numpy(dtype=float))
    people = parts["population"].to_numpy(dtype=float) * parts["weight"].to_numpy(dtype=float)
    return shares * (people * fertility)[:, None]


def _drift(level: np.ndarray, low: float, high: float) -> Floats:
    """Yearly log change from the first block's level to the last, bounded; constant where a level is 0."""
    drift = np.zeros(level.shape)
    blocks = level.shape[1]
    if blocks > 1:
        start, end = level[:, 0].astype(float), level[:, -1].astype(float)
        known = (start > 0) & (end > 0)
        ratio = np.divide(end, start, out=np.ones_like(end), where=known)
        drift[:] = np.clip(np.log(ratio) / (7 * (blocks - 1)), low, high)[:, None]
    return drift


def _to_grid(cells: _Cells, counts: Ints, shape: tuple[int, ...]) -> Ints:
    grid = np.zeros(shape, dtype=np.int64)
    grid[cells.part, cells.period, cells.group] = counts
    return grid
