"""Service: cases worked by hand, totals that must be kept, and allocations checked by trying them all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from equity.measures import service

PLACES = st.lists(
    st.tuples(st.integers(1, 30), st.integers(50, 900), st.integers(0, 60)), min_size=2, max_size=8
).filter(lambda places: any(slots for _, _, slots in places))


def test_saturation_and_gap_by_hand() -> None:
    assert service.saturation([45, 12, 0], [50, 10, 0])[:2].tolist() == [0.9, 1.2]
    assert np.isnan(service.saturation(0, 0))
    assert service.gap([120, 30, 0], [80, 40, 0]).tolist() == [40, -10, 0]


def test_coverage_above_all_of_them_is_kept_and_has_an_interval() -> None:
    found = service.coverage([30, 120, 0, 5], [100, 100, 100, 0])
    assert found.proportion[:3].tolist() == [0.3, 1.2, 0]
    assert (found.low[:3] <= found.proportion[:3]).all()
    assert (found.proportion[:3] <= found.high[:3]).all()
    assert found.high[0] < 1 < found.high[1]
    assert np.isnan([found.proportion[3], found.low[3], found.high[3]]).all()


@given(PLACES)
def test_slots_that_follow_births_have_no_concentration(places: list[tuple[int, int, int]]) -> None:
    need, births, _ = np.array(places).T
    assert service.concentration_index(need, births, births / 7) == pytest.approx(0, abs=1e-12)
    assert service.gini(births, births / 7) == pytest.approx(0, abs=1e-12)
    assert service.hoover(births, births / 7) == pytest.approx(0, abs=1e-12)


@given(PLACES, st.randoms())
def test_concentration_does_not_depend_on_the_order_of_places(
    places: list[tuple[int, int, int]], random: object
) -> None:
    shuffled = sorted(places, key=lambda _: random.random())  # type: ignore[attr-defined]  # Random of hypothesis
    first, second = (service.concentration_index(*np.array(order).T) for order in (places, shuffled))
    assert first == pytest.approx(second, abs=1e-12)
    assert -1 <= first <= 1
    births, slots = np.array(places)[:, 1], np.array(places)[:, 2]
    assert abs(first) <= service.gini(births, slots) + 1e-12
    assert service.hoover(births, slots) <= service.gini(births, slots) + 1e-12


def test_all_slots_in_the_neediest_place_is_negative_and_in_the_least_needy_positive() -> None:
    assert service.concentration_index([9, 5, 1], [10, 10, 10], [6, 0, 0]) == pytest.approx(-2 / 3)
    assert service.concentration_index([9, 5, 1], [10, 10, 10], [0, 0, 6]) == pytest.approx(2 / 3)
    assert service.concentration_index([5, 5], [10, 10], [6, 0]) == 0
    births, slots = service.concentration_curve([9, 5, 5], [10, 10, 20], [3, 1, 1])
    assert (births.tolist(), slots.tolist()) == ([0, 0.25, 1], [0, 0.6, 1])


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 10_000))
def test_catchments_give_out_exactly_the_slots_that_reach_somebody(
    places: int, sites: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    supply, demand = rng.integers(0, 50, sites), rng.integers(1, 400, places)
    distance = rng.uniform(0, 60, (places, sites))
    for weights in (None, {10: 1.0, 20: 0.68, 30: 0.22}):
        found = service.catchment(supply, demand, distance, 30, weights)
        reached = (distance <= 30).any(0)
        assert (demand * found).sum() == pytest.approx(supply[reached].sum())


def test_a_place_without_a_way_has_no_access() -> None:
    assert service.catchment([40], [120, 80], [[5], [np.nan]], 30).tolist() == [pytest.approx(1 / 3), 0]
    assert service.catchment([40], [0, 80], [[5], [50]], 30).tolist() == [0, 0]


def test_what_is_not_known_at_a_site_or_place_is_not_known_within_reach_alone() -> None:
    far = [[5, 50], [50, 5], [50, 50]]
    for supply, demand in (([None, 40], [10, 80, 7]), ([30, 40], [None, 80, 7])):
        found = service.catchment(supply, demand, far, 30)
        assert np.isnan(found[0])
        assert found[1:].tolist() == [0.5, 0]
    assert service.catchment(5, 20, 8, 30).tolist() == [0.25]


@st.composite
def small_problem(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int, float]:
    places = draw(st.integers(1, 4))
    column = st.lists(st.integers(0, 6), min_size=places, max_size=places)
    current, extra, homes = (np.array(draw(column)) for _ in range(3))
    benefit = np.array(draw(st.lists(st.integers(0, 9), min_size=places, max_size=places))) / 10
    return (
        current,
        2 * homes,
        benefit,
        current + extra,
        draw(st.integers(0, 8)),
        draw(st.sampled_from([0, 0.25])),
    )


def every_allocation(room: np.ndarray, least: np.ndarray, slots: int) -> list[tuple[int, ...]]:
    spans = [range(int(low), int(high) + 1) for low, high in zip(least, room, strict=True)]
    return [added for added in itertools.product(*spans) if sum(added) <= slots]


@settings(max_examples=150)
@given(small_problem(), st.sampled_from(["benefit", "reach", "max_min"]))
def test_an_allocation_is_the_best_of_all_and_below_its_bound(
    problem: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int, float], objective: str
) -> None:
    current, eligible, benefit, cap, slots, floor = problem
    most = np.minimum(cap, eligible) if objective == "reach" else cap
    room, least = np.maximum(most - current, 0), np.maximum(np.ceil(floor * eligible - current), 0)
    choices = every_allocation(room, least, slots) if (least <= room).all() else []
    if not choices:
        with pytest.raises(ValueError, match="floor"):
            service.allocate(current, eligible, benefit, cap, slots, floor, objective)
        return
    found = service.allocate(current, eligible, benefit, cap, slots, floor, objective)
    assert tuple(found.added) in choices
    some = eligible > 0

    def worth(added: object) -> float:
        if objective == "benefit":
            return float((benefit * np.array(added)).sum())
        if objective == "reach":
            return float(np.sum(added))
        return (
            float(((current + np.array(added)) / np.maximum(eligible, 1))[some].min()) if some.any() else 0.0
        )

    assert found.value == pytest.approx(max(worth(choice) for choice in choices), abs=1e-9)
    assert found.bound >= found.value
    more = service.allocate(current, eligible, benefit, cap, slots + 1, floor, objective)
    assert more.value >= found.value - 1e-12


def test_the_lowest_coverage_is_raised_first_then_the_next() -> None:
    found = service.allocate([0, 5, 9], [10, 10, 10], [1, 1, 1], [99, 99, 99], 7, objective="max_min")
    assert found.added.tolist() == [6, 1, 0]
    assert found.value == 0.6
    capped = service.allocate([0, 5, 9], [10, 10, 10], [1, 1, 1], [2, 99, 99], 7, objective="max_min")
    assert capped.added.tolist() == [2, 5, 0] or capped.added.tolist() == [2, 4, 1]
    assert "cap:0" in capped.binding


def test_reach_stops_at_the_eligible_and_leaves_slots_unused() -> None:
    found = service.allocate([0, 5], [3, 6], [1, 1], [50, 50], 10, objective="reach")
    assert (found.added.tolist(), found.value) == ([3, 1], 4)
    assert "slots" not in found.binding


def test_the_bound_is_the_linear_programme() -> None:
    rng = np.random.default_rng(9)
    for _ in range(20):
        current, homes = rng.integers(0, 40, 12), rng.integers(20, 300, 12)
        benefit, cap, slots = rng.uniform(0, 3, 12), current + rng.integers(15, 90, 12), 260
        found = service.allocate(current, homes, benefit, cap, slots, 0.05)
        least = np.maximum(0.05 * homes - current, 0)
        limits = list(zip(least, np.maximum(cap - current, least), strict=True))
        best = linprog(-benefit, A_ub=np.ones((1, 12)), b_ub=[slots], bounds=limits)
        assert found.bound == pytest.approx(-best.fun, abs=1e-6)
        assert found.value <= found.bound + 1e-9


def test_a_nation_of_zip_codes_is_shared_out_at_once() -> None:
    rng = np.random.default_rng(6)
    current, homes = rng.integers(0, 20, 33_000), rng.integers(0, 500, 33_000)
    for objective in ("benefit", "reach", "max_min"):
        found = service.allocate(
            current, homes, rng.uniform(0, 1, 33_000), current + 40, 50_000, None, objective
        )
        assert found.added.sum() == 50_000


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: service.allocate([1], [9], [1], [9], 5, objective="fair"), "objective must be one of"),
        (lambda: service.allocate([1, 1], [9, 9], [1, None], [9, 9], 5), "benefit of a slot is not known"),
        (lambda: service.allocate([1], [9], [1], [9], -1), "slots must be a whole number"),
        (lambda: service.allocate([1], [9], [1], [9], 2.5), "slots must be a whole number"),  # type: ignore[arg-type]
        (lambda: service.allocate([], [], [], [], 5), "at least one place"),
        (lambda: service.allocate([1, 0], [90, 90], [1, 1], [50, 50], 5, 0.5), "offer 84 more"),
        (lambda: service.allocate([1, 0], [90, 90], [1, 1], [50, 20], 99, 0.5), "Place 1 needs 45 more"),
        (lambda: service.allocate([1], [np.nan], [1], [9], 5, 0.1), "not known"),
        (lambda: service.catchment([1], [2], [[-1]], 30), "cannot be negative"),
        (lambda: service.catchment([1], [2], [[1, 2]], 30), "places by sites"),
        (lambda: service.concentration_index([1, 2], [3, 4], [0, 0]), "are zero"),
        (lambda: service.concentration_index([1, np.nan], [3, 4], [1, 0]), "known"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
