"""The whole demonstration from one plan and one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from equity.demonstration import service, tables
from equity.demonstration.draw import Floats
from equity.demonstration.plan import SEED, Plan
from equity.demonstration.vital import Vital, draw_vital


@dataclass(frozen=True)
class DemoData:
    """The demonstration tables, each with the columns of the store table it feeds, sorted by key.

    ``vital_zip`` and ``vital_county`` feed ``vital_count``; the others the table of their name.
    """

    vital_zip: pd.DataFrame
    vital_county: pd.DataFrame
    agencies: pd.DataFrame
    programs: pd.DataFrame
    service_areas: pd.DataFrame
    capacity: pd.DataFrame
    enrollment: pd.DataFrame


def generate(plan: Plan, seed: int = SEED) -> DemoData:
    """Make the demonstration; the same plan and seed give the same tables.

    Raises ``ValueError`` when the plan's totals cannot be met (deaths without births, a county
    without people).
    """
    # Independent streams: changing how service is drawn leaves births and deaths as they were.
    vital_rng, strata_rng, service_rng = (np.random.default_rng([seed, stream]) for stream in (1, 2, 3))
    vital = draw_vital(plan, vital_rng)
    pairs = service.reach(plan)
    slots = service.slots_by_quarter(plan)
    births = _births_by_zip(plan, vital, pairs.zips["zip"].to_numpy(dtype=str))
    return DemoData(
        vital_zip=tables.zip_table(plan, vital),
        vital_county=tables.county_table(plan, vital, strata_rng),
        agencies=service.agencies(plan),
        programs=service.programs(plan),
        service_areas=service.service_areas(plan, pairs),
        capacity=service.capacity(plan, slots),
        enrollment=service.enrollment(plan, pairs, slots, births, service_rng),
    )


def _births_by_zip(plan: Plan, vital: Vital, zips: np.ndarray) -> Floats:
    """Births of all periods by ZIP (rows as ``zips``, sorted) and group; at least a trace everywhere."""
    births = vital.births.sum(axis=(1, 3)).astype(float)
    total = pd.DataFrame(births).groupby(plan.parts["zip"].to_numpy()).sum()
    return total.reindex(zips, fill_value=0.0).to_numpy() + 0.01
