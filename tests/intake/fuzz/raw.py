"""Ways of spoiling the bytes of a file. Each takes bytes and a source of chance and gives new bytes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from random import Random
from typing import Final

#: What says that text is no table.
NO_TABLE: Final = csv.Error
SpoilBytes = Callable[[bytes, Random], bytes]
_BITS: Final = (b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b'"', b'""', b"\n", b"\r", b"\t", b",", b";",
                b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1a", b"=", b"<", b"\xc3", b"\xed\xa0\x80",
                b"\xf4\x90\x80\x80")  # fmt: skip


def flip(content: bytes, chance: Random) -> bytes:
    """A few bytes changed to any others."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def lose(content: bytes, chance: Random) -> bytes:
    """A run of bytes gone."""
    at = chance.randrange(len(content) + 1)
    return content[:at] + content[at + chance.choice((1, 2, 50, 3_000)) :]


def insert(content: bytes, chance: Random) -> bytes:
    """Bytes that mean something elsewhere, or any."""
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice((*_BITS, chance.randbytes(5))) + content[at:]


def truncate(content: bytes, chance: Random) -> bytes:
    """The end of the file gone."""
    return content[: chance.randrange(len(content) + 1)]


def lines(content: bytes, chance: Random) -> bytes:
    """Lines exchanged, doubled, joined or gone."""
    found = content.split(b"\n")
    one, other = chance.randrange(len(found)), chance.randrange(len(found))
    kind = chance.randrange(4)
    if kind == 0:
        found[one], found[other] = found[other], found[one]
    elif kind == 1:
        found.insert(other, found[one])
    elif kind == 2:
        found[one] = found[one] + found.pop(other) if one != other and one < len(found) - 1 else b""
    else:
        del found[one]
    return b"\n".join(found)


def recode(content: bytes, chance: Random) -> bytes:
    """The same text in an encoding that was not meant, or taken for one."""
    taken, given = chance.choice(
        (("utf-8", "utf-16"), ("utf-8", "utf-16-le"), ("utf-8", "utf-16-be"), ("utf-8", "utf-32"),
         ("latin-1", "utf-8"), ("utf-8", "cp1252"), ("utf-8", "utf-7"), ("utf-8", "cp037"),
         ("utf-8", "shift_jis"))
    )  # fmt: skip
    return content.decode(taken, "replace").encode(given, "replace")


def separators(content: bytes, chance: Random) -> bytes:
    """One sign for another, all over the file or in one half of it."""
    one, other = chance.sample((b",", b";", b"\t", b"|", b'"', b"\n", b" "), 2)
    half = len(content) // 2 if chance.random() < 0.5 else 0
    return content[:half] + content[half:].replace(one, other)


def controls(content: bytes, chance: Random) -> bytes:
    """Control characters sown in."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 4))):
        made.insert(chance.randrange(len(made) + 1), chance.choice((0, 1, 7, 8, 11, 12, 26, 27, 127)))
    return bytes(made)


SPOILS: Final[tuple[SpoilBytes, ...]] = (
    flip, flip, lose, insert, truncate, lines, lines, recode, separators, controls,
)  # fmt: skip
