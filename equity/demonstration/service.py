"""Where the invented programs serve, how many slots they have, and who comes, stays and leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from equity.demonstration import rates
from equity.demonstration.draw import Floats, Ints, split
from equity.demonstration.plan import Plan
from equity.demonstration.roster import MODELS
from equity.demonstration.tables import SOURCE_ID

_KM_PER_DEGREE = 111.2
_HISTORY = 1.2  # how much farther away poverty has made a ZIP, in effect
_TOWN = 0.3  # how much nearer a populous one
_REACH_KM = 20.0  # families from this far come a third as readily as from next door
_STEP = 5  # slots are added by fives
_YEARS_TO_GROW = 10
_FIRST_QUARTERS = (0.35, 0.55, 0.75, 0.90)  # of the usual saturation, while a program fills
_SLOT_COLUMNS = ("program_id", "quarter", "slots", "home_visitor_fte")


@dataclass(frozen=True)
class Reach:
    """Program × ZIP pairs, sorted by program: positions of both, and the distance in kilometres."""

    program: Ints
    zip_at: Ints
    distance: Floats
    zips: pd.DataFrame


def reach(plan: Plan) -> Reach:
    """Choose each program's ZIPs: near its site; poorer ones count as farther away, towns as nearer."""
    zips = plan.parts.sort_values("weight", ascending=False, kind="stable").drop_duplicates("zip")
    zips = zips[zips["population"] > 0].sort_values("zip", ignore_index=True)
    by_county = {str(code): at for code, at in zips.groupby("county").indices.items()}
    nowhere = np.array([], dtype=np.int64)
    sites = plan.agencies.set_index("id")
    where = zips[["latitude", "longitude"]].to_numpy(dtype=float)
    poverty = zips["poverty"].to_numpy(dtype=float)
    apart = (1 + _HISTORY * poverty) / zips["population"].to_numpy(dtype=float) ** _TOWN
    program, chosen, distance = [], [], []
    asked = plan.programs[["agency_id", "counties", "zips"]]
    for i, (agency, counties, number) in enumerate(asked.to_numpy()):
        at = np.concatenate([by_county.get(code, nowhere) for code in counties])
        site = sites.loc[agency, ["latitude", "longitude"]].to_numpy(dtype=float)
        km = _kilometres(where[at], site)
        nearest = np.sort(np.argsort((km + 2) * apart[at], kind="stable")[:number])
        program.append(np.full(len(nearest), i))
        chosen.append(at[nearest])
        distance.append(km[nearest])
    return Reach(np.concatenate(program), np.concatenate(chosen), np.concatenate(distance), zips)


def _kilometres(points: Floats, site: Floats) -> Floats:
    north = (points[:, 0] - site[0]) * _KM_PER_DEGREE
    east = (points[:, 1] - site[1]) * _KM_PER_DEGREE * np.cos(np.radians(site[0]))
    return np.hypot(north, east)


def service_areas(plan: Plan, pairs: Reach) -> pd.DataFrame:
    """Columns program_id, zip."""
    table = pd.DataFrame(
        {
            "program_id": plan.programs["id"].to_numpy()[pairs.program],
            "zip": pairs.zips["zip"].to_numpy()[pairs.zip_at],
        }
    )
    return table.sort_values(["program_id", "zip"], ignore_index=True)


def slots_by_quarter(plan: Plan) -> Ints:
    """Slots of every program (rows) in every quarter (columns); 0 before it opens, never falling."""
    years = np.array([_year_of(quarter) for quarter in plan.quarters])
    opened = np.array([_year_of(quarter) for quarter in plan.programs["opened"]])
    age = years[None, :] - opened[:, None]
    start = plan.programs["slots_start"].to_numpy(dtype=float)[:, None]
    final = plan.programs["slots_final"].to_numpy(dtype=float)[:, None]
    grown = np.clip(np.floor(age) / _YEARS_TO_GROW, 0, 1)  # budgets change once a year
    slots = _STEP * np.round((start + (final - start) * grown) / _STEP)
    return np.where(age >= 0, slots, 0).astype(np.int64)


def _year_of(quarter: str) -> float:
    return int(quarter[:4]) + (int(quarter[5]) - 1) / 4


