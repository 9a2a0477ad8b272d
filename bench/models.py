"""The spatial model of small areas: as it is fitted when a release is made, and for a state.

The plain alternative is the same model by dense algebra over all effects at once (`bench.plain.model`). It is
not waited for: one step of its search is timed, and counted as often as ours takes one. That leaves out what
the variances would cost it.

The nation is fitted state by state, 51 fits that know nothing of each other: what one state takes, times 51,
is the time on one core, and the memory is that of one state. A state here has 1,000 areas; the mean is 650.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from bench.plain.model import Counts, effects_of, newton_step
from bench.row import Row
from bench.subject import Subject
from bench.timing import in_turns, median
from equity.measures._icar import scaled_icar
from equity.measures._neighbours import adjacency
from equity.measures.bym2 import FIXED_SD, bym2
from equity.release.policy import PUBLIC
from equity.release.small_areas import MODEL_GROUPS, fit, overall_rate, zip_cells
from equity.store.engine import reading
from equity.store.vital import vital_totals
from geo.boundaries import load_layers
from geo.neighbours import contiguity

TARGET_S: Final = 60.0
TIMES: Final = 3
#: A state: a lattice of so many areas, by three groups and two blocks of years.
LATTICE: Final = (25, 40)
GROUP_RATES: Final = (0.0112, 0.0046, 0.0053)
BLOCKS: Final = 2
STATES: Final = 51
SEED: Final = 5
#: Steps that ours takes over the whole grid of sizes, for the counties as for a state: about 3 a point.
STEPS: Final = 2200
#: Sizes of the effects where the plain step is timed; they are of no matter for its time.
SIGMA, RHO, TAU = 0.25, 0.5, 0.1


class Rows(NamedTuple):
    """What `equity.measures.bym2.bym2` takes."""

    deaths: NDArray[np.float64]
    expected: NDArray[np.float64]
    neighbours: object
    area: NDArray[np.int64]
    design: NDArray[np.float64]


def models(subject: Subject) -> list[Row]:
    """Seconds of one fit for the eight counties, and for a state."""
    return [_counties(subject), _state()]


def _counties(subject: Subject) -> Row:
    zips = load_layers(subject.home).zips
    with reading(subject.engine) as connection:
        counts = vital_totals(connection, "zip", blocks=PUBLIC.blocks)
    cells = zip_cells(counts, zips, PUBLIC)
    times, steps = in_turns(
        lambda: fit(cells, zips), plain_step(county_rows(cells, zips)), TIMES, "model, counties"
    )
    detail = {"runs": TIMES, "areas": len(zips), "rows": len(cells) * len(MODEL_GROUPS), "plain_steps": STEPS}
    return Row("spatial model, 8 counties", median(times), STEPS * median(steps), "s", TARGET_S, detail)


def _state() -> Row:
    rows, peaks, processor = state_rows(LATTICE), [_peak_megabytes()], [time.process_time()]

    def ours() -> None:
        with threadpool_limits(limits=1, user_api="blas"):
            bym2(*rows)
        peaks.append(_peak_megabytes())
        processor.append(time.process_time())

    times, steps = in_turns(ours, plain_step(rows), 1, "model, state", warm_up=False)
    detail = {
        "runs": 1,
        "areas": LATTICE[0] * LATTICE[1],
        "rows": len(rows.deaths),
        "plain_steps": STEPS,
        "peak_mb_before_and_with": [round(peak) for peak in peaks],
        "processor_s": round(processor[1] - processor[0], 1),
        "nation_s": round(STATES * times[0]),
        "nation": f"{STATES} fits, one for each state, one after the other on one core",
    }
    return Row("spatial model, a state", times[0], STEPS * steps[0], "s", detail=detail)


def county_rows(cells: pd.DataFrame, zips: GeoDataFrame) -> Rows:
    """The rows that `equity.release.small_areas.fit` makes of cells: one group below the other."""
    births, deaths = (
        np.concatenate([cells[f"{event}_{group}"].fillna(0.0).to_numpy(float) for group in MODEL_GROUPS])
        for event in ("births", "deaths")
    )
    group = np.repeat(np.arange(len(MODEL_GROUPS)), len(cells))
    year = np.tile(cells["first_year"].to_numpy(), len(MODEL_GROUPS))
    columns = [np.ones(len(group)), group == 0, group == 1]
    columns += [year == first for first in np.unique(year)[1:]]
    return Rows(
        np.where(births > 0, deaths, 0.0),
        births * overall_rate(cells),
        contiguity(zips).as_dict(),
        np.tile(cells["place"].to_numpy(np.int64), len(MODEL_GROUPS)),
        np.column_stack(columns).astype(float),
    )


def state_rows(lattice: tuple[int, int]) -> Rows:
    """Invented counts of a state: waves of risk over the lattice, and noise of areas and of rows."""
    rng = np.random.default_rng(SEED)
    cell = np.arange(lattice[0] * lattice[1]).reshape(lattice)
    across = np.column_stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()])
    pairs = np.concatenate([np.column_stack([cell[:-1].ravel(), cell[1:].ravel()]), across])
    kinds = len(GROUP_RATES) * BLOCKS
    area = np.repeat(cell.ravel(), kinds)
    group = np.tile(np.repeat(np.arange(len(GROUP_RATES)), BLOCKS), cell.size)
    block = np.tile(np.arange(BLOCKS), cell.size * len(GROUP_RATES))
    x, y = np.divmod(cell.ravel(), lattice[1])
    risk = 0.25 * np.sin(x / 4) + 0.25 * np.cos(y / 6) + rng.normal(0, 0.15, cell.size)
    births = np.round(rng.lognormal(4, 1.2, len(area))) + 1
    rate = np.array(GROUP_RATES)[group] * 0.95**block * np.exp(risk[area] + rng.normal(0, 0.1, len(area)))
    deaths = rng.poisson(births * rate).astype(float)
    design = np.column_stack([np.ones(len(area)), group == 0, group == 1, block == 1]).astype(float)
    return Rows(deaths, births * deaths.sum() / births.sum(), pairs, area, design)


def plain_counts(rows: Rows) -> Counts:
    """The same for the plain algebra. Parts of a map have no level of their own there."""
    deaths, expected, neighbours, area, design = rows
    icar = scaled_icar(adjacency(neighbours, int(area.max()) + 1))
    spatial = (icar.vectors * icar.variances) @ icar.vectors.T
    return Counts(deaths, expected, area, design, np.full(design.shape[1], FIXED_SD**-2), spatial)


def plain_step(rows: Rows) -> Callable[[], NDArray[np.float64]]:
    """One step of the plain search, ready to be timed."""
    counts = plain_counts(rows)
    joint = effects_of(counts)
    start = np.zeros(joint.shape[1])

    def step() -> NDArray[np.float64]:
        with threadpool_limits(limits=1, user_api="blas"):
            return newton_step(counts, joint, start, SIGMA, RHO, TAU)

    return step


def _peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
