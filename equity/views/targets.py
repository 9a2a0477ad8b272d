"""Targets: where each started, where it stands, how far it has come, and what can be said of that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from equity.registry import Measure, measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.format import amount, number, period_text, range_text
from equity.words import knows, say


@dataclass(frozen=True)
class TargetView:
    """One target with its words. ``row`` is its line of the release's targets table."""

    release: Release
    row: dict[str, Any]

    @property
    def measure(self) -> Measure:
        """The measure the target is set for."""
        return measure(self.row["measure"])

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All that the release knows of what the target is set for."""
        row = self.row
        return self.release.series(row["measure"], row["area_kind"], row["area"])

    @property
    def title(self) -> str:
        """What is to be reached, as the target's table words it, or a catalogue does by the target's id."""
        own = f"target.title.{self.row['id']}"
        return say(own) if knows(own) else str(self.row["title"])

    @property
    def place(self) -> str:
        """The place the target is for."""
        return self.release.area_name(self.row["area_kind"], self.row["area"])

    @property
    def status(self) -> str:
        """The status in words."""
        return say(f"target.status.{self.row['status']}")

    @property
    def reason(self) -> str:
        """Why this status and no other."""
        return say(f"target.reason.{self.row['reason']}", due=self.row["due_year"])

    @property
    def made_up(self) -> bool:
        """True where the target is judged on demonstration figures."""
        return bool(self.row["basis"] == "demonstration")

    @property
    def baseline(self) -> str:
        """The baseline with its period, and whether the initiative stated it or it was chosen here."""
        return self._side("baseline") or say("target.none")

    @property
    def baseline_origin(self) -> str:
        """Who set the baseline."""
        if self.row["baseline_stated"]:
            return say("target.baseline_stated")
        return say("target.baseline_chosen" if self._side("baseline") else "target.baseline_nobody")

    @property
    def latest(self) -> str:
        """The latest figure with its interval and period."""
        return self._side("latest") or say("target.none")

    @property
    def glance(self) -> str:
        """The latest figure in a sentence; empty where there is none."""
        latest = self._side("latest")
        return say("target.glance", latest=latest) if latest else ""

    @property
    def goal(self) -> str:
        """The value to reach and by when."""
        value = self.row["target_value"]
        if pd.isna(value):
            return say("target.goal_unknown", due=self.row["due_year"])
        return say(
            "target.goal", value=amount(self.measure, value), unit=self.measure.unit, due=self.row["due_year"]
        )

    @property
    def achieved(self) -> str:
        """Percent of the targeted change achieved, with its interval; or why there is none."""
        if pd.isna(self.row["achieved"]):
            return say("target.achieved_unknown")
        low, high = self.row["achieved_low"], self.row["achieved_high"]
        return say(
            "target.achieved", percent=number(self.row["achieved"]), low=number(low), high=number(high)
        )

    @property
    def probability(self) -> str:
        """The probability of reaching the goal by its due year at today's pace."""
        value = self.row["probability"]
        if pd.isna(value):
            return say("target.probability_unknown")
        return say("target.probability", percent=_percent(value), due=self.row["due_year"])

    @property
    def chance(self) -> str:
        """The probability of reaching the goal as ``11 of 100``."""
        return say("target.chance", percent=_percent(self.row["probability"]))

    @property
    def is_gap(self) -> bool:
        """True where the target is about the gap between two groups."""
        return self.measure.floor == "comparison"

    @cached_property
    def path(self) -> list[dict[str, Any]]:
        """Where the pace leads, one row a year; empty where there is no pace to judge by."""
        paths = self.release.tables.get("target_paths")
        if paths is None or paths.empty:
            return []
        rows = paths[paths["target"].eq(self.row["id"])].to_dict("records")
        return [{str(key): value for key, value in row.items()} for row in rows]

    @property
    def required(self) -> str:
        """The yearly change that would still reach the goal; why there is none where there is none."""
        path = self.path
        if not path:
            return say("target.required_unknown")
        if self.row["due_year"] <= self.row["latest_last_year"]:
            return say("target.required_due")
        change = path[0]["required_change"]
        if pd.isna(change):
            return say("target.required_none")
        texts = {
            "percent": number(abs(change), 1),
            "since": f"{path[0]['year']:g}",
            "due": self.row["due_year"],
        }
        return say("target.required_gap" if self.is_gap else "target.required", **texts)

    def end(self, side: str) -> dict[str, float]:
        """Value, interval and years of the ``baseline`` or the ``latest`` figure."""
        keys = ("value", "low", "high", "first_year", "last_year")
        return {key: float(self.row[f"{side}_{key}"]) for key in keys}

    @property
    def guards(self) -> list[str]:
        """Warnings that belong beside the status."""
        codes = [code for code in str(self.row["guards"] or "").split(";") if code]
        return [say(f"target.guard.{code}") for code in codes]

    @property
    def note(self) -> str:
        """The initiative's own wording and what is to be known about it."""
        return str(self.row["note"] or "")

    @property
    def sentence(self) -> str:
        """The target in one sentence."""
        return say(
            "target.sentence", title=self.title, status=self.status, latest=self.latest, goal=self.goal
        )

    def _side(self, side: str) -> str:
        value = self.row[f"{side}_value"]
        if pd.isna(value):
            return ""
        text = f"{amount(self.measure, value)} {self.measure.unit}"
        low, high = self.row[f"{side}_low"], self.row[f"{side}_high"]
        interval = "" if pd.isna(low) or pd.isna(high) else range_text(self.measure, low, high)
        if interval:
            text += f" ({say('view.likely', interval=interval)})"
        period = period_text(int(self.row[f"{side}_first_year"]), int(self.row[f"{side}_last_year"]))
        return say("target.side", text=text, period=period)


def _percent(probability: float) -> str:
    """A probability in whole percent, never said to be certain."""
    if probability < 0.01:
        return say("target.under_one")
    return say("target.over_99") if probability > 0.99 else number(100 * probability)


def target_views(release: Release, region: str = "both") -> list[TargetView]:
    """Targets of a region (``both`` for all), by initiative."""
    rows = release.tables["targets"].to_dict("records")
    views = [TargetView(release, {str(key): value for key, value in row.items()}) for row in rows]
    return [view for view in views if region == "both" or view.row["area"] == region]


def initiatives(views: list[TargetView]) -> dict[str, list[TargetView]]:
    """Targets grouped by the initiative that set them, in order."""
    grouped: dict[str, list[TargetView]] = {}
    for view in views:
        grouped.setdefault(str(view.row["initiative"]), []).append(view)
    return grouped


def targets_table(views: list[TargetView]) -> pd.DataFrame:
    """All targets as one table: what the page and its file say."""
    return pd.DataFrame(
        {
            say("target.column.target"): [view.title for view in views],
            say("table.place"): [view.place for view in views],
            say("target.column.baseline"): [view.baseline for view in views],
            say("target.column.origin"): [view.baseline_origin for view in views],
            say("target.column.latest"): [view.latest for view in views],
            say("target.column.goal"): [view.goal for view in views],
            say("target.column.achieved"): [view.achieved for view in views],
            say("target.column.probability"): [view.probability for view in views],
            say("target.column.required"): [view.required for view in views],
            say("target.column.status"): [view.status for view in views],
            say("target.column.why"): [" ".join([view.reason, *view.guards]) for view in views],
            say("table.basis"): [say(f"figure.basis_short.{view.row['basis']}") for view in views],
        }
    )
