"""Files of a few lines, each layout, with what they must come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from equity.intake.records.read import aggregate_records
from tests.intake.records.lines import by_cell, line, write


def linked(**texts: str) -> str:
    """A line of 2015 of a white resident, born at 39 weeks with 3,400 g and alive, but for what is said."""
    first = {
        "year": 9, "state": 89, "county": 91, "resident": 104, "bridged": 110, "origin": 115, "both": 117,
        "weeks": 499, "grams": 512, "died": 1346, "age": 1356, "weight": 1377,
    }  # fmt: skip
    usual = {"year": "2015", "resident": "1", "bridged": "1", "origin": "0", "weeks": "39", "grams": "3400"}
    return line(1384, {first[name]: text for name, text in {**usual, **texts}.items()})


def test_natality_since_2016_goes_by_single_race(tmp_path: Path) -> None:
    births = [
        line(1345, {9: "2019", 104: "1", 110: "2", 117: code, 499: "36", 504: "1499"}) for code in "12345678 "
    ]
    found = aggregate_records(write(tmp_path / "file", births))
    sizes = {"white": 1, "black": 1, "other": 4, "hispanic": 1, "unknown": 2}
    events = ("births", "preterm", "low_birthweight", "very_low_birthweight")
    assert by_cell(found) == {("us", group, event): n for group, n in sizes.items() for event in events}
    assert set(found.counts["scheme"]) == {"nchs_single_nh"}
    assert set(found.counts["death_basis"]) == {""}


def test_natality_of_2014_and_2015_goes_by_bridged_race_and_origin(tmp_path: Path) -> None:
    births = [
        line(1345, {9: "2014", 104: "2", 110: race, 115: origin, 117: "6", 499: "37", 504: "2500"})
        for race, origin in ("10", "20", "30", "40", "13", "25", "19", " 0", "1 ")
    ]
    found = aggregate_records(write(tmp_path / "file", births))
    sizes = {"white": 1, "black": 1, "other": 2, "hispanic": 2, "unknown": 3}
    assert by_cell(found) == {("us", group, "births"): n for group, n in sizes.items()}
    assert set(found.counts["scheme"]) == {"nchs_bridged_nh"}


def test_natality_until_2013_has_one_field_for_both(tmp_path: Path) -> None:
    births = [line(775, {15: "2008", 138: "3", 149: code, 451: "99", 463: "9999"}) for code in "123456789"]
    found = aggregate_records(write(tmp_path / "file", births))
    sizes = {"hispanic": 5, "white": 1, "black": 1, "other": 1, "unknown": 1}
    assert by_cell(found) == {("us", group, "births"): n for group, n in sizes.items()}
    assert set(found.counts["first_year"]) == set(found.counts["last_year"]) == {2008}


def test_deaths_are_told_by_their_flag_and_parted_at_day_28(tmp_path: Path) -> None:
    births = [
        linked(),
        linked(died="1", age="000", weeks="24", grams="0600", weight="1.010000"),
        linked(died="1", age="027", weight="1.300000"),
        linked(died="1", age="028", weight="1.300000"),
        linked(died="1", age="364"),
        linked(died="1", age="   "),
        linked(died=" ", age="005"),
    ]
    path = write(tmp_path / "file", births)
    plain = {"births": 7, "preterm": 1, "low_birthweight": 1, "very_low_birthweight": 1}
    deaths = {"infant_deaths": 5, "neonatal": 2, "postneonatal": 2}
    assert by_cell(aggregate_records(path)) == {
        ("us", "white", key): n for key, n in (plain | deaths).items()
    }
    # 1.01 + 1.3 + 1.3 + 1 + 1 = 5.61; early 2.31; late 2.3
    weighted = {"infant_deaths": 6, "neonatal": 2, "postneonatal": 2}
    found = aggregate_records(path, weighted=True)
    assert by_cell(found) == {("us", "white", key): n for key, n in (plain | weighted).items()}
    assert set(found.counts.loc[found.counts["event"].eq("neonatal"), "death_basis"]) == {"cohort"}


def test_until_2013_deaths_count_by_their_weights_as_in_the_guides(tmp_path: Path) -> None:
    dead = {15: "2010", 138: "1", 149: "7", 451: "22", 467: "0499", 868: "1", 872: "000", 893: "1.250000"}
    found = aggregate_records(write(tmp_path / "file", [line(900, dead)] * 2))
    assert found.weighted
    events = {"births": 2, "preterm": 2, "low_birthweight": 2, "very_low_birthweight": 2,
              "infant_deaths": 3, "neonatal": 3}  # fmt: skip
    # 2.5 is rounded up
    assert by_cell(found) == {("us", "black", event): n for event, n in events.items()}


def test_restricted_files_give_counties_and_none_to_those_unnamed(tmp_path: Path) -> None:
    births = [
        linked(state="MO", county="510"),
        linked(state="29", county="510"),
        linked(state="IL", county="163"),
        linked(state="MO", county="999", died="1", age="001"),
        linked(state="ZZ", county="001"),
        linked(),
    ]
    found = aggregate_records(write(tmp_path / "file", births))
    assert by_cell(found) == {("29510", "white", "births"): 2, ("17163", "white", "births"): 1}
    assert set(found.counts["area_kind"]) == {"county"}
    assert (found.unplaced["births"], found.unplaced["infant_deaths"], found.births) == (3, 1, 6)


def test_where_only_states_are_named_they_are_counted(tmp_path: Path) -> None:
    births = [linked(state="MO"), linked(state="MO", bridged="2"), linked(state="AR", county="000")]
    found = aggregate_records(write(tmp_path / "file", births))
    assert found.places == "state"
    assert by_cell(found) == {("29", "white", "births"): 1, ("29", "black", "births"): 1,
                              ("05", "white", "births"): 1}  # fmt: skip


def test_every_group_and_event_has_a_row_even_of_zero(tmp_path: Path) -> None:
    counts = aggregate_records(write(tmp_path / "file", [linked()])).counts
    assert len(counts) == 5 * 7
    assert counts["count"].sum() == 1
    assert list(counts.columns) == [
        "area_kind", "area", "first_year", "last_year", "group", "scheme", "event", "stratum", "count",
        "death_basis",
    ]  # fmt: skip


@pytest.mark.parametrize(("grams", "weeks"), [("9999", "99"), ("    ", "  "), ("0000", "00")])
def test_unknown_weight_and_weeks_are_neither_low_nor_preterm(tmp_path: Path, grams: str, weeks: str) -> None:
    found = aggregate_records(write(tmp_path / "file", [linked(grams=grams, weeks=weeks)]))
    assert by_cell(found) == {("us", "white", "births"): 1}
