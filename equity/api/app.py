"""The API as an ASGI application, to be mounted beside the pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from equity.api import figures, lists, releases, submissions
from equity.api.document import complete
from equity.api.guard import Guard
from equity.api.library import Library
from equity.api.problems import KINDS, ProblemError, on_http, on_invalid, on_problem, problem, root_of
from equity.api.services import make_services
from equity.config import ApiConfig
from equity.release.load import Release, ReleaseError
from equity.store.errors import StoreError

log = logging.getLogger(__name__)

_RETRY: Final = {"Retry-After": "10"}
_DESCRIPTION: Final = """\
Infant mortality and home visiting in St. Louis and Missouri's Bootheel: the figures the dashboard shows, for
other programs to read, and a door for agencies' files.

**Figures** are read without a token. Every one carries its range, status, basis and source. Small counts are
hidden: such a figure has a status and a reason, and no number. Figures of the basis `demonstration` are made
up to show how the dashboard works: never quote them as findings. A *release* is all figures as published
together, and never changes; cite its id. Answers carry an ETag: ask again with `If-None-Match`.

**Files** are handed in with a token, are checked at once, and wait for a data steward. Nothing here accepts
or publishes.

Errors are `application/problem+json` (RFC 9457). `429` says in `Retry-After` how many seconds to wait.
"""
_TAGS: Final = [
    {"name": "figures", "description": "The figures of a release."},
    {"name": "releases", "description": "All figures as they were published together."},
    {"name": "lists", "description": "Measures, places, sources, kinds of problem."},
    {"name": "submissions", "description": "Files of agencies."},
]


def create_api(
    open_engine: Callable[[], Engine], config: ApiConfig, shared: Callable[[], Release] | None = None
) -> FastAPI:
    """The API over a store.

    ``open_engine`` gives the store and may raise ``StoreError`` at each request; ``shared`` the release
    that pages show, so that it is in memory once. The pages that draw documentation are off: they would
    fetch scripts from elsewhere.
    """
    services = make_services(open_engine, Library(open_engine, shared), config)
    api = FastAPI(
        title="Infant health equity dashboard",
        version="1",
        summary="Released figures, and files handed in",
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        license_info={"name": "MIT", "identifier": "MIT"},
        exception_handlers={
            ProblemError: on_problem,
            HTTPException: on_http,
            RequestValidationError: on_invalid,
            StoreError: _on_store,
            ReleaseError: _on_store,
            SQLAlchemyError: _on_store,
        },
    )
    api.state.services = services
    for part in (lists, releases, figures, submissions):
        api.include_router(part.router)
    api.add_middleware(Guard, services=services)
    complete(api)
    return api


async def _on_store(request: Request, error: Exception) -> Response:
    """The store cannot be used or nothing is published; which file or server that is, only the log says."""
    log.warning("The API has nothing to answer with. %s", error)
    return problem(root_of(request), "not-ready", KINDS["not-ready"].meaning, _RETRY)
