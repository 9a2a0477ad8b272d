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
from pathlib import Path
from typing import Final, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from equity.intake.records.layouts import Field
from equity.intake.records.wanted import LENGTH, Wanted
from equity.intake.report import IntakeError

GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
#: What a compressed file may raise that is cut off, damaged or locked.
DAMAGED: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError)
_END: Final = 10
#: The highest of the characters that end lines.
_LAST_END: Final = 13
#: Bytes read at a time, no more than stay in a processor's own cache until they are cut.
_BLOCK: Final = 512 * 1024
#: Lines handed on at a time, at least: every turn of the engine costs.
_LINES: Final = 32_768
_LAST_ASCII: Final = 127
#: Stands for a byte that is no ASCII.
_WRONG: Final = ord("?")


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


def schema(wanted: Wanted) -> pa.Schema:
    """The columns of :func:`batches`."""
    return pa.schema([(name, pa.string()) for name in wanted.names])


def batches(file: io.BufferedIOBase, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """The wanted fields of every line. Empty lines are none; the order of lines is not kept."""
    columns = [_places(wanted.keys), *(_places((field,)) for field in wanted.measured)]
    held: list[list[NDArray[np.uint8]]] = []
    lines = others = 0
    for rows, wrong in _rows(file, wanted.length):
        held.append([np.take(rows, places, axis=1) for places in columns])
        lines, others = lines + len(rows), others + wrong
        if lines + others >= _LINES:
            yield _batch(held, others, wanted)
            held, lines, others = [], 0, 0
    if held:
        yield _batch(held, others, wanted)


def _places(fields: tuple[Field, ...]) -> NDArray[np.intp]:
    """Where the characters of fields stand in a line, from 0."""
    return np.concatenate([np.arange(field.first - 1, field.last) for field in fields])


def _batch(held: list[list[NDArray[np.uint8]]], wrong: int, wanted: Wanted) -> pa.RecordBatch:
    """The fields of some blocks of lines, and after them so many lines of a wrong length."""
    fields = [np.concatenate(blocks) for blocks in zip(*held, strict=True)]
    texts = [LENGTH, *("" for _ in wanted.measured)]
    return pa.record_batch(list(map(_texts, fields, texts, [wrong] * len(texts))), schema=schema(wanted))


def _texts(cut: NDArray[np.uint8], last: str, times: int) -> pa.StringArray:
    """Texts of one length, a row each, and after them another some times over."""
    np.copyto(cut, _WRONG, where=cut > _LAST_ASCII)
    lines, width = cut.shape
    ends = np.arange(1, times + 1, dtype=np.int32) * len(last) + lines * width
    offsets = np.concatenate([np.arange(lines + 1, dtype=np.int32) * width, ends], dtype=np.int32)
    content = cut.tobytes() + last.encode() * times if times else cut
    return pa.StringArray.from_buffers(lines + times, pa.py_buffer(offsets), pa.py_buffer(content))


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
