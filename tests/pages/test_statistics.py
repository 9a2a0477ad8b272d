"""Every kind of statistic stands on a page: with its number, its range and its words, and is the right one.

Numbers are worked out here anew from published counts, or held against the release. Pages are read once
for all tests; what most readers open with a phone is read at both widths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from equity.release.figure import Figure
from equity.release.load import Release, load_release
from equity.store.engine import open_store
from equity.store.releases import current_release_id
from equity.views.format import number, value_text
from equity.words import say, topic
from tests.pages.limits import Z, byar, exact, exact_ratio, fitted_pace, ordinary, wilson
from tests.pages.reader import Shelf

pytestmark = pytest.mark.browser

NOW: Final = (2017, 2023)
CITY: Final = ("county", "29510")
REGION: Final = ("region", "stl")
PUBLISHED: Final = Path(__file__).parents[1] / "reference" / "vectors_published.json"


@pytest.fixture(scope="module")
def release(app_home: Path) -> Iterator[Release]:
    """The release the pages are of."""
    store = open_store(f"sqlite:///{app_home / 'equity.sqlite3'}")
    current = current_release_id(store, "public")
    assert current is not None
    yield load_release(store, current)
    store.dispose()


def likely(low: float, high: float, decimals: int = 1) -> str:
    return f"likely {number(low, decimals)} to {number(high, decimals)}"


def counts(figure: Figure) -> tuple[float, float]:
    assert figure.numerator is not None and figure.denominator is not None
    return figure.numerator, figure.denominator


def rate_counts(release: Release, place: tuple[str, str], group: str) -> tuple[float, float]:
    return counts(release.figure("infant_mortality", *place, group, NOW))


def test_rates_have_the_publishers_or_the_exact_range_and_shares_wilsons(
    shelf: Shelf, release: Release
) -> None:
    text = shelf.text("/profile?area=29510")
    deaths, births = rate_counts(release, CITY, "all")
    low, high = (1000 * deaths / births * (1 + side * Z / sqrt(deaths)) for side in (-1, 1))
    assert f"about {number(1000 * deaths / births, 1)} died" in text
    assert f"before their first birthday in 2017–2023 ({likely(low, high)})" in text
    deaths, births = rate_counts(release, CITY, "white")
    low, high = (1000 / births * limit for limit in exact(deaths))
    assert (deaths, births) == (46, 9640)
    assert f"{number(low, 1)} to {number(high, 1)}" in text
    assert np.allclose(byar(deaths), exact(deaths), atol=0.1)
    preterm, small = (release.figure(name, *CITY, "all", NOW) for name in ("preterm", "low_birthweight"))
    assert likely(*wilson(*counts(preterm))) in text
    assert np.allclose(wilson(*counts(small)), (12.2, 13.0), atol=0.06)  # as the publisher prints it
    assert likely(12.2, 13.0) in text
    coverage = release.figure("coverage", *CITY, "all", (2023, 2023))
    assert coverage.low is not None and coverage.high is not None
    assert f"were enrolled at the end of 2023 ({likely(100 * coverage.low, 100 * coverage.high, 0)})" in text


def test_small_places_are_marked_or_hidden_and_years_or_places_are_pooled(
    desk_shelf: Shelf, release: Release
) -> None:
    marked = desk_shelf.text("/map?layer=infant_mortality_smoothed&area=63106")
    assert say("figure.reason.under_20_deaths", steady=20) in marked
    hidden = desk_shelf.text("/map?layer=infant_mortality&region=bootheel&area=63830")
    assert say("figure.reason.few_deaths", floor=10) in hidden
    around = release.figure("infant_mortality", "region", "bootheel", "all", NOW)
    assert around.low is not None and around.high is not None
    pooled = f"born in the Bootheel, about {value_text(around)} died before their first birthday in 2017–2023"
    assert f"{pooled} ({likely(around.low, around.high)})" in hidden
    about = desk_shelf.text("/about")
    for told in (
        "no wider than 160 %",
        "Below 20 deaths it is shown with care",
        "years are pooled by a rule",
        "Byar",
        "Wilson's",
    ):
        assert told in about


def test_the_gap_by_race_is_counted_in_every_way(shelf: Shelf, release: Release) -> None:
    text = shelf.text("/profile?area=29510")
    (d1, n1), (d0, n0), (deaths, births) = (rate_counts(release, CITY, g) for g in ("black", "white", "all"))
    ratio, (low, high) = d1 / n1 * n0 / d0, exact_ratio(d1, n1, d0, n0)
    assert (
        f"died {number(ratio, 2)} times as often as white babies in 2017–2023 ({likely(low, high, 2)})"
        in text
    )
    difference = release.figure("infant_mortality_difference", *CITY, "all", NOW)
    assert difference.low is not None and difference.high is not None
    assert f"{number(1000 * (d1 / n1 - d0 / n0), 1)} more died than of every 1,000 white babies" in text
    assert likely(difference.low, difference.high) in text
    spread = Z * sqrt(d1 + (n1 / n0) ** 2 * d0)
    excess = d1 - n1 * d0 / n0
    assert f"{number(excess)} more Black babies died in 2017–2023" in text
    assert likely(excess - spread, excess + spread, 0) in text
    assert f"{number(100 * (1 - 1 / ratio))} would not have died at the rate of white babies" in text
    assert likely(100 * (1 - 1 / low), 100 * (1 - 1 / high), 0) in text
    of_all = 100 * (1 - d0 / n0 * births / deaths)
    assert f"{number(of_all)} would not have died had all died at the rate of white babies (likely" in text
    for part, whole, event in ((n1, births, "born"), (d1, deaths, "who died")):
        assert f"{number(100 * part / whole, 1)} were Black ({likely(*wilson(part, whole))})" in text, event
    assert "white babies fared worse, which makes up 47 % of the narrowing. That part is no progress." in text


def test_the_citys_own_report_is_met(shelf: Shelf) -> None:
    (found,) = (entry for entry in json.loads(PUBLISHED.read_text()) if entry["id"] == "STL1115")
    assert (found["expected"]["ratio"], found["expected"]["score"]) == (3.041, 34)
    deaths, births = found["inputs"]["deaths"], found["inputs"]["births"]
    low, high = exact_ratio(deaths["black"], births["black"], deaths["white"], births["white"])
    text = shelf.text("/profile?area=29510")
    for figures in (("3.04", number(low, 2), number(high, 2)), ("34", "of 100 points")):
        assert re.search(".{1,60}".join(map(re.escape, figures)) + ".{1,60}2011–2015", text), figures
    for group, (low, high) in found["expected"]["exact_ci"].items():
        rate = number(found["expected"]["rate"][group], 1)
        range_ = f"{number(low, 1)} to {number(high, 1)}"
        assert re.search(rf"{rate}\b.{{1,80}}{range_}.{{1,40}}2011–2015", text), group
    assert f"printed 34 points, for a ratio of {found['expected']['ratio']}" in shelf.text("/about")


def test_summary_numbers_of_inequality_are_named_with_their_reference(
    desk_shelf: Shelf, release: Release
) -> None:
    text = desk_shelf.text("/profile?area=29510")
    sides = [rate_counts(release, CITY, group) for group in ("black", "white", "all")]
    d, n = (
        np.array([black, white, everybody - black - white])
        for black, white, everybody in zip(*sides, strict=True)
    )
    share, mean = n / n.sum(), 1000 * d.sum() / n.sum()
    rate = 1000 * d / n
    expected = {
        "bgv": number((share * (rate - mean) ** 2).sum(), 1),
        "theil": number((share * rate / mean * np.log(rate / mean)).sum(), 3),
        "mld": number(-(share * np.log(rate / mean)).sum(), 3),
        "idis_mean": number(abs(rate - mean).mean() / mean, 3),
        "idis_weighted": number((share * abs(rate - mean)).sum() / mean, 3),
        "idis_best": number(abs(rate - rate.min()).sum() / (len(rate) - 1) / rate.min(), 3),
    }
    for name, value in expected.items():
        row = re.escape(say(f"drivers.summary.{name}"))
        meaning = re.escape(say(f"drivers.meaning.{name}"))
        assert re.search(rf"{row} {value} −?[\d.]+ to [\d.]+ {meaning}", text), (name, value)
        assert say(f"drivers.misleads.{name}") in text
    assert {"mean", "births", "best group"} == {
        end for end in ("mean", "births", "best group") if any(say(f"drivers.summary.idis_{k}").endswith(end)
        for k in ("mean", "weighted", "best"))
    }  # fmt: skip


def test_inequality_over_classes_that_have_an_order(desk_shelf: Shelf, release: Release) -> None:
    text = desk_shelf.text("/profile?area=stl")
    rows = release.tables["gradient"]
    row = rows[rows["area"].eq("stl") & rows["last_year"].eq(NOW[1])].iloc[0]
    for name, decimals in (("slope", 0), ("relative", 1), ("concentration", 2), ("absolute", 1)):
        value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
        assert re.search(
            rf"{number(value, decimals)}\b[^.]*\((?:[a-z ]+, )?{likely(low, high, decimals)}\)", text
        ), name
    for words_of_it in ("slope index of inequality", "relative index", "concentration index"):
        assert words_of_it in text
    assert say("drivers.gradient.warning") in text


def test_small_areas_are_smoothed_with_a_named_model_that_passed(desk_shelf: Shelf, release: Release) -> None:
    text = desk_shelf.text("/map?layer=infant_mortality_smoothed&area=63106")
    smoothed, excess = (
        release.figure(f"infant_mortality_{kind}", "zip", "63106", "all", NOW)
        for kind in ("smoothed", "excess")
    )
    said = f"was about {value_text(smoothed)} of every 1,000 births in 2017–2023 (likely "
    assert said in text
    assert f"was above its region's in 2017–2023 is about {value_text(excess)} of 100" in text
    assert say("map.advice.infant_mortality_smoothed") in text
    model = release.manifest["models"]["infant_mortality_smoothed"]
    order = "; ".join(f"{name} {number(found, 2)}" for name, found in model["same_order"].items())
    about = desk_shelf.text("/about")
    assert say("about.model_passed", model="BYM2", order=order) in about
    for told in (
        "Three checks come before anything is shown",
        "Marshall's empirical Bayes",
        "Poisson-gamma model",
    ):
        assert told in about
    assert "Below 20 of 100 it is likely below, above 80 likely above" in about


def test_the_pace_its_turns_and_next_years_count(desk_shelf: Shelf, release: Release) -> None:
    text = desk_shelf.text("/profile?area=stl")
    years = [release.figure("infant_mortality", *REGION, "all", (year, year)) for year in range(2010, 2024)]
    value, low, high = fitted_pace(*np.array([counts(figure) for figure in years]).T)
    told = f"{number(value, 1)} % a year from 2010 to 2023 ({likely(low, high)} %)."
    assert f"{told} {say('drivers.trend.fall')}" in text
    assert say("drivers.trend.no_joint") in text
    assert say("drivers.trend.marker_no_clear_change") in text
    deaths, _ = rate_counts(release, REGION, "all")
    few, many = ordinary(deaths, NOW[1] - NOW[0] + 1)
    assert f"would ordinarily bring between {few} and {many} deaths" in text
    assert say("profile.printed_lead") in text
    about = desk_shelf.text("/about")
    for told in ("Bayesian information criterion", "negative binomial", "that share years are never fitted",
                 "Fingertips", "At most one is allowed"):  # fmt: skip
        assert told in about


def test_four_deaths_after_sixteen_are_judged(desk_shelf: Shelf) -> None:
    few, many = ordinary(16, 1)
    assert (few, many) == (7, 29)
    text = desk_shelf.text("/targets")
    assert (
        f"After 16 deaths in a year, {few} to {many} would have been ordinary by chance; 4 lies outside."
        in text
    )
    assert "check that the count is complete and that both years were counted alike" in text
    assert "look at the rate over several years" in text
    assert "15 % fewer infant deaths in the Bootheel by 2022 Status: cannot be judged." in text
    assert "Sixteen deaths, then four: is that success?" in desk_shelf.text("/about")


def test_targets_say_how_far_how_fast_and_how_likely(desk_shelf: Shelf, release: Release) -> None:
    text = desk_shelf.text("/targets")
    rows = {row["id"]: row for row in release.tables["targets"].to_dict("records")}
    for name in ("imri-stl", "hp2030-stl", "flourish-ratio", "flourish-difference"):
        row = rows[name]
        way = (row["baseline_value"] - row["latest_value"]) / (row["baseline_value"] - row["target_value"])
        span = f"likely between {number(row['achieved_low'])} % and {number(row['achieved_high'])} %"
        assert f"{number(100 * way)} % of the change aimed for ({span})" in text, name
    assert "42 of 100: the chance of reaching the goal by 2023" in text
    years = 2033 - 2020
    yearly = 100 * (1 - (1 / rows["flourish-ratio"]["latest_value"]) ** (1 / years))
    assert f"would have to fall by {number(yearly, 1)} % in every year from 2020 to 2033" in text
    yearly = 100 * (1 - (5 / rows["hp2030-stl"]["latest_value"]) ** (1 / (2030 - 2020)))
    assert f"a fall of {number(yearly, 1)} % in every year from 2020 to 2030" in text
    for goal in ("To reach: 1.00 times by 2033.", "To reach: 0.0 deaths per 1,000 births by 2033."):
        assert goal in text
    assert say("target.guard.schemes_differ") in text
    about = desk_shelf.text("/about")
    for told in ("fewer than 10 deaths at either end", "at least 97.5 of 100", "2.5 of 100 on either side",
                 "at least 50 of 100", "called going the wrong way, never progress"):  # fmt: skip
        assert told in about
    for word in topic("target.status").values():
        assert word in about.lower()


def test_drivers_are_split_in_two_ways_and_warn(desk_shelf: Shelf, release: Release) -> None:
    text = desk_shelf.text("/profile?area=29510")
    gap = 1000 * (180 / 12_945 - 46 / 9_640)
    found = re.search(
        r"Of the ([\d.]+) more deaths .{0,80}, ([\d.]+) come from more babies born very small "
        r"\(likely [\d.]+ to [\d.]+\), and ([\d.]+) from more deaths .{0,40}\(likely [\d.]+ to [\d.]+\)", text
    )  # fmt: skip
    assert found is not None
    total, *parts = (float(part) for part in found.groups())
    assert total == pytest.approx(gap, abs=0.05) and sum(parts) == pytest.approx(total, abs=0.11)
    rows = release.tables["periods_of_risk"]
    rows = rows[rows["area"].eq("29510") & rows["last_year"].eq(NOW[1]) & rows["period"].eq("total")]
    assert set(rows["definition"]) == {"citymatch", "all_weights"}
    for row in rows.to_dict("records"):
        assert say(f"drivers.definition.{row['definition']}") in text
        assert re.search(
            rf"{number(row['excess_rate'], 1)}\b.{{1,160}}{likely(row['low'], row['high'])}", text
        )
    assert "Below 60 deaths, or 10 in a period, nothing is analysed." in desk_shelf.text("/about")
    region = desk_shelf.text("/profile?area=stl")
    together = release.tables["associations"]
    row = together[together["area"].eq("stl") & together["last_year"].eq(NOW[1])].iloc[0]
    for name in ("ratio", "spearman", "pearson"):
        shown = f"{number(row[name], 2)}"
        assert re.search(
            rf"{shown}\b.{{0,40}}\({likely(row[f'{name}_low'], row[f'{name}_high'], 2)}\)", region
        ), name
    assert say("drivers.association.warning") in region


def test_clusters_are_found_on_a_layer_of_the_map(desk_shelf: Shelf, release: Release) -> None:
    text = desk_shelf.text("/map?layer=infant_mortality_cluster")
    codes = release.areas.loc[
        release.areas["kind"].eq("zip") & release.areas["region"].eq("stl"), "geoid"
    ].astype(str)
    figures = [release.figure("infant_mortality_cluster", "zip", code, "all", NOW) for code in codes]
    shown = [figure for figure in figures if figure.visible]
    inside = sum(figure.value == 1 for figure in shown)
    assert 0 < inside < len(shown)
    assert say("map.clusters_some", count=inside, total=len(shown)) in text
    assert say("map.advice.infant_mortality_cluster") in text
    model = release.manifest["models"]["infant_mortality_cluster"]
    pattern = desk_shelf.text("/map?layer=infant_mortality_pattern")
    found = release.manifest["models"]["infant_mortality_pattern"]
    (moran,) = (row for row in found["together"] if row["period"] == list(NOW))
    assert moran["p"] < 0.001
    assert "as clear a pattern is found on fewer than 1 of 1,000 maps of chance" in pattern
    assert (
        f"Moran's I {number(moran['moran_i'], 2)}, {number(moran['z'], 1)} standard deviations above"
        in pattern
    )
    assert say("map.advice.infant_mortality_pattern") in pattern
    about = desk_shelf.text("/about")
    assert f"compared with {found['permutations']:,} shuffles" in about
    assert "of those named about 5 in 100 may be named wrongly" in about
    assert f"compares the best with {model['simulations']} maps on which only chance is at work" in about
    assert "the 5 % risk of naming one wrongly is shared by the blocks of years" in about
