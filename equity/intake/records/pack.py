"""Cut a file's lines down to the fields that are counted, a few dozen characters of a thousand.

An engine that gets whole lines spends its time on walking through them. Here whole blocks are cut at once,
and handed on block by block: memory does not grow with the file.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from equity.intake.records.layouts import Field, Layout
from equity.intake.report import IntakeError

GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
SCHEMA: Final = pa.schema([("line", pa.string())])
#: What a compressed file may raise that is cut off, damaged or locked.
DAMAGED: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError)
_END: Final = 10
#: The highest of the characters that end lines.
_LAST_END: Final = 13
#: Bytes read at a time, no more than stay in a processor's own cache until they are cut.
_BLOCK: Final = 1024 * 1024
#: Lines handed on at a time, at least: every turn of the engine costs.
_LINES: Final = 32_768
#: Stands for a line of a wrong length, and for a byte that is no ASCII.
_WRONG: Final = b"?"


def magic(path: Path) -> bytes:
    """The first bytes of a file, by which its kind is told, whatever its name says."""
    with path.open("rb") as file:
        return file.read(4)


@contextmanager
def opened(path: Path, label: str) -> Iterator[io.BufferedIOBase]:
    """The file's text, unpacked on the way where it is compressed; nothing unpacked is written."""
    kind = magic(path)
    if kind == ZIP:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                raise IntakeError(f"{label} holds {len(members)} files: hand in one that holds only one.")
            with archive.open(members[0]) as file:
                yield cast(io.BufferedIOBase, file)
    elif kind.startswith(GZIP):
        with gzip.open(path) as file:
            yield file
    else:
        with path.open("rb") as file:
            yield file


def pack(layout: Layout, names: tuple[str, ...]) -> Layout:
    """The layout of lines cut down to some of the fields, one after the other."""
    fields, place = [], 1
    for name in names:
        length = layout.field(name).length
        fields.append(Field(name, place, place + length - 1))
        place += length
    return replace(layout, length=place - 1, fields=tuple(fields))


def batches(file: io.BufferedIOBase, layout: Layout, packed: Layout) -> Iterator[pa.RecordBatch]:
    """Every line cut down to ``packed``; one character stands for a line of a wrong length."""
    columns = np.concatenate([np.arange(f.first - 1, f.last) for f in _in_line(layout, packed)])
    held: list[NDArray[np.uint8]] = []
    lines = others = 0
    for rows, wrong in _rows(file, layout.length):
        held.append(np.take(rows, columns, axis=1))
        lines, others = lines + len(rows), others + wrong
        if lines + others >= _LINES:
            yield _batch(np.concatenate(held), others)
            held, lines, others = [], 0, 0
    if held:
        yield _batch(np.concatenate(held), others)


def _batch(cut: NDArray[np.uint8], wrong: int) -> pa.RecordBatch:
    """Lines of one length, and so many others after them."""
    np.copyto(cut, _WRONG[0], where=cut > 127)
    width = cut.shape[1]
    offsets = np.arange(len(cut) + wrong + 1, dtype=np.int32)
    offsets[: len(cut) + 1] *= width
    offsets[len(cut) + 1 :] += len(cut) * (width - 1)
    content = pa.py_buffer(cut.tobytes() + _WRONG * wrong if wrong else cut)
    lines = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), content)
    return pa.record_batch([lines], schema=SCHEMA)


def _in_line(layout: Layout, packed: Layout) -> list[Field]:
    return [layout.field(field.name) for field in packed.fields]


def _rows(file: io.BufferedIOBase, length: int) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Block by block: the lines of the right length as rows, and how many others there are."""
    block = np.empty(_BLOCK, np.uint8)
    held = 0  # bytes of a line that the block before broke off
    cut_off = False  # whether the line under way is longer than a block, and its beginning is gone
    while read := file.readinto(block.data[held:]):
        text = block[: held + read]
        rows = None if cut_off else _at_once(text, length)
        if rows is not None:
            yield rows, 0
            end = rows.size
        else:
            end = len(text) - int(np.argmax(text[::-1] == _END)) if (text == _END).any() else 0
            if end:
                yield _one_by_one(text[:end], length, cut_off)
                cut_off = False
            elif len(text) == _BLOCK:
                end, cut_off = _BLOCK, True
        held = len(text) - end
        block[:held] = text[end:].copy()
    if held or cut_off:
        block[held] = _END
        yield _one_by_one(block[: held + 1], length, cut_off)


def _at_once(text: NDArray[np.uint8], length: int) -> NDArray[np.uint8] | None:
    """As many lines as are whole, if all have the right length and the same end, else ``None``."""
    for end in (b"\n", b"\r\n"):
        stride = length + len(end)
        lines = len(text) // stride
        rows = text[: lines * stride].reshape(lines, stride)
        ends, wanted = rows[:, length:], np.frombuffer(end, np.uint8)
        if lines and (ends == wanted).all():
            # Two short lines may end where one should; then there is an end inside a row. The least of all
            # bytes is found several times as fast as that of each row, so the right ends step aside.
            ends[:] = 255
            if rows.min() > _LAST_END:
                return rows
            ends[:] = wanted
            return None
    return None


def _one_by_one(text: NDArray[np.uint8], length: int, cut_off: bool) -> tuple[NDArray[np.uint8], int]:
    """The lines of the right length and the number of others; the first is wrong if ``cut_off``.

    Empty lines are none.
    """
    lines = [line.removesuffix(b"\r") for line in text.tobytes().split(b"\n")][int(cut_off) :]
    right = [line for line in lines if len(line) == length]
    filled = sum(1 for line in lines if line) + int(cut_off)
    return np.frombuffer(b"".join(right), np.uint8).reshape(-1, length), filled - len(right)
