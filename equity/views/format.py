"""How numbers, intervals and periods read. The one place where a value is rounded for people."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from equity.registry import Measure, measure
from equity.release.as_of import last_quarters
from equity.release.figure import Figure
from equity.words import knows, say


def number(value: float, decimals: int = 0) -> str:
    """A number rounded half up, with thousands separated: ``1,234.5``. Minus is a true minus sign."""
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,}" if decimals else f"{abs(int(rounded)):,}"
    return f"−{text}" if rounded < 0 else text


def amount(entry: Measure, value: float) -> str:
    """A measure's value in its own unit, without the unit."""
    return number(value * entry.scale, decimals_of(entry, value))


def decimals_of(entry: Measure, value: float) -> int:
    """Digits behind the point with which a measure's value is shown."""
    scaled = value * entry.scale
    if not entry.digits or not scaled:
        return entry.decimals
    return min(entry.decimals, max(0, entry.digits - 1 - math.floor(math.log10(abs(scaled)))))


def word(measure_id: str, code: int) -> str:
    """The words for a value that is a code; empty where the measure's values are numbers."""
    key = f"figure.word.{measure_id}.{code}"
    return say(key) if knows(key) else ""


def value_text(figure: Figure) -> str:
    """The value as shown, or the word for why there is none."""
    if figure.value is None:
        withheld = figure.reason in ("withheld_by_publisher", "inside_withheld")
        return say("figure.short.withheld" if withheld else f"figure.short.{figure.status}")
    return word(figure.measure, int(figure.value)) or amount(measure(figure.measure), figure.value)


def interval_text(figure: Figure) -> str:
    """``7.9 to 10.2``; empty where there is no interval, or one too narrow to be seen in these digits."""
    if figure.low is None or figure.high is None:
        return ""
    return range_text(measure(figure.measure), figure.low, figure.high)


def range_text(entry: Measure, low: float, high: float) -> str:
    """``7.9 to 10.2``; empty where both ends read alike: that would say nothing beside the value."""
    ends = amount(entry, low), amount(entry, high)
    return "" if ends[0] == ends[1] else say("view.interval", low=ends[0], high=ends[1])


def full_text(figure: Figure) -> str:
    """Value, unit and interval in one line; or why it is not shown."""
    if figure.value is None:
        return value_text(figure)
    if word(figure.measure, int(figure.value)):
        return value_text(figure)
    text = f"{value_text(figure)} {measure(figure.measure).unit}"
    interval = interval_text(figure)
    return f"{text} ({say('view.likely', interval=interval)})" if interval else text


def inside(place: str) -> str:
    """A place's name as it reads inside a sentence: ``the Bootheel``."""
    if knows(f"view.inside.{place}"):
        return say(f"view.inside.{place}")
    article = say("view.article")
    return place[0].lower() + place[1:] if place.startswith(article) else place


def period_text(first_year: int, last_year: int) -> str:
    """``2023`` or ``2017–2023`` with an en dash."""
    return str(first_year) if first_year == last_year else f"{first_year}–{last_year}"


def figure_period(figure: Figure) -> str:
    """The period of a figure as people read it."""
    return period_text(figure.first_year, figure.last_year)


def quarter_text(code: str) -> str:
    """``the end of March 2023`` for ``2023Q1``: slots are counted at the end of a quarter."""
    return say(f"coverage.quarter.{code[4:]}", year=code[:4])


def end_text(figure: Figure) -> str:
    """When a figure of service was counted: ``the end of 2023``, or the last quarter that was reported."""
    first, last = last_quarters(figure.method) or (f"{figure.last_year}Q4",) * 2
    if first == last:
        return quarter_text(first)
    return say("coverage.quarters_differ", first=quarter_text(first), last=quarter_text(last))


def count_text(figure: Figure) -> str:
    """``238 of 26,307`` for figures that carry both counts."""
    if figure.numerator is None or figure.denominator is None:
        return ""
    return say("view.counts", top=number(figure.numerator), base=number(figure.denominator))
