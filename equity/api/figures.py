"""Figures of a release: filtered, in pages, as JSON, CSV or GeoJSON."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request, Response

from equity.api.answers import CURRENT, FIXED, has_already, headers_of, tag
from equity.api.cursor import make_cursor, read_cursor
from equity.api.library import Shelf
from equity.api.models import FeatureCollection, FiguresPage
from equity.api.problems import ProblemError, root_of
from equity.api.query import MEDIA, Filters, Form, ReleaseId, find, form_of
from equity.api.releases import NOT_FOUND, cite, require_row
from equity.api.services import in_thread, services_of
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.documents.tables import COLUMNS, csv_bytes, tidy
from equity.views.notes import demonstration_notice

router = APIRouter(tags=["figures"])

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "model": FiguresPage,
        "description": "Figures. A hidden one has a status and a reason, and no numbers in any form.",
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "measure,measure_name,area_kind,area,...\r\ninfant_mortality,...",
            },
            "application/geo+json": {
                "schema": {"$ref": f"#/components/schemas/{FeatureCollection.__name__}"}
            },
        },
        "headers": {
            "Link": {
                "description": "rel=next: the next page; rel=describedby: the release and its rules.",
                "schema": {"type": "string"},
            },
            "ETag": {"description": "Send it as If-None-Match.", "schema": {"type": "string"}},
        },
    },
    304: {"description": "You have these figures already (If-None-Match)."},
    400: {"description": "A parameter is wrong, or a cursor belongs to another release or query."},
    404: {"description": NOT_FOUND},
    406: {"description": "No such form of the answer."},
    503: {"description": "No release is current, or the store cannot be used."},
}


@router.get("/releases/{release}/figures", responses=_ANSWERS, summary="Figures of a release")
async def get_figures(
    request: Request,
    release: ReleaseId,
    filters: Annotated[Filters, Query()],
) -> Response:
    """Figures that fit all filters; without a filter all there are, a page at a time.

    The next page is in `links.next` and the header `Link`; it stays with the release of the first one,
    also where a new release is published meanwhile. GeoJSON wants one measure and one period.
    """
    services = services_of(request)
    form = form_of(request, filters.format)
    _require_one(form, filters)
    row = await in_thread(services.reading, partial(require_row, services.library, release))
    query = urlencode(filters.chosen())
    start = read_cursor(filters.cursor, f"{row.id}?{query}")
    root = root_of(request)
    etag = tag(row.id, f"{root} {form} {filters.limit} {start} {query}")
    headers = headers_of(etag, CURRENT if release == "current" else FIXED)
    if has_already(request, etag):
        return Response(status_code=304, headers=headers)

    def make() -> tuple[bytes, str | None]:
        shelf = services.library.shelf(row)
        page = Page(shelf, row.id, root, form, filters, start, query)
        return services.library.answer((etag, filters.cursor or ""), page.body), page.next

    body, following = await in_thread(services.reading, make)
    links = [f'<{following}>; rel="next"'] if following else []
    headers["Link"] = ", ".join([*links, f'<{root}/releases/{row.id}>; rel="describedby"'])
    if form == "csv":
        headers["Content-Disposition"] = f'attachment; filename="figures-{row.id}.csv"'
    return Response(body, headers=headers, media_type=MEDIA[form])


class Page:
    """One page of figures and the address of the next."""

    def __init__(
        self,
        shelf: Shelf,
        release_id: str,
        root: str,
        form: Form,
        filters: Filters,
        start: int,
        query: str,
    ) -> None:
        self.shelf, self.release, self.form, self.root = shelf, shelf.release, form, root
        places = find(shelf, filters)
        self.total = len(places)
        scope = f"{release_id}?{query}"
        read_cursor(filters.cursor, scope, self.total)
        self.address = f"{root}/releases/{release_id}/figures"
        self.options = [*filters.chosen(), ("format", form), ("limit", str(filters.limit))]
        self.cursor = filters.cursor
        end = start + filters.limit
        self.rows = places[start:end]
        self.next = self._link(make_cursor(scope, end)) if end < self.total else None

    def body(self) -> bytes:
        """The page in its form."""
        figures = [self.shelf.figures[row] for row in self.rows]
        if self.form == "csv":
            return csv_bytes(self.release, figures)
        return orjson.dumps(self._json(figures) if self.form == "json" else self._geojson(figures))

    def _json(self, figures: list[Figure]) -> dict[str, Any]:
        return {
            "release": self.release.id,
            "cite": cite(self.release.id, self.release.created_at, self.release.policy, self.root),
            "notice": demonstration_notice(figures),
            "total": self.total,
            "figures": [{name: row[name] for name in COLUMNS} for row in tidy(self.release, figures)],
            "links": self._links(),
        }

    def _geojson(self, figures: list[Figure]) -> dict[str, Any]:
        shapes = _shapes(self.release)
        features = [
            {
                "type": "Feature",
                "id": f"{row['area_kind']}/{row['area']}/{row['group']}",
                "geometry": shapes.get((row["area_kind"], row["area"])),
                "properties": {name: row[name] for name in COLUMNS},
            }
            for row in tidy(self.release, figures)
        ]
        page = self._json([])
        del page["figures"]
        return {
            **page,
            "type": "FeatureCollection",
            "notice": demonstration_notice(figures),
            "boundaries": str(self.release.manifest.get("boundaries", "")),
            "features": features,
        }

    def _links(self) -> dict[str, str]:
        links = {"self": self._link(self.cursor)}
        return links | ({"next": self.next} if self.next else {})

    def _link(self, cursor: str | None) -> str:
        options = [*self.options, ("cursor", cursor)] if cursor else self.options
        return f"{self.address}?{urlencode(options)}"


def _require_one(form: Form, filters: Filters) -> None:
    if form != "geojson":
        return
    for name in ("measure", "period"):
        if len(set(getattr(filters, name))) != 1:
            raise ProblemError(
                "invalid-request",
                "GeoJSON holds one figure for a place and group: name one measure and one period.",
                errors=[{"where": f"parameter {name}", "message": "must be given, with one value"}],
            )


def _shapes(release: Release) -> dict[tuple[str, str], Any]:
    return {
        (kind, feature["properties"]["geoid"]): feature["geometry"]
        for kind, layer in release.layers.items()
        for feature in layer["features"]
    }
