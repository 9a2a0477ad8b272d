"""Choices and maps inside Streamlit, by its own test runner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from equity.ui.maps import CompactDeck, picked

MAP = Path(__file__).parent / "pages" / "map.py"


def opened(**query: str) -> AppTest:
    """The map page at an address."""
    at = AppTest.from_file(str(MAP), default_timeout=30)
    for key, code in query.items():
        at.query_params[key] = code
    at.run()
    assert not at.exception
    return at


def test_a_bare_address_shows_the_defaults_and_stays_bare() -> None:
    at = opened()
    assert at.selectbox[0].value == "63106"
    assert at.query_params == {}


def test_an_address_opens_its_choice() -> None:
    at = opened(region="bootheel", area="63830")
    assert at.selectbox[0].value == "63830"
    assert at.text[0].value == "Chosen 63830"
    assert not at.warning


def test_a_choice_is_written_into_the_address_by_code() -> None:
    at = opened()
    at.selectbox[0].select("63113").run()
    assert at.query_params == {"area": "63113"}
    assert at.text[0].value == "Chosen 63113"


def test_another_region_takes_its_places_along() -> None:
    at = opened(area="63113")
    at.segmented_control[0].set_value("bootheel").run()
    assert at.query_params == {"region": "bootheel"}
    assert at.selectbox[0].value == "63857"
    assert not at.warning


def test_an_unknown_code_is_reported_in_a_sentence() -> None:
    at = opened(area="99999")
    assert at.selectbox[0].value == "63106"
    assert [warning.value for warning in at.warning] == [
        "This release has no ZIP “99999”; showing ZIP 63106."
    ]
    at.selectbox[0].select("63107").run()
    assert not at.warning


def test_the_map_is_sent_compactly_and_asks_nobody_for_a_style() -> None:
    chart = opened().get("deck_gl_json_chart")[0].proto
    spec = json.loads(chart.json)
    assert chart.json == json.dumps(spec, separators=(",", ":"))
    # The browser's script takes this mark for "no style"; without it, it fetches one from outside.
    assert spec["mapStyle"] == "__MAP_STYLE__"
    assert "mapProvider" not in spec
    assert chart.alt == "Four squares."


def test_colours_of_the_map_are_out_of_reach_of_fading() -> None:
    places, names = json.loads(opened().get("deck_gl_json_chart")[0].proto.json)["layers"]
    assert "getFillColor" not in places
    assert places["_subLayerProps"] == {"polygons-fill": {"getFillColor": "@@=properties.fill"}}
    assert names["_subLayerProps"] == {"characters": {"getColor": [255, 255, 255]}}


def test_a_map_document_is_not_changed_by_showing_it() -> None:
    spec = {"layers": [{"@@type": "GeoJsonLayer", "id": "a", "getFillColor": [0, 0, 0]}]}
    CompactDeck(spec).to_json()
    assert spec == {"layers": [{"@@type": "GeoJsonLayer", "id": "a", "getFillColor": [0, 0, 0]}]}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"selection": {"indices": {"places": [3]}, "objects": {"places": [{"id": "63115"}]}}}, "63115"),
        ({"selection": {"indices": {}, "objects": {}}}, ""),
        ({}, ""),
        ({"selection": {"objects": {"places": [{"id": "[x](http://x.example)"}]}}}, ""),
        ({"selection": {"objects": {"marks": [{"mark": "h"}], "places": [{"id": "63115"}]}}}, "63115"),
    ],
)
def test_the_clicked_place_is_read_by_its_code(event: dict[str, object], code: str) -> None:
    assert picked(event) == code
