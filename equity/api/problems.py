"""What went wrong, as RFC 9457 has it: every error of the API is a document of one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

MEDIA: Final = "application/problem+json"
#: Longer words of a request are cut where an answer repeats them.
_REPEATED: Final = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its title, the status it is answered with, and what a caller can do."""

    title: str
    status: int
    meaning: str


#: Kinds of problem by the end of their address, ``/api/v1/problems#...``.
KINDS: Final[dict[str, Kind]] = {
    "invalid-request": Kind(
        "The request cannot be understood",
        400,
        "A parameter has a wrong name or value, or a body is broken: 'errors' says which, and what to send.",
    ),
    "foreign-cursor": Kind(
        "The cursor belongs to other figures",
        400,
        "A cursor leads on in one release and one query: follow 'links.next' as it is, or start without one.",
    ),
    "no-token": Kind(
        "A valid token is needed",
        401,
        "Send 'Authorization: Bearer ...' with the token the data steward gave you; one that has ended or "
        "was revoked opens nothing: ask for a new one.",
    ),
    "wrong-scope": Kind(
        "The token is not for this",
        403,
        "The token is valid, and was made for something else: ask the data steward for one with this scope.",
    ),
    "not-found": Kind("There is nothing here", 404, "Look at the address, or at the list it came from."),
    "wrong-method": Kind(
        "This address does not take that method", 405, "The header 'Allow' names the methods it takes."
    ),
    "not-acceptable": Kind(
        "No such form of the answer",
        406,
        "Ask for application/json, text/csv or application/geo+json, or say format=json, csv or geojson.",
    ),
    "too-slow": Kind("The file came too slowly", 408, "Send it again, over a better line."),
    "handed-in-elsewhere": Kind(
        "Somebody else handed in this very file",
        409,
        "The same bytes came in under another name and need not come twice; ask the data steward about it.",
    ),
    "too-large": Kind(
        "The file is too large",
        413,
        "Files of the kinds read here are small: send one report, not an archive.",
    ),
    "wrong-media": Kind(
        "The body is of a kind that is not taken",
        415,
        "Send the file as it is with Content-Type: application/octet-stream, or as multipart/form-data.",
    ),
    "refused-file": Kind(
        "The file was refused",
        422,
        "Nothing of it was taken in. Mend what 'findings' or 'detail' says, and send the whole file again.",
    ),
    "too-many": Kind("Too many requests", 429, "Wait for the seconds that 'Retry-After' says."),
    "fault": Kind(
        "Something failed here",
        500,
        "It is no fault of the request. The server's log has the reason; tell whoever runs it.",
    ),
    "not-ready": Kind(
        "There is nothing to answer with yet",
        503,
        "The store cannot be used, no release is current, or too much is going on: try again later.",
    ),
}


class ProblemError(Exception):
    """Ends a request with a problem of a kind (a key of :data:`KINDS`), a sentence, and more members."""

    def __init__(
        self, kind: str, detail: str, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.headers, self.members = kind, detail, headers, members


def problem(
    root: str,
    kind: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    status: int | None = None,
    **members: Any,
) -> Response:
    """A problem as an answer; ``root`` is the address of the API. Never kept by anybody.

    What a caller wrote may stand in it: signs with a meaning in HTML are escaped, as JSON allows.
    """
    found = KINDS[kind]
    document = {
        "type": f"{root}/problems#{kind}",
        "title": found.title,
        "status": status or found.status,
        "detail": detail,
        **members,
    }
    body = orjson.dumps(document)
    for sign, code in ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026")):
        body = body.replace(sign, code)
    return Response(
        body,
        status or found.status,
        media_type=MEDIA,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


async def on_problem(request: Request, error: Exception) -> Response:
    """Answer a :class:`ProblemError`."""
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for nothing else
    return problem(root_of(request), error.kind, error.detail, error.headers, **error.members)


async def on_http(request: Request, error: Exception) -> Response:
    """Answer what the router refuses: unknown addresses and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    kinds = {found.status: kind for kind, found in reversed(KINDS.items())}
    kind = kinds.get(error.status_code, "invalid-request" if error.status_code < 500 else "fault")
    return problem(root_of(request), kind, KINDS[kind].meaning, error.headers, error.status_code)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer parameters that are not as declared, without the values that were sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    found = error.errors()
    if any(entry["loc"][0] == "path" for entry in found):
        return problem(root_of(request), "not-found", KINDS["not-found"].meaning)
    listed = [{"where": _where(entry), "message": _message(entry)} for entry in found]
    detail = "; ".join(f"{entry['where']}: {entry['message']}" for entry in listed[:3])
    return problem(root_of(request), "invalid-request", detail, errors=listed)


def root_of(request: Request) -> str:
    """The path under which the API is mounted, as the reader's browser sees it."""
    return str(request.scope.get("root_path", ""))


def shortened(text: str) -> str:
    """Words of a request as an answer repeats them."""
    return text if len(text) <= _REPEATED else f"{text[: _REPEATED - 1]}…"


def _where(entry: Mapping[str, Any]) -> str:
    kind, *rest = (str(part) for part in entry["loc"])
    return shortened(" ".join(("parameter" if kind == "query" else kind, *rest[:1])))


def _message(entry: Mapping[str, Any]) -> str:
    if entry["type"] == "extra_forbidden":
        return "there is no parameter of this name"
    return str(entry["msg"]).removeprefix("Value error, ")
