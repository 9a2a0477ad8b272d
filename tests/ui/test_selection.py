"""The address codec, without Streamlit."""

from __future__ import annotations

from typing import Any

import pytest

from equity.ui.selection import Unknown, follow, resolve, seen_name, widget_name, written

COUNTIES = ("29510", "29189", "29069")


def test_an_unknown_code_becomes_a_sentence() -> None:
    sentence = Unknown("area", "99999", "29510").sentence("county", "St. Louis City")
    assert sentence == "This release has no county “99999”; showing St. Louis City."


@pytest.mark.parametrize(
    "code", ["[pay](http://x.example)", "www.evil.example", "<b>", "6" * 41, "a b", "\u202e99999", "29510\n"]
)
def test_what_is_no_code_is_not_shown_back(code: str) -> None:
    sentence = Unknown("area", code, "29510").sentence("county", "St. Louis City")
    assert sentence == "The county in this link cannot be read; showing St. Louis City."


def test_the_default_stands_in_where_nothing_was_asked_for() -> None:
    assert resolve("area", "", COUNTIES) == ("29510", None)
    assert resolve("area", "", COUNTIES, "29069") == ("29069", None)
    assert resolve("area", "x", COUNTIES, "29069") == ("29069", Unknown("area", "x", "29069"))
    assert resolve("area", "", COUNTIES, "not offered") == ("29510", None)


def test_a_choice_without_options_is_an_error_of_the_page() -> None:
    with pytest.raises(ValueError, match="area"):
        resolve("area", "29510", ())


def test_the_widget_follows_the_address_and_its_reader() -> None:
    """A first visit, a choice in the widget, Back, and a link to another place, as one session."""
    query: dict[str, str] = {}
    state: dict[str, Any] = {}
    assert follow(query, state, "area", COUNTIES) == ("29510", None)
    assert query == {}

    state[widget_name("area")] = "29189"
    query = written(query, "area", "29189")
    state[seen_name("area")] = "29189"
    assert follow(query, state, "area", COUNTIES) == ("29189", None)

    query = {}
    assert follow(query, state, "area", COUNTIES) == ("29510", None)
    assert state[widget_name("area")] == "29510"

    query = {"area": "29069"}
    assert follow(query, state, "area", COUNTIES) == ("29069", None)


def test_an_unknown_code_is_reported_until_another_choice_is_made() -> None:
    query, state = {"area": "99999"}, dict[str, Any]()
    for _ in range(2):
        assert follow(query, state, "area", COUNTIES) == ("29510", Unknown("area", "99999", "29510"))
    state[widget_name("area")] = "29189"
    state[seen_name("area")] = "29189"
    assert follow(written(query, "area", "29189"), state, "area", COUNTIES) == ("29189", None)


def test_the_widget_leaves_a_code_that_is_no_longer_offered() -> None:
    state: dict[str, Any] = {}
    follow({"area": "29510"}, state, "area", COUNTIES)
    code, unknown = follow({"area": "29510"}, state, "area", ("29069", "29155"))
    assert code == "29069"
    assert unknown == Unknown("area", "29510", "29069")


def test_a_return_to_the_page_restores_the_choice_from_the_address() -> None:
    """Streamlit forgets a widget that a page does not draw, but not what the address last said."""
    state: dict[str, Any] = {seen_name("area"): "29189"}
    assert follow({"area": "29189"}, state, "area", COUNTIES) == ("29189", None)


def test_a_choice_takes_out_what_depends_on_it_and_leaves_the_rest() -> None:
    query = {"region": "stl", "area": "63113", "layer": "need"}
    assert written(query, "region", "bootheel", clears=("area",)) == {"region": "bootheel", "layer": "need"}
    assert written(query, "area", "") == {"region": "stl", "layer": "need"}
    assert query["area"] == "63113"
