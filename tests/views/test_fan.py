"""The fan chart of a target: bands in order, goal and due year drawn, and words that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from equity.release.load import Release, load_release
from equity.store.engine import open_store
from equity.store.releases import current_release_id
from equity.views.charts.chart import Chart
from equity.views.charts.fan import INNER_FILL, OUTER_FILL, fan_chart
from equity.views.format import range_text
from equity.views.targets import TargetView, target_views, targets_table
from tests.shipped import shipped_home

LOWER, UPPER, LOWER50, UPPER50, MEDIAN, PAST = range(6)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    engine = open_store(f"sqlite:///{shipped_home(tmp_path_factory) / 'equity.sqlite3'}")
    current = current_release_id(engine, "public")
    assert current is not None
    yield load_release(engine, current)
    engine.dispose()


@pytest.fixture(scope="module")
def fans(release: Release) -> list[tuple[TargetView, Chart]]:
    """Every target that has a fan, with it."""
    pairs = [(view, fan_chart(view)) for view in target_views(release)]
    return [(view, chart) for view, chart in pairs if chart is not None]


def _view(release: Release, target: str) -> TargetView:
    return next(view for view in target_views(release) if view.row["id"] == target)


def _numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"[−]?\d+(?:\.\d+)?", text)]


def test_rates_and_gaps_have_a_fan_and_targets_without_a_pace_have_none(
    release: Release, fans: list[tuple[TargetView, Chart]]
) -> None:
    assert {"flourish-ratio", "flourish-difference", "hp2030-stl"} <= {view.row["id"] for view, _ in fans}
    for target in ("bbf-deaths", "imri-bootheel-2003-2013"):
        view = _view(release, target)
        assert fan_chart(view) is None
        assert view.required == "cannot be stated"


def test_bands_lie_inside_one_another_and_begin_where_the_figures_end(
    fans: list[tuple[TargetView, Chart]],
) -> None:
    for view, chart in fans:
        data = chart.figure["data"]
        order = [data[i]["y"] for i in (LOWER, LOWER50, MEDIAN, UPPER50, UPPER)]
        assert all(sorted(column) == list(column) for column in zip(*order, strict=True))
        assert data[MEDIAN]["x"][0] == data[PAST]["x"][1] == 2020
        assert data[PAST]["x"][0] == 2013
        assert data[PAST]["error_x"]["array"] == [3, 3]
        low = data[PAST]["y"][1] - data[PAST]["error_y"]["arrayminus"][1]
        assert low == pytest.approx(view.row["latest_low"] * view.measure.scale)


def test_bands_differ_in_lightness_and_in_line(fans: list[tuple[TargetView, Chart]]) -> None:
    for _, chart in fans:
        outer, inner = chart.figure["data"][UPPER], chart.figure["data"][UPPER50]
        assert (outer["fill"], inner["fill"]) == ("tonexty", "tonexty")
        assert outer["line"]["dash"] != inner["line"]["dash"]
        # on white, the inner band (painted over the outer) is at least a quarter darker
        assert _grey(_over(INNER_FILL, _over(OUTER_FILL))) < 0.75 * _grey(_over(OUTER_FILL))


def _over(fill: str, below: tuple[float, ...] = (255.0, 255.0, 255.0)) -> tuple[float, ...]:
    *colour, alpha = (float(x) for x in re.findall(r"[\d.]+", fill))
    return tuple(alpha * c + (1 - alpha) * b for c, b in zip(colour, below, strict=True))


def _grey(colour: tuple[float, ...]) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), colour, strict=True))


def test_goal_and_due_year_are_drawn_and_named(fans: list[tuple[TargetView, Chart]]) -> None:
    for view, chart in fans:
        spec: dict[str, Any] = chart.figure["layout"]
        goal, due = spec["shapes"]
        assert goal["y0"] == goal["y1"] == pytest.approx(view.row["target_value"] * view.measure.scale)
        assert due["x0"] == due["x1"] == view.row["due_year"]
        assert spec["xaxis"]["range"][0] < due["x0"] < spec["xaxis"]["range"][1]
        texts = [label["text"] for label in spec["annotations"]]
        assert texts[0].startswith("Goal: ")
        assert texts[1] == f"due {view.row['due_year']}"
        assert ("DEMONSTRATION" in texts) == view.made_up == ("DEMONSTRATION" in chart.sentence)
        assert view.measure.unit in spec["yaxis"]["title"]["text"]
        assert "lower is better" in spec["yaxis"]["title"]["text"]


def test_the_sentence_says_the_chance_and_what_the_path_says_when_due(
    fans: list[tuple[TargetView, Chart]],
) -> None:
    for view, chart in fans:
        assert view.chance in chart.sentence
        assert view.chance in view.probability
        row = next(row for row in view.path if row["year"] == view.row["due_year"])
        said = chart.sentence.split("holds. ")[1].split(". The goal")[0]
        wanted = [row["year"], row["median"]]
        for low, high in (("low", "high"), ("low50", "high50")):
            # a range that no digit shows is not said
            wanted += [row[low], row[high]] if range_text(view.measure, row[low], row[high]) else []
        assert len(wanted) >= 4
        assert _numbers(said) == pytest.approx(wanted, abs=0.051)
        assert ("counts as closed" in chart.sentence) == view.is_gap


def test_chances_are_said_of_100_and_never_as_certain(release: Release) -> None:
    view = _view(release, "hp2030-stl")
    said = [TargetView(release, view.row | {"probability": p}).chance for p in (0.11, 0.0001, 0.9999)]
    assert said == ["11 of 100", "fewer than 1 of 100", "more than 99 of 100"]


def test_alt_and_table_hold_the_numbers_of_the_chart(fans: list[tuple[TargetView, Chart]]) -> None:
    for view, chart in fans:
        assert view.latest in chart.alt
        assert str(view.row["due_year"]) in chart.alt
        assert len(chart.table) == 2 + len(view.path)
        assert not chart.table.isna().to_numpy().any()
        basis = "demonstration" if view.made_up else "reported"
        assert set(chart.table["Basis"]) == {basis}
        last = chart.table.iloc[-1]
        assert float(last["Value"]) == pytest.approx(view.path[-1]["median"], abs=0.051)


def test_what_is_still_needed_is_said_in_words(release: Release) -> None:
    rate = _view(release, "hp2030-stl")
    percent = _numbers(rate.required)[0]
    assert rate.required.endswith("% in every year from 2020 to 2030")
    assert rate.row["latest_value"] * (1 - percent / 100) ** 10 == pytest.approx(5.0, rel=0.01)
    gap = _view(release, "flourish-ratio")
    assert gap.required.startswith("the rate of Black babies' deaths would have to fall by ")
    assert gap.row["latest_value"] * (1 - _numbers(gap.required)[0] / 100) ** 13 == pytest.approx(1, rel=0.02)
    assert _view(release, "imri-stl").required == "the due year has come"


def test_a_release_made_before_there_were_paths_has_no_fans(release: Release) -> None:
    tables = {name: table for name, table in release.tables.items() if name != "target_paths"}
    view = _view(Release(**{**_fields(release), "tables": tables}), "hp2030-stl")
    assert fan_chart(view) is None
    assert view.required == "cannot be stated"


def _fields(release: Release) -> dict[str, Any]:
    return {name: getattr(release, name) for name in release.__dataclass_fields__ if not name.startswith("_")}


def test_the_table_of_all_targets_says_what_is_still_needed(release: Release) -> None:
    views = target_views(release)
    assert targets_table(views)["Still needed"].tolist() == [view.required for view in views]
