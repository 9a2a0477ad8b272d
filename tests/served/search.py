"""Looking for planted secrets in bytes: opened as far as anything in them can be opened."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import numpy as np
import pyarrow as pa
from google.protobuf.message import DecodeError, Message
from pypdf import PdfReader
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.served.plant import WORD, key

_NUMBER: Final = re.compile(rb"\d+\.\d{4,}(?:[eE]-?\d+)?")
_TYPED: Final = re.compile(rb'"dtype":"([^"]+)","bdata":"([^"]+)"|"bdata":"([^"]+)","dtype":"([^"]+)"')
_BASE64: Final = re.compile(rb"base64,([A-Za-z0-9+/=]{8,})")
_PICTURE: Final = b"\x89PNG\r\n\x1a\n"
#: Files in files go no deeper.
_DEPTH: Final = 5


@dataclass(frozen=True)
class Found:
    """A secret and where it was."""

    where: str
    secret: str


def search(pieces: Iterable[tuple[str, bytes]], numbers: Iterable[float]) -> list[Found]:
    """Every planted word and number in the pieces, whatever they are packed in.

    A number is known by its first digits (``DIGITS``); one written with fewer may be any other.
    """
    sought = {key(number): number for number in numbers}
    known: dict[bytes, str | None] = {}
    found = []
    for where, piece in pieces:
        for content in opened(piece):
            for at in re.finditer(WORD.encode(), content):
                found.append(Found(where, content[at.start() : at.start() + 40].decode(errors="replace")))
            for token in set(_NUMBER.findall(content)):
                if token not in known:
                    number = key(float(token))
                    known[token] = number if number in sought else None
                if (number := known[token]) is not None:
                    found.append(Found(where, f"{token.decode()} is {sought[number]!r}"))
    return found


def opened(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes themselves, and what they hold: members, streams, pictures' texts, unescaped texts."""
    yield content
    if depth == _DEPTH:
        return
    for inside in _inside(content):
        yield from opened(inside, depth + 1)


def _inside(content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content[:5] == b"%PDF-":
        yield from _of_pdf(content)
    elif content[:8] == _PICTURE:
        yield from _of_picture(content)
    else:
        yield from _of_text(content)


def _of_pdf(content: bytes) -> Iterator[bytes]:
    """Every object and stream of a PDF, its metadata, and its words as a reader sees them.

    Numbers of a stream are where on the paper something is drawn.
    """
    document = PdfReader(io.BytesIO(content))
    for number in range(1, len(document.xref_objStm) + sum(map(len, document.xref.values())) + 1):
        thing = document.get_object(number)
        if thing is not None:
            yield _NUMBER.sub(b"", thing.get_data()) if hasattr(thing, "get_data") else str(thing).encode()
    yield str(document.metadata).encode()
    yield from (page.extract_text().encode() for page in document.pages)


def _of_picture(content: bytes) -> Iterator[bytes]:
    """The texts that a PNG carries beside its points."""
    start = len(_PICTURE)
    while start < len(content):
        size, kind = int.from_bytes(content[start : start + 4]), content[start + 4 : start + 8]
        chunk = content[start + 8 : start + 8 + size]
        if kind in (b"zTXt", b"iTXt"):
            _, _, rest = chunk.partition(b"\0")
            for skip in range(1, len(rest)):
                try:
                    yield zlib.decompress(rest[skip:])
                    break
                except zlib.error:
                    continue
        start += size + 12


def _of_text(content: bytes) -> Iterator[bytes]:
    """Numbers packed as base64 in the data of a chart, pictures in addresses, and escaped texts."""
    for found in _TYPED.finditer(content):
        dtype, packed = (found[1], found[2]) if found[1] else (found[4], found[3])
        numbers = np.frombuffer(base64.b64decode(packed), dtype=dtype.decode())
        yield " ".join(repr(float(number)) for number in numbers).encode()
    for packed in _BASE64.findall(content):
        yield base64.b64decode(packed + b"=" * (-len(packed) % 4))
    if b"data:image/svg+xml" in content and b"%3" in content:
        yield unquote_to_bytes(content)


def of_message(content: bytes) -> Iterator[bytes]:
    """A message of Streamlit's and, as text, the tables in it."""
    yield content
    try:
        message = ForwardMsg.FromString(content)
    except DecodeError:
        return
    for packed in _packed(message):
        try:
            table = pa.ipc.open_stream(packed).read_all()
        except pa.ArrowInvalid:
            continue
        yield repr(table.to_pydict()).encode()
        yield repr(table.schema.metadata).encode()


def _packed(message: Any) -> Iterator[bytes]:
    """Every field of raw bytes in a message, however deep."""
    for _, value in message.ListFields():
        several = value if hasattr(value, "__iter__") and not isinstance(value, bytes | str) else [value]
        for one in several:
            if isinstance(one, Message):
                yield from _packed(one)
            elif isinstance(one, bytes):
                yield one
