"""Loading the shipped files into the store: unchanged sources are left alone, changed ones replaced.

Each function does its work in one transaction: all of it is kept, or none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine

from equity.intake import demo, geography, reference
from equity.intake.csvfile import file_digest
from equity.intake.report import ReadResult, Refusal
from equity.store import read, write
from equity.store.engine import writing

#: Who loaded a source that came with the software.
SHIPPED_BY: Final = "shipped with the software"
_WITHDRAWN_BY: Final = "no longer shipped with the software"
GEOGRAPHY_SOURCE: Final = "zip-areas"
DEMO_ROW: Final[dict[str, Any]] = {
    "id": demo.DEMO_SOURCE,
    "kind": "demonstration",
    "publisher": "This dashboard",
    "title": "Demonstration figures: made up to show how the dashboard works",
    "vintage": "2010-2023",
    "licence": "MIT",
    "basis": "demonstration",
    "loaded_by": SHIPPED_BY,
    "note": "Agencies, programs, births, deaths and enrollment here are invented. Where a publisher prints "
    "a county's infant deaths and births, the invented ones add up to them.",
}
GEOGRAPHY_ROW: Final[dict[str, Any]] = {
    "id": GEOGRAPHY_SOURCE,
    "kind": "boundaries",
    "publisher": "US Census Bureau; US Department of Housing and Urban Development; US Postal Service",
    "title": "Places, ZIP groups, and the share of each ZIP's addresses in each county",
    "licence": "US government figures, public domain",
    "basis": "allocated",
    "loaded_by": SHIPPED_BY,
    "note": "ZIP groups are formed by this dashboard from neighbouring ZIP codes.",
}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: sources replaced and left alone (ids), rows now in the store from the replaced
    ones, and every row refused."""

    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    rows: int
    refused: tuple[Refusal, ...]


def load_reference(engine: Engine, folder: Path = reference.REFERENCE, actor: str = SHIPPED_BY) -> LoadReport:
    """Load the published figures, context, targets and evidence of ``data/reference``.

    A source is one publication; its checksum covers its row of ``sources.csv`` and its rows of every
    file. Areas are loaded by :func:`load_geo`.
    """
    results = reference.read_reference(folder)
    targets = results["targets.csv"].table
    refused = tuple(refusal for result in results.values() for refusal in result.refused)
    publications = results["sources.csv"].table
    bundles = [_bundle(row, results, refused) for _, row in publications.iterrows()]
    with writing(engine) as connection:
        stored = read.sources(connection)
        before = dict(zip(stored["id"], stored["sha256"], strict=True))
        changed = [bundle for bundle in bundles if before.get(bundle.row["id"]) != bundle.row["sha256"]]
        rows = sum(write.replace_source(connection, bundle.row, bundle.tables) for bundle in changed)
        gone = _withdrawn(stored, {bundle.row["id"] for bundle in bundles})
        if changed or gone:
            write.replace_targets(connection, targets)
            rows += int(targets["source_id"].isin([bundle.row["id"] for bundle in changed]).sum())
        for row in gone:
            write.replace_source(connection, row, {})
        replaced = tuple(bundle.row["id"] for bundle in changed)
        _record(connection, actor, "reference", replaced, rows, refused)
    unchanged = tuple(bundle.row["id"] for bundle in bundles if bundle.row["id"] not in replaced)
    return LoadReport(replaced, unchanged, rows, refused)


def load_demo(
    engine: Engine,
    folder: Path = demo.DEMO,
    reference_folder: Path = reference.REFERENCE,
    actor: str = SHIPPED_BY,
) -> LoadReport:
    """Load the demonstration of ``data/demo`` as one source whose basis is *demonstration*."""
    digest = _files_digest([*(folder / name for name in demo.FILES), reference_folder / "areas.csv"])
    if _stored_digest(engine, demo.DEMO_SOURCE) == digest:
        return LoadReport((), (demo.DEMO_SOURCE,), 0, ())
    areas = reference.known_areas(reference.read_areas(reference_folder))
    results = demo.read_demo(areas, folder)
    refused = tuple(refusal for result in results.values() for refusal in result.refused)
    tables = _by_table((demo.FILES[name][0].name, result.table) for name, result in results.items())
    row = DEMO_ROW | {
        "sha256": digest,
        "rows_refused": sum(result.rows_refused for result in results.values()),
    }
    with writing(engine) as connection:
        rows = write.replace_source(connection, row, tables)
        _record(connection, actor, "demonstration", (demo.DEMO_SOURCE,), rows, refused)
    return LoadReport((demo.DEMO_SOURCE,), (), rows, refused)


