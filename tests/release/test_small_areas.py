"""Smoothed figures: the model's own, pulled toward the mean, withheld when it fails, telling no count."""

from __future__ import annotations

import logging
import time
from dataclasses import astuple, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.measures.bym2 import Bym2, bym2
from equity.release.area_risk import AreaRisk, Estimate, row_masses, two_digits
from equity.release.load import Release
from equity.release.policy import PUBLIC
from equity.release.small_areas import EXCESS, SMOOTHED, SmallAreas, fit, small_areas, zip_cells
from equity.store.engine import open_store
from equity.store.vital import vital_totals
from geo.boundaries import load_layers
from tests.release.small import BLOCK, counted, drawn, squares
from tests.shipped import shipped_home

LOG = logging.getLogger(__name__)
SECONDS = 60


@pytest.fixture(scope="module")
def world() -> tuple[pd.DataFrame, SmallAreas]:
    zips = squares()
    counts = drawn(zips)
    return counts, small_areas(counts, zips, PUBLIC, "demonstration", "made-up")


@pytest.fixture(scope="module")
def fitted(world: tuple[pd.DataFrame, SmallAreas]) -> Bym2:
    zips = squares()
    return fit(zip_cells(world[0], zips, PUBLIC), zips)


def by_zip(made: SmallAreas, measure: str) -> pd.DataFrame:
    rows = made.figures[made.figures["measure"].eq(measure)]
    return rows.set_index("area")


def test_the_fit_is_the_measures_own(world: tuple[pd.DataFrame, SmallAreas], fitted: Bym2) -> None:
    zips, counts = squares(), world[0]
    wide = counts.pivot_table(index=["group", "area"], columns="event", values="count")
    rows = wide.loc[["black", "white", "other"]].reset_index()
    rows["order"] = rows["group"].map({"black": 0, "white": 1, "other": 2})
    rows = rows.sort_values(["order", "area"]).reset_index(drop=True)
    zips = zips.sort_values("geoid").reset_index(drop=True)
    place = rows["area"].map({geoid: number for number, geoid in enumerate(zips["geoid"])})
    touching = [
        [j for j, other in enumerate(zips.geometry) if j != i and shape.touches(other)]
        for i, shape in enumerate(zips.geometry)
    ]
    rate = rows["infant_deaths"].sum() / rows["births"].sum()
    design = np.column_stack([np.ones(len(rows)), rows["order"] == 0, rows["order"] == 1]).astype(float)
    direct = bym2(rows["infant_deaths"], rows["births"] * rate, touching, area=place, design=design)
    assert fitted.mean == pytest.approx(direct.mean, rel=1e-9)
    assert fitted.diagnostics.parts == 2
    shown = by_zip(world[1], SMOOTHED)["value"]
    totals = counts[counts["group"].eq("all")].pivot(index="area", columns="event", values="count")
    share = rows["births"].to_numpy() * direct.mean
    rates = pd.Series(1000 * rate * share).groupby(rows["area"]).sum() / totals["births"]
    known = totals.index[totals["infant_deaths"] >= 10]
    assert len(known) >= 8
    for area in known:
        assert shown[area] == two_digits(rates[area])


def test_the_masses_are_those_of_the_model(fitted: Bym2) -> None:
    mass = row_masses(fitted)
    assert mass.sum(1) == pytest.approx(np.ones(len(mass)))
    assert (mass * np.exp(fitted.posterior.log_risk)).sum(1) == pytest.approx(fitted.mean, rel=1e-9)


def test_a_small_place_is_pulled_further_than_a_large_one() -> None:
    zips = squares()
    births = dict.fromkeys(zips["geoid"], (0, 4000, 0)) | {"63005": (0, 60, 0), "63006": (0, 40000, 0)}
    deaths = dict.fromkeys(zips["geoid"], (0, 24, 0)) | {"63005": (0, 0, 0), "63006": (0, 480, 0)}
    made = by_zip(small_areas(counted(births, deaths), zips, PUBLIC, "demonstration", "made-up"), SMOOTHED)
    small, large = made.loc["63005"], made.loc["63006"]
    assert 5.0 < small["value"] < 9.0  # its own rate is 0, that of all about 8
    assert 11.0 <= large["value"] <= 12.0  # its own rate is 12
    assert small["high"] - small["low"] > large["high"] - large["low"]
    assert (made["low"] <= made["value"]).all() and (made["value"] <= made["high"]).all()


