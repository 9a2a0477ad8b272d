"""Files handed in by agencies: taken for a steward to decide on, and followed by those who sent them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from equity.api.access import may_follow, may_submit
from equity.api.answers import JSON
from equity.api.body import FORM, PLAIN, on_its_way, read_file
from equity.api.cursor import make_cursor, read_cursor
from equity.api.models import SubmissionFull, Submissions
from equity.api.problems import ProblemError, root_of
from equity.api.query import Cursor
from equity.api.services import Services, in_thread, services_of
from equity.intake.report import IntakeError
from equity.intake.submit import Received, receive
from equity.store.submissions import Submission, find_submission
from equity.store.tokens import Handed, Token, handed_in_by, note_submission

router = APIRouter(prefix="/submissions", tags=["submissions"])

_NOBODY: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "No valid token."},
    403: {"description": "The token lacks the scope."},
    503: {"description": "The store cannot be used, or too much is going on."},
}
_BODY: Final = {
    "required": True,
    "content": {
        **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in PLAIN},
        FORM: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}
_HANDED_IN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": SubmissionFull, "description": "This very file came in before: the submission it became."},
    201: {
        "model": SubmissionFull,
        "description": "It came in and waits for a steward.",
        "headers": {"Location": {"description": "Where to follow it.", "schema": {"type": "string"}}},
    },
    400: {"description": "The form or a parameter is broken."},
    **_NOBODY,
    408: {"description": "The file came too slowly."},
    409: {"description": "Somebody else handed in this very file."},
    413: {"description": "The file is larger than 30 MB; the rest of it is not read."},
    415: {"description": "The body is of a kind that is not taken."},
    422: {"description": "The file was refused whole: 'findings' has row, column and what to do."},
}


class FileName(BaseModel):
    """How the file is called where the body does not say."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("file", max_length=300, description="Name of the file, if the body is the file itself.",
                      examples=["births-2023.txt"])  # fmt: skip


class ListOptions(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200, description="Submissions on a page.")
    cursor: Cursor | None = Field(None, description="Where to go on, as 'links.next' has it.")


@router.post("", responses=_HANDED_IN, status_code=201, openapi_extra={"requestBody": _BODY},
             summary="Hand a file in")  # fmt: skip
async def post_submission(
    request: Request,
    token: Annotated[Token, Depends(may_submit)],
    options: Annotated[FileName, Query()],
) -> Response:
    """Read and check a file: an export, a spreadsheet, a filled-in template, as the Data page takes it.

    It is taken whole or not at all, and is seen in no figure until a steward has accepted it and published
    a release. What the file is shows in its content; a second sending of the same bytes changes nothing.
    """
    services = services_of(request)
    wait = services.submissions.take(token.id)
    if wait:
        raise ProblemError(
            "too-many",
            f"Too many files with this token: wait {wait} s.",
            {"Retry-After": str(wait), "Connection": "close"},
        )
    with on_its_way(services):
        name, content = await read_file(request, options.name)
        received = await in_thread(services.taking_in, partial(_take, services, token, name, content))
    return _answer(received, token, root_of(request))


@router.get(
    "",
    response_model=Submissions,
    responses={400: {"description": "A parameter is wrong, or the cursor is foreign."}, **_NOBODY},
    summary="Your agency's submissions",
)
async def get_submissions(
    request: Request,
    token: Annotated[Token, Depends(may_follow)],
    options: Annotated[ListOptions, Query()],
) -> Response:
    """The files your agency handed in, newest first, whichever of its tokens they came by."""
    services, root = services_of(request), root_of(request)
    scope = f"submissions {token.sender}"
    start = read_cursor(options.cursor, scope)

    def work() -> tuple[list[Handed], int]:
        return handed_in_by(services.open_engine(), token.sender, options.limit, start)

    rows, total = await in_thread(services.letting_in, work)
    address = f"{root}/submissions?limit={options.limit}"
    end = start + options.limit
    following = f"{address}&cursor={make_cursor(scope, end)}" if end < total else None
    links = {"self": f"{address}&cursor={options.cursor}" if options.cursor else address}
    links |= {"next": following} if following else {}
    document = {"total": total, "submissions": [_short(row, root) for row in rows], "links": links}
    return _private(document, headers={"Link": f'<{following}>; rel="next"'} if following else {})


@router.get(
    "/{submission}",
    response_model=SubmissionFull,
    responses={404: {"description": "Your agency handed in nothing of this id."}, **_NOBODY},
    summary="A submission of your agency",
)
async def get_submission(
    request: Request,
    token: Annotated[Token, Depends(may_follow)],
    submission: Annotated[
        str, Path(pattern="^[0-9a-f]{12}$", description="Id of it.", examples=["1a2b3c4d5e6f"])
    ],
) -> Response:
    """What became of a file your agency handed in."""
    services = services_of(request)

    def work() -> Submission | None:
        return find_submission(services.open_engine(), submission)

    found = await in_thread(services.letting_in, work)
    if found is None or found.received_from != token.sender:
        raise ProblemError(
            "not-found",
            f"Your agency handed in nothing of the id {submission}: /submissions lists what it did.",
        )
    return _private(_full(found, root_of(request)))


def _take(services: Services, token: Token, name: str, content: bytes) -> Received:
    engine = services.open_engine()
    try:
        received = receive(engine, name, content, token.sender)
    except IntakeError as reason:
        raise ProblemError("refused-file", str(reason)) from None
    note_submission(engine, token, received.submission.id, received.again)
    return received


def _answer(received: Received, token: Token, root: str) -> Response:
    found = received.submission
    if received.again and found.received_from != token.sender:
        raise ProblemError(
            "handed-in-elsewhere", "This very file came in under another name: ask the data steward about it."
        )
    document = _full(found, root)
    if found.status == "refused":
        raise ProblemError(
            "refused-file",
            f"The file was refused whole: {document['rows_refused']:,} of its {document['rows_read']:,} rows "
            "cannot be taken. Mend what 'findings' says, and send it again.",
            submission=found.id,
            findings=document["findings"],
            more_findings=document["more_findings"],
        )
    headers = {"Location": document["link"]}
    return _private(document, 200 if received.again else 201, headers)


def _private(document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer for one agency alone, kept by nobody in between."""
    kept = {"Cache-Control": "no-store", "Vary": "Authorization", **(headers or {})}
    return Response(orjson.dumps(document), status, media_type=JSON, headers=kept)


def _short(found: Submission | Handed, root: str) -> dict[str, Any]:
    names = ("id", "status", "kind", "file_name", "sha256", "size")
    return {
        **{name: getattr(found, name) for name in names},
        "received": found.received_at,
        "link": f"{root}/submissions/{found.id}",
    }


def _full(found: Submission, root: str) -> dict[str, Any]:
    names = ("title", "rows_read", "rows_refused", "rows", "findings", "more_findings")
    return {
        **_short(found, root),
        **{name: found.report[name] for name in names},
        "decided": found.decided_at,
        "reason": found.reason,
    }
