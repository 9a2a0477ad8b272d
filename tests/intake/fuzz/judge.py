"""What must be true of every spoilt file, whatever was done to it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from equity.intake.findings import LEVELS, Reading
from equity.intake.formats import read_upload
from equity.intake.marked import marked_copy
from equity.intake.report import IntakeError
from equity.intake.sheet import Upload
from equity.intake.upload import open_upload
from tests.intake.formats.service_files import known
from tests.intake.fuzz.bases import Base, Rows, essence
from tests.intake.fuzz.plain import figures_of, plain, totals
from tests.intake.fuzz.watch import inert

#: Findings about how a file is written, which explain no other number.
_FORM: Final = ("cells are separated by", "the file is written in", "cells hold formulas")
_ACTIVE: Final = re.compile(rb"<f[ >/]|<hyperlink|externalReference|<oleObject|<script", re.IGNORECASE)


def taken(name: str, content: bytes) -> Reading | None:
    """Open and read: a reading that says what it is worth, or ``None`` where the file was refused.

    The refusal is a sentence. Whatever the findings quote is plain text, and the marked copy holds it so.
    Nothing is opened, written, fetched or started on the way.
    """
    with inert():
        try:
            upload = open_upload(name, content)
        except IntakeError as reason:
            _is_sentence(str(reason))
            return None
        try:
            reading = read_upload(upload, known())
        except IntakeError as reason:
            _is_sentence(str(reason))
            return None
        _check_reading(reading)
        _check_copy(upload, reading)
    return reading


def check(base: Base, content: bytes, rows: Rows | None, says_more: bool) -> Reading | None:
    """All of that, and that no total differs from the file's own without being told.

    ``rows`` are the cells as they stand in ``content``, where that is known. A reading that would be
    accepted has, each by itself, the figures of the file before it was spoilt, or those that the plain
    reading finds in the spoilt rows, for what is written there is what the sender says; or a finding the
    whole file had not.
    Where the plain reading understands nothing, and unless numbers or headings were changed
    (``says_more``), there may be fewer figures than the file had, and none with another number.
    """
    reading = taken(base.name, content)
    if reading is None or not reading.acceptable or told_more(base, reading):
        return reading
    found = figures_of(reading)
    if found == base.figures:
        return reading
    again = None if rows is None else plain(base.kind, rows)
    if again is None:
        other = {key: number for key, number in found.items() if _unlike(number, base.figures.get(key))}
        assert says_more or other == {}, f"{base.name}: other figures, not a word: {list(other.items())[:3]}"
        return reading
    ours = totals(found, base.kind)
    before = totals(base.figures, base.kind)
    unlike = [
        (key, ours.get(key), again.get(key))
        for key in {**ours, **again}
        if ours.get(key) not in (again.get(key), before.get(key, ()))
    ]
    assert unlike == [], f"{base.name}: figure, as read, as it stands: {unlike[:3]}"
    return reading


def _unlike(numbers: tuple[float | None, ...], first: tuple[float | None, ...] | None) -> bool:
    """True where a number is another than the file's first one; an emptied cell only withholds it."""
    if all(number is None for number in numbers):
        return False
    pairs = zip(numbers, first or (), strict=False)
    return first is None or any(one is not None and one != two for one, two in pairs)


def told_more(base: Base, reading: Reading) -> bool:
    """True where the reader says something it did not say of the whole file, besides how it is written."""
    return any(
        essence(finding) not in base.told and not any(form in finding.found for form in _FORM)
        for finding in reading.findings
    )


def _is_sentence(text: str) -> None:
    assert text.endswith(".") and len(text) < 1_500
    assert "Traceback" not in text and "object at 0x" not in text


def _check_reading(reading: Reading) -> None:
    assert reading.title and reading.kind
    assert reading.rows_refused >= 0
    for finding in reading.findings:
        assert finding.level in LEVELS and finding.row >= 0
        assert finding.found and finding.expected
        _is_sentence(finding.sentence() if finding.sentence().endswith(".") else f"{finding.sentence()}.")
        for text in (finding.found, finding.expected, finding.mend, finding.column):
            assert "\n" not in text and len(text) < 600
    for table in reading.tables.values():
        for column in table.columns:
            if str(table[column].dtype) == "float64":
                assert table[column].abs().max() < float("inf") or table[column].isna().all()


def _check_copy(upload: Upload, reading: Reading) -> None:
    """The marked copy is a workbook any program opens, of text alone, without a formula or a link."""
    content = marked_copy(upload, reading.findings)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith((".xml", ".rels")):
                fromstring(part)
            if name.startswith("xl/worksheets/sheet") or name == "xl/workbook.xml":
                assert not _ACTIVE.search(part), name
            assert b'TargetMode="External"' not in part
            assert not name.startswith(("/", "..")) and "vba" not in name.casefold()
