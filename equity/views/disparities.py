"""The gap in deaths: what it adds up to, whether it changed for a good reason, and in one number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.format import figure_period, inside, interval_text, number, period_text, value_text
from equity.views.notes import why
from equity.views.overview import Statement
from equity.views.profile import Profile
from equity.words import knows, say

Place = tuple[str, str]
Period = tuple[int, int]
DOUBTFUL: Final = "doubtful_in_print"


def gap_statements(profile: Profile) -> tuple[Statement, ...]:
    """The visible figures of the gap in deaths as sentences, for the profile's period."""
    return _said(profile, [f for f in _figures(profile) if figure_period(f) == period_text(*profile.period)])


def other_gap_statements(profile: Profile) -> list[tuple[str, tuple[Statement, ...]]]:
    """The same for other printed windows of years, each with the words that lead to it."""
    found: dict[str, list[Figure]] = {}
    for figure in _figures(profile):
        if figure_period(figure) != period_text(*profile.period):
            found.setdefault(figure_period(figure), []).append(figure)
    return [(say("drivers.other_years", period=key), _said(profile, own)) for key, own in found.items()]


def gap_notes(profile: Profile) -> list[str]:
    """Why there is no figure, or how to read it; and what became of the gap since the block before."""
    period = period_text(*profile.period)
    own = [row.figure for row in profile.gap if figure_period(row.figure) == period]
    notes = []
    if not own:
        notes.append(say("drivers.gap_none"))
    elif not any(figure.visible for figure in own):
        notes.append(say("drivers.gap_hidden", period=period))
    if any(figure.reason == DOUBTFUL for figure in own):
        notes.append(say("drivers.gap_doubtful"))
    return notes + _change(profile)


def _figures(profile: Profile) -> list[Figure]:
    return [row.figure for row in profile.gap if row.figure.visible]


def _said(profile: Profile, figures: list[Figure]) -> tuple[Statement, ...]:
    return tuple(_sentence(profile.release, figure) for figure in figures)


def _sentence(release: Release, figure: Figure) -> Statement:
    entry, said = measure(figure.measure), figure
    key = f"drivers.gap.{figure.measure}"
    if figure.value is not None and figure.value < 0 and knows(f"{key}_below"):
        key = f"{key}_below"
        value, low, high = (None if x is None else -x for x in (figure.value, figure.high, figure.low))
        said = replace(figure, value=value, low=low, high=high)
    interval = interval_text(said)
    sentence = say(
        key,
        place=inside(release.area_name(figure.area_kind, figure.area)),
        period=figure_period(figure),
        value=value_text(said),
        likely=say("overview.likely", interval=interval) if interval else "",
    )
    # what stands behind all of them alike is said once, below them
    note = "" if figure.reason == DOUBTFUL else why(release, figure)
    return Statement(entry.name, figure, sentence, note)


def _change(profile: Profile) -> list[str]:
    row = next(iter(table_rows(profile.release, "gap_changes", profile, profile.period)), None)
    if row is None:
        return []
    rates = {
        f"{group}_{when}": number(row[f"{group}_{when}"], 1)
        for group in ("black", "white")
        for when in ("before", "after")
    }
    before = period_text(int(row["before_first_year"]), int(row["before_last_year"]))
    lead = say("drivers.change.lead", before=before, after=period_text(*profile.period), **rates)
    share = number(100 * row["share_from_better_off"])
    parts = [lead, say(f"drivers.change.{row['verdict']}", share=share)]
    parts += [say(f"drivers.change.{flag}") for flag in ("doubtful", "schemes_differ") if row[flag]]
    mark = [say("drivers.mark")] if row["basis"] == "demonstration" else []
    return [" ".join([*mark, *parts, say("drivers.change.chance")])]


def table_rows(
    release: Release, table: str, place: Profile | Place, period: Period | None
) -> list[Mapping[str, Any]]:
    """The rows of one of a release's small tables for a place and period; none where it has no such table."""
    kind, area = (place.area_kind, place.area) if isinstance(place, Profile) else place
    found = release.tables.get(table)
    if found is None or found.empty:
        return []
    rows = found[found["area_kind"].eq(kind) & found["area"].eq(area)]
    if period is not None:
        rows = rows[rows["first_year"].eq(period[0]) & rows["last_year"].eq(period[1])]
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]


def inequality_view(profile: Profile) -> tuple[str, pd.DataFrame] | None:
    """Summary measures with their meaning, and the words that lead to them; ``None`` where there are none."""
    rows = table_rows(profile.release, "inequality", profile, profile.period)
    if not rows:
        return None
    lead = say("drivers.inequality_lead", place=inside(profile.name), period=period_text(*profile.period))
    notes = [say("drivers.inequality_misleads")]
    if rows[0]["doubtful"]:
        notes.append(say("drivers.inequality_doubtful"))
    if rows[0]["basis"] == "demonstration":
        notes.append(say("drivers.inequality_demonstration"))
    names = [row["measure"] for row in rows]
    frame = pd.DataFrame(
        {
            say("drivers.column.summary"): [say(f"drivers.summary.{name}") for name in names],
            say("table.value"): [_digits(row["measure"], row["value"]) for row in rows],
            say("table.interval"): [
                say(
                    "view.interval",
                    low=_digits(row["measure"], row["low"]),
                    high=_digits(row["measure"], row["high"]),
                )
                for row in rows
            ],
            say("drivers.column.meaning"): [say(f"drivers.meaning.{name}") for name in names],
            say("drivers.column.misleads"): [say(f"drivers.misleads.{name}") for name in names],
        }
    )
    return f"{lead}. {' '.join(notes)}", frame


def _digits(name: str, value: float) -> str:
    return number(value, 1 if name == "bgv" else 3)
