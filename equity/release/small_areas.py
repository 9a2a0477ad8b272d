"""Infant mortality of ZIP codes, smoothed by a model, and the probability to lie above the region's rate.

One BYM2 fit over ZIP x group x block: the groups and blocks share each ZIP's spatial effect, and differ by
fixed effects. Only the figures of all babies are published: by group and ZIP even the births are hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from scipy.stats import spearmanr

from equity.measures.bym2 import Bym2, bym2
from equity.measures.smoothing import gamma_poisson, marshall
from equity.release.area_risk import AreaRisk, Estimate, row_masses
from equity.release.hidden_deaths import CELL, unseen
from equity.release.policy import Policy
from equity.release.tables import as_figures, empty_figures, first_rule
from geo.neighbours import contiguity

SMOOTHED: Final = "infant_mortality_smoothed"
EXCESS: Final = "infant_mortality_excess"
METHOD: Final = "BYM2"
#: Groups of the model; ``rest`` is everybody else, so that the three make up all.
MODEL_GROUPS: Final = ("black", "white", "rest")


@dataclass(frozen=True)
class SmallAreas:
    """Figures with their status, and what the manifest says of the model."""

    figures: pd.DataFrame
    manifest: dict[str, Any]


def small_areas(
    counts: pd.DataFrame,
    zips: GeoDataFrame,
    policy: Policy,
    basis: str,
    source: str,
    beside: pd.MultiIndex | None = None,
) -> SmallAreas:
    """Fit and publish. ``counts`` are block totals of ZIPs by group (long), ``zips`` their layer.

    Where the model does not fit, every estimate is *missing* and the manifest says so. Where a ZIP's deaths
    are hidden for being few, its own estimate rests on no more than that; ``beside`` (`hidden_beside`) names
    those hidden to protect others, which the model does not see at all.
    """
    if counts.empty:
        return SmallAreas(empty_figures(), {})
    cells = zip_cells(counts, zips, policy)
    standard = region_rates(cells)
    if beside is not None:
        cells = unseen(cells, beside)
    manifest: dict[str, Any] = {"model": METHOD, "diagnostics": "passed"}
    found: list[Estimate | None] = [None] * len(cells)
    try:
        found = estimates(cells, fit(cells, zips), standard, policy)
        manifest["same_order"] = same_order(cells, found)
    except ValueError as error:
        manifest |= {"diagnostics": "failed", "reason": str(error)}
    figures = as_figures(_judged(cells, found, policy), basis=basis, source=source)
    return SmallAreas(figures, {SMOOTHED: manifest})


def zip_cells(counts: pd.DataFrame, zips: GeoDataFrame, policy: Policy) -> pd.DataFrame:
    """Every ZIP of the layer in every block: births and deaths of all and by model group, place, region.

    Deaths are empty where births are reported and deaths are not: the model then predicts them.
    """
    blocks = [block for block in policy.blocks if (counts["first_year"] == block[0]).any()]
    keys = pd.MultiIndex.from_tuples(
        [(geoid, *block) for geoid in zips["geoid"] for block in blocks], names=CELL
    )
    wide = counts.pivot_table(index=CELL, columns=["event", "group"], values="count", aggfunc="sum")
    wide = wide.reindex(keys)
    table = pd.DataFrame(index=keys)
    for name, event in (("births", "births"), ("deaths", "infant_deaths")):
        of_all = _column(wide, event, "all")
        table[name] = of_all
        black, white = (_column(wide, event, group).fillna(0.0) for group in ("black", "white"))
        table[f"{name}_black"] = black.where(of_all.notna())
        table[f"{name}_white"] = white.where(of_all.notna())
        table[f"{name}_rest"] = of_all - black - white
    table = table.reset_index()
    table["place"] = table["area"].map({geoid: place for place, geoid in enumerate(zips["geoid"])})
    table["region"] = table["area"].map(zips.set_index("geoid")["region"])
    return table


def _column(wide: pd.DataFrame, event: str, group: str) -> pd.Series:
    empty = pd.Series(np.nan, index=wide.index)
    return wide[(event, group)].astype(float) if (event, group) in wide else empty


def overall_rate(cells: pd.DataFrame) -> float:
    """Deaths per birth over all cells where both are known."""
    known = cells[cells["births"].notna() & cells["deaths"].notna()]
    return float(known["deaths"].sum() / max(known["births"].sum(), 1.0))


def fit(cells: pd.DataFrame, zips: GeoDataFrame) -> Bym2:
    """Fit the model: rows are the cells of the first group, then of the second, then of the third.

    Raises ``ValueError`` (``SmoothingError`` among them) where there is nothing to learn from or the
    diagnostics fail.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

    births, deaths = (
        np.concatenate([cells[f"{event}_{group}"].to_numpy(float) for group in MODEL_GROUPS])
        for event in ("births", "deaths")
    )
    expected = np.nan_to_num(births) * overall_rate(cells)
    # a death where nobody was born has no rate: it stays in the counts, not in the model
    deaths = np.where((expected == 0) & (deaths > 0), 0.0, deaths)
    place = np.tile(cells["place"].to_numpy(np.int64), len(MODEL_GROUPS))
    neighbours = contiguity(zips).as_dict()
    # matrices this small are slower by many threads, and far slower where others use the machine
    with threadpool_limits(limits=1, user_api="blas"):
        return bym2(deaths, expected, neighbours, area=place, design=_design(cells))


