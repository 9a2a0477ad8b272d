"""How often praise is said where nothing changes: "met" and "on track" together, at most 1 time in 20."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from equity.measures.targets import GapPair, Observed, gap_status, status
from tests.simulation.table import SEED, Line, line

PRAISE = ("met", "on_track")
LIMITS = (-np.inf, 0.05)
BLOCKS = [(2010, 2016), (2017, 2023)]
YEARS = [(year, year) for year in range(2010, 2024)]
#: Scatter of a year's rate around its mean beyond chance, on the log scale, where years are given.
SCATTER = 0.1
RATE_HISTORIES, GAP_HISTORIES = 4000, 2000

#: Births in seven years and rates per 1,000; by year only where the single years have deaths enough.
RATES = (
    (2_000, 7.0, (BLOCKS,)),
    (3_400, 7.0, (BLOCKS,)),
    (26_000, 9.0, (BLOCKS, YEARS)),
    (75_000, 6.0, (BLOCKS, YEARS)),
)
GAPS = (
    ((4_000, 3_000), (13.5, 6.0), (BLOCKS,)),
    ((13_000, 9_600), (13.5, 4.8), (BLOCKS,)),
    ((36_000, 50_000), (12.0, 3.7), (BLOCKS, YEARS)),
    ((36_000, 50_000), (7.0, 6.2), (BLOCKS, YEARS)),
)


def false_praise() -> list[Line]:
    """Rates with a goal well below and just below; gaps of three sizes and one that is nearly closed."""
    rates = [
        _rate(births, rate, lower, spans)
        for births, rate, ways in RATES
        for spans in ways
        for lower in (0.15, 0.02)
    ]
    return rates + [_gap(births, rates, spans) for births, rates, ways in GAPS for spans in ways]


def _drawn(
    rng: np.random.Generator, births: float, rate: float, spans: Sequence[tuple[int, int]]
) -> list[Observed]:
    """Counts of a rate that stays; births are those of all years, split evenly."""
    each = births * 2 / len(spans)
    yearly = len(spans) > 2
    expected = each * rate / 1000 * np.exp(rng.normal(0, SCATTER * yearly, len(spans)))
    return [Observed(d, each, *span) for d, span in zip(rng.poisson(expected), spans, strict=True)]


def _rate(births: int, rate: float, lower: float, spans: Sequence[tuple[int, int]]) -> Line:
    rng, praised = np.random.default_rng(SEED), 0
    for _ in range(RATE_HISTORIES):
        seen = _drawn(rng, births, rate, spans)
        praised += status(seen[0], seen[-1], (1 - lower) * rate, 2033, seen[1:-1]).word in PRAISE
    setting = f"{births} births in 7 years at {rate} per 1,000, goal {100 * lower:g} % lower, {_named(spans)}"
    return line("praise of a rate that stays", setting, praised / RATE_HISTORIES, LIMITS, RATE_HISTORIES)


def _gap(births: tuple[int, int], rates: tuple[float, float], spans: Sequence[tuple[int, int]]) -> Line:
    rng, praised = np.random.default_rng(SEED), 0
    for _ in range(GAP_HISTORIES):
        sides = [_drawn(rng, base, rate, spans) for base, rate in zip(births, rates, strict=True)]
        pairs = [GapPair(group, reference) for group, reference in zip(*sides, strict=True)]
        praised += gap_status(pairs[0], pairs[-1], 2033, between=pairs[1:-1]).word in PRAISE
    sizes = f"{births[0]} and {births[1]} births in 7 years at {rates[0]} and {rates[1]} per 1,000"
    setting = f"{sizes}, {_named(spans)}"
    return line("praise of a gap that stays", setting, praised / GAP_HISTORIES, LIMITS, GAP_HISTORIES)


def _named(spans: Sequence[tuple[int, int]]) -> str:
    return "two blocks" if spans is BLOCKS else "14 years with 10 % scatter"
