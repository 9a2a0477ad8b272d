"""The releases: which there are, under which rules, and what they have figures of."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
from fastapi import APIRouter, Request, Response

from equity.api.answers import CURRENT, FIXED, as_json, has_already, tag
from equity.api.library import Library
from equity.api.models import ReleaseFull, Releases
from equity.api.problems import ProblemError, root_of
from equity.api.query import ReleaseId
from equity.api.services import in_thread, services_of
from equity.release.figure import period_code
from equity.release.load import Release
from equity.store.releases import ReleaseRow
from equity.views.about import release_facts
from equity.words import say

router = APIRouter(tags=["releases"])

NOT_FOUND: Final = "No release of this id may be read."
_UNAVAILABLE: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "You have it already (If-None-Match)."},
    503: {"description": "No release is current, or the store cannot be used."},
}


@router.get("/releases", response_model=Releases, responses=_UNAVAILABLE, summary="Releases")
async def get_releases(request: Request) -> Response:
    """The current release and those it followed, the newest first.

    A release the steward went back from is not listed and cannot be read.
    """
    services = services_of(request)
    rows = await in_thread(services.reading, services.library.rows)
    root = root_of(request)
    etag = tag(rows[0].id if rows else "none", f"{root} releases {[row.id for row in rows]}")
    return as_json(request, {"releases": [_short(row, root) for row in rows]}, etag, CURRENT)


@router.get(
    "/releases/{release}",
    response_model=ReleaseFull,
    responses={404: {"description": NOT_FOUND}, **_UNAVAILABLE},
    summary="A release",
)
async def get_release(
    request: Request,
    release: ReleaseId,
) -> Response:
    """What a release is: its rules for small numbers, how to cite it, and what it has figures of."""
    services = services_of(request)
    row = await in_thread(services.reading, partial(require_row, services.library, release))
    root = root_of(request)
    keep = CURRENT if release == "current" else FIXED
    etag = tag(row.id, f"{root} release {row.current}")
    if has_already(request, etag):
        return as_json(request, {}, etag, keep)
    shelf = await in_thread(services.reading, partial(services.library.shelf, row))
    document = _short(row, root) | await in_thread(services.reading, partial(_more, shelf.release))
    return as_json(request, document, etag, keep)


def require_row(library: Library, release: str) -> ReleaseRow:
    """The release of an id or ``current``. Raises :class:`ProblemError` where it may not be read."""
    row = library.row(release)
    if row is None:
        raise ProblemError(
            "not-found", f"There is no release {release} to read: /releases lists those there are."
        )
    return row


def cite(release_id: str, created_at: str, policy: str, root: str) -> str:
    """How to name a release where its figures are used."""
    line = say("view.release_line", id=release_id, date=created_at[:10], policy=policy)
    title = "Infant health equity dashboard, St. Louis and Missouri's Bootheel."
    return f"{title} {line} {root}/releases/{release_id}"


def _short(row: ReleaseRow, root: str) -> dict[str, Any]:
    address = f"{root}/releases/{row.id}"
    return {
        "id": row.id,
        "policy": row.policy,
        "published": row.created_at,
        "current": row.current,
        "figures": row.figure_count,
        "cite": cite(row.id, row.created_at, row.policy, root),
        "links": {"self": address, "figures": f"{address}/figures"},
    }


def _more(release: Release) -> dict[str, Any]:
    table, manifest = release.figures, release.manifest
    periods = np.unique(table[["first_year", "last_year"]].to_numpy(), axis=0).tolist()
    shown = table["status"].isin(("shown", "unstable"))
    made_up = bool((shown & table["basis"].eq("demonstration")).any())
    known = "rules" in manifest
    return {
        "rules": release_facts(release)[say("about.fact.rules")] if known else "",
        "thresholds": manifest.get("rules", {}),
        "counts": manifest.get("figures", {}),
        "boundaries": str(manifest.get("boundaries", "")),
        "notice": say("view.demonstration") if made_up else "",
        "measures": _used(release, "measure"),
        "periods": [period_code(first, last) for first, last in periods],
        "area_kinds": _used(release, "area_kind"),
        "groups": _used(release, "group"),
    }


def _used(release: Release, column: str) -> list[str]:
    return sorted(str(code) for code in release.figures[column].unique())
