"""Every sentence a page may ask for is in the catalogue."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

import pandas as pd
import pytest

from equity.registry import measure, measures
from equity.release.load import Release
from equity.steward.preview import changed_figures
from equity.views.handed_in import preview_table
from equity.views.overview import SERVICE as OVERVIEW_SERVICE
from equity.views.overview import state
from equity.views.panel import SERVICE as PANEL_SERVICE
from equity.views.place_map import build_map
from equity.views.profile import COMPARISONS, OUTCOMES, SERVICE, build_profile
from equity.words import DEFAULT, catalogue, knows, say

#: Names under which measures went before each had one.
OLD_NAMES = re.compile(r"Born (much )?too small|Service gap|Preterm births|Neonatal mortality|Reached, of")
SAID = {*OVERVIEW_SERVICE, *PANEL_SERVICE, *COMPARISONS, *OUTCOMES, *SERVICE}


@pytest.mark.parametrize("measure", sorted(SAID))
def test_every_measure_that_is_said_has_its_sentence(measure: str) -> None:
    assert knows(f"overview.sentence.{measure}")


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        (
            "data.desk.findings_counted",
            {"errors": 1, "warnings": 0, "notes": 2},
            "1 error, 0 warnings, 2 notes",
        ),
        ("data.desk.preview_counts", {"new": "1", "changed": "0", "gone": "0"}, "1 figure would be new"),
        ("data.withheld", {"count": 1, "period": "2023"}, "1 county has no infant mortality rate"),
        ("map.hidden_some", {"count": 1, "total": 8, "why": "hidden"}, "1 of 8 places has no value"),
        ("map.hidden_some", {"count": 11, "total": 80, "why": "hidden"}, "11 of 80 places have no value"),
    ],
)
def test_words_that_hang_on_a_number_follow_it(key: str, values: dict[str, object], said: str) -> None:
    assert said in say(key, **values)


def test_no_message_counts_one_thing_as_many() -> None:
    """Every number that a message begins with, and that may be 1, has its plural beside it."""
    for key, message in catalogue(DEFAULT).items():
        beginning = re.match(r"(?:⚠ )?\{(\w+)\} (?!\{)(?:more )?([a-z]+s)\b", message)
        assert beginning is None or beginning[1] != "count" or key in NEVER_ONE, (key, message)


#: Said of two or more only; there is another sentence for one.
NEVER_ONE = {"coverage.place.who"}


def test_a_value_with_a_plain_format_is_put_in_as_ever() -> None:
    assert say("data.desk.done_decline", file="a|b {x}") == "a|b {x} was declined."


def test_undoing_a_file_has_one_word() -> None:
    """A file is withdrawn; no message says it in other words."""
    others = re.compile(r"tak\w* (it |them )?out|takes? back|undo|undone|remov", re.IGNORECASE)
    for key, message in catalogue(DEFAULT).items():
        assert not others.search(message), (key, message)
    for key in ("desk.withdraw", "desk.withdrawing", "desk.done_withdraw", "desk.reason", "own.withdrawn"):
        assert "withdraw" in say(f"data.{key}", file="", release="", day="").lower()


def test_a_measure_has_one_name_and_no_message_another() -> None:
    names = [entry.name for entry in measures().values()]
    assert len(set(names)) == len(names)
    for key, message in catalogue(DEFAULT).items():
        assert not OLD_NAMES.search(message), (key, message)


@pytest.mark.parametrize("name", ["low_birthweight", "preterm", "service_gap", "coverage", "need"])
def test_map_profile_and_preview_call_a_measure_alike(shipped: Release, name: str) -> None:
    served, born = ("zip", "63106", (2023, 2023)), ("county", "29510", (2017, 2023))
    kind, area, period = served if name in SERVICE else born
    figure = shipped.figure(name, kind, area, "all", period)
    called = measure(name).name
    assert state(shipped, figure).label == called
    assert build_map(shipped, name, kind, "stl", period).title.startswith(f"{called},")
    rows = build_profile(shipped, kind, area, (2017, 2023))
    assert called in {row.measure.name for row in (*rows.headline, *rows.service)}
    before, after = (pd.DataFrame([asdict(one)]) for one in (figure, replace(figure, source="x")))
    changed = changed_figures(before, after)
    assert preview_table(changed, shipped).iloc[0][say("data.preview.figure")] == called
