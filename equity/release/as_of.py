"""The quarter at whose end service was counted, where a year's reports end before the year does.

It is kept in how a figure was made (``method``), so that it goes wherever the figure goes.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

_AT: Final = re.compile(r"; (?P<first>\d{4}Q[1-4])(?: to (?P<last>\d{4}Q[1-4]))?$")


def with_quarters(method: pd.Series, first: pd.Series, last: pd.Series) -> pd.Series:
    """``method`` with the last quarters reported, row by row: ``count; 2024Q1 to 2024Q3``.

    ``first`` and ``last`` are the earliest and the latest of them (``2024Q1``; nothing where unknown).
    Nothing is added where all reports go on to the end of the year.
    """
    first, last = first.fillna("").astype("str"), last.fillna("").astype("str")
    early = first.ne("") & ~first.str.endswith("Q4")
    span = first.where(first.eq(last), first + " to " + last)
    return method.where(~early, method + "; " + span)


def quarters_part(method: str) -> str:
    """The part of ``method`` that names the quarters, with what divides it from the rest; often empty."""
    found = _AT.search(method)
    return found.group() if found else ""


def last_quarters(method: str) -> tuple[str, str] | None:
    """The earliest and the latest last quarter in ``method``; nothing where it names none."""
    found = _AT.search(method)
    return (found["first"], found["last"] or found["first"]) if found else None
