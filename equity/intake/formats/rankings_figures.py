"""Single figures of County Health Rankings: checked, put on one scale, and one for each place and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from equity.intake.findings import quoted
from equity.intake.formats._cells import Notes, count, is_nothing, number, rounding
from equity.intake.formats.rankings_columns import Part
from equity.intake.formats.rankings_intervals import printed_interval
from equity.intake.formats.rankings_releases import PER_100_000, PUBLISHED
from equity.intake.vocabulary import PER, SHARES

#: Agreement asked of numbers printed with all their digits.
_RELATIVE: Final = 1e-9
_HUNDRED: Final = 100.0
#: Share by which a printed value may miss its counts and still be a slip of the publisher's.
_SLIPS: Final = 0.05
Key = tuple[str, str, int, int, str, str]


@dataclass(frozen=True)
class Figure:
    """One figure as it stands in the file; ``cells`` holds its texts, ``numbers`` what they say."""

    row: int
    area_kind: str
    area: str
    release: int
    years: tuple[int, int]
    group: str
    measure: str
    cells: dict[Part, str]
    column: str
    numbers: dict[Part, float] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Place, years, group and measure."""
        return (self.area_kind, self.area, *self.years, self.group, self.measure)

    @property
    def withheld(self) -> bool:
        """True where the publisher prints no value."""
        return is_nothing(self.cells.get("value", ""))


def read_numbers(figure: Figure, notes: Notes) -> Figure | None:
    """A figure with its numbers, on the scale used here; ``None`` where it is refused.

    A withheld figure keeps no number, though some releases print the counts behind it.
    """
    if figure.withheld:
        return figure
    numbers: dict[Part, float] = {}
    for part, text in figure.cells.items():
        if is_nothing(text):
            continue
        read = count(text) if part in ("numerator", "denominator") else number(text)
        if read is None or read < 0:
            expected = "a whole number" if part in ("numerator", "denominator") else "a number from 0"
            notes.say("error", quoted(text), expected, "Download the file again; do not edit it.",
                      figure.row, figure.column)  # fmt: skip
            return None
        numbers[part] = float(read)
    read_figure = _rescaled(replace(figure, numbers=numbers), notes)
    return read_figure if _agrees(read_figure, notes) else None


def _rescaled(figure: Figure, notes: Notes) -> Figure:
    """Infant deaths for every 1,000 births, also where a release prints them for every 100,000."""
    if figure.measure != "infant_mortality":
        return figure
    derived = _derived(figure)
    per_100_000 = figure.release in PER_100_000
    if derived is not None and derived > 0:
        per_100_000 = abs(figure.numbers["value"] / _HUNDRED - derived) < 0.01 * derived
    if not per_100_000:
        return figure
    notes.say("note", "infant deaths are printed for every 100,000 births", "for every 1,000",
              "They were divided by 100.")  # fmt: skip
    scaled = {part: value if part in ("numerator", "denominator") else value / _HUNDRED
              for part, value in figure.numbers.items()}  # fmt: skip
    return replace(figure, numbers=scaled)


def _derived(figure: Figure) -> float | None:
    """The value that follows from the counts, where both are printed and bear on it."""
    top, base = figure.numbers.get("numerator"), figure.numbers.get("denominator")
    if top is None or not base or figure.measure not in PER:
        return None
    return PER[figure.measure] * top / base


def _agrees(figure: Figure, notes: Notes) -> bool:
    """Whether value and counts tell the same; says what is wrong with them or with the interval."""
    value, half = figure.numbers["value"], rounding(figure.cells["value"])
    if figure.measure in SHARES and max(value, figure.numbers.get("high", 0.0)) > 1:
        mend = "Divide percentages by 100, or download the file again."
        notes.say(
            "error", quoted(figure.cells["value"]), "a share from 0 to 1", mend, figure.row, figure.column
        )
        return False
    derived = _derived(figure)
    if derived is not None and abs(derived - value) > half + _RELATIVE * value:
        found = f"{quoted(figure.cells['value'])} does not follow from the counts beside it"
        if abs(derived - value) > _SLIPS * value:
            notes.say("error", found, f"{derived:.6g}", "Download the file again; do not edit it.",
                      figure.row, figure.column)  # fmt: skip
            return False
        # releases before 2018 hold a few such: the value was printed, the counts only stand beside it
        notes.say("warning", found, f"{derived:.6g}", "The value is taken without its counts.",
                  figure.row, figure.column)  # fmt: skip
        figure.numbers.pop("numerator", None)
        figure.numbers.pop("denominator", None)
    _check_interval(figure, notes, value, half)
    return True


