"""From drawn arrays to the two tables of vital counts, in the shape of the store's ``vital_count``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from equity.demonstration import rates
from equity.demonstration.draw import Ints, pick_rows
from equity.demonstration.plan import Plan
from equity.demonstration.vital import Periods, Vital, county_codes

SOURCE_ID: Final = "demonstration"
SCHEME: Final = "demonstration"
#: Events that are deaths: counted in the year and place of death.
DEATHS: Final = ("infant_deaths", "neonatal", "postneonatal", "fetal_deaths")
Counts = dict[tuple[str, str], Ints]  # (event, stratum) → areas × periods × groups


def zip_table(plan: Plan, vital: Vital) -> pd.DataFrame:
    """Totals (stratum ``''``) by ZIP × period × group, zeros included, groups adding up to all."""
    codes = plan.parts["zip"].to_numpy(dtype=str)
    zips, position = np.unique(codes, return_inverse=True)
    births, neonatal, postneonatal = _gathered(vital, position, len(zips))
    return _long("zip", zips, vital.periods, _totals(births, neonatal, postneonatal))


def county_table(plan: Plan, vital: Vital, rng: np.random.Generator) -> pd.DataFrame:
    """Totals and strata by county × period × group, zeros included."""
    counties = county_codes(plan)
    position = np.searchsorted(counties, plan.parts["county"].to_numpy(dtype=str))
    births, neonatal, postneonatal = _gathered(vital, position, len(counties))
    counts = _totals(births, neonatal, postneonatal)
    counts |= _birth_strata(births) | _death_strata(neonatal, postneonatal, rng)
    poverty = _mean_poverty(plan, position, vital)
    counts |= _mothers(births.sum(axis=-1), poverty, vital.periods, rng)
    counts |= _fetal_deaths(births.sum(axis=-1), rng)
    return _long("county", counties, vital.periods, counts)


def _gathered(vital: Vital, position: np.ndarray, areas: int) -> tuple[Ints, Ints, Ints]:
    """Sum parts into areas: arrays of shape areas × periods × groups × classes."""

    def gather(counts: Ints) -> Ints:
        total = np.zeros((areas, *counts.shape[1:]), dtype=np.int64)
        np.add.at(total, position, counts)
        return total

    return gather(vital.births), gather(vital.neonatal), gather(vital.postneonatal)


def _totals(births: Ints, neonatal: Ints, postneonatal: Ints) -> Counts:
    return {
        ("births", ""): births.sum(axis=-1),
        ("infant_deaths", ""): (neonatal + postneonatal).sum(axis=-1),
        ("neonatal", ""): neonatal.sum(axis=-1),
        ("postneonatal", ""): postneonatal.sum(axis=-1),
        ("preterm", ""): births[..., rates.PRETERM].sum(axis=-1),
        ("low_birthweight", ""): births[..., rates.WEIGHT_OF <= 2].sum(axis=-1),
        ("very_low_birthweight", ""): births[..., rates.WEIGHT_OF <= 1].sum(axis=-1),
    }


def _by(
    counts: Ints, class_of: np.ndarray, labels: tuple[str, ...], name: Callable[[str], str]
) -> dict[str, Ints]:
    return {name(label): counts[..., class_of == i].sum(axis=-1) for i, label in enumerate(labels)}


def _birth_strata(births: Ints) -> Counts:
    strata = _by(births, rates.WEIGHT_OF, rates.WEIGHTS, "weight={}".format)
    strata |= _by(births, rates.GESTATION_OF, rates.GESTATIONS, "gestation={}".format)
    return {("births", stratum): counts for stratum, counts in strata.items()}


def _death_strata(neonatal: Ints, postneonatal: Ints, rng: np.random.Generator) -> Counts:
    strata = _by(neonatal + postneonatal, rates.GESTATION_OF, rates.GESTATIONS, "gestation={}".format)
    by_cause = np.zeros((*neonatal.shape[:-1], len(rates.CAUSES)), dtype=np.int64)
    for age, deaths in zip(rates.AGES, (neonatal, postneonatal), strict=True):
        strata |= _by(deaths, rates.WEIGHT_OF, rates.WEIGHTS, f"age={age};weight={{}}".format)
        by_cause += pick_rows(deaths, rates.cause_shares(age), rng).sum(axis=-2)
    strata |= {f"cause={cause}": by_cause[..., i] for i, cause in enumerate(rates.CAUSES)}
    return {("infant_deaths", stratum): counts for stratum, counts in strata.items()}


def _mothers(births: Ints, poverty: np.ndarray, periods: Periods, rng: np.random.Generator) -> Counts:
    by_age = pick_rows(births, rates.mother_age_shares(poverty, periods.middle), rng)
    by_education = pick_rows(births, rates.education_shares(poverty, periods.middle), rng)
    counts = {f"mother_age={label}": by_age[..., i] for i, label in enumerate(rates.MOTHER_AGES)}
    counts |= {f"education={label}": by_education[..., i] for i, label in enumerate(rates.EDUCATIONS)}
    return {("births", stratum): values for stratum, values in counts.items()}


def _fetal_deaths(births: Ints, rng: np.random.Generator) -> Counts:
    total = rng.poisson(births * rates.FETAL_RATE)
    by_weight = pick_rows(total, rates.FETAL_WEIGHTS, rng)
    counts = {("fetal_deaths", f"weight={label}"): by_weight[..., i] for i, label in enumerate(rates.WEIGHTS)}
    return {("fetal_deaths", ""): total} | counts


def _mean_poverty(plan: Plan, position: np.ndarray, vital: Vital) -> np.ndarray:
    """Poverty of each county, weighted by births."""
    births = vital.births.sum(axis=(1, 2, 3)).astype(float)
    weighted = np.bincount(position, births * plan.parts["poverty"].to_numpy(dtype=float))
    return weighted / np.maximum(np.bincount(position, births), 1.0)


def _long(area_kind: str, areas: np.ndarray, periods: Periods, counts: Counts) -> pd.DataFrame:
    """One row per area × period × group × (event, stratum), sorted by them; ``areas`` are sorted."""
    keys = sorted(counts)
    order = np.argsort(rates.GROUPS)
    cube = np.stack([counts[key] for key in keys], axis=-1)[:, :, order]
    area, period, group, key = (axis.ravel() for axis in np.indices(cube.shape, dtype=np.int32))
    basis = ["period" if event in DEATHS else "" for event, _ in keys]

    def text(values: list[str] | np.ndarray, at: np.ndarray) -> pd.Series:
        return pd.Series(list(values), dtype="str").take(at).reset_index(drop=True)

    return pd.DataFrame(
        {
            "area_kind": text([area_kind], np.zeros_like(area)),
            "area": text(areas, area),
            "first_year": periods.first[period],
            "last_year": periods.last[period],
            "group": text(np.array(rates.GROUPS)[order], group),
            "scheme": text([SCHEME], np.zeros_like(area)),
            "event": text([event for event, _ in keys], key),
            "stratum": text([stratum for _, stratum in keys], key),
            "count": cube.ravel(),
            "death_basis": text(basis, key),
            "source_id": text([SOURCE_ID], np.zeros_like(area)),
        }
    )
