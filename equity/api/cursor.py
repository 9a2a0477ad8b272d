"""Leading on through many rows: where the next page begins, in a form that is not for reading."""

from __future__ import annotations

import base64
import binascii
import hashlib

import orjson

from equity.api.problems import ProblemError


def make_cursor(scope: str, start: int) -> str:
    """A cursor to the row ``start`` of what ``scope`` names."""
    packed = orjson.dumps([_mark(scope), start])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str | None, scope: str, total: int | None = None) -> int:
    """The row a cursor leads to; 0 without one.

    Raises :class:`ProblemError` for one that was made for something else, or never here.
    """
    if cursor is None:
        return 0
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, start = orjson.loads(packed)
    except (binascii.Error, ValueError, TypeError):
        raise _foreign() from None
    if mark != _mark(scope) or type(start) is not int or start < 0:
        raise _foreign()
    if total is not None and start >= total:
        raise _foreign()
    return start


def _mark(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:16]


def _foreign() -> ProblemError:
    return ProblemError(
        "foreign-cursor",
        "The cursor was made for another release or query: follow 'links.next' as it is, "
        "or start without one.",
    )
