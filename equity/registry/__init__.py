"""The registry of measures: what each number means, its unit, its direction and its floors.

Every page, legend, document and file takes these words from here, so that nothing is described twice.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

Floor = Literal["count", "rate", "share", "comparison", "derived", "open", "context"]

#: Who wrote and who checked the entries (roles), and when they are due for the next look.
AUTHOR: Final = "data steward"
CHECKER: Final = "epidemiologist"
NEXT_REVIEW: Final = dt.date(2027, 11, 30)


@dataclass(frozen=True, slots=True)
class Measure:
    """One reviewed measure.

    ``value * scale`` is in ``unit``; ``direction`` says which way is better; ``floor`` names the
    disclosure and reliability rule; ``misleads`` says when not to trust the number alone. ``digits`` is the
    number of significant digits of a value that is published with no more than those; 0 where all count.
    """

    id: str
    name: str
    definition: str
    unit: str
    scale: float
    decimals: int
    direction: Literal["lower", "higher", "neutral"]
    numerator: str
    denominator: str
    floor: Floor
    interval: str
    misleads: str
    defined_by: str
    digits: int = 0
    author: str = AUTHOR
    checker: str = CHECKER
    next_review: dt.date = NEXT_REVIEW

    def overdue(self, today: dt.date) -> bool:
        """True when the entry is past its review date, which pages then say."""
        return today > self.next_review


@cache
def measures() -> dict[str, Measure]:
    """All measures by id, in the order of the registry file."""
    text = Path(__file__).with_name("measures.toml").read_text(encoding="utf-8")
    return {key: Measure(id=key, **entry) for key, entry in tomllib.loads(text).items()}


def measure(measure_id: str) -> Measure:
    """One measure by id; an unknown id is an error of the caller (``KeyError``)."""
    return measures()[measure_id]