def _design(cells: pd.DataFrame) -> np.ndarray:
    """Fixed effects: the level, two groups against the rest, each block against the first."""
    group = np.repeat(np.arange(len(MODEL_GROUPS)), len(cells))
    year = np.tile(cells["first_year"].to_numpy(), len(MODEL_GROUPS))
    columns = [np.ones(len(group)), group == 0, group == 1]
    columns += [year == first for first in np.unique(year)[1:]]
    return np.column_stack(columns).astype(float)


def estimates(
    cells: pd.DataFrame, fitted: Bym2, standard: np.ndarray, policy: Policy
) -> list[Estimate | None]:
    """The estimate of each cell, rounded; ``None`` where there are no births.

    ``standard`` (cells,): the rate per birth that each is compared with.
    """
    mass, overall = row_masses(fitted), overall_rate(cells)
    births, deaths = (
        cells[[f"{event}_{group}" for group in MODEL_GROUPS]].to_numpy(float)
        for event in ("births", "deaths")
    )
    first = policy.hide_from if policy.zero_shown else 0
    found: list[Estimate | None] = []
    for cell, total in enumerate(cells["deaths"].tolist()):
        if not np.nansum(births[cell]) > 0:
            found.append(None)
            continue
        rows = cell + len(cells) * np.arange(len(MODEL_GROUPS))
        risk = AreaRisk(
            fitted.posterior.log_risk[rows], mass[rows], births[cell], deaths[cell], overall, standard[cell]
        )
        if first <= total <= policy.hide_to:
            risk = risk.knowing_only(first, policy.hide_to)
        found.append(risk.estimate().rounded())
    return found


def same_order(cells: pd.DataFrame, found: list[Estimate | None]) -> dict[str, float]:
    """Rank correlation of the estimates with those of two simpler models, over all cells with births."""
    some = np.array([estimate is not None for estimate in found]) & cells["deaths"].notna().to_numpy()
    deaths, births = (cells.loc[some, name].to_numpy(float) for name in ("deaths", "births"))
    own = [estimate.rate for estimate, kept in zip(found, some, strict=True) if estimate and kept]
    simpler = {
        "Marshall": marshall(deaths, births).rate,
        "Poisson-gamma": gamma_poisson(deaths, births * overall_rate(cells)).mean,
    }
    # where a simpler model sees no differences at all, there is no order to compare
    return {
        name: round(float(spearmanr(own, rates).statistic), 2)
        for name, rates in simpler.items()
        if np.ptp(rates) > 0
    }


def region_rates(cells: pd.DataFrame) -> np.ndarray:
    """Deaths per birth of each cell's region and block, from the same counts."""
    known = cells[cells["births"].notna() & cells["deaths"].notna()]
    summed = known.groupby(["region", "first_year"])[["deaths", "births"]].sum()
    rate = summed["deaths"] / summed["births"].where(summed["births"] > 0)
    keys = pd.MultiIndex.from_frame(cells[["region", "first_year"]])
    return np.asarray(rate.reindex(keys).fillna(overall_rate(cells)), dtype=float)


def _judged(cells: pd.DataFrame, found: list[Estimate | None], policy: Policy) -> pd.DataFrame:
    """Two figures for each cell with their status: as the births', and missing where the model failed."""
    births = cells["births"]
    none = np.array([estimate is None for estimate in found])
    rules = [
        (births.isna(), "missing", "not_reported"),
        (births.between(policy.hide_from, policy.hide_to), "suppressed", "small_count"),
        (births.eq(0), "not_applicable", "no_births"),
        (none, "missing", "model_failed"),
    ]
    status, reason = first_rule(rules)
    keys = cells[CELL].assign(
        area_kind="zip",
        group="all",
        method=METHOD,
        status=status,
        reason=reason,
    )
    names = ("rate", "low", "high", "above")
    numbers = pd.DataFrame([[getattr(e, n, np.nan) for n in names] for e in found], columns=list(names))
    numbers = numbers.astype(float).where(pd.Series(status).eq("shown"))
    smoothed = keys.assign(measure=SMOOTHED, value=numbers["rate"], low=numbers["low"], high=numbers["high"])
    excess = keys.assign(measure=EXCESS, value=numbers["above"])
    return pd.concat([smoothed, excess], ignore_index=True)
