"""What the generator is told: who lives where, and which totals must come out exactly.

The shipped plan (``plan_zip.csv``, ``plan_county.csv``) was transcribed once from public sources by
``transcribe``; ``scale`` makes plans of any size for benchmarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from equity.config import ROOT
from equity.demonstration import roster

Grain = Literal["year", "block"]

#: Folder of the shipped plan and of the files made from it.
DEMO_FOLDER: Final = ROOT / "data" / "demo"
SEED: Final = 2033
#: Groups in which county totals are calibrated; ``rest`` is all − Black − white.
CALIBRATED_GROUPS: Final = ("black", "white", "rest")

ZIP_COLUMNS: Final = (
    "zip", "county", "weight", "population", "share_black", "share_white", "share_hispanic",
    "poverty", "latitude", "longitude",
)  # fmt: skip
COUNTY_COLUMNS: Final = (
    "county", "name", "region", "first_year", "last_year", "group", "births", "infant_deaths",
    "low_birthweight", "basis",
)  # fmt: skip
_TEXT = dict.fromkeys(("zip", "county", "name", "region", "group", "basis"), str)


@dataclass(frozen=True)
class Plan:
    """Input of ``generate``.

    ``parts``: one row per ZIP × county (``ZIP_COLUMNS``); ``weight`` is the share of the ZIP's
    residential addresses in that county, ``population`` the whole ZIP's, shares and ``poverty`` 0..1.
    ``counties``: one row per county × block × group (``COUNTY_COLUMNS``, groups ``all`` and
    ``CALIBRATED_GROUPS``), totals to be met exactly; ``low_birthweight`` is the county's share of births
    under 2,500 g (0..1), to be met roughly. ``agencies`` and ``programs`` as in ``roster``.
    ``grain``: vital counts by single year or by block. ``quarters``: quarters of service to simulate.
    """

    parts: pd.DataFrame
    counties: pd.DataFrame
    agencies: pd.DataFrame
    programs: pd.DataFrame
    quarters: tuple[str, ...]
    grain: Grain = "year"


def quarters_of(first_year: int, last_year: int) -> tuple[str, ...]:
    """All quarters of the years, inclusive, as ``YYYYQn``."""
    return tuple(f"{year}Q{n}" for year in range(first_year, last_year + 1) for n in (1, 2, 3, 4))


def load_plan(folder: Path = DEMO_FOLDER) -> Plan:
    """Read the shipped plan. Raises ``ValueError`` or ``FileNotFoundError`` with a sentence."""
    parts = _read(folder / "plan_zip.csv", ZIP_COLUMNS)
    counties = _read(folder / "plan_county.csv", COUNTY_COLUMNS)
    # A ZIP without residents has no shares; it takes part with zero births.
    parts = parts.fillna({"share_black": 0.0, "share_white": 0.0, "share_hispanic": 0.0, "poverty": 0.0})
    check_counties(counties)
    agencies = roster.agency_table(parts)
    years = int(counties["first_year"].min()), int(counties["last_year"].max())
    return Plan(parts, counties, agencies, roster.program_table(), quarters_of(*years))


def check_counties(counties: pd.DataFrame) -> None:
    """Refuse calibration totals that contradict each other."""
    keys = ["county", "first_year", "last_year"]
    for event in ("births", "infant_deaths"):
        wide = counties.pivot(index=keys, columns="group", values=event)
        wrong = wide.index[wide["all"] != wide[list(CALIBRATED_GROUPS)].sum(axis=1)]
        if len(wrong):
            raise ValueError(f"plan_county: {event} of the groups do not add up to all in {wrong[0]}.")
    over = counties[counties["infant_deaths"] > counties["births"]]
    if len(over):
        raise ValueError(f"plan_county: more deaths than births in county {over['county'].iloc[0]}.")


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: restore it from the repository, or run --transcribe.")
    table = pd.read_csv(path, dtype=_TEXT, keep_default_na=True)
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise ValueError(f"{path} has no column {', '.join(absent)}.")
    return table[list(columns)]