def test_values_are_rounded_and_never_sure(world: tuple[pd.DataFrame, SmallAreas]) -> None:
    smoothed, excess = (by_zip(world[1], name) for name in (SMOOTHED, EXCESS))
    for column in ("value", "low", "high"):
        assert all(value == float(f"{value:.2g}") for value in smoothed[column])
    assert excess["value"].between(0.01, 0.99).all()
    assert all(value == round(value, 2) for value in excess["value"])
    assert smoothed[["numerator", "denominator"]].isna().all(axis=None)
    assert set(smoothed["basis"]) == {"demonstration"} and set(smoothed["method"]) == {"BYM2"}


def test_a_place_without_shown_births_has_no_estimate() -> None:
    zips = squares()
    births = dict.fromkeys(zips["geoid"], (300, 900, 100)) | {"63001": (0, 0, 0), "63002": (2, 4, 0)}
    deaths = dict.fromkeys(zips["geoid"], (4, 5, 1)) | {"63001": (0, 0, 0), "63002": (0, 1, 0)}
    del births["63003"], deaths["63003"]
    made = by_zip(small_areas(counted(births, deaths), zips, PUBLIC, "demonstration", "made-up"), SMOOTHED)
    told = {
        area: (made["status"][area], made["reason"][area]) for area in ("63001", "63002", "63003", "63004")
    }
    assert told == {
        "63001": ("not_applicable", "no_births"),
        "63002": ("suppressed", "small_count"),
        "63003": ("missing", "not_reported"),
        "63004": ("shown", ""),
    }
    assert made.loc[made["status"].ne("shown"), ["value", "low", "high"]].isna().all(axis=None)


def test_odd_counts_are_dealt_with() -> None:
    zips = squares()
    births = dict.fromkeys(zips["geoid"], (300, 900, 100)) | {"63001": (0, 900, 0)}
    deaths = dict.fromkeys(zips["geoid"], (4, 5, 1)) | {"63001": (1, 9, 0)}
    made = small_areas(counted(births, deaths), zips, PUBLIC, "demonstration", "made-up")
    assert made.figures["status"].eq("shown").all()
    nothing = small_areas(counted({}, {}), zips, PUBLIC, "demonstration", "made-up")
    assert nothing.figures.empty and nothing.manifest == {}
    alone = dict.fromkeys(zips["geoid"], (0, 900, 0))
    one_group = small_areas(
        counted(alone, dict.fromkeys(alone, (0, 12, 0))), zips, PUBLIC, "demonstration", "made-up"
    )
    assert one_group.figures["value"].notna().all()


def test_nothing_to_learn_from_is_said_not_shown() -> None:
    zips = squares()
    births = dict.fromkeys(zips["geoid"], (300, 900, 100))
    nobody = counted(births, dict.fromkeys(births, (0, 0, 0)))
    made = small_areas(nobody, zips, PUBLIC, "demonstration", "made-up")
    assert set(zip(made.figures["status"], made.figures["reason"], strict=True)) == {
        ("missing", "model_failed")
    }
    assert made.figures["value"].isna().all()
    assert made.manifest[SMOOTHED]["diagnostics"] == "failed"
    assert "no deaths" in made.manifest[SMOOTHED]["reason"]


def test_a_fit_that_fails_its_checks_is_not_published() -> None:
    """Rates 10,000 times apart between neighbours: more than the model allows areas to vary."""
    zips = squares()
    births = dict.fromkeys(zips["geoid"], (0, 1000000, 0))
    deaths = {geoid: (0, 10 if n % 2 else 900_000, 0) for n, geoid in enumerate(zips["geoid"])}
    made = small_areas(counted(births, deaths), zips, PUBLIC, "demonstration", "made-up")
    assert set(made.figures["reason"]) == {"model_failed"}
    assert made.manifest[SMOOTHED]["diagnostics"] == "failed"
    assert "did not fit" in made.manifest[SMOOTHED]["reason"]


def test_the_manifest_names_the_model_and_none_of_its_settings(release: Release) -> None:
    found = release.manifest["models"][SMOOTHED]
    assert {key: found[key] for key in ("model", "diagnostics")} == {"model": "BYM2", "diagnostics": "passed"}
    assert set(found) == {"model", "diagnostics", "same_order"}
    assert all(0 < agreement < 1 for agreement in found["same_order"].values())