def load_geo(
    engine: Engine,
    folder: Path = geography.BOUNDARIES,
    reference_folder: Path = reference.REFERENCE,
    actor: str = SHIPPED_BY,
) -> LoadReport:
    """Load every area (with the ZIP groups) and which areas make up which, replacing all there were."""
    files = [reference_folder / "areas.csv", folder / "zip_county.csv", folder / "zip_groups.csv"]
    digest = _files_digest(files)
    if _stored_digest(engine, GEOGRAPHY_SOURCE) == digest:
        return LoadReport((), (GEOGRAPHY_SOURCE,), 0, ())
    found = geography.read_geography(reference_folder, folder)
    rows = len(found.area) + len(found.area_part)
    row = GEOGRAPHY_ROW | {
        "vintage": "; ".join(found.vintages),
        "sha256": digest,
        "rows_accepted": rows,
        "rows_refused": len({(refusal.file, refusal.row) for refusal in found.refused}),
    }
    with writing(engine) as connection:
        write.replace_source(connection, row, {})
        write.replace_areas(connection, found.area, found.area_part)
        _record(connection, actor, "places", (GEOGRAPHY_SOURCE,), rows, found.refused)
    return LoadReport((GEOGRAPHY_SOURCE,), (), rows, found.refused)


@dataclass(frozen=True, slots=True)
class _Bundle:
    """One publication with its row of ``source`` and its rows of every other table."""

    row: dict[str, Any]
    tables: dict[str, pd.DataFrame]


def _bundle(
    publication: pd.Series[str], results: dict[str, ReadResult], refused: Iterable[Refusal]
) -> _Bundle:
    source = {str(column): value for column, value in publication.items()}
    source_id = source["id"]
    own = {}
    for name, (table, _) in reference.FILES.items():
        rows = results[name].table
        own[name] = (table.name, rows[rows["source_id"].eq(source_id)].reset_index(drop=True))
    lost = {(refusal.file, refusal.row) for refusal in refused if refusal.source_id == source_id}
    text = [repr(sorted(source.items())), str(len(lost))]
    text += [f"{name}\n{rows.to_csv(index=False)}" for name, (_, rows) in own.items()]
    row = source | {
        "sha256": hashlib.sha256("\n".join(text).encode()).hexdigest(),
        "rows_accepted": sum(len(rows) for _, rows in own.values()),
        "rows_refused": len(lost),
        "loaded_by": SHIPPED_BY,
    }
    tables = _by_table((table, rows) for table, rows in own.values() if table != "target" and len(rows))
    return _Bundle(row, tables)


def _by_table(frames: Iterable[tuple[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Join the frames that fill the same table."""
    gathered: dict[str, list[pd.DataFrame]] = {}
    for table, rows in frames:
        gathered.setdefault(table, []).append(rows)
    return {table: pd.concat(rows, ignore_index=True) for table, rows in gathered.items()}


def _withdrawn(stored: pd.DataFrame, current: set[str]) -> list[dict[str, Any]]:
    """Publications an earlier version shipped and this one does not: their rows must go."""
    shipped = stored[stored["loaded_by"].eq(SHIPPED_BY) & stored["basis"].eq("reported")]
    gone = shipped[~shipped["id"].isin(current)]
    kept = gone[["id", "kind", "publisher", "title", "basis"]].to_dict("records")
    return [{str(key): value for key, value in row.items()} | {"loaded_by": _WITHDRAWN_BY} for row in kept]


def _files_digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and the checksums of several files."""
    listed = "".join(f"{path.name} {file_digest(path)}\n" for path in paths)
    return hashlib.sha256(listed.encode()).hexdigest()


def _stored_digest(engine: Engine, source_id: str) -> str | None:
    stored = read.sources(engine)
    found = stored.loc[stored["id"].eq(source_id), "sha256"]
    return None if found.empty else found.iloc[0]


def _record(
    connection: Connection,
    actor: str,
    subject: str,
    replaced: tuple[str, ...],
    rows: int,
    refused: tuple[Refusal, ...],
) -> None:
    """Leave an audit event where something changed."""
    if replaced:
        detail = {"sources": list(replaced), "rows": rows, "rows_refused": len(refused)}
        write.audit(connection, actor, "load", subject, detail)
