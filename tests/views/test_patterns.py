"""The layer of local patterns in words and colours: what stands out, whether rates lie together, a legend."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from equity.registry import measure
from equity.release.figure import Figure
from equity.views.advice import PATTERN, advice, finding, together
from equity.views.classes import KINDS, NO_VALUE, classes
from equity.views.format import full_text
from equity.views.legend import WIDTH
from equity.views.selecting import LAYERS
from equity.words import knows

ALL = [0.0, 1.0, 2.0, 3.0, 4.0]
#: Points a letter of the legend is wide, at most on average, and where its words begin.
LETTER, INDENT = 7.0, 36


def figure(value: float | None, reason: str = "") -> Figure:
    """A ZIP code's class, or why it has none."""
    status = (
        "shown" if value is not None else "suppressed" if reason.startswith("among") else "not_applicable"
    )
    return Figure(
        PATTERN, "zip", "63100", "all", 2017, 2023, value, None, None, None, None,
        status, reason, "demonstration", "local Moran", "", "",  # type: ignore[arg-type]
    )  # fmt: skip


def models(z: float, p: float, moran_i: float = 0.35) -> dict[str, Any]:
    """What a manifest says of one region and two blocks."""
    row = {"region": "stl", "moran_i": moran_i, "z": z, "p": p, "places": 63}
    other = {**row, "period": [2010, 2016], "moran_i": 0.99}
    return {PATTERN: {"together": [other, {**row, "period": [2017, 2023]}]}}


def lightness(colour: str) -> float:
    """How light a colour is, from 0 to 100 (CIE L*)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * (y ** (1 / 3) if y > 0.008856 else 7.787 * y + 16 / 116) - 16


def test_it_is_the_last_layer() -> None:
    assert LAYERS[-1] == PATTERN


def test_what_stands_out_is_counted_by_kind() -> None:
    figures = [figure(4.0), figure(4.0), figure(1.0), figure(0.0), figure(None, "not_scanned")]
    assert finding(PATTERN, figures) == (
        "Places that stand out beyond chance: 3 of 4 (2 high among high, 1 low among low)."
    )


def test_that_nothing_stands_out_is_said() -> None:
    assert finding(PATTERN, [figure(0.0)] * 9).startswith(
        "No place stands out beyond chance, of 9 looked at."
    )


def test_why_nobody_looked_is_said() -> None:
    told = "Does not apply: too few places and deaths here to look for clusters or patterns."
    assert finding(PATTERN, [figure(None, "not_scanned")]) == told
    assert finding(PATTERN, [figure(None, "no_births")]) == ""


def test_places_whose_side_is_hidden_are_counted_apart() -> None:
    figures = [figure(0.0), figure(4.0), figure(None, "among_high"), figure(None, "among_low")]
    assert "The rates around 2 more stand out as well" in finding(PATTERN, figures)


@pytest.mark.parametrize(
    ("z", "p", "way", "chance", "score"),
    [
        (4.77, 1.8e-6, "high rates lie near high rates and low near low, more than chance explains",
         "fewer than 1 of 1,000", "4.8 standard deviations above"),
        (-2.9, 0.0037, "high rates lie near low rates, more than chance explains",
         "about 4 of 1,000", "2.9 standard deviations below"),
        (0.6, 0.55, "nobody can tell whether high rates lie together",
         "about 55 of 100", "0.6 standard deviations above"),
    ],
)  # fmt: skip
def test_whether_rates_lie_together_is_one_sentence(
    z: float, p: float, way: str, chance: str, score: str
) -> None:
    told = together(PATTERN, [figure(0.0)], models(z, p))
    assert told == (
        f"In St. Louis as a whole, {way}: as clear a pattern is found on {chance} maps of chance "
        f"(Moran's I 0.35, {score} what chance gives)."
    )
    assert told in advice(PATTERN, [figure(0.0)], models(z, p))


def test_it_is_not_said_of_other_layers_or_places() -> None:
    assert together("births", [figure(0.0)], models(4, 0.001)) == ""
    assert together(PATTERN, [figure(None, "not_scanned")], models(4, 0.001)) == ""
    assert together(PATTERN, [figure(0.0)], {}) == ""


def test_every_kind_has_a_colour_a_name_and_a_meaning() -> None:
    found = classes(PATTERN, ALL)
    assert [found.colour(value) for value in ALL] == list(KINDS[PATTERN])
    assert [found.labels[found.of(value)] for value in ALL] == [full_text(figure(value)) for value in ALL]
    assert found.labels[0] == "no pattern beyond chance" and all(found.meanings[1:])
    for label, meaning in zip(found.labels, found.meanings, strict=True):
        assert INDENT + LETTER * len(f"{label} – {meaning}") <= WIDTH


def test_colours_differ_in_lightness_too() -> None:
    """So that they are told apart in print without colour and by every kind of colour vision."""
    light = sorted(lightness(colour) for colour in (*KINDS[PATTERN], NO_VALUE))
    assert all(after - before >= 6 for before, after in pairwise(light))


def test_its_words_name_who_defined_it_and_when_it_misleads() -> None:
    entry = measure(PATTERN)
    for name in ("Anselin 1995", "Assunção and Reis 1999", "Benjamini and Hochberg 1995"):
        assert name in entry.defined_by
    assert "why" in entry.misleads and entry.direction == "neutral"
    assert knows(f"map.advice.{PATTERN}") and knows("method.pattern.question")
