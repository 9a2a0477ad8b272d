"""Perinatal periods of risk: when, between late pregnancy and the first birthday, the excess arises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from equity.measures.disparity import rate_difference
from equity.measures.drivers import (
    DEFINITIONS,
    MINIMUM_CELL,
    MINIMUM_TOTAL,
    PERIODS,
    periods_of_risk,
    periods_of_risk_cells,
)
from equity.release.policy import Policy
from equity.release.vital import PER
from equity.release.weights import PARTS, WEIGHTS, Family, Place, by_weight

Cells = Mapping[str, float]
#: Period of risk and the age at death that its published total counts.
AGES: Final = (("NC", "neonatal"), ("IH", "postneonatal"))


def periods_table(
    counts: pd.DataFrame, families: Iterable[Family], policy: Policy, basis: str, source: str
) -> pd.DataFrame:
    """Periods of risk of Black babies against white ones of the region, a row a period and definition.

    ``counts`` as `weights.weight_counts`. The reference is the region's white babies of all blocks
    together: one yardstick for every place and block, with enough deaths. Rates and excess per 1,000 live
    births and fetal deaths, with limits; ``period`` is MHP, MC, NC, IH or ``total``. Below the published
    floors, or where a small count could be worked out, a place has one row with a ``reason``.
    """
    rows: list[dict[str, Any]] = []
    for family in families:
        for definition in DEFINITIONS:
            reference = _cells(counts, family.region, policy.blocks, "white", definition)
            for places in ((family.region,), family.counties):
                rows += _together(counts, places, family, definition, reference, policy)
    return pd.DataFrame(rows).assign(basis=basis, source=source) if rows else pd.DataFrame()


def _together(
    counts: pd.DataFrame,
    places: tuple[Place, ...],
    family: Family,
    definition: str,
    reference: tuple[Cells, str],
    policy: Policy,
) -> list[dict[str, Any]]:
    """Rows of places that are published together or not at all."""
    found = {place: _cells(counts, place, (family.period,), "black", definition) for place in places}
    reasons = {place: reference[1] or reason for place, (_, reason) in found.items()}
    if places != (family.region,) and (any(reasons.values()) or not family.whole):
        reasons = {place: reason or "left_out_here" for place, reason in reasons.items()}
    rows: list[dict[str, Any]] = []
    for place, (cells, _) in found.items():
        first, last = family.period
        head: dict[str, Any] = {"area_kind": place[0], "area": place[1], "definition": definition}
        head |= {"first_year": first, "last_year": last}
        if reasons[place]:
            rows.append({**head, "period": "", "reason": reasons[place]})
        else:
            rows += [{**head, **row, "reason": ""} for row in _excess(cells, reference[0], definition)]
    return rows


def _cells(
    counts: pd.DataFrame,
    place: Place,
    blocks: Iterable[tuple[int, int]],
    group: str,
    definition: str,
) -> tuple[Cells, str]:
    """Deaths by period of risk, and why they cannot be analysed or shown (empty where they can)."""
    parts = {
        part: np.sum([by_weight(counts, place, block, group, part) for block in blocks], axis=0)
        for part in PARTS
    }
    births, fetal, neonatal, postneonatal = (
        dict(zip(WEIGHTS, numbers.tolist(), strict=True)) for numbers in parts.values()
    )
    cells = periods_of_risk_cells(births, fetal, neonatal, postneonatal, definition)
    deaths = [cells[period] for period in PERIODS]
    if sum(deaths) < MINIMUM_TOTAL or min(deaths) < MINIMUM_CELL:
        return cells, "few_deaths"
    # the totals by age are published too: what is left of them must not be a small count
    left = [float(parts[age].sum()) - cells[period] for period, age in AGES]
    return cells, "left_out_here" if any(0 < rest < MINIMUM_CELL for rest in left) else ""


def _excess(cells: Cells, reference: Cells, definition: str) -> list[dict[str, Any]]:
    found = periods_of_risk(cells, reference, definition, per=PER)
    own = {**{period: cells[period] for period in PERIODS}, "total": sum(cells[p] for p in PERIODS)}
    other = {period: reference[period] for period in PERIODS}
    other["total"] = sum(other.values())
    births, births0 = cells["denominator"], reference["denominator"]
    rows = []
    for period, deaths in own.items():
        gap = rate_difference(deaths, births, other[period], births0, per=PER)
        low, high = float(gap.low), float(gap.high)
        total = period == "total"
        rows.append(
            {
                "period": period,
                "deaths": deaths,
                "denominator": births,
                "rate": found.total_rate if total else found.rate[period],
                "reference_rate": PER * other[period] / births0,
                "excess_rate": found.total_excess_rate if total else found.excess_rate[period],
                "low": low,
                "high": high,
                "excess_deaths": found.total_excess_deaths if total else found.excess_deaths[period],
                "excess_deaths_low": low * births / PER,
                "excess_deaths_high": high * births / PER,
            }
        )
    return rows
