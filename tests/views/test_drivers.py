"""The profile says what the gap adds up to, what drives it and its pace, or in a sentence why it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from equity.release.load import Release, load_release
from equity.store.engine import open_store
from equity.store.releases import current_release_id
from equity.views.about import methods
from equity.views.disparities import gap_notes, gap_statements, inequality_view, other_gap_statements
from equity.views.documents.tables import csv_bytes
from equity.views.drivers import drivers, pace
from equity.views.profile import GAP, build_profile
from equity.words import knows, say
from tests.shipped import shipped_home

NOW, BEFORE = (2017, 2023), (2010, 2016)
CITY, ST_LOUIS = ("county", "29510"), ("region", "stl")
BOOTHEEL, DUNKLIN, ZIP = ("region", "bootheel"), ("county", "29069"), ("zip", "63106")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The first release, from everything that ships."""
    found = open_store(f"sqlite:///{shipped_home(tmp_path_factory) / 'equity.sqlite3'}")
    current = current_release_id(found, "public")
    assert current is not None
    yield load_release(found, current)
    found.dispose()


def test_the_citys_gap_is_said_with_its_ranges_and_its_own_window(release: Release) -> None:
    profile = build_profile(release, *CITY, NOW)
    said = [statement.sentence for statement in gap_statements(profile)]
    assert len(said) == len(GAP) and all("likely" in sentence for sentence in said)
    assert "118 more Black babies died" in said[0]
    ((lead, others),) = other_gap_statements(profile)
    assert "2011–2015" in lead
    text = " ".join(statement.sentence for statement in others)
    for words in ("117 more Black babies", "55 would not have died", "54.5 were Black", "75.0 were Black"):
        assert words in text


def test_the_guard_speaks_where_the_gap_narrowed_for_a_bad_reason(release: Release) -> None:
    (note,) = gap_notes(build_profile(release, *CITY, NOW))
    assert "Careful: the gap narrowed because white babies fared worse" in note
    assert say("drivers.change.doubtful") in note
    (county,) = gap_notes(build_profile(release, "county", "29189", NOW))
    assert "the ratio between them grew" in county


@pytest.mark.parametrize("place", [BOOTHEEL, DUNKLIN, ZIP])
def test_a_place_without_a_gap_says_why_and_shows_no_number(release: Release, place: tuple[str, str]) -> None:
    profile = build_profile(release, *place, NOW)
    assert gap_statements(profile) == () and inequality_view(profile) is None
    (note,) = gap_notes(profile)
    assert note in (say("drivers.gap_none"), say("drivers.gap_hidden", period="2017–2023"))
    assert not any(part.chart for part in drivers(profile))
    assert all(part.sentence for part in drivers(profile)) and pace(profile)


def test_charts_have_alt_text_a_table_twin_and_the_mark(release: Release) -> None:
    parts = {part.key: part for part in drivers(build_profile(release, *ST_LOUIS, NOW))}
    for key in ("kitagawa", "risk"):
        chart = parts[key].chart
        assert chart is not None
        assert chart.sentence.startswith(say("drivers.mark")) and "likely" in chart.sentence
        assert chart.alt.count("likely") >= 4
        assert set(chart.table[say("table.basis")]) == {"demonstration"}
        for trace in chart.figure["data"]:
            assert len(trace["x"]) == len(chart.table) - 1  # the table has the total too
            assert all(reach >= 0 for end in ("array", "arrayminus") for reach in trace["error_x"][end])
    assert say("drivers.association.warning") in parts["association"].sentence


def test_below_the_floors_the_sentence_says_cannot_be_analysed(release: Release) -> None:
    parts = {part.key: part for part in drivers(build_profile(release, *BOOTHEEL, BEFORE))}
    assert parts["risk"].chart is None and "cannot be analysed" in parts["risk"].sentence
    assert "60" in parts["risk"].sentence and "10" in parts["risk"].sentence
    assert parts["kitagawa"].chart is None and "cannot be split" in parts["kitagawa"].sentence


def test_the_pace_and_the_ordinary_range_of_next_year(release: Release) -> None:
    city = pace(build_profile(release, *CITY, NOW))
    assert "% a year from 2010 to 2023 (likely" in city[0] and city[0].startswith(say("drivers.mark"))
    assert "between 22 and 47 deaths" in city[1] and not city[1].startswith(say("drivers.mark"))
    bootheel = pace(build_profile(release, *BOOTHEEL, NOW))
    assert "counts of some years are hidden" in bootheel[0]
    assert bootheel[1].startswith(say("drivers.mark")) and "between 6 and 21 deaths" in bootheel[1]


def test_the_profiles_files_carry_the_gap(release: Release) -> None:
    profile = build_profile(release, *CITY, NOW)
    text = csv_bytes(release, profile.figures()).decode("utf-8-sig")
    for name in GAP:
        assert name in text


def test_a_release_from_before_these_tables_is_read_all_the_same(release: Release) -> None:
    names = ("kitagawa", "periods_of_risk", "associations", "trends", "inequality", "gap_changes")
    for tables in (
        {key: table for key, table in release.tables.items() if key not in names},
        release.tables | dict.fromkeys(names, pd.DataFrame()),
    ):
        profile = build_profile(replace(release, tables=tables), *CITY, NOW)
        assert inequality_view(profile) is None
        assert [part.chart for part in drivers(profile)] == [None, None, None]
        assert pace(profile) == [say("drivers.trend.none", place="St. Louis City")]
        assert gap_notes(profile) == []


def test_every_code_of_these_tables_has_its_words(release: Release) -> None:
    tables = release.tables
    wanted = [f"drivers.change.{code}" for code in tables["gap_changes"]["verdict"]]
    for measure in tables["inequality"]["measure"]:
        wanted += [f"drivers.{topic}.{measure}" for topic in ("summary", "meaning", "misleads")]
    trends = tables["trends"]
    wanted += [f"drivers.trend.{code}" for code in trends["reason"] if code]
    wanted += [f"drivers.trend.marker_{code}" for code in trends["marker"] if code]
    wanted += [f"drivers.trend.family_{code}" for code in trends["family"] if code]
    wanted += [f"drivers.trend.group_{code}" for code in trends["group"]]
    for table, topic in (
        ("kitagawa", "kitagawa"),
        ("periods_of_risk", "risk"),
        ("associations", "association"),
    ):
        wanted += [f"drivers.{topic}.{code}" for code in tables[table]["reason"] if code]
    wanted += [f"drivers.gap.{name}" for name in GAP]
    assert [key for key in wanted if not knows(key)] == []


def test_about_answers_what_each_of_these_means() -> None:
    text = " ".join(f"{question} {answer}" for question, answer in methods())
    for words in ("above the white rate", "levelling down", "Theil", "Kitagawa", "perinatal periods of risk",
                  "ecological fallacy", "Poisson", "ordinary number of deaths"):  # fmt: skip
        assert words in text, words
