"""Progress toward each target: its start, its latest figure, how far it came, and its status.

A target is judged within one basis only: on reported figures where both ends are reported, otherwise on
demonstration figures at both ends, marked. A start in print is never held against a made-up end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equity.measures.achieved import achieved_interval, rate_draws
from equity.measures.disparity import levelling_down
from equity.measures.targets import (
    GapPair,
    GapStatus,
    Observed,
    Status,
    gap_status,
    percent_of_targeted_change,
    status,
)
from equity.release.figure import Figure
from equity.release.index import Key, index_figures
from equity.release.policy import Policy

Known = Mapping[Key, Figure]
Pair = tuple[Figure, Figure]
Draws = NDArray[np.float64]
NUMBERS = ("value", "low", "high")
#: Measures that targets are set for, with the rates beneath them.
FOLLOWED = ("infant_mortality", "infant_mortality_ratio", "infant_mortality_difference")


@dataclass(frozen=True)
class Ends:
    """The start and the latest figure of a target (``None`` where there is none that may be used)."""

    start: Figure | None
    latest: Figure | None


def target_progress(targets: pd.DataFrame, figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """One row a target: its own columns, both ends, the percent achieved, status, reason and guards."""
    known = index_figures(figures[figures["measure"].isin(FOLLOWED)]).by_key
    rows = [
        _progress({str(key): value for key, value in row.items()}, known, policy)
        for row in targets.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _progress(target: dict[str, Any], known: Known, policy: Policy) -> dict[str, Any]:
    ends = _ends(target, known, policy)
    row = {
        **target,
        **_side("baseline", ends.start),
        **_side("latest", ends.latest),
        "baseline_stated": bool(target["baseline_stated"]) or pd.notna(target["baseline_value"]),
        "basis": end.basis if (end := ends.latest or ends.start) else "reported",
    }
    if pd.notna(target["baseline_value"]):
        row |= {f"baseline_{key}": target[f"baseline_{key}"] for key in ("value", "first_year", "last_year")}
    row["target_value"] = _goal(target, row["baseline_value"])
    row |= _judge(target, ends, known)
    return row


def _ends(target: dict[str, Any], known: Known, policy: Policy) -> Ends:
    """Both ends: the last two blocks of years of the place, where they are visible and of one basis."""
    if target["kind"] == "count_relative_change" or pd.notna(target["baseline_value"]):
        return Ends(None, None)
    found = [
        known.get((target["measure"], target["area_kind"], target["area"], "all", first, last))
        for first, last in policy.blocks[-2:]
    ]
    start, latest = (figure if figure is not None and figure.visible else None for figure in found)
    if start is not None and latest is not None and start.basis != latest.basis:
        start = None
    return Ends(start, latest)


def _side(name: str, figure: Figure | None) -> dict[str, Any]:
    """The numbers and years of an end; NaN where there is none."""
    found = {key: getattr(figure, key, None) for key in (*NUMBERS, "first_year", "last_year")}
    return {f"{name}_{key}": np.nan if value is None else value for key, value in found.items()}


def _goal(target: dict[str, Any], baseline: float) -> float:
    if pd.notna(target["target_value"]):
        return float(target["target_value"])
    return round(float(baseline) * (1 + float(target["relative_change"])), 6)


def _judge(target: dict[str, Any], ends: Ends, known: Known) -> dict[str, Any]:
    if ends.start is None or ends.latest is None:
        reason, guards = _why_not(target, ends)
        return _verdict("cannot_be_judged", reason, guards)
    before, after = pair = (ends.start, ends.latest)
    start, latest = (_draws(end, known, side) for side, end in enumerate(pair))
    if target["kind"] == "relative_change":
        goal = start * (1 + float(target["relative_change"]))
    else:
        goal = np.full_like(start, float(target["target_value"]))
    found = _status(target, pair, known)
    verdict = _verdict(found.word, found.reason, _guards(pair, known))
    began, now = _number(before.value), _number(after.value)
    percent = float(percent_of_targeted_change(began, now, _goal(target, began)))
    low, high = achieved_interval(start, latest, goal)
    verdict |= {"achieved": round(percent, 1), "achieved_low": round(low, 1), "achieved_high": round(high, 1)}
    if found.evidence is not None:
        verdict["probability"] = round(found.evidence.probability_when_due, 4)
        verdict["probability_met"] = round(found.evidence.probability_met, 4)
    return verdict


def _status(target: dict[str, Any], pair: Pair, known: Known) -> Status | GapStatus:
    """The status word: of a rate, or of the gap between the two rates beneath a ratio or difference."""
    due = int(target["due_year"])
    if target["measure"] == "infant_mortality":
        goal = _goal(target, _number(pair[0].value))
        return status(_observed(pair[0]), _observed(pair[1]), goal, due)
    before, after = (GapPair(*(_observed(row) for row in _rates_beneath(end, known))) for end in pair)
    return gap_status(before, after, due)


def _observed(figure: Figure) -> Observed:
    deaths, births = _number(figure.numerator), _number(figure.denominator)
    return Observed(deaths, births, figure.first_year, figure.last_year)


def _number(value: float | None) -> float:
    """A number that a visible figure has; none is not a number."""
    return np.nan if value is None else value


def _why_not(target: dict[str, Any], ends: Ends) -> tuple[str, list[str]]:
    if target["kind"] == "count_relative_change":
        return "too_few", ["single_years"]
    if pd.notna(target["baseline_value"]):
        return "bases_differ", []
    if ends.start is not None:
        return "latest_hidden", []
    return "no_baseline", []


def _verdict(word: str, reason: str, guards: list[str]) -> dict[str, Any]:
    numbers = ("achieved", "achieved_low", "achieved_high", "probability", "probability_met")
    return {**dict.fromkeys(numbers, np.nan), "status": word, "reason": reason, "guards": ";".join(guards)}


def _draws(end: Figure, known: Known, side: int) -> Draws:
    """Plausible true values of a rate, or of a ratio or difference of the two rates beneath it."""
    if end.measure == "infant_mortality":
        return _rate_draws(end, side)
    black, white = (
        _rate_draws(rate, 10 * side + place) for place, rate in enumerate(_rates_beneath(end, known), start=2)
    )
    return black / white if end.measure.endswith("ratio") else black - white


def _rate_draws(rate: Figure, stream: int) -> Draws:
    return rate_draws(_number(rate.numerator), _number(rate.denominator), stream=stream)


def _rates_beneath(end: Figure, known: Known) -> list[Figure]:
    years = (end.first_year, end.last_year)
    return [
        known[("infant_mortality", end.area_kind, end.area, group, *years)] for group in ("black", "white")
    ]


def _guards(pair: Pair, known: Known) -> list[str]:
    """Warnings: who moved, whether race was recorded alike, whether the numbers are small."""
    guards, reasons = [], {end.reason for end in pair}
    if pair[0].measure != "infant_mortality":
        before, after = (_rates_beneath(end, known) for end in pair)
        # who moved is not to be read from figures that are themselves in doubt
        guards += ["doubtful_in_print"] if "doubtful_in_print" in reasons else _who_moved(before, after)
        if before[0].scheme != after[0].scheme:
            guards.append("schemes_differ")
    if "under_20_deaths" in reasons:
        guards.append("small_numbers")
    return guards


def _who_moved(before: list[Figure], after: list[Figure]) -> list[str]:
    """A warning where the gap narrowed for a bad reason, or the ratio grew while both rates fell."""
    first, last = ([_number(rate.value) for rate in rates] for rates in (before, after))
    codes = {"levelled_down": "levelling_down", "ratio_grew_while_both_fell": "ratio_grew"}
    verdict = levelling_down(first, last).verdict
    return [codes[verdict]] if verdict in codes else []
