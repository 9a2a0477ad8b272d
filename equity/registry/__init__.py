"""The registry of measures: what each number means, its unit, its direction and its floors.

Every page, legend, document and file takes these words from here, so that nothing is described twice.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from equity.words import DEFAULT, language

#: What of a measure is read and so written in every language.
WORDS: Final = (
    "name", "short", "definition", "unit", "numerator", "denominator", "interval", "misleads", "defined_by",
)  # fmt: skip
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


def measures(code: str = "") -> dict[str, Measure]:
    """All measures by id, in the order of the registry file.

    Their words are in the language spoken now, or in that of ``code``: a rule that hangs on a word must name
    its language.
    """
    return _measures(code or language())


@cache
def _measures(code: str) -> dict[str, Measure]:
    entries, words = measure_texts(DEFAULT), measure_texts(code)
    return {key: Measure(**{"id": key, **entry, **words.get(key, {})}) for key, entry in entries.items()}


@cache
def measure_texts(code: str) -> dict[str, dict[str, Any]]:
    """What a language's registry file says of each measure: in English all, in others :data:`WORDS`."""
    name = "measures.toml" if code == DEFAULT else f"measures.{code}.toml"
    path = Path(__file__).with_name(name)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def measure(measure_id: str) -> Measure:
    """One measure by id; an unknown id is an error of the caller (``KeyError``)."""
    return measures()[measure_id]
