"""Reader of ``data/reference``: real figures that others published, transcribed with their sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from equity.intake.checks import RowChecks
from equity.intake.csvfile import SHIPPED, read_csv, shipped_columns
from equity.intake.printed import check_counts, check_status, check_value
from equity.intake.report import ReadResult
from equity.intake.vocabulary import COMPARISONS, MEASURES, TARGET_KINDS, is_stratum
from equity.store import codes, schema

REFERENCE: Final = SHIPPED / "reference"
SOURCE_COLUMNS: Final = ("id", "kind", "publisher", "title", "vintage", "url", "licence", "basis", "note")
REGIONS: Final = ("", "stl", "bootheel")
#: Length of a geoid, for the kinds where it is a number.
_GEOID_DIGITS: Final = {"zip": 5, "county": 5, "state": 2}


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may refer to: places as (kind, geoid), and ids of sources."""

    areas: frozenset[tuple[str, str]]
    sources: frozenset[str]


def read_areas(folder: Path = REFERENCE) -> ReadResult:
    """Read ``areas.csv``: the places, by kind and geoid, with name and region."""
    checks = RowChecks(read_csv(folder / "areas.csv", schema.area.columns.keys()))
    checks.one_of("kind", codes.AREA_KINDS, "a kind of area")
    checks.one_of("region", REGIONS, "a region")
    checks.filled("geoid", "name")
    digits = checks.text["kind"].map(_GEOID_DIGITS)
    geoid = checks.text["geoid"]
    wrong = digits.notna() & ~(geoid.str.fullmatch(r"[0-9]+") & geoid.str.len().eq(digits))
    checks.refuse(wrong, "geoid", "{value} has not the digits of such a code; keep leading zeros.")
    checks.unique(["kind", "geoid"])
    return checks.result()


def known_areas(areas: ReadResult) -> frozenset[tuple[str, str]]:
    """The places of ``areas.csv`` as pairs of kind and geoid."""
    return frozenset(zip(areas.table["kind"], areas.table["geoid"], strict=True))


def read_reference(folder: Path = REFERENCE) -> dict[str, ReadResult]:
    """Read every file of the folder, by file name; ``sources.csv`` and ``areas.csv`` included.

    Rows that name an unknown place, group, measure or source, or whose numbers contradict each other,
    are refused. Raises :class:`~equity.intake.report.IntakeError` for a file that cannot be read.
    """
    areas, sources = read_areas(folder), _read_sources(folder)
    known = Known(known_areas(areas), frozenset(sources.table["id"]))
    results = {"areas.csv": areas, "sources.csv": sources}
    for name, (table, check) in FILES.items():
        checks = RowChecks(read_csv(folder / name, shipped_columns(table)))
        checks.one_of("source_id", known.sources, "a source in sources.csv; add it there")
        check(checks, known)
        results[name] = checks.result()
    return results


def _read_sources(folder: Path) -> ReadResult:
    checks = RowChecks(read_csv(folder / "sources.csv", SOURCE_COLUMNS))
    checks.filled("id", "kind", "publisher", "title", "vintage", "licence")
    checks.one_of("basis", codes.BASES, "a basis")
    checks.unique(["id"])
    return checks.result()


def _published(checks: RowChecks, known: Known) -> None:
    _place_and_group(checks, known)
    checks.one_of("scheme", codes.SCHEMES, "a way of recording race")
    checks.one_of("measure", MEASURES, "a measure")
    checks.one_of("status", codes.STATUSES, "a status")
    by_race = checks.text["group"].ne("all") | checks.text["measure"].isin(COMPARISONS)
    checks.refuse(by_race & checks.text["scheme"].eq(""), "scheme", "say how race was recorded.")
    check_value(checks)
    check_counts(checks)
    check_status(checks)
    checks.unique(_key(schema.published_estimate))


def _births(checks: RowChecks, known: Known) -> None:
    check_vital(checks, known.areas)


def check_vital(checks: RowChecks, areas: frozenset[tuple[str, str]]) -> None:
    """Checks of a table in the shape of ``vital_count``."""
    _place_and_group(checks, Known(areas, frozenset()))
    checks.one_of("scheme", codes.SCHEMES, "a way of recording race")
    checks.one_of("event", codes.EVENTS, "an event")
    checks.one_of("death_basis", codes.DEATH_BASES, "a death basis")
    strata = checks.text["stratum"].drop_duplicates()
    unknown = strata[~strata.map(is_stratum)]
    checks.refuse(checks.text["stratum"].isin(unknown), "stratum", "{value} is not a known stratum.")
    checks.number("count", required=True, whole=True, low=0)
    checks.unique(_key(schema.vital_count))


def _context(checks: RowChecks, known: Known) -> None:
    _place_and_group(checks, known)
    checks.one_of("measure", MEASURES, "a measure")
    checks.filled("value")
    check_value(checks)
    checks.unique(_key(schema.context))


def _targets(checks: RowChecks, known: Known) -> None:
    checks.area(known.areas)
    checks.filled("id", "initiative", "title", "groups", "note")
    checks.one_of("measure", MEASURES, "a measure")
    checks.one_of("kind", TARGET_KINDS, "a kind of target")
    checks.one_of("baseline_stated", ("true", "false"), "an answer")
    groups = checks.text["groups"].str.split(";")
    strange = ~groups.map(lambda listed: set(listed) <= set(codes.GROUPS))
    checks.refuse(strange, "groups", "{value} names an unknown group; join known ones by ';'.")
    for column in ("baseline_first_year", "baseline_last_year", "due_year"):
        checks.number(column, whole=True)
    baseline, goal = checks.number("baseline_value", low=0), checks.number("target_value", low=0)
    change = checks.number("relative_change", low=-1)
    relative = checks.text["kind"].isin(["relative_change", "count_relative_change"])
    checks.refuse(
        relative & change.isna(), "relative_change", "this kind of target needs one, such as -0.15."
    )
    checks.refuse(~relative & goal.isna(), "target_value", "this kind of target needs one.")
    apart = (baseline * (1 + change) - goal).abs() > 1e-6 * baseline
    checks.refuse(apart, "target_value", "{value} does not follow from baseline_value and relative_change.")
    checks.unique(["id"])


def _evidence(checks: RowChecks, known: Known) -> None:
    checks.filled("measure", "place", "unit")
    checks.years()
    check_value(checks)
    nothing = checks.numbers["value"].isna() & checks.numbers["low"].isna()
    checks.refuse(nothing, "value", "there is neither a value nor a range.")
    checks.unique(["model", "measure", "place", "first_year", "last_year", "source_id"])


def _place_and_group(checks: RowChecks, known: Known) -> None:
    checks.area(known.areas)
    checks.years()
    checks.one_of("group", codes.GROUPS, "a group")


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


#: Every file that belongs to sources: the table it fills and the checks of its rows.
FILES: Final[dict[str, tuple[Table, Callable[[RowChecks, Known], None]]]] = {
    "published_estimates.csv": (schema.published_estimate, _published),
    "county_births.csv": (schema.vital_count, _births),
    "context_county.csv": (schema.context, _context),
    "context_zip.csv": (schema.context, _context),
    "targets.csv": (schema.target, _targets),
    "program_evidence.csv": (schema.program_evidence, _evidence),
}
