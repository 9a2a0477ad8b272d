"""Coverage in words, colours and tables: its numbers are the release's, and nothing hidden is drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from equity.release.load import Release
from equity.release.places_served import NEEDS, Choice, gap_ranks, service_places
from equity.views.bivariate import EMPHASIS, PALETTE, thirds, two_way_map
from equity.views.bivariate_legend import two_way_legend, two_way_legend_alt
from equity.views.charts.coverage import coverage_charts
from equity.views.charts.curve import slots_at
from equity.views.charts.reached import reached_figures
from equity.views.classes import NO_VALUE
from equity.views.coverage import ALL, Asked, Coverage, build_coverage, filters, groups_of, slug
from equity.views.place_map import MARKS
from equity.views.place_service import marked, served_place, unplaced, waiting
from equity.views.programs import Program, programs_of, programs_table, use_sentence, uses
from equity.views.selecting import LEVELS

#: Machado, Oliveira and Fernandes 2009, table 1, severity 1.0: linear RGB as seen without one kind of cone.
SIGHT = {
    "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip
#: Difference in CIE Lab from which two fields of colour are told apart at a glance.
APART = 15.0


@pytest.fixture(scope="module")
def view(shipped: Release) -> Coverage:
    """What the page opens on."""
    return build_coverage(shipped, Asked())


def lab(colour: str, sight: list[list[float]]) -> NDArray[np.float64]:
    """A colour in CIE Lab (D65), as seen with the cones of ``sight``."""
    rgb = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(sight) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ seen / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_the_nine_colours_are_told_apart_by_every_kind_of_sight(sight: str) -> None:
    seen = [lab(colour, SIGHT[sight]) for row in PALETTE for colour in row]
    assert len(seen) == 9
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) >= APART


def test_numbers_are_those_of_the_release(shipped: Release, view: Coverage) -> None:
    printed = shipped.select("service_gap", "zip", group="all", last_year=2023).set_index("area")
    assert len(view.places) == 125
    for place in view.places:
        row = printed.loc[place.area]
        if place.gap.value is None:
            assert row["value"] != row["value"]
        else:
            assert place.gap.value == pytest.approx(row["value"])
            assert place.gap.value == pytest.approx(place.need.value - place.slots.value)  # type: ignore[operator]
    gaps = [place.gap.value for place in view.places if place.gap.value is not None]
    assert gaps == sorted(gaps, reverse=True)
    assert [statement.figure.area for statement in view.first] == [place.area for place in view.places[:5]]
    first = view.table.iloc[0]
    assert view.places[0].name in first.tolist()
    assert f"{view.places[0].gap.value:.0f}" in view.first[0].sentence


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_definition_has_words_ranks_and_a_map(shipped: Release, level: str, need: str) -> None:
    found = build_coverage(shipped, Asked(level=level, need=need))
    assert found.rule_text and found.finding and found.ties and found.map.alt and found.map.sentence
    assert found.first and "demonstration" in found.table.to_string()
    assert not found.table.isna().to_numpy().any() and not found.map.table.isna().to_numpy().any()
    assert two_way_legend_alt(found.map) and two_way_legend(found.map).startswith("<svg")


def test_the_definition_moves_the_map(shipped: Release, view: Coverage) -> None:
    other = build_coverage(shipped, Asked(need="need_newborn"))
    before = {place.area: view.map.colour(place) for place in view.places}
    after = {place.area: other.map.colour(place) for place in other.places}
    assert sum(before[area] != after[area] for area in before) > 20


def test_what_is_hidden_has_no_colour_but_a_mark_and_a_reason(view: Coverage) -> None:
    hidden = [place for place in view.places if place.need.value is None]
    assert hidden
    rows = view.table.set_index(view.table.columns[0])
    for place in hidden:
        assert view.map.colour(place) == NO_VALUE
        assert view.map.mark(place) == MARKS["suppressed"]
        assert place.ranks is None and place.gap.value is None
        assert "Hidden" in rows.loc[place.name].iloc[-1]


def test_a_hidden_number_is_never_put_on_the_map(shipped: Release, view: Coverage) -> None:
    first = view.places[0]
    gone = replace(first, need=replace(first.need, value=None, low=None, high=None, status="suppressed"))
    found = two_way_map(shipped, "zip", "both", [gone, *view.places[1:]], "slot_coverage", "now")
    assert found.colour(gone) == NO_VALUE and found.mark(gone) == MARKS["suppressed"]
    assert "606" not in found.text(gone)


def test_much_need_and_few_slots_carry_a_sign_beside_the_colour(view: Coverage) -> None:
    need, served = view.map.edges
    for place in view.places:
        low, high = place.slot_coverage.value, place.need.value
        expected = high is not None and low is not None and high >= need[-1] and low < served[0]
        assert (view.map.mark(place) == EMPHASIS) == expected
    assert len(view.map.emphasised) == sum(mark["mark"] == EMPHASIS for mark in view.map.marks)


def test_thirds_stand_at_round_numbers_and_zeros_fall_in_the_lowest() -> None:
    assert thirds([3, 11, 32, 48, 90, 210]) == (30.0, 100.0)
    assert thirds([0.0] * 10 + [0.1, 0.2, 0.4], 100) == (0.2, 0.4)
    assert thirds([]) == () and len(thirds([7, 7, 7])) == 1


def test_ties_are_said_as_the_ranges_allow(view: Coverage) -> None:
    ranks = gap_ranks([place.gap for place in view.places])
    assert [place.ranks for place in view.places] == ranks
    may = sum(1 for rank in ranks if rank and rank[0] <= 5)
    assert f"{may} places may be among them" in view.ties or f"{may} places may be" in view.ties
    for place in view.places:
        if place.ranks:
            position = view.places.index(place) + 1
            assert place.ranks[0] <= position <= place.ranks[1]


def test_filters_meet_and_an_empty_meeting_is_said(shipped: Release) -> None:
    nothing = build_coverage(shipped, Asked(region="bootheel", funder="medicaid"))
    assert nothing.none_match and nothing.places == ()
    some = build_coverage(shipped, Asked(funder="medicaid"))
    assert {program.funder for program in some.programs} == {"Medicaid"}
    assert "2 of 29 programs" in some.scope
    own = sum(program.slots or 0 for program in some.programs)
    assert sum(place.slots.value or 0 for place in some.places) == own
    assert "the chosen programs" in some.first[0].sentence
    for column in ("funder", "model", "agency"):
        codes = filters(shipped, column)
        assert next(iter(codes)) == ALL and all(
            code == ALL or code == slug(name) for code, name in codes.items()
        )


@pytest.mark.parametrize("rule", ["births", "caseload", "equal"])
def test_every_split_gives_all_slots_to_places(shipped: Release, rule: str) -> None:
    found = build_coverage(shipped, Asked(rule=rule))
    assert sum(place.slots.value or 0 for place in found.places) == 1680


def test_an_earlier_quarter_is_named(shipped: Release) -> None:
    found = build_coverage(shipped, Asked(quarter="2019Q2", need="need_newborn"))
    assert "the end of June 2019" in found.scope and "Need is that of 2023" in found.scope
    assert "2019" in found.first[0].sentence and "2023Q4" not in found.map.sentence
    assert all("2019Q2" in figure.method for figure in found.figures if figure.measure == "slots")


def test_by_race_only_where_it_is_known(shipped: Release) -> None:
    assert groups_of("zip", "need") == (ALL,) and groups_of("county", "need_newborn") == (ALL,)
    found = build_coverage(shipped, Asked(level="county", group="black"))
    assert found.by_group and found.follow == ()
    assert {place.gap.measure for place in found.places} == {"unreached"}
    for place in found.places:
        if not place.caseload.visible:
            assert place.gap.value is None and place.ranks is None
    city = found.place("29510")
    assert city and city.need.group == "black"
    assert city.gap.value == pytest.approx((city.need.value or 0) - (city.caseload.value or 0))
    pairs = reached_figures(shipped, ("stl", "bootheel"))
    assert len(pairs) == 10
    for pair in pairs:
        assert all(figure.value is not None or figure.reason for figure in pair)


def test_a_place_says_who_serves_it_or_that_nobody_does(view: Coverage) -> None:
    served = served_place(view, "63118")
    assert served is not None
    assert sum(served.here.values()) == served.place.slots.value
    assert "4 programs serve ZIP 63118" in served.who and "With room" in served.who
    assert "Between 10 families" in served.bound and "32" in served.bound
    assert "Within 15 miles" in " ".join(statement.sentence for statement in served.statements)
    nobody = served_place(view, "63137")
    assert nobody is not None and nobody.programs == []
    assert "Nobody serves ZIP 63137" in nobody.who and "The families are still there" in nobody.who
    assert served_place(view, "99999") is None


def test_waiting_is_not_made_up(view: Coverage) -> None:
    said = waiting(view)
    assert "No agency reports a waiting list here" in said
    assert "1,529" in said and "Missourinet" in said and "2018" in said


def program(**changes: object) -> Program:
    """A program that reports everything plainly, but for ``changes``."""
    plain = Program(
        "p", "A program", "An agency", "A model", "State", "stl", 3000.0, 40.0, 40.0, 30.0, 0.75, False, (),
        "demonstration",
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_use_is_counted_by_kind_and_what_is_hidden_stands_apart() -> None:
    programs = [
        program(use=0.5), program(use=0.75), program(use=0.949), program(use=0.95), program(use=1.0),
        program(use=1.2, marks=("over_capacity",)), program(use=None, caseload=None, caseload_hidden=True),
        program(use=None, caseload=0.0, slots=0.0, year_slots=0.0),
    ]  # fmt: skip
    assert uses(programs) == {
        "under_75": 1, "under_95": 2, "full": 2, "over": 1, "hidden": 1, "no_slots": 1,
    }  # fmt: skip
    said = use_sentence(programs, "the end of 2023")
    assert "Of 6 programs" in said and "1 more is not drawn: it has too few families to show" in said
    table = programs_table(programs)
    assert "⚠ More families than slots." in table.to_string() and "hidden" in table.to_string()


def test_doubtful_reports_carry_a_visible_mark(view: Coverage) -> None:
    marks = ("over_capacity", "no_service_area", "quarter_missing", "cost_unclear")
    odd = replace(view, programs=tuple(program(id=mark, marks=(mark,)) for mark in marks))
    assert "4 of 4 programs carry a mark" in marked(odd)
    assert "40 slots are on no map" in unplaced(odd)
    text = programs_table(odd.programs).to_string()
    assert text.count("⚠") == 4
    assert marked(view) == "" and unplaced(view) == ""


def test_charts_have_sentence_alt_and_table(view: Coverage) -> None:
    charts = coverage_charts(view)
    pairs = [one for pair in charts.years.values() for one in pair]
    for one in (charts.use, charts.follow, charts.race, charts.quarters, *pairs):
        assert one.sentence and one.alt and len(one.table) and one.figure["data"]
        assert not one.table.isna().to_numpy().any()
    need = view.follow[0]
    assert "Slots lean away" in charts.follow.sentence
    assert slots_at(need, 0.0) == 0.0 and slots_at(need, 1.0) == pytest.approx(1.0)
    assert slots_at(need, 0.5) < 0.5
    drawn = sum(len(trace["x"]) for trace in charts.use.figure["data"])
    assert drawn == sum(program.use is not None for program in view.programs)


def test_every_program_of_the_year_is_there(shipped: Release) -> None:
    found = programs_of(shipped, 2023)
    assert len(found) == 29 and sum(one.slots or 0 for one in found) == 1680
    assert len(service_places(shipped, Choice(), "county", "stl")) == 2
