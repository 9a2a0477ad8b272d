"""Calendar quarters, in the ways in which people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SHAPES: Final = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?:cy ?)?(?P<year>\d{4})[ \-_/.,]*(?:q|qtr|quarter)[ .]*(?P<quarter>[1-4])",
        r"(?:q|qtr|quarter)[ .]*(?P<quarter>[1-4])[ \-_/.,]*(?:of )?(?:cy ?)?(?P<year>\d{4})",
        r"(?P<quarter>[1-4])(?:st|nd|rd|th)?[ \-_]*(?:q|qtr|quarter)[ \-_/.,]*(?:of )?(?P<year>\d{4})",
    )
)
_BETWEEN: Final = re.compile(
    r"\s+(?:to|through|until|[-–—])\s+|\s*[–—]\s*|(?<=\d{4})-(?=\d{1,2}/)", re.IGNORECASE
)
_DATES: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y")
_MONTHS: Final = {("jan", "mar"): 1, ("apr", "jun"): 2, ("jul", "sep"): 3, ("oct", "dec"): 4}
_MONTH_RANGE: Final = re.compile(
    r"(?P<first>[a-z]{3})[a-z]*\.?\s*(?:-|–|—|to|through)\s*(?P<last>[a-z]{3})[a-z]*\.?,?\s*(?P<year>\d{4})",
    re.IGNORECASE,
)


def quarter_of(text: str) -> str:
    """A quarter as ``YYYYQn``; ``''`` where the text is none.

    ``2023Q1``, ``Q1 2023``, ``2023-Q1``, ``1st quarter 2023``, ``Jan-Mar 2023`` and the dates from first to
    last day are understood. A quarter of a fiscal year is not: which months it means is not known.
    """
    written = " ".join(text.split())
    for shape in _SHAPES:
        if match := shape.fullmatch(written):
            return _named(int(match["year"]), int(match["quarter"]))
    if match := _MONTH_RANGE.fullmatch(written):
        quarter = _MONTHS.get((match["first"].casefold(), match["last"].casefold()), 0)
        return _named(int(match["year"]), quarter) if quarter else ""
    return _of_dates(written)


def before(quarter: str) -> str:
    """The quarter before ``quarter``."""
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year}Q{number - 1}" if number > 1 else f"{year - 1}Q4"


def _named(year: int, quarter: int) -> str:
    return f"{year}Q{quarter}" if _FIRST_YEAR <= year <= _LAST_YEAR else ""


def _of_dates(text: str) -> str:
    """Two dates that are the first and the last day of one quarter."""
    days = [day for part in _BETWEEN.split(text) if (day := _date(part)) is not None]
    if len(days) != 2:
        return ""
    first, last = days
    quarter = (first.month + 2) // 3
    end_month = last + timedelta(days=1)
    whole = first.day == 1 and first.month % 3 == 1 and end_month.day == 1
    same = last.year == first.year and last.month == first.month + 2
    return _named(first.year, quarter) if whole and same else ""


def _date(text: str) -> date | None:
    for shape in _DATES:
        try:
            return datetime.strptime(text.strip(), shape).date()
        except ValueError:
            continue
    return None
