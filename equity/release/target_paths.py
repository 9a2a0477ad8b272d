"""Where the figure of each target will be if its pace holds: the numbers behind the fan charts.

A target has a path where its status rests on a pace, so only within one basis. A rate's path is the
posterior of `targets.project`. A gap's path is put together from the projections of both groups' rates:
the median from the two medians, each limit from the distances of the groups' own limits to their medians,
squared and added (the method of variance estimates recovery: Zou and Donner 2008, Statistics in Medicine
27:1693), on the logarithm for a ratio and on the rate itself for a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equity.measures.targets import project, required_annual_change, required_group_change
from equity.release.figure import Figure
from equity.release.index import Key, index_figures

Array = NDArray[np.float64]
Row = dict[str, Any]
Known = Mapping[Key, Figure]
#: Rates of both ends, oldest first, for each group.
Series = list[list[Figure]]

RATE: Final = "infant_mortality"
#: The group that fares worse, and the one it is held against.
GROUPS: Final = ("black", "white")
#: Levels of the two bands of a fan.
INNER, OUTER = 0.5, 0.95
#: How far a path goes past the last figure of a target that is already due.
YEARS_PAST_DUE: Final = 5
PATH_COLUMNS: Final = (
    "target", "year", "median", "low50", "high50", "low", "high", "required_change",
)  # fmt: skip


def target_paths(progress: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Paths of all targets that are judged by a pace, one row a target and year.

    ``progress`` is the table of `target_progress`, ``figures`` the disclosed figures it was made from.
    ``median``, ``low50 .. high50`` and ``low .. high`` (95 %) are in the measure's own unit, from the
    middle of the latest period to the due year, or to ``YEARS_PAST_DUE`` after the latest period where the
    target is already due. ``required_change`` is the percent a year that would just reach the goal by the
    due year, of the rate, or of the worse-off group's rate while the other stays; empty where the target
    is due or nothing is left to change.
    """
    known = index_figures(figures[figures["measure"].eq(RATE)]).by_key
    targets = [{str(key): value for key, value in row.items()} for row in progress.to_dict("records")]
    paths = [row for target in targets for row in _path(target, known)]
    return pd.DataFrame(paths, columns=list(PATH_COLUMNS))


def _path(target: Row, known: Known) -> list[Row]:
    series = _series(target, known)
    if pd.isna(target["probability"]) or not series:
        return []
    years = _years(target)
    inner, outer = (_limits(target["measure"], series, years, level) for level in (INNER, OUTER))
    needed = _required_change(target, series)
    columns = zip(years, outer[1], inner[0], inner[2], outer[0], outer[2], strict=True)
    return [
        dict(zip(PATH_COLUMNS, (target["id"], *map(_short, numbers), needed), strict=True))
        for numbers in columns
    ]


def _short(value: float) -> float:
    """Six decimals: enough for every chart, and the same on every machine."""
    return round(float(value), 6)


def _series(target: Row, known: Known) -> Series:
    """Rates of both ends, by group; nothing where one is missing or the bases differ."""
    if pd.isna(target["baseline_first_year"]) or pd.isna(target["latest_first_year"]):
        return []
    ends = [_period(target, end) for end in ("baseline", "latest")]
    groups = ("all",) if target["measure"] == RATE else GROUPS
    place = (RATE, target["area_kind"], target["area"])
    found = [[known.get((*place, group, *end)) for end in ends] for group in groups]
    series = [[rate for rate in rates if rate is not None and rate.visible] for rates in found]
    whole = all(len(rates) == len(ends) for rates in series)
    alike = {rate.basis for rates in series for rate in rates} == {target["basis"]}
    return series if whole and alike else []


def _period(target: Row, end: str) -> tuple[int, int]:
    return int(target[f"{end}_first_year"]), int(target[f"{end}_last_year"])


def _years(target: Row) -> Array:
    """Middle of the latest period, then every year to the end of the fan."""
    (first, last), due = _period(target, "latest"), int(target["due_year"])
    middle = (first + last) / 2
    end = due if due > last else last + YEARS_PAST_DUE
    return np.array([middle, *range(floor(middle) + 1, end + 1)])


def _limits(measure: str, series: Series, years: Array, level: float) -> tuple[Array, Array, Array]:
    """Lower limit, median and upper limit by year."""
    found = [_rate_limits(rates, years, level) for rates in series]
    if len(found) == 1:
        return found[0]
    group, reference = found
    if not measure.endswith("ratio"):
        return _difference(group, reference)
    logs = _difference(tuple(map(np.log, group)), tuple(map(np.log, reference)))
    return np.exp(logs[0]), np.exp(logs[1]), np.exp(logs[2])


def _rate_limits(rates: list[Figure], years: Array, level: float) -> tuple[Array, Array, Array]:
    deaths = np.array([rate.numerator for rate in rates], float)
    births = np.array([rate.denominator for rate in rates], float)
    windows = [(rate.first_year, rate.last_year) for rate in rates]
    found = project(deaths, births, windows, years, level=level)
    return found.low, found.rate, found.high


def _difference(group: tuple[Array, ...], reference: tuple[Array, ...]) -> tuple[Array, Array, Array]:
    (low1, middle1, high1), (low0, middle0, high0) = group, reference
    middle = middle1 - middle0
    return (
        middle - np.hypot(middle1 - low1, high0 - middle0),
        middle,
        middle + np.hypot(high1 - middle1, middle0 - low0),
    )


def _required_change(target: Row, series: Series) -> float:
    """Percent a year from the middle of the latest period that would just reach the goal when due."""
    (first, last), goal = _period(target, "latest"), float(target["target_value"])
    left = float(target["due_year"]) - (first + last) / 2
    if target["due_year"] <= last or target["latest_value"] <= goal:
        return float("nan")
    now = [rates[-1].value or 0.0 for rates in series]
    if target["measure"] == RATE:
        return round(float(required_annual_change(goal / now[0] - 1, left)), 4)
    if not target["measure"].endswith("ratio"):
        goal = 1 + goal / now[1]  # the ratio at which the groups differ by this much
    return round(float(required_group_change(now[0] / now[1], goal, left)), 4)
