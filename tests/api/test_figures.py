"""Figures over HTTP, from the application itself: exactly those of the release, and no hidden number."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from equity.api.models import FigureRow
from equity.release.figure import KEY_COLUMNS, NUMBER_COLUMNS
from equity.release.load import Release
from equity.views.documents.tables import COLUMNS, tidy
from tests.api.serve import ROOT, Answer, Client
from tests.ui.server import Server

FIGURES = "/releases/current/figures"


def next_of(answer: Answer) -> str | None:
    """The address of the next page, from the header ``Link``."""
    for link in answer.headers["Link"].split(", "):
        address, _, relation = link.partition("; ")
        if relation == 'rel="next"':
            return address.strip("<>")
    return None


def pages(reader: Client, form: str, **query: Any) -> Iterator[Answer]:
    path: str | None = f"{FIGURES}?{urlencode(query | {'format': form}, doseq=True)}"
    while path:
        answer = reader.get(path)
        assert answer.status == 200
        yield answer
        path = next_of(answer)


def json_rows(reader: Client, **query: Any) -> list[dict[str, Any]]:
    return [row for page in pages(reader, "json", **query) for row in page.json()["figures"]]


def csv_rows(reader: Client, **query: Any) -> list[dict[str, str]]:
    texts = [page.body.decode("utf-8-sig") for page in pages(reader, "csv", **query)]
    return [row for text in texts for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_all_pages_together_are_the_release(reader: Client, shipped: Release) -> None:
    rows = json_rows(reader, limit=2000)
    assert len(rows) == len(shipped.figures) > 20_000
    assert rows == tidy(shipped, shipped.figures)
    keys = {tuple(row[name] for name in KEY_COLUMNS) for row in rows}
    assert len(keys) == len(rows)


def test_a_hidden_figure_has_no_number_in_any_form(reader: Client) -> None:
    hidden = ["suppressed", "missing", "not_applicable"]
    rows = json_rows(reader, status=hidden, limit=2000)
    assert len(rows) > 5000
    assert {row["status"] for row in rows} <= set(hidden)
    assert all(row[name] is None for row in rows for name in NUMBER_COLUMNS)
    assert all(row["reason"] and row["note"] and not row["interval_method"] for row in rows)
    cells = csv_rows(reader, status=hidden, limit=2000)
    assert len(cells) == len(rows)
    assert all(row[name] == "" for row in cells for name in NUMBER_COLUMNS)
    drawn = [
        feature["properties"]
        for page in pages(reader, "geojson", measure="infant_mortality", period="2017-2023")
        for feature in page.json()["features"]
    ]
    out_of_sight = [row for row in drawn if row["status"] in hidden]
    assert len(out_of_sight) > 10
    assert all(row[name] is None for row in out_of_sight for name in NUMBER_COLUMNS)


def test_the_three_forms_say_the_same(reader: Client, shipped: Release) -> None:
    query = {"measure": "infant_mortality", "period": "2017-2023", "limit": 37}
    rows, cells = json_rows(reader, **query), csv_rows(reader, **query)
    found = list(pages(reader, "geojson", **query))
    features = [feature for page in found for feature in page.json()["features"]]
    assert len(found) == math.ceil(len(rows) / 37) > 2
    assert [feature["properties"] for feature in features] == rows
    assert [list(row) for row in cells[:1]] == [list(COLUMNS)] == [list(rows[0])]
    for row, cell in zip(rows, cells, strict=True):
        for name, text in cell.items():
            if name in (*NUMBER_COLUMNS, "first_year", "last_year"):
                assert (None if text == "" else float(text)) == row[name]
            else:
                assert text == row[name]
    layers = {(kind, shape["id"]): shape["geometry"]
              for kind, layer in shipped.layers.items() for shape in layer["features"]}  # fmt: skip
    for feature in features:
        row = feature["properties"]
        assert feature["geometry"] == layers.get((row["area_kind"], row["area"]))
    assert {feature["properties"]["area_kind"] for feature in features if feature["geometry"] is None} == {
        "region", "state", "nation"
    }  # fmt: skip
    assert len({feature["id"] for feature in features}) == len(features)


def test_filters_fit_all_and_a_repeated_one_any(reader: Client, shipped: Release) -> None:
    table = shipped.figures
    rows = json_rows(reader, measure=["need", "coverage"], region="bootheel", area_kind="zip", period="2023")
    inside = shipped.areas.query("kind == 'zip' and region == 'bootheel'")["geoid"]
    expected = table[
        table["measure"].isin(["need", "coverage"]) & table["area_kind"].eq("zip")
        & table["area"].isin(inside) & table["first_year"].eq(2023) & table["last_year"].eq(2023)
    ]  # fmt: skip
    assert len(rows) == len(expected) > 50
    assert rows == tidy(shipped, expected)
    of_region = json_rows(reader, measure="infant_mortality", region="stl", area_kind="region", group="black")
    assert {row["area"] for row in of_region} == {"stl"} and {row["group"] for row in of_region} == {"black"}
    assert reader.get(f"{FIGURES}?area=99999").json()["total"] == 0


def test_what_is_made_up_says_so_everywhere(reader: Client) -> None:
    made_up = next(pages(reader, "json", basis="demonstration", status="shown", limit=500)).json()
    assert made_up["notice"].startswith("All figures here are DEMONSTRATION")
    assert all("demonstration" in row["basis_words"] for row in made_up["figures"])
    cells = csv_rows(reader, basis="demonstration", measure="need", period="2023")
    assert cells and all("demonstration" in row["basis_words"] for row in cells)
    collection = next(pages(reader, "geojson", measure="need", period="2023")).json()
    assert "DEMONSTRATION" in collection["notice"]
    assert next(pages(reader, "json", basis="reported")).json()["notice"] == ""


def test_every_answer_says_how_to_cite_it(reader: Client, shipped: Release) -> None:
    page = reader.get(f"{FIGURES}?limit=1")
    assert page.json()["release"] == shipped.id and shipped.id in page.json()["cite"]
    assert f'<{ROOT}/releases/{shipped.id}>; rel="describedby"' in page.headers["Link"]
    told = reader.get("/releases/current").json()
    assert told["cite"] == page.json()["cite"]
    assert "Counts of 1 to 9 are hidden" in told["rules"]
    assert told["thresholds"] == shipped.manifest["rules"]
    assert told["figures"] == len(shipped.figures) == sum(told["counts"].values())
    assert set(told["measures"]) == set(shipped.figures["measure"])
    assert "2017-2023" in told["periods"] and "DEMONSTRATION" in told["notice"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0.2, text/*;q=0.9", "text/csv; charset=utf-8"),
        ("*/*", "application/json"),
        ("application/geo+json, */*;q=0.1", "application/geo+json"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "application/json"),
    ],
)
def test_the_reader_chooses_the_form(reader: Client, accept: str, media: str) -> None:
    query = "?measure=infant_mortality&period=2023&limit=1"
    answer = reader.get(FIGURES + query, Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, media)
    assert "Accept" in answer.headers["Vary"]
    by_name = reader.get(f"{FIGURES}{query}&format=csv", Accept=accept)
    assert by_name.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "nonsense", "*/*;q=nan"])
def test_a_form_we_have_not_is_refused(reader: Client, accept: str) -> None:
    answer = reader.get(FIGURES, Accept=accept)
    assert (answer.status, answer.kind) == (406, "not-acceptable")


@pytest.mark.parametrize(
    "query", ["", "?measure=need", "?period=2023", "?measure=need&measure=births&period=2023"]
)
def test_geojson_wants_one_measure_and_period(reader: Client, query: str) -> None:
    answer = reader.get(FIGURES + query, Accept="application/geo+json")
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert "name one measure and one period" in answer.json()["detail"]


def test_who_has_an_answer_is_not_sent_it_again(reader: Client, shipped: Release) -> None:
    first = reader.get(f"{FIGURES}?measure=need")
    tag = first.headers["ETag"]
    assert shipped.id in tag and first.headers["Cache-Control"] == "public, no-cache"
    for held in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = reader.get(f"{FIGURES}?measure=need", If_None_Match=held)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    others = (
        "?measure=births",
        "?measure=need&limit=7",
        "?measure=need&format=csv",
        "?measure=need&group=all",
    )
    tags = {reader.get(FIGURES + query).headers["ETag"] for query in others}
    assert len(tags | {tag}) == 5
    assert reader.get(f"{FIGURES}?measure=need", If_None_Match='"other"').status == 200
    fixed = reader.get(f"/releases/{shipped.id}/figures?measure=need")
    assert (fixed.headers["ETag"], fixed.headers["Cache-Control"]) == (tag, "public, max-age=3600")
    for path in ("/releases", "/releases/current", "/measures", "/areas", "/sources", "/problems", "/"):
        answer = reader.get(path)
        assert answer.status == 200
        assert reader.get(path, If_None_Match=answer.headers["ETag"]).status == 304


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("colour=red", "parameter colour"),
        ("measure=nonsense", "parameter measure"),
        ("period=23", "parameter period"),
        ("limit=0", "parameter limit"),
        ("limit=2001", "parameter limit"),
        ("area=%3Cscript%3E", "parameter area"),
        ("status=open", "parameter status"),
        ("format=xml", "parameter format"),
        ("%3Cscript%3Ealert(1)%3C/script%3E=1", "parameter <script>alert(1)</script>"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_hostile_comes_back(
    reader: Client, query: str, where: str
) -> None:
    answer = reader.get(f"{FIGURES}?{query}")
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert answer.json()["errors"][0]["where"] == where
    assert b"<" not in answer.body and b"nonsense" not in answer.body


def test_a_cursor_leads_nowhere_else(reader: Client) -> None:
    link = next_of(reader.get(f"{FIGURES}?measure=need&limit=5"))
    assert link is not None
    cursor = link.rpartition("cursor=")[2]
    assert reader.get(f"{FIGURES}?measure=need&limit=9&cursor={cursor}").json()["figures"]
    for query in (
        f"measure=births&cursor={cursor}",
        f"cursor={cursor}",
        "cursor=AAAA",
        "measure=need&cursor=WzFd",
    ):
        answer = reader.get(f"{FIGURES}?{query}")
        assert (answer.status, answer.kind) == (400, "foreign-cursor")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/releases/zz/figures", "/releases/0000000000000000", "/releases/", "/docs", "/redoc"],
)
def test_what_is_not_there_is_a_problem(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert (answer.status, answer.kind) == (404, "not-found")


def test_methods_that_are_not_taken_and_head(reader: Client) -> None:
    answer = reader.ask("POST", FIGURES, b"{}")
    assert (answer.status, answer.kind, answer.headers["Allow"]) == (405, "wrong-method", "GET")
    head, whole = reader.ask("HEAD", f"{FIGURES}?limit=3"), reader.get(f"{FIGURES}?limit=3")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.body))


def test_answers_carry_the_security_headers_and_pages_still_work(
    reader: Client, app_with_limits: Server
) -> None:
    for path in ("/releases", "/nothing", f"{FIGURES}?limit=0", "/submissions"):
        headers = reader.get(path).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    status, _, body = app_with_limits.get("/map")
    assert (status, b"<title>Streamlit</title>" in body) == (200, True)
    assert app_with_limits.get("/_stcore/health")[2] == b"ok"
    assert "Traceback" not in app_with_limits.log.read_text()


def test_the_shapes_of_rows_are_those_of_files() -> None:
    assert tuple(FigureRow.model_fields) == COLUMNS


def test_lists_are_those_of_the_release(reader: Client, shipped: Release) -> None:
    areas = reader.get("/areas").json()
    assert areas["release"] == shipped.id and len(areas["areas"]) == len(shipped.areas)
    counties = reader.get("/areas?kind=county&region=bootheel").json()["areas"]
    assert {row["area"] for row in counties} == {"29069", "29133", "29143", "29155", "29201", "29207"}
    sources = reader.get("/sources").json()["sources"]
    assert {row["id"] for row in sources} == set(shipped.tables["sources"]["id"])
    listed = reader.get("/measures").json()["measures"]
    assert set(shipped.figures["measure"]) <= {row["id"] for row in listed}
    assert all(row["definition"] and row["misleads"] for row in listed)
