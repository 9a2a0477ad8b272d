"""Reading a file from a request's body, no further than a file may be long."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Final

import anyio
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from equity.api.problems import ProblemError
from equity.api.services import UPLOADS_AT_ONCE, Services
from equity.intake.upload import MOST_BYTES

#: Bodies that are the file itself. What a file is shows in its bytes: the kind is not looked at further.
PLAIN: Final = (
    "application/octet-stream",
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
FORM: Final = "multipart/form-data"
#: Bytes of a form beside its file.
_AROUND: Final = 64 * 1024
#: Seconds a file may take to come.
_PATIENCE: Final = 120
_BUSY_SECONDS: Final = 5
#: The rest of a body that was cut off is not read: the connection ends.
_CLOSE: Final = {"Connection": "close"}


async def read_file(request: Request, name: str) -> tuple[str, bytes]:
    """The name and the bytes of the file in a body: the body itself, or the part ``file`` of a form.

    ``name`` is the file's name where the body has none. Raises :class:`ProblemError`: 413 as soon as
    more has come than a file may have, whatever the length that was announced.
    """
    kind = (request.headers.get("content-type") or PLAIN[0]).partition(";")[0].strip().lower()
    if kind != FORM and kind not in PLAIN:
        raise ProblemError(
            "wrong-media",
            "Send the file as it is with Content-Type: application/octet-stream, or as multipart/form-data "
            "in a part named 'file'.",
            _CLOSE,
        )
    try:
        with anyio.fail_after(_PATIENCE):
            return await (_from_form(request) if kind == FORM else _from_body(request, name))
    except TimeoutError:
        raise ProblemError("too-slow", f"The file did not come within {_PATIENCE} s.", _CLOSE) from None


@contextmanager
def on_its_way(services: Services) -> Iterator[None]:
    """Hold one of the few places for files that are coming in. Raises :class:`ProblemError` (503)."""
    if services.uploads >= UPLOADS_AT_ONCE:
        raise ProblemError(
            "not-ready",
            f"Other files are coming in: send yours again in {_BUSY_SECONDS} s.",
            {"Retry-After": str(_BUSY_SECONDS), **_CLOSE},
        )
    services.uploads += 1
    try:
        yield
    finally:
        services.uploads -= 1


async def _from_body(request: Request, name: str) -> tuple[str, bytes]:
    content = bytearray()
    async for chunk in _limited(request, MOST_BYTES):
        content += chunk
    return name, bytes(content)


async def _from_form(request: Request) -> tuple[str, bytes]:
    stream = _limited(request, MOST_BYTES + _AROUND)
    try:
        form = await MultiPartParser(request.headers, stream, max_files=1, max_fields=0).parse()
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise ProblemError(
            "invalid-request",
            "The form must hold one part named 'file' with a file in it, and nothing else.",
            _CLOSE,
            errors=[{"where": "body", "message": "must be a form with one file"}],
        ) from None
    try:
        found = form.get("file")
        if not isinstance(found, UploadFile):
            raise ProblemError(
                "invalid-request",
                "The form has no part named 'file': give the file that name.",
                errors=[{"where": "body file", "message": "must be there"}],
            )
        return found.filename or "", await found.read()
    finally:
        await form.close()


async def _limited(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body in pieces. Raises :class:`ProblemError` with the first byte too many, announced or come."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large()
    come = 0
    async for chunk in request.stream():
        come += len(chunk)
        if come > most:
            raise _too_large()
        yield chunk


def _too_large() -> ProblemError:
    return ProblemError(
        "too-large",
        f"The file is larger than {MOST_BYTES // 1024**2} MB, which tables of these kinds are not: "
        "send one report at a time.",
        _CLOSE,
    )
