"""Bad lines are counted and said, nothing of a record is written or repeated, no file ends in a traceback."""

from __future__ import annotations

import gzip
import random
import zipfile
from pathlib import Path

import pytest

from equity.intake.records import pack
from equity.intake.records.read import aggregate_records, main_records, read_records
from equity.intake.report import IntakeError
from tests.intake.records.lines import line, write
from tests.intake.records.test_counts import linked

NOBODY = "NOBODYS-BUSINESS"


def test_a_reading_says_what_it_covers_and_how_it_was_counted(tmp_path: Path) -> None:
    births = [linked(state="MO", county="510"), linked(state="MO", county="510", year="2014")]
    reading = read_records(write(tmp_path / "anything.at.all", births))
    assert (reading.kind, reading.covers) == ("records", "records/linked-2014/2014-2015/county-29")
    assert (reading.rows_read, reading.rows_refused, reading.findings) == (2, 0, ())
    assert reading.acceptable
    assert "nchs_bridged_nh" in reading.source["note"]
    assert "not weighted" in reading.source["note"]
    assert set(reading.tables) == {"vital_count"}


def test_lines_that_are_not_counted_are_said_by_reason(tmp_path: Path) -> None:
    lines = [
        linked(), linked(resident="4"), linked(resident="4"), linked(resident=" "), linked(year="1999"),
        linked() + "x", linked()[:-1], NOBODY, "", "",
    ]  # fmt: skip
    reading = read_records(write(tmp_path / "file", lines))
    said = [(finding.level, finding.found) for finding in reading.findings]
    assert said == [
        ("warning", "3 lines have a wrong length"),
        ("warning", "1 lines have no year of this layout"),
        ("warning", "1 lines do not say where the mother lives"),
        ("note", "2 lines are births to residents of other countries"),
    ]
    assert (reading.rows_read, reading.rows_refused) == (8, 5)
    assert NOBODY not in str(reading)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [1 << 11, 1 << 12, 1 << 22])
def test_ends_of_lines_and_blocks_make_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, block: int
) -> None:
    monkeypatch.setattr(pack, "_BLOCK", block)
    lines = [linked(bridged=random.Random(place).choice("12")) for place in range(40)]  # noqa: S311
    # Two short lines together are as long as one; one is longer than a block.
    lines[10:10] = ["a" * 700, "b" * (1384 - 700 - len(end)), "c" * 9000, '",\t\x00\x01', "Ã©" + linked()[2:]]
    path = write(tmp_path / "file", lines, end)
    path.write_bytes(path.read_bytes().removesuffix(end.encode()))
    found = aggregate_records(path)
    assert (found.births, found.left_out) == (41, {"length": 4})


def test_compressed_files_are_read_whatever_they_are_called(tmp_path: Path) -> None:
    path = write(tmp_path / "file", [linked(), linked(bridged="2")])
    plain = aggregate_records(path)
    (tmp_path / "file.txt").write_bytes(gzip.compress(path.read_bytes()))
    with zipfile.ZipFile(tmp_path / "file.dat", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "linked.txt")
    for name in ("file.txt", "file.dat"):
        assert aggregate_records(tmp_path / name).counts.equals(plain.counts)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "none of the known layouts"),
        (NOBODY.encode() * 900_000, "none of the known layouts"),
        (line(1345, {9: "2013"}).encode() + b"\n", "none of the known layouts"),
        (b"\x1f\x8b" + b"no gzip at all", "not there or cannot be read"),
        (b"PK\x03\x04" + b"no archive at all", "not there or cannot be read"),
        (gzip.compress((linked() + NOBODY + "\n" + linked() + "\n").encode() * 3000)[:-2000], "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=reason) as refused:
        read_records(path)
    assert NOBODY not in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="nowhere is not there"):
        read_records(tmp_path / "nowhere")


def test_an_archive_must_hold_one_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr("a", linked())
        archive.writestr("b", linked())
    with pytest.raises(IntakeError, match="holds 2 files"):
        read_records(tmp_path / "file")


def test_a_file_without_a_line_to_count_is_an_error(tmp_path: Path) -> None:
    reading = read_records(write(tmp_path / "file", [linked(resident="4")]))
    assert not reading.acceptable
    assert reading.tables == {}


def test_nothing_is_written_while_counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    for name in ("HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(home))
    read_records(write(tmp_path / "file", [linked()] * 5000))
    assert list(home.rglob("*")) == []


def test_the_command_prints_totals_and_findings(tmp_path: Path) -> None:
    printed: list[str] = []
    lines = [linked(), linked(bridged="2", died="1", age="003"), linked(resident="4")]
    main_records(write(tmp_path / "file", lines), printed.append)
    text = "".join(printed)
    assert "3 records read, 0 refused" in text
    assert text.splitlines()[-3].split() == ["2015", "all", "2", "0", "0", "0", "1", "1", "0"]
    assert text.endswith("They were left out, as in the publisher's tables.\n")
