"""The profiles of the other counties: the published rate, or why there is none and what was printed last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.reader import DESK, PHONE, cards, open_numbers, read, words
from tests.ui.server import Server
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
#: The counties whose infant mortality of 2017 to 2023 is withheld: name, last rate in print, its years.
WITHHELD = {
    "29069": ("Dunklin County", "Last printed: 7.6 deaths per 1,000 births", "in 2013–2019."),
    "29133": ("Mississippi County", "The publisher has not printed it", "in any period held here."),
    "29143": ("New Madrid County", "Last printed: 12.0 deaths per 1,000 births", "in 2006–2012."),
    "29155": ("Pemiscot County", "Last printed: 15.5 deaths per 1,000 births", "in 2013–2019."),
    "29207": ("Stoddard County", "Last printed: 8.2 deaths per 1,000 births", "in 2002–2008."),
}
#: What counts deaths, and is therefore withheld with the rate.
OF_DEATHS = (
    "Infant mortality",
    "Deaths in the first 28 days",
    "Deaths from 28 days to one year",
    "Black-to-white ratio of infant mortality",
    "Black-white difference in infant mortality",
)


def test_the_county_by_race(desk: Visitor) -> None:
    read(desk, "/profile?area=29189")
    seen = {card.label: card for card in cards(desk)}
    assert seen["Infant mortality"].value == "6.0"
    assert "(likely 5.5 to 6.6)" in seen["Infant mortality"].sentence
    open_numbers(desk)
    text = words(desk)
    for figures in ("11.1", "274 of 24,593", "3.3", "134 of 40,075"):
        assert figures in text


def test_scott_county_has_a_rate_for_all_babies_only(desk: Visitor) -> None:
    text = read(desk, "/profile?area=29201")
    assert "Equity profile: Scott County" in text
    seen = {card.label: card for card in cards(desk)}
    assert seen["Infant mortality"].value == "6.5"
    assert "(likely 4.1 to 9.9)" in seen["Infant mortality"].sentence
    assert not any(mark.isdigit() for mark in seen["Black-to-white ratio of infant mortality"].value)


#: Two of them always; the others, which say the same, among the heavy tests.
LOOKED_AT = [
    ("29133", DESK),
    ("29155", PHONE),
    *(pytest.param(code, DESK, marks=pytest.mark.slow) for code in WITHHELD if code != "29133"),
]


@pytest.mark.parametrize(("area", "device"), LOOKED_AT)
def test_a_withheld_county_says_why_and_what_was_printed_last(
    app_server: Server, visit: Visit, area: str, device: dict[str, Any]
) -> None:
    reader = visit(app_server, **device)
    name, printed, years = WITHHELD[area]
    text = read(reader, f"/profile?area={area}")
    assert f"Equity profile: {name}" in text
    seen = {card.label: card for card in cards(reader)}
    rate = seen["Infant mortality"].sentence
    for words_of_the_reason in ("Withheld by the publisher", "fewer than 20 deaths", "2017–2023"):
        assert words_of_the_reason in rate
    assert printed in rate
    assert years in rate
    for label in OF_DEATHS:
        assert seen[label].value in ("hidden", "withheld"), seen[label]
        assert "DEMONSTRATION" not in seen[label].sentence
    by_race = open_numbers(reader).inner_text()
    assert "demonstration" not in by_race
    assert "per 1,000" not in by_race.replace(printed, "")