def one_place(deaths: int) -> AreaRisk:
    """A place with two groups; its rows' posteriors are gamma, so that they are known for any count."""
    log_risk = np.tile(np.linspace(-2.0, 2.0, 161), (2, 1))
    births, overall, shape = np.array([900.0, 300.0]), 0.008, 6.0
    own = np.array([deaths - 1.0, 1.0])
    log_mass = (shape + own)[:, None] * log_risk - (shape + births * overall)[:, None] * np.exp(log_risk)
    mass = np.exp(log_mass - log_mass.max(1, keepdims=True))
    return AreaRisk(log_risk, mass / mass.sum(1, keepdims=True), births, own, overall, 0.0075)


def test_what_is_published_is_the_same_whichever_hidden_count_it_is() -> None:
    found = [one_place(deaths).knowing_only(1, 9).estimate() for deaths in range(1, 10)]
    for estimate in found[1:]:
        assert astuple(estimate) == pytest.approx(astuple(found[0]), rel=1e-9)
    told = {one_place(deaths).estimate().rounded() for deaths in range(1, 10)}
    assert len(told) == 9  # rounding alone would tell all nine apart


def test_a_range_of_one_count_is_that_count() -> None:
    exact = one_place(7).estimate()
    assert one_place(4).knowing_only(7, 7).estimate().rate == pytest.approx(exact.rate, rel=1e-9)


def test_a_hidden_count_lies_in_the_estimate_between_its_ends() -> None:
    low, high = one_place(1).estimate().rate, one_place(9).estimate().rate
    assert low < one_place(4).knowing_only(1, 9).estimate().rate < high


@given(st.floats(0.001, 400))
def test_two_digits_are_kept(value: float) -> None:
    rounded = two_digits(value)
    assert abs(rounded - value) <= 0.05 * value + 1e-12
    assert rounded == float(f"{rounded:.2g}")


def test_rounding_leaves_room() -> None:
    given_ = Estimate(8.149, 5.951, 12.49, 0.99999)
    assert given_.rounded() == Estimate(8.1, 6.0, 12.0, 0.99)
    assert replace(given_, above=0.0).rounded().above == 0.01


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The cells of everything that ships, hidden counts among them."""
    store = open_store(f"sqlite:///{shipped_home(tmp_path_factory) / 'equity.sqlite3'}")
    counts = vital_totals(store, "zip", blocks=PUBLIC.blocks)
    store.dispose()
    return zip_cells(counts, load_layers().zips, PUBLIC)


def test_the_algebra_that_gives_a_count_back_does_not(release: Release, shipped: pd.DataFrame) -> None:
    """A gamma-Poisson rate with its prior gives the count: d = risk x (E + shape) - shape.

    The attacker knows births and the rate of all, and is even told the prior by which most hidden counts
    would come out right. The yardstick is who knows nothing of the place but always says the same count.
    """
    rows = release.select(SMOOTHED, "zip", group="all").set_index(["area", "first_year"])["value"]
    cells = shipped.set_index(["area", "first_year"])
    cells = cells[cells["deaths"].between(1, 9) & cells["births"].ge(10)]
    assert len(cells) > 100
    overall = shipped["deaths"].sum() / shipped["births"].sum()
    risk, expected = rows.reindex(cells.index) / (1000 * overall), overall * cells["births"]
    shapes = np.geomspace(0.1, 500, 200)
    found = [(risk * (expected + shape) - shape).round().clip(1, 9) for shape in shapes]
    best = max(float(guess.eq(cells["deaths"]).mean()) for guess in found)
    blind = float((1000 * overall * cells["births"] / 1000).round().clip(1, 9).eq(cells["deaths"]).mean())
    LOG.info("hidden counts named with the best prior: %.2f; from births alone: %.2f", best, blind)
    assert best < blind + 0.15


def test_the_fit_of_all_that_ships_is_quick(shipped: pd.DataFrame) -> None:
    began = time.perf_counter()
    fit(shipped, load_layers().zips)
    took = time.perf_counter() - began
    LOG.info("fitted %d rows in %.1f s", 3 * len(shipped), took)
    assert took <= SECONDS


def test_the_map_is_full_of_estimates(release: Release) -> None:
    for measure in (SMOOTHED, EXCESS):
        rows = release.select(measure, "zip", first_year=BLOCK[0])
        assert len(rows) == 125
        assert rows["value"].notna().mean() >= 0.9
