"""What tests of service reports share: the places and programs a real store knows, and files to hand in."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from equity.intake.demo import DEMO
from equity.intake.findings import Finding, Reading
from equity.intake.geography import read_geography
from equity.intake.known import Known, load_known
from equity.intake.reference import REFERENCE
from equity.intake.sheet import Upload
from equity.intake.upload import open_upload
from equity.store.engine import open_store, upgrade, writing
from equity.store.write import replace_areas, replace_source

#: As if they were real: nobody reports on programs that are known to be made up.
SOURCE = {"id": "programs", "kind": "roster", "basis": "reported"}


@cache
def known() -> Known:
    """What a store with the shipped places and programs, those of the demonstration, knows."""
    geography = read_geography(REFERENCE)
    demo = {
        name: pd.read_csv(DEMO / f"{name}.csv", dtype={"county": "str"}) for name in ("agencies", "programs")
    }
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'equity.sqlite3'}", create=True)
        upgrade(store)
        with writing(store) as connection:
            replace_areas(connection, geography.area, geography.area_part)
            tables = {
                name: demo[file].drop(columns="source_id")
                for name, file in (("agency", "agencies"), ("program", "programs"))
            }
            replace_source(connection, SOURCE, tables)
        found = load_known(store)
        store.dispose()
    return found


def as_csv(rows: Sequence[Sequence[object]]) -> Upload:
    """Rows as an opened CSV file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return open_upload("report.csv", buffer.getvalue().encode())


def as_xlsx(rows: Sequence[Sequence[object]], merged: Sequence[str] = (), title: str = "Report") -> Upload:
    """Rows as an opened workbook, with ranges of merged cells."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    return open_upload("report.xlsx", as_bytes(book))


def as_bytes(book: Workbook) -> bytes:
    """A workbook as it is saved."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sentences(reading: Reading, level: str) -> list[str]:
    """The findings of a level in words."""
    return [finding.sentence() for finding in reading.findings if finding.level == level]


def only(reading: Reading, level: str) -> Finding:
    """The one finding of a level."""
    (finding,) = (finding for finding in reading.findings if finding.level == level)
    return finding


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of a table with ``None`` for what is missing."""
    return [
        {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
