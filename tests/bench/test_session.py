"""The reader without a browser sees the pages it asks for, and says so where it does not."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from bench.session import PageFailedError, Session, Visit
from bench.subject import Subject
from bench.visits import PAGES, map_queries, page_name, spread, visits


def _places(visit: Visit) -> list[set[str]]:
    """The codes on each map of a page."""
    maps = [e.deck_gl_json_chart.json for e in visit.elements if e.HasField("deck_gl_json_chart")]
    return [_codes(next(x for x in json.loads(text)["layers"] if x["id"] == "places")) for text in maps]


def _codes(layer: dict[str, Any]) -> set[str]:
    data = layer["data"]
    features = data if isinstance(data, list) else data["features"]
    return {feature["properties"]["geoid"] for feature in features}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("side", ["ours", "plain"])
def test_every_page_runs_and_is_timed(side: str, page: str, request: pytest.FixtureRequest) -> None:
    session: Session = request.getfixturevalue(side)
    visit = session.visit(page_name(page))
    assert 0 < visit.script < visit.answered
    assert visit.sent > sum(map(len, visit.texts())) > 0
    assert (visit.map_bytes > 0) == (page == "map")


@pytest.mark.parametrize("side", ["ours", "plain"])
def test_an_address_is_followed(side: str, request: pytest.FixtureRequest) -> None:
    session: Session = request.getfixturevalue(side)
    for area, name in (("29201", "Scott County"), ("29510", "St. Louis City")):
        assert any(name in text for text in session.visit("profile", f"area={area}").texts())


def test_both_maps_show_the_same_places(ours: Session, plain: Session) -> None:
    query = "layer=births&level=zip&region=both&period=2017-2023"
    (all_at_once,) = _places(plain.visit("map", query))
    assert set().union(*_places(ours.visit("map", query))) == all_at_once
    assert len(all_at_once) == 125


def test_an_unknown_page_is_a_failure(ours: Session) -> None:
    with pytest.raises(PageFailedError, match="/nowhere"):
        ours.visit("nowhere")


def test_addresses_cover_what_can_be_chosen(subject: Subject) -> None:
    found = visits(subject.release, 80)
    assert set(found) == set(PAGES)
    assert all(len(queries) == 80 for queries in found.values())
    assert len(set(found["profile"])) == 80
    layers = {parse_qs(query)["layer"][0] for query in map_queries(subject.release)}
    assert {"service_gap", "births", "infant_mortality"} <= layers


def test_options_are_spread_evenly() -> None:
    assert spread(["a", "b"], 5) == ["a", "b", "a", "b", "a"]
    assert spread([str(n) for n in range(10)], 5) == ["0", "2", "4", "6", "8"]
