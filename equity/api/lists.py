"""What figures are of and where they come from: measures, places, sources; and kinds of problem."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

import pandas as pd
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from equity.api.answers import CURRENT, as_json, has_already, tag
from equity.api.models import Areas, Measures, ProblemKinds, Sources, Start
from equity.api.problems import KINDS, root_of
from equity.api.query import AreaKind, Code
from equity.api.releases import require_row
from equity.api.services import in_thread, services_of
from equity.registry import measures
from equity.release.load import Release

router = APIRouter(tags=["lists"])

_KEPT: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "You have it already (If-None-Match)."},
}
_OF_RELEASE: Final = _KEPT | {503: {"description": "No release is current, or the store cannot be used."}}
_MEASURE: Final = (
    "id", "name", "definition", "unit", "decimals", "direction", "numerator", "denominator",
    "interval", "misleads", "defined_by",
)  # fmt: skip
_SOURCE: Final = ("id", "basis", "publisher", "title", "vintage", "url", "licence", "note")


class AreaFilters(BaseModel):
    """Which places."""

    model_config = ConfigDict(extra="forbid")

    kind: AreaKind | None = Field(None, description="A kind of place.", examples=["county"])
    region: Code | None = Field(None, description="Places of a region.", examples=["bootheel"])


@router.get("/", response_model=Start, summary="Where to begin")
async def get_start(request: Request) -> Response:
    """The addresses of this API."""
    root = root_of(request)
    names = {
        "openapi": "openapi.json", "releases": "releases", "current": "releases/current",
        "figures": "releases/current/figures", "measures": "measures", "areas": "areas",
        "sources": "sources", "submissions": "submissions", "problems": "problems",
    }  # fmt: skip
    links = {name: f"{root}/{path}" for name, path in names.items()}
    document = {"title": "Infant health equity dashboard: figures and files", "links": links}
    return as_json(request, document, tag("start", root), CURRENT)


@router.get("/measures", response_model=Measures, responses=_KEPT, summary="Measures")
async def get_measures(request: Request) -> Response:
    """Every measure: definition, unit, which way is better, and when it misleads."""
    entries = [
        {name: getattr(entry, name) for name in _MEASURE} | {"next_review": entry.next_review.isoformat()}
        for entry in measures().values()
    ]
    return as_json(request, {"measures": entries}, tag("measures", ""), CURRENT)


@router.get("/areas", response_model=Areas, responses=_OF_RELEASE, summary="Places")
async def get_areas(request: Request, filters: Annotated[AreaFilters, Query()]) -> Response:
    """The places of the current release."""

    def rows(release: Release) -> list[dict[str, Any]]:
        table = release.areas[["kind", "geoid", "name", "region"]].fillna("").sort_values(["kind", "geoid"])
        if filters.kind:
            table = table[table["kind"].eq(filters.kind)]
        if filters.region:
            table = table[table["region"].eq(filters.region)]
        return _records(table.rename(columns={"geoid": "area"}))

    return await _of_current(request, "areas", rows, f"{filters.kind} {filters.region}")


@router.get("/sources", response_model=Sources, responses=_OF_RELEASE, summary="Sources")
async def get_sources(request: Request) -> Response:
    """Where the figures of the current release come from."""

    def rows(release: Release) -> list[dict[str, Any]]:
        table = release.tables["sources"] if "sources" in release.tables else pd.DataFrame(columns=_SOURCE)
        return _records(table[list(_SOURCE)].fillna("").sort_values("id"))

    return await _of_current(request, "sources", rows)


@router.get("/problems", response_model=ProblemKinds, responses=_KEPT, summary="Kinds of problem")
async def get_problems(request: Request) -> Response:
    """What every kind of error means, and what to do."""
    kinds = [
        {"kind": name, "title": kind.title, "status": kind.status, "meaning": kind.meaning}
        for name, kind in KINDS.items()
    ]
    return as_json(request, {"problems": kinds}, tag("problems", ""), CURRENT)


async def _of_current(request: Request, name: str, rows: Any, query: str = "") -> Response:
    services = services_of(request)
    row = await in_thread(services.reading, partial(require_row, services.library, "current"))
    etag = tag(row.id, f"{name} {query}")
    if has_already(request, etag):
        return as_json(request, {}, etag, CURRENT)

    def make() -> dict[str, Any]:
        release = services.library.shelf(row).release
        return {"release": release.id, name: rows(release)}

    return as_json(request, await in_thread(services.reading, make), etag, CURRENT)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): str(value) for key, value in row.items()} for row in table.to_dict("records")]
