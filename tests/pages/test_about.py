"""About tells what every measure and method means, when it misleads and who defined it, and can be used."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from equity.registry import measure, measures
from equity.views.about import TOPICS, method_topics
from equity.words import say, topic
from tests.pages.reader import Shelf, read
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

#: Methods that the measures, pages and documents rest on: each must be explained on About.
METHODS: Final = (
    *("rate", "interval", "share", "small", "period", "race", "ratio", "excess", "shares", "levelling"),
    *("inequality", "gradient", "score", "smoothing", "simpler", "probability", "cluster", "pattern"),
    *("pace", "joint", "marker", "next_year", "jump", "target", "status", "chance", "map"),
    *(
        "kitagawa",
        "periods",
        "association",
        "need",
        "need_rules",
        "slots",
        "counted_twice",
        "reach",
        "follow",
    ),
)


def test_about_explains_every_measure_and_every_method(shelf: Shelf) -> None:
    about = shelf.text("/about")
    assert set(METHODS) <= {key for keys in TOPICS.values() for key in keys}
    for found in (method for part in method_topics() for method in part.methods):
        for told in (found.question, found.answer, found.misleads, found.defined_by):
            assert told and told in about, found.key
    for entry in measures().values():
        for told in (entry.name, entry.definition, entry.interval, entry.misleads, entry.defined_by):
            assert told and " ".join(told.split()) in about, entry.id
    told = {key.rpartition(".")[0] for key in topic("method")} - {"topic"}
    assert told == {key for keys in TOPICS.values() for key in keys}


def test_links_on_about_lead_to_their_answers(shelf: Shelf) -> None:
    read(shelf.visitor, "/about")
    page = shelf.visitor.page
    main = page.get_by_test_id("stMain")
    addresses = main.locator("a[href^=http]").evaluate_all("links => links.map(link => link.href)")
    assert addresses and not [address for address in addresses if "%5C" in address]
    for link in (say("method.topic.targets"), say("method.status.question"), say("about.release_title")):
        main.get_by_role("link", name=link, exact=True).first.click()
        expect(page.get_by_role("heading", name=link, exact=True)).to_be_in_viewport()
    main.get_by_role("link", name=say("about.to_contents")).last.click()
    expect(page.get_by_role("heading", name=say("about.contents"))).to_be_in_viewport()


def test_the_kind_of_every_range_is_named(desk_shelf: Shelf) -> None:
    about = desk_shelf.text("/about")
    for name, kind in (("infant_mortality", "exact Poisson"), ("infant_mortality_ratio", "exact conditional"),
                       ("infant_mortality_difference", "score"), ("preterm", "Wilson"),
                       ("excess_deaths", "normal"), ("infant_mortality_smoothed", "credible")):  # fmt: skip
        assert kind in measure(name).interval and measure(name).interval in about


def test_no_table_is_wider_than_its_place(reader: Visitor) -> None:
    read(reader, "/about")
    wide: list[str] = reader.page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stTable"]')]
            .filter(one => one.querySelector('table').offsetWidth > one.clientWidth + 1)
            .map(one => one.querySelector('table').getAttribute('aria-label'))"""
    )
    assert wide == []
