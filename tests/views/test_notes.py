"""What stands beside a figure."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from equity.release.load import Release
from equity.release.places_served import Choice, service_places
from equity.views.about import glossary, method_topics
from equity.views.charts.fan import fan_chart
from equity.views.drivers import drivers
from equity.views.format import full_text, inside, interval_text
from equity.views.notes import beside, thresholds
from equity.views.overview import state
from equity.views.place_map import build_map
from equity.views.profile import build_profile
from equity.views.targets import target_views
from equity.words import DEFAULT, catalogue, say

YEAR = (2023, 2023)


@pytest.mark.parametrize(("kind", "area"), [("zip", "63106"), ("county", "29510")])
def test_slots_inside_a_region_are_said_to_be_a_share(shipped: Release, kind: str, area: str) -> None:
    slots = shipped.figure("slots", kind, area, "all", YEAR)
    assert (
        "A share: the slots of each program" in state(shipped, slots).note
        and "by births" in state(shipped, slots).note
    )
    region = shipped.figure("slots", "region", "stl", "all", YEAR)
    assert (
        state(shipped, region).note == beside(shipped, shipped.figure("need", kind, area, "all", YEAR)) == ""
    )


def test_each_rule_of_splitting_is_named(shipped: Release) -> None:
    for rule, words in (("caseload", "by the families enrolled"), ("equal", "by equal parts")):
        slots = next(
            p.slots for p in service_places(shipped, Choice(rule=rule), "zip", "stl") if p.slots.value
        )
        assert words in beside(shipped, slots)


def test_the_table_of_a_map_of_slots_says_so(shipped: Release) -> None:
    table = build_map(shipped, "slots", "zip", "stl", YEAR).table
    value, note = table.columns[1], say("table.note")
    assert table.loc[table[value].ne("0"), note].str.contains("A share").all()
    assert table.loc[table[value].eq("0"), note].eq("").all()


def test_texts_take_their_thresholds_from_the_policy_in_force(shipped: Release) -> None:
    rules = shipped.manifest["rules"] | {
        "hidden_counts": [1, 4],
        "deaths_for_a_rate": 6,
        "marked_below_deaths": 12,
    }
    said = " ".join(method.answer for part in method_topics(rules) for method in part.methods)
    assert "Counts of 1 to 4 deaths" in said and "at least 6 deaths" in said and "Below 12 deaths" in said
    assert "fewer than 12 deaths or cases" in glossary(rules)["Unstable"]
    assert thresholds(rules)["over"] == 5
    public = " ".join(method.answer for part in method_topics() for method in part.methods)
    assert "Counts of 1 to 9 deaths" in public and "fewer than 20 deaths or cases" in glossary()["Unstable"]


def test_a_driver_left_out_names_the_hidden_range_of_its_policy(shipped: Release) -> None:
    manifest = {**shipped.manifest, "rules": {**shipped.manifest["rules"], "hidden_counts": [1, 4]}}
    hidden = shipped.tables["kitagawa"].assign(reason="left_out_here")
    other = replace(shipped, manifest=manifest, tables={**shipped.tables, "kitagawa": hidden})
    row = hidden.iloc[0]
    span = (int(row["first_year"]), int(row["last_year"]))
    profile = build_profile(other, str(row["area_kind"]), str(row["area"]), span)
    said = next(part.sentence for part in drivers(profile) if part.key == "kitagawa")
    assert "give away a count of 1 to 4" in said


def test_no_message_names_the_hidden_range_itself() -> None:
    """It is the policy's. What a publisher hides is the publisher's."""
    for key, message in catalogue(DEFAULT).items():
        assert "1 to 9" not in message or key == "figure.reason.lower_bound", (key, message)


def test_the_nation_has_its_article() -> None:
    assert (inside("United States"), inside("The Bootheel")) == ("the United States", "the Bootheel")


def test_a_range_too_narrow_to_be_seen_is_left_out(shipped: Release) -> None:
    rate = shipped.figure("infant_mortality", "nation", "us", "all", (2017, 2023))
    assert rate.low is not None and rate.high is not None and rate.low < rate.high
    assert interval_text(rate) == "" and full_text(rate) == "5.6 deaths per 1,000 births"
    wide = shipped.figure("infant_mortality", "county", "29510", "all", (2017, 2023))
    assert interval_text(wide) == "7.9 to 10.2"


def test_no_target_says_a_range_of_one_number_and_the_nation_has_its_article(shipped: Release) -> None:
    for view in target_views(shipped):
        fan = fan_chart(view)
        said = " ".join([view.sentence, view.baseline, *([fan.sentence, fan.alt] if fan else [])])
        assert not re.search(r"(\b[\d.]+) to \1(?![\d.])", said), said
        assert "in United States" not in said
    [nation] = [view for view in target_views(shipped) if view.row["area_kind"] == "nation"]
    drawn = fan_chart(nation)
    assert drawn is not None and "Infant mortality in the United States" in drawn.sentence


def test_counts_from_reports_say_how_many_programs_reported(shipped: Release) -> None:
    reports = pd.DataFrame(
        {"agency": ["a", "a", "b"], "program_id": ["p", "p", "q"], "quarter": ["2024Q1", "2024Q2", "2023Q4"]}
    )
    release = replace(shipped, tables=shipped.tables | {"reports": reports})
    made_up = shipped.figure("slots", "region", "stl", "all", YEAR)
    slots = replace(made_up, basis="reported", source="submission-1", first_year=2024, last_year=2024)
    assert beside(release, slots) == (
        "From the reports of 1 program for 2024; programs that have not reported are not counted."
    )
    assert "reports of" not in beside(release, made_up)
    hidden = replace(slots, value=None, status="suppressed", reason="few_cases")
    assert "reports of" not in beside(release, hidden)
