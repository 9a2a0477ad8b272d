"""Progress toward each target: its start, its latest figure, how far it came, and its status.

A target is judged within one basis only: on reported figures where both ends are reported, otherwise on
demonstration figures at both ends, marked. A start in print is never held against a made-up end.
"""

from __future__ import annotations

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
from equity.release.policy import Policy

Row = dict[str, Any]
Figures = dict[tuple[str, str, str, str, int, int], Row]
Draws = NDArray[np.float64]
NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Ends:
    """The start and the latest figure of a target (``None`` where there is none that may be used)."""

    start: dict[str, Any] | None
    latest: dict[str, Any] | None


def target_progress(targets: pd.DataFrame, figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """One row a target: its own columns, both ends, the percent achieved, status, reason and guards."""
    known = _index(figures)
    rows = [
        _progress({str(key): value for key, value in row.items()}, known, policy)
        for row in targets.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _index(figures: pd.DataFrame) -> Figures:
    keys = ["measure", "area_kind", "area", "group", "first_year", "last_year"]
    rows = figures.to_dict("records")
    return {tuple(row[key] for key in keys): row for row in rows}  # type: ignore[misc]  # six known columns


def _progress(target: dict[str, Any], known: Figures, policy: Policy) -> dict[str, Any]:
    ends = _ends(target, known, policy)
    row = {
        **target,
        **_side("baseline", ends.start),
        **_side("latest", ends.latest),
        "baseline_stated": bool(target["baseline_stated"]) or pd.notna(target["baseline_value"]),
        "basis": (ends.latest or ends.start or {"basis": "reported"})["basis"],
    }
    if pd.notna(target["baseline_value"]):
        row |= {f"baseline_{key}": target[f"baseline_{key}"] for key in ("value", "first_year", "last_year")}
    row["target_value"] = _goal(target, row["baseline_value"])
    row |= _judge(target, ends, known)
    return row


def _ends(target: dict[str, Any], known: Figures, policy: Policy) -> Ends:
    """Both ends: the last two blocks of years of the place, where they are visible and of one basis."""
    if target["kind"] == "count_relative_change" or pd.notna(target["baseline_value"]):
        return Ends(None, None)
    found = [
        known.get((target["measure"], target["area_kind"], target["area"], "all", first, last))
        for first, last in policy.blocks[-2:]
    ]
    visible = [row if row is not None and row["status"] in ("shown", "unstable") else None for row in found]
    start, latest = visible
    if start is not None and latest is not None and start["basis"] != latest["basis"]:
        start = None
    return Ends(start, latest)


def _side(name: str, row: dict[str, Any] | None) -> dict[str, Any]:
    values = {f"{name}_{key}": np.nan if row is None else row[key] for key in NUMBERS}
    years = {f"{name}_{key}": np.nan if row is None else row[key] for key in ("first_year", "last_year")}
    return values | years


def _goal(target: dict[str, Any], baseline: float) -> float:
    if pd.notna(target["target_value"]):
        return float(target["target_value"])
    return round(float(baseline) * (1 + float(target["relative_change"])), 6)


def _judge(target: dict[str, Any], ends: Ends, known: Figures) -> dict[str, Any]:
    if ends.start is None or ends.latest is None:
        reason, guards = _why_not(target, ends)
        return _verdict("cannot_be_judged", reason, guards)
    pair = (ends.start, ends.latest)
    start, latest = (_draws(end, known, side) for side, end in enumerate(pair))
    if target["kind"] == "relative_change":
        goal = start * (1 + float(target["relative_change"]))
    else:
        goal = np.full_like(start, float(target["target_value"]))
    found = _status(target, pair, known)
    guards = _guards(ends, known)
    verdict = _verdict(found.word, found.reason, guards)
    value = _goal(target, pair[0]["value"])
    percent = float(percent_of_targeted_change(pair[0]["value"], pair[1]["value"], value))
    low, high = achieved_interval(start, latest, goal)
    verdict |= {"achieved": round(percent, 1), "achieved_low": round(low, 1), "achieved_high": round(high, 1)}
    if found.evidence is not None:
        verdict["probability"] = round(found.evidence.probability_when_due, 4)
        verdict["probability_met"] = round(found.evidence.probability_met, 4)
    return verdict


def _status(target: dict[str, Any], pair: tuple[Row, Row], known: Figures) -> Status | GapStatus:
    """The status word: of a rate, or of the gap between the two rates beneath a ratio or difference."""
    due = int(target["due_year"])
    if target["measure"] == "infant_mortality":
        goal = _goal(target, pair[0]["value"])
        return status(_observed(pair[0]), _observed(pair[1]), goal, due)
    before, after = (GapPair(*(_observed(row) for row in _rates_beneath(end, known))) for end in pair)
    return gap_status(before, after, due)


def _observed(row: Row) -> Observed:
    return Observed(row["numerator"], row["denominator"], int(row["first_year"]), int(row["last_year"]))


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


def _draws(end: dict[str, Any], known: Figures, side: int) -> Draws:
    """Plausible true values of a rate, or of a ratio or difference of the two rates beneath it."""
    if end["measure"] == "infant_mortality":
        return rate_draws(end["numerator"], end["denominator"], stream=side)
    black, white = (
        rate_draws(row["numerator"], row["denominator"], stream=10 * side + place)
        for place, row in enumerate(_rates_beneath(end, known), start=2)
    )
    return black / white if end["measure"].endswith("ratio") else black - white


def _rates_beneath(end: dict[str, Any], known: Figures) -> list[dict[str, Any]]:
    place = (end["area_kind"], end["area"])
    years = (end["first_year"], end["last_year"])
    return [known[("infant_mortality", *place, group, *years)] for group in ("black", "white")]


def _guards(ends: Ends, known: Figures) -> list[str]:
    """Warnings: who moved, whether race was recorded alike, whether the numbers are small."""
    assert ends.start is not None and ends.latest is not None  # noqa: S101 - told by the caller
    guards = []
    if ends.start["measure"] != "infant_mortality":
        before, after = (_rates_beneath(end, known) for end in (ends.start, ends.latest))
        doubtful = "doubtful_in_print" in (ends.start["reason"], ends.latest["reason"])
        # who moved is not to be read from figures that are themselves in doubt
        guards += ["doubtful_in_print"] if doubtful else _who_moved(before, after)
        if before[0]["scheme"] != after[0]["scheme"]:
            guards.append("schemes_differ")
    if "under_20_deaths" in (ends.start["reason"], ends.latest["reason"]):
        guards.append("small_numbers")
    return guards


def _who_moved(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """A warning where the gap narrowed for a bad reason, or the ratio grew while both rates fell."""
    verdict = levelling_down([row["value"] for row in before], [row["value"] for row in after]).verdict
    codes = {"levelled_down": "levelling_down", "ratio_grew_while_both_fell": "ratio_grew"}
    return [codes[verdict]] if verdict in codes else []