def _of_model(plan: Plan, fact: str) -> Floats:
    """A number of ``roster.Model`` for every program."""
    return np.array([getattr(MODELS[name], fact) for name in plan.programs["model"]], dtype=float)


def capacity(plan: Plan, slots: Ints) -> pd.DataFrame:
    """Columns program_id, quarter, slots, home_visitor_fte; only quarters in which a program is open."""
    program, quarter = np.nonzero(slots)
    open_slots = slots[program, quarter]
    fte = np.ceil(2 * open_slots / _of_model(plan, "households_per_visitor")[program]) / 2
    ids, labels = plan.programs["id"].to_numpy()[program], np.array(plan.quarters)[quarter]
    return pd.DataFrame(dict(zip(_SLOT_COLUMNS, (ids, labels, open_slots, fte), strict=True)))


def enrollment(
    plan: Plan, pairs: Reach, slots: Ints, births: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """Households by program × ZIP × group × quarter; rows with no household at all are left out.

    ``births``: ZIPs of ``pairs.zips`` × ``rates.GROUPS``. In every cell, continuing households are
    those of the quarter before minus ``exits``, and the caseload is new plus continuing.
    """
    groups = len(rates.GROUPS)
    program = np.repeat(pairs.program, groups)
    pull = (births[pairs.zip_at] * _familiarity(pairs)[:, None]).ravel()
    leaving = _of_model(plan, "leaving")
    wanted = _wanted(plan, slots, rng)
    present = np.zeros(len(program), dtype=np.int64)
    frames = []
    for t, quarter in enumerate(plan.quarters):
        exits = rng.binomial(present, leaving[program])
        stayed = present - exits
        held = np.bincount(program, stayed, minlength=len(slots)).astype(np.int64)
        new = split(np.maximum(wanted[:, t] - held, 0), program, pull, rng)
        present = stayed + new
        kept = np.flatnonzero(present + exits)
        frames.append(pd.DataFrame({"cell": kept, "quarter": quarter, "new": new[kept],
                                    "continuing": stayed[kept], "exits": exits[kept]}))  # fmt: skip
    table = pd.concat(frames, ignore_index=True)
    cell = table.pop("cell").to_numpy()
    table.insert(0, "program_id", plan.programs["id"].to_numpy()[program[cell]])
    table.insert(1, "zip", pairs.zips["zip"].to_numpy()[np.repeat(pairs.zip_at, groups)[cell]])
    table.insert(2, "group", np.array(rates.GROUPS)[cell % groups])
    return table.sort_values(["program_id", "zip", "group", "quarter"], ignore_index=True)


def _familiarity(pairs: Reach) -> Floats:
    """How readily families of a ZIP come: less with distance."""
    return np.exp(-pairs.distance / _REACH_KM)


def _wanted(plan: Plan, slots: Ints, rng: np.random.Generator) -> Ints:
    """Households each program aims to hold: its usual saturation, wandering a little, lower at first."""
    usual = plan.programs["saturation"].to_numpy(dtype=float)
    drift = np.zeros(len(slots))
    age = np.zeros(len(slots), dtype=np.int64)
    wanted = np.zeros_like(slots)
    filling = np.array([*_FIRST_QUARTERS, 1.0])
    for t in range(slots.shape[1]):
        drift = 0.8 * drift + rng.normal(0, 0.025, len(slots))
        level = np.clip(usual + drift, 0.60, 1.05) * filling[np.minimum(age, len(_FIRST_QUARTERS))]
        wanted[:, t] = np.floor(level * slots[:, t])
        age += slots[:, t] > 0
    return wanted


def agencies(plan: Plan) -> pd.DataFrame:
    """Agencies in the shape of the store."""
    return plan.agencies.assign(source_id=SOURCE_ID).sort_values("id", ignore_index=True)


def programs(plan: Plan) -> pd.DataFrame:
    """Programs in the shape of the store."""
    eligibility = plan.programs["model"].map({name: model.eligibility for name, model in MODELS.items()})
    table = plan.programs.assign(eligibility=eligibility, source_id=SOURCE_ID)
    columns = ["id", "agency_id", "name", "model", "funder", "eligibility", "cost_per_slot", "source_id"]
    return table[columns].sort_values("id", ignore_index=True)
