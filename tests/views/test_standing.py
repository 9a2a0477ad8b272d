"""Where a place stands by its gap: never beside a gap that is not there, and never across kinds unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equity.release.load import Release
from equity.release.places_served import in_order
from equity.views.coverage import Asked, Coverage, build_coverage, rank_text
from equity.views.overview import largest_gaps
from equity.views.place_service import served_place
from equity.views.standing import gap_place
from equity.words import say

KINDS = "demonstration, made up. The order says nothing of one kind against the other."


@pytest.fixture(scope="module")
def view(shipped: Release) -> Coverage:
    return build_coverage(shipped, Asked())


@pytest.fixture(scope="module")
def of_both(view: Coverage) -> Coverage:
    """The same with the gaps of one region worked out from reports."""
    places = [
        replace(place, gap=replace(place.gap, basis="estimated")) if place.region == "bootheel" else place
        for place in view.places
    ]
    return replace(view, places=tuple(in_order(places)))


def test_a_gap_that_is_shown_has_its_place(view: Coverage) -> None:
    second = [place for place in view.places if place.ranks][1]
    said = gap_place(view, second.gap)
    assert "it stands at place 2 of" in said and rank_text(second) in said and KINDS not in said


def test_a_gap_that_does_not_apply_has_no_rank(view: Coverage) -> None:
    first = view.places[0]
    gap = replace(first.gap, value=None, low=None, high=None, status="not_applicable", reason="mixed_bases")
    said = gap_place(view, gap)
    assert "does not apply" in said and "stands at place" not in said and "could be place" not in said
    without = replace(view, places=tuple(in_order([replace(first, gap=gap), *view.places[1:]])))
    served = served_place(without, first.area)
    assert served is not None and served.rank == ""
    row = without.table.set_index(say("table.place")).loc[first.name]
    assert row[say("coverage.column.rank")] == "none"


def test_a_gap_of_another_year_has_no_place_among_those_of_the_list(view: Coverage) -> None:
    gap = replace(view.places[0].gap, first_year=2025, last_year=2025)
    said = gap_place(view, gap)
    assert "is of 2025" in said and "are of 2023" in said and "stands at place" not in said


def test_an_order_of_made_up_and_reported_gaps_says_so(view: Coverage, of_both: Coverage) -> None:
    ranked = [place for place in of_both.places if place.ranks]
    served = served_place(of_both, ranked[0].area)
    assert served is not None
    for said in (of_both.ties, gap_place(of_both, ranked[0].gap), served.rank):
        assert KINDS in said
        assert f"{sum(place.region == 'bootheel' for place in ranked)} of these gaps" in said
    assert KINDS not in view.ties


def test_the_largest_gaps_of_the_overview_say_so(shipped: Release) -> None:
    figures = shipped.figures.copy()
    some = figures["measure"].eq("service_gap") & figures["area"].str.startswith("638")
    figures.loc[some, "basis"] = "reported"
    assert largest_gaps(replace(shipped, figures=figures))[1].startswith("Careful:")
    assert KINDS not in largest_gaps(shipped)[1]
