"""Do the stated probabilities happen: simulations with fixed seeds, summed up in one table.

``python -m tests.measures.calibration`` writes ``tests/reference/calibration.csv``; the slow test repeats the
simulations, compares with the table and holds it to its limits.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from scipy.stats import poisson

from equity.measures import rates, smoothing, targets
from equity.measures.targets import SLOPE_PRIOR, Observed, status
from tests.measures.reference import REFERENCE

TABLE = REFERENCE / "calibration.csv"
SEED = 20_330_101
EXPECTED_DEATHS = (1, 3, 5, 10, 20, 50)
CASES = 150_000
BATCH = 5_000


def intervals() -> list[dict[str, object]]:
    """Coverage of 95 % intervals of a rate, summed exactly over all counts."""
    counts = np.arange(300)
    rows = []
    for method in ("exact", "byar"):
        found = rates.rate_interval(counts, 1000, method=method)
        for expected in EXPECTED_DEATHS:
            inside = (found.low <= expected) & (expected <= found.high)
            share = poisson.pmf(counts[inside], expected).sum()
            rows.append(row("interval", f"{method}, {expected} expected deaths", 0, 0.95, share))
    return rows


def row(what: str, setting: str, cases: int, said: float, happened: float) -> dict[str, object]:
    """One line of the table; ``cases`` 0 where nothing was drawn."""
    return {
        "what": what,
        "setting": setting,
        "cases": cases,
        "said": round(said, 4),
        "happened": round(happened, 4),
    }


def lattice(side: int) -> np.ndarray:
    """Pairs of touching cells of a square map."""
    cell = np.arange(side * side).reshape(side, side)
    down = np.column_stack([cell[:-1].ravel(), cell[1:].ravel()])
    return np.concatenate([down, np.column_stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()])])


def small_areas(mean: float, groups: int, maps: int = 150, side: int = 11) -> list[dict[str, object]]:
    """Maps of 121 areas, sigma 0.4 and rho 0.7; two groups also differ from area to area by 0.15."""
    rng, pairs, areas = np.random.default_rng(SEED), lattice(side), side * side
    area, group = np.repeat(np.arange(areas), groups), np.tile(np.arange(groups), areas)
    design = np.eye(groups)[group]
    structured, inside, errors = structured_effect(pairs, areas), [], []
    for _ in range(maps):
        effect = np.sqrt(0.3) * rng.normal(size=areas) + np.sqrt(0.7) * structured @ rng.normal(
            size=areas - 1
        )
        own = 0.15 * (groups > 1) * rng.normal(size=len(area))
        truth, expected = np.exp(0.4 * effect[area] + own + 0.7 * group), rng.gamma(2, mean / 2, len(area))
        deaths = rng.poisson(expected * truth)
        found, plain = smoothing.bym2(deaths, expected, pairs, area, design), np.empty((3, len(area)))
        for i in range(groups):
            fit = smoothing.gamma_poisson(deaths[group == i], expected[group == i])
            plain[:, group == i] = fit.mean, fit.low, fit.high
        inside.append(
            [((low <= truth) & (truth <= high)).mean() for low, high in ((found.low, found.high), plain[1:])]
        )
        errors.append([((x - truth) ** 2).mean() for x in (found.mean, plain[0], deaths / expected)])
    coverage, (ours, simple, raw) = np.mean(inside, 0), np.sqrt(np.mean(errors, 0))
    setting, cases = f"{mean} expected deaths a row, groups: {groups}", maps * len(area)
    return [
        row("small area interval, bym2", setting, cases, 0.95, coverage[0]),
        row("small area interval, plug-in gamma (never shown)", setting, cases, 0.95, coverage[1]),
        row("root mean squared error, bym2 against raw", setting, cases, raw, ours),
        row("root mean squared error, bym2 against empirical Bayes", setting, cases, simple, ours),
    ]


def structured_effect(pairs: np.ndarray, areas: int) -> np.ndarray:
    """Square root of the scaled structured covariance, made without the code under test but for its scale."""
    laplacian = np.zeros((areas, areas))
    laplacian[pairs[:, 0], pairs[:, 1]] = laplacian[pairs[:, 1], pairs[:, 0]] = -1
    np.fill_diagonal(laplacian, -laplacian.sum(1))
    values, vectors = np.linalg.eigh(laplacian)
    return vectors[:, 1:] / np.sqrt(values[1:] * smoothing.icar_scale(pairs))


def praise(births: int, rate: float, yearly: bool, histories: int = 4000) -> list[dict[str, object]]:
    """How often "met" or "on track" is said of a rate that does not change, target 15 % lower."""
    rng, words = np.random.default_rng(SEED), Counter[str]()
    spans = [(year, year) for year in range(2010, 2024)] if yearly else [(2010, 2016), (2017, 2023)]
    for _ in range(histories):
        expected = births * rate / 1000 * np.exp(rng.normal(0, 0.1 * yearly, len(spans)))
        seen = [Observed(d, births, *span) for d, span in zip(rng.poisson(expected), spans, strict=True)]
        words[status(seen[0], seen[-1], 0.85 * rate, 2033, seen[1:-1]).word] += 1
    setting = f"{births} births, {rate} per 1,000, {'14 years with 10 % scatter' if yearly else 'two blocks'}"
    false = {word: words[word] / histories for word in ("on_track", "met")}
    return [row(f"said falsely: {word}", setting, histories, 0.05, share) for word, share in false.items()]


def reaching() -> list[dict[str, object]]:
    """Probability of reaching a target by 2033, slopes drawn from the stated prior, in ten bins."""
    rng, years = np.random.default_rng(SEED), np.arange(2014, 2024)
    births = np.exp(rng.uniform(np.log(300), np.log(8000), CASES))[:, None] * np.ones(10)
    slope = rng.normal(SLOPE_PRIOR.mean, SLOPE_PRIOR.sd, CASES)
    level, target = np.exp(rng.uniform(np.log([[3.5], [3.0]]), np.log([[14.0], [14.0]]), (2, CASES)))
    rate = level[:, None] / 1000 * np.exp(slope[:, None] * (years - 2018.5))
    deaths = rng.poisson(births * rate)
    truth = level * np.exp(slope * (2033 - 2018.5)) <= target
    said, change = np.empty(CASES), np.empty(CASES)
    for first in range(0, CASES, BATCH):
        some = slice(first, first + BATCH)
        series = (deaths[some], births[some], years)
        said[some] = targets.probability_reaching(*series, target[some], 2033)
        change[some] = targets.probability_of_change(*series, -0.15, 10, SLOPE_PRIOR)
    fell = 10 * slope <= np.log(0.85)
    return [*bins("target reached by 2033", said, truth), *bins("15 % lower in ten years", change, fell)]


def bins(what: str, said: np.ndarray, truth: np.ndarray) -> list[dict[str, object]]:
    """Mean of what was said and share of what happened, by tenths of what was said."""
    rows = []
    for i in range(10):
        some = np.clip((10 * said).astype(int), 0, 9) == i
        setting = f"said {i / 10:.1f} to {(i + 1) / 10:.1f}"
        rows.append(row(what, setting, int(some.sum()), said[some].mean(), truth[some].mean()))
    return rows


def simulate() -> pd.DataFrame:
    """The whole table."""
    rows = [*intervals(), *reaching()]
    for mean, groups in ((1.0, 1), (3.6, 1), (1.0, 2)):
        rows += small_areas(mean, groups)
    for births, rate in ((3_400, 7.0), (26_000, 9.0), (75_000, 6.0)):
        rows += [*praise(births, rate, yearly=False), *praise(births, rate, yearly=True)]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    simulate().to_csv(TABLE, index=False)
