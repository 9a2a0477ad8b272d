"""Which releases may be read, and what is said where there is none."""

from __future__ import annotations

import csv
import io
import time

import pytest
from sqlalchemy import Engine, update

from equity.api.library import LOOK_AGAIN_SECONDS, Library
from equity.release.publish import rollback
from equity.store import schema
from equity.store.engine import StoreError, writing
from tests.api.serve import Client, serving
from tests.api.small import FORMULAS, publish


def ids(client: Client) -> list[str]:
    return [row["id"] for row in client.get("/releases").json()["releases"]]


def look_again() -> None:
    time.sleep(LOOK_AGAIN_SECONDS + 0.1)


def test_only_the_current_release_and_those_it_followed_are_shown(store: Engine) -> None:
    first, second = publish(store, 5.0), publish(store, 6.0)
    with serving(store) as client:
        assert ids(client) == [second, first]
        early = client.get(f"/releases/{first}/figures?area=63101").json()
        assert early["figures"][0]["value"] == 5.0
        assert client.get("/releases/current/figures?area=63101").json()["figures"][0]["value"] == 6.0
        link = client.get("/releases/current/figures?limit=1").json()["links"]["next"]
        rollback(store)
        look_again()
        assert ids(client) == [first]
        for path in (f"/releases/{second}", f"/releases/{second}/figures", link):
            answer = client.get(path)
            assert (answer.status, answer.kind) == (404, "not-found")
        assert client.get("/releases/current/figures?area=63101").json()["figures"][0]["value"] == 5.0
        third = publish(store, 7.0)
        look_again()
        assert ids(client) == [third, first]


def test_pages_stay_with_their_release_and_cursors_do_not_change_it(store: Engine) -> None:
    first = publish(store, 5.0)
    with serving(store) as client:
        link = client.get("/releases/current/figures?limit=2").json()["links"]["next"]
        cursor = link.rpartition("cursor=")[2]
        second = publish(store, 6.0)
        look_again()
        page = client.get(link).json()
        assert page["release"] == first
        assert [row["value"] for row in page["figures"]] == [6.0, 7.0]
        answer = client.get(f"/releases/current/figures?limit=2&cursor={cursor}")
        assert (answer.status, answer.kind) == (400, "foreign-cursor")
        assert "another release" in answer.json()["detail"]
        tags = {client.get(f"/releases/{release}/figures").headers["ETag"] for release in (first, second)}
        assert len(tags) == 2


def test_a_release_of_another_policy_or_format_is_not_shown(store: Engine) -> None:
    first, second = publish(store, 5.0), publish(store, 6.0)
    with writing(store) as connection:
        row = schema.release.c.id == first
        connection.execute(update(schema.release).where(row).values(manifest_json='{"format":0}'))
    with serving(store) as client:
        assert ids(client) == [second]
        assert client.get(f"/releases/{first}").status == 404
    with writing(store) as connection:
        connection.execute(update(schema.release).values(policy="partner"))
        connection.execute(update(schema.current_release).values(policy="partner"))
    with serving(store) as client:
        assert ids(client) == []
        assert client.get(f"/releases/{second}").status == 404
        assert client.get("/releases/current").status == 503


def test_cells_that_look_like_formulas_are_inert_in_csv_and_plain_in_json(store: Engine) -> None:
    publish(store, 5.0)
    with serving(store) as client:
        text = client.get("/releases/current/figures?format=csv").body.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert {row["area"]: row["area_name"] for row in rows if row["area_kind"] == "zip"} == {
            area: f"'{name}" for area, name in FORMULAS.items()
        }
        assert rows[0]["source_title"].startswith("'=Publisher")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert len(cells) == 6 * len(rows[0])
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        plain = client.get("/releases/current/figures?area_kind=zip").json()["figures"]
        assert {row["area"]: row["area_name"] for row in plain} == FORMULAS


def test_a_place_without_a_shape_and_a_hidden_figure_in_geojson(store: Engine) -> None:
    publish(store, 5.0)
    with serving(store) as client:
        path = "/releases/current/figures?format=geojson&measure=infant_mortality&period=2023"
        found = {feature["id"]: feature for feature in client.get(path).json()["features"]}
    assert found["zip/63103/all"]["geometry"] is None and found["zip/63103/all"]["properties"]["value"] == 7.0
    assert found["zip/63104/all"]["geometry"] is not None
    assert found["zip/63104/all"]["properties"]["value"] is None
    assert found["region/stl/all"]["properties"]["basis"] == "demonstration"


def test_without_a_release_or_a_store_it_says_so_and_nothing_of_the_store(store: Engine) -> None:
    with serving(store) as client:
        assert client.get("/releases").json() == {"releases": []}
        for path in ("/releases/current", "/releases/current/figures", "/areas", "/sources"):
            answer = client.get(path)
            assert (answer.status, answer.kind, answer.headers["Retry-After"]) == (503, "not-ready", "10")
    with serving(StoreError("The database file /secret/place is damaged.")) as client:
        for path in ("/releases", "/releases/current", "/areas"):
            answer = client.get(path)
            assert (answer.status, answer.kind) == (503, "not-ready")
            assert b"secret" not in answer.body
        assert client.get("/measures").status == 200


def test_a_fault_is_a_problem_without_its_reason(store: Engine, caplog: pytest.LogCaptureFixture) -> None:
    current = publish(store, 5.0)
    with writing(store) as connection:
        part = schema.release_part.c.name == "figures"
        connection.execute(update(schema.release_part).where(part).values(content=b"no parquet at all"))
    with serving(store) as client:
        answer = client.get(f"/releases/{current}/figures")
        assert (answer.status, answer.kind) == (500, "fault")
        assert b"parquet" not in answer.body.lower() and b"Traceback" not in answer.body
        assert client.get("/measures").status == 200
    assert "A request to the API failed." in caplog.text


def test_a_release_is_loaded_once_and_answers_are_kept_within_bounds(store: Engine) -> None:
    publish(store, 5.0)
    library = Library(lambda: store)
    (row,) = library.rows()
    assert library.shelf(row) is library.shelf(row)
    made: list[int] = []

    def answer(size: int) -> bytes:
        made.append(size)
        return bytes(size)

    for _ in range(2):
        assert len(library.answer(("a",), lambda: answer(5_000_000))) == 5_000_000
    assert made == [5_000_000]
    library.answer(("b",), lambda: answer(4_000_000))
    library.answer(("c",), lambda: answer(9_000_000))
    library.answer(("b",), lambda: answer(1))
    library.answer(("a",), lambda: answer(2))
    assert made == [5_000_000, 4_000_000, 9_000_000, 2]
