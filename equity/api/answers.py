"""Answers that may be kept: their tag, how long they hold, and 304 where the reader has them already."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import orjson
from fastapi import Request, Response

from equity.config import ROOT

#: What is said of the current release may change with the next request; a release itself does not.
CURRENT: Final = "public, no-cache"
FIXED: Final = "public, max-age=3600"
JSON: Final = "application/json"


@cache
def wording() -> str:
    """A digest of everything beside figures that an answer is made of: words, measures and this room."""
    digest = hashlib.sha256()
    for folder, pattern in (("words", "en/*.toml"), ("registry", "*.toml"), ("api", "*.py")):
        for file in sorted((ROOT / "equity" / folder).glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def tag(release_id: str, query: str) -> str:
    """The tag of an answer made from a release; weak, because it may travel compressed."""
    mark = hashlib.sha256(f"{wording()} {query}".encode()).hexdigest()[:16]
    return f'W/"{release_id}-{mark}"'


def has_already(request: Request, etag: str) -> bool:
    """True where the reader holds the answer of this tag."""
    given = request.headers.get("if-none-match", "")
    held = [item.strip().removeprefix("W/") for item in given.split(",")]
    return "*" in held or etag.removeprefix("W/") in held


def headers_of(etag: str, keep: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The headers by which an answer may be kept; it depends on what the reader accepts."""
    return {"ETag": etag, "Cache-Control": keep, "Vary": "Accept", **(more or {})}


def as_json(request: Request, document: Mapping[str, Any], etag: str, keep: str) -> Response:
    """A JSON answer, or 304."""
    headers = headers_of(etag, keep)
    if has_already(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(orjson.dumps(document), media_type=JSON, headers=headers)