def _check_interval(figure: Figure, notes: Notes, value: float, half: float) -> None:
    low, high = figure.numbers.get("low"), figure.numbers.get("high")
    if low is None and high is None:
        return
    if low is None or high is None:
        notes.say("warning", "only one end of the interval", "both ends or none", "Both were left out.",
                  figure.row, figure.column)  # fmt: skip
        figure.numbers.pop("low", None)
        figure.numbers.pop("high", None)
        return
    slack = half + max(rounding(figure.cells["low"]), rounding(figure.cells["high"])) + _RELATIVE * value
    printed = f"{quoted(figure.cells['value'])} with the interval {low:g} to {high:g}"
    if not low - slack <= value <= high + slack:
        notes.say("warning", f"{printed}, which does not hold it", "a value inside its interval",
                  "Ask the publisher, or leave the figure out.", figure.row, figure.column)  # fmt: skip
        return
    deaths = figure.numbers.get("numerator")
    if figure.measure != "infant_mortality" or not deaths:
        return
    made_low, made_high = (float(limit) for limit in printed_interval(_derived(figure) or value, deaths))
    if max(abs(made_low - low), abs(made_high - high)) > slack:
        notes.say("warning", printed, f"{made_low:.4g} to {made_high:.4g} by the publisher's own rule",
                  "Ask the publisher, or accept it as printed.", figure.row, figure.column)  # fmt: skip


def one_of_each(figures: Iterable[Figure], notes: Notes) -> list[Figure]:
    """One figure for each place, years, group and measure: the later release's.

    Within a release two prints of one figure must agree as far as they are rounded; the one with more
    digits stays.
    """
    kept: dict[Key, Figure] = {}
    for figure in sorted(figures, key=lambda each: each.release):
        before = kept.get(figure.key)
        if before is None:
            kept[figure.key] = figure
        elif before.release != figure.release:
            found = f"the releases of {before.release} and {figure.release} print the same years"
            notes.say("note", found, "one figure for each place and time", "The later release was taken.",
                      column=figure.measure)  # fmt: skip
            kept[figure.key] = figure
        elif _same(before, figure):
            kept[figure.key] = _finer(before, figure)
        else:
            found = f"the figure stands in row {before.row} with another value"
            notes.say("error", found, "one value for each place and time", "Remove the wrong row.",
                      figure.row, figure.column)  # fmt: skip
    return list(kept.values())


def _same(one: Figure, other: Figure) -> bool:
    if one.withheld or other.withheld:
        return one.withheld and other.withheld
    values = one.numbers["value"], other.numbers["value"]
    slack = rounding(one.cells["value"]) + rounding(other.cells["value"])
    return bool(np.isclose(*values, rtol=_RELATIVE, atol=slack))


def _finer(one: Figure, other: Figure) -> Figure:
    if one.withheld:
        return one
    return min(one, other, key=lambda each: (rounding(each.cells["value"]), -len(each.numbers)))


def row_of(figure: Figure, scheme: str) -> dict[str, Any]:
    """A figure as a row of ``published_estimate``, or of ``context`` for what describes places."""
    shared: dict[str, Any] = {
        "area_kind": figure.area_kind, "area": figure.area,
        "first_year": figure.years[0], "last_year": figure.years[1],
        "group": figure.group, "measure": figure.measure,
        **{part: figure.numbers.get(part) for part in ("value", "low", "high")},
    }  # fmt: skip
    if figure.measure not in PUBLISHED:
        return shared
    return shared | {
        "scheme": scheme if figure.group != "all" else "",
        "numerator": figure.numbers.get("numerator"),
        "denominator": figure.numbers.get("denominator"),
        "status": "suppressed" if figure.withheld else "shown",
        "note": f"Release of {figure.release}." if figure.release else None,
    }
