"""Reader of ``data/demo``: made-up births, deaths and services, in the shapes of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import Table

from equity.intake.checks import RowChecks
from equity.intake.csvfile import SHIPPED, read_csv, shipped_columns
from equity.intake.reference import REGIONS, check_vital
from equity.intake.report import ReadResult
from equity.store import codes, schema

DEMO: Final = SHIPPED / "demo"
DEMO_SOURCE: Final = "demonstration"


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may refer to: places, and the agencies and programs accepted so far."""

    areas: frozenset[tuple[str, str]]
    agencies: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()

    def codes_of(self, kind: str) -> list[str]:
        """Geoids of one kind of place."""
        return sorted(geoid for area_kind, geoid in self.areas if area_kind == kind)


def read_demo(areas: frozenset[tuple[str, str]], folder: Path = DEMO) -> dict[str, ReadResult]:
    """Read every demonstration file, by file name.

    ``areas`` are the known places as (kind, geoid). Rows that name an unknown place, group, event,
    agency or program, or whose counts are no counts, are refused. Raises
    :class:`~equity.intake.report.IntakeError` for a file that cannot be read.
    """
    agencies = _read(folder, "agencies.csv", Known(areas))
    known = Known(areas, _ids(agencies))
    programs = _read(folder, "programs.csv", known)
    known = Known(areas, known.agencies, _ids(programs))
    results = {"agencies.csv": agencies, "programs.csv": programs}
    return results | {name: _read(folder, name, known) for name in FILES if name not in results}


def _ids(result: ReadResult) -> frozenset[str]:
    return frozenset(result.table["id"])


def _read(folder: Path, name: str, known: Known) -> ReadResult:
    table, check = FILES[name]
    facts = {column.name for column in table.columns} >= {"program_id", "source_id"}
    columns = shipped_columns(table, without=("source_id",) if facts else ())
    checks = RowChecks(read_csv(folder / name, columns))
    if "source_id" in columns:
        checks.one_of("source_id", (DEMO_SOURCE,), "the source of made-up figures")
    check(checks, known)
    checks.unique([column.name for column in table.primary_key.columns if column.name in columns])
    return checks.result()


def _vital(checks: RowChecks, known: Known) -> None:
    check_vital(checks, known.areas)
    checks.one_of("scheme", ("demonstration",), "the way made-up figures record race")


def _agencies(checks: RowChecks, known: Known) -> None:
    checks.filled("id", "name")
    checks.one_of("county", known.codes_of("county"), "a known county")
    checks.one_of("region", REGIONS, "a region")
    checks.number("latitude", low=-90, high=90)
    checks.number("longitude", low=-180, high=180)
    checks.refuse(
        ~checks.text["name"].str.contains("(demo)", regex=False),
        "name",
        "{value} does not say that the agency is made up; end the name with (demo).",
    )


def _programs(checks: RowChecks, known: Known) -> None:
    checks.filled("id", "name", "model")
    checks.one_of("agency_id", known.agencies, "an agency in agencies.csv")
    checks.number("cost_per_slot", low=0)


def _service_areas(checks: RowChecks, known: Known) -> None:
    _program(checks, known)
    _zip(checks, known)


def _capacity(checks: RowChecks, known: Known) -> None:
    _program(checks, known)
    _quarter(checks)
    checks.number("slots", required=True, whole=True, low=0)
    checks.number("home_visitor_fte", low=0)


def _enrollment(checks: RowChecks, known: Known) -> None:
    _program(checks, known)
    _zip(checks, known)
    _quarter(checks)
    checks.one_of("group", codes.GROUPS, "a group")
    for column in ("new", "continuing"):
        checks.number(column, required=True, whole=True, low=0)
    checks.number("exits", whole=True, low=0)


def _program(checks: RowChecks, known: Known) -> None:
    checks.one_of("program_id", known.programs, "a program in programs.csv")


def _zip(checks: RowChecks, known: Known) -> None:
    checks.one_of("zip", known.codes_of("zip"), "a known ZIP")


def _quarter(checks: RowChecks) -> None:
    good: pd.Series[bool] = checks.text["quarter"].str.fullmatch(r"[0-9]{4}Q[1-4]")
    checks.refuse(~good, "quarter", "{value} is not a quarter; write it as 2023Q4.")


#: Every file: the table it fills and the checks of its rows.
FILES: Final[dict[str, tuple[Table, Callable[[RowChecks, Known], None]]]] = {
    "agencies.csv": (schema.agency, _agencies),
    "programs.csv": (schema.program, _programs),
    "service_areas.csv": (schema.service_area, _service_areas),
    "capacity.csv": (schema.capacity, _capacity),
    "enrollment.csv.gz": (schema.enrollment, _enrollment),
    "vital_zip.csv.gz": (schema.vital_count, _vital),
    "vital_county.csv.gz": (schema.vital_count, _vital),
}
