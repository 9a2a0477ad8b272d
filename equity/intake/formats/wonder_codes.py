"""How CDC WONDER names the things it counts by, and what they are here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal

from equity.intake.sheet import plain

#: What a column counts by. ``other`` is anything no figure here is split by.
Dimension = Literal["county", "state", "year", "race", "hispanic", "weight", "gestation", "age", "other"]

#: Beginnings of headings in their plainest form, and what they count by; the first that fits decides.
_HEADINGS: Final[tuple[tuple[str, Dimension], ...]] = (
    (r"count(y|ies)\b", "county"),
    (r"states?\b", "state"),
    (r"(year|year of (birth|death)|infant year of birth)$", "year"),
    (r"(mother s )?hispanic origin\b", "hispanic"),
    (r"(mother s )?(bridged |single )?race\b", "race"),
    (r"(infant )?birth ?weight\b", "weight"),
    (r"(oe |lmp )?gestational age\b", "gestation"),
    (r"age of infant\b", "age"),
)
#: Columns that hold numbers, not categories.
_MEASURES: Final = re.compile(
    r"^(births|deaths|(death|birth|fertility|crude) rate|average |standard deviation|% of|of total|"
    r"percent|population|female population|total population|95 confidence)"
)
_NUMBER: Final = re.compile(r"\d[\d,]*")
#: Days from which a death in the first year is counted as postneonatal.
POSTNEONATAL_DAYS: Final = 28
LOW_GRAMS: Final = 2500
VERY_LOW_GRAMS: Final = 1500
PRETERM_WEEKS: Final = 37


def dimension_of(heading: str) -> Dimension | None:
    """What a column counts by; ``None`` for a column of numbers."""
    name = plain(heading)
    if _MEASURES.match(name):
        return None
    return next((kind for pattern, kind in _HEADINGS if re.match(pattern, name)), "other")


def is_unknown(label: str) -> bool:
    """True for *Unknown*, *Not Stated*, *Not Reported* and the like."""
    return bool(re.search(r"\b(unknown|not stated|not reported|not available|excluded)\b", plain(label)))


def group_of(race: str | None, hispanic: str | None) -> str:
    """The group of a race, of Hispanic origin, or of both; ``''`` for *not Hispanic* alone, which is none."""
    origin = None if hispanic is None else _origin(hispanic)
    if origin in ("hispanic", "unknown"):
        return origin
    if race is None:
        return ""
    name = plain(race)
    if is_unknown(race):
        return "unknown"
    if name.startswith(("black", "non hispanic black")):
        return "black"
    return "white" if name.startswith(("white", "non hispanic white")) else "other"


def _origin(label: str) -> str:
    if is_unknown(label):
        return "unknown"
    return "not" if plain(label).startswith(("not hispanic", "non hispanic")) else "hispanic"


def scheme_of(race_heading: str, dataset: str, not_hispanic: bool) -> str:
    """The way of recording race: single or bridged, and whether Hispanic people stand apart."""
    heading = plain(race_heading)
    single = "single" in heading or ("bridged" not in heading and "expanded" in dataset.casefold())
    apart = "nh" if not_hispanic else "any_hispanic"
    return f"nchs_{'single' if single else 'bridged'}_{apart}"


def events_of(dimension: Dimension, label: str) -> tuple[str, ...]:
    """What a category counts besides the whole: ``()`` where nothing, or where it is not known."""
    if is_unknown(label):
        return ()
    return _EVENTS[dimension](label) if dimension in _EVENTS else ()


def _by_weight(label: str) -> tuple[str, ...]:
    top = _highest(label)
    events = ("low_birthweight",) if top < LOW_GRAMS else ()
    return (*events, "very_low_birthweight") if top < VERY_LOW_GRAMS else events


def _by_gestation(label: str) -> tuple[str, ...]:
    if "or more" in label.casefold():
        return ()
    top = _highest(label) - ("under" in label.casefold())
    return ("preterm",) if top < PRETERM_WEEKS else ()


def _by_age(label: str) -> tuple[str, ...]:
    if "hour" in label.casefold():
        return ("neonatal",)
    return ("neonatal",) if _highest(label) < POSTNEONATAL_DAYS else ("postneonatal",)


def _highest(label: str) -> int:
    numbers = [int(text.replace(",", "")) for text in _NUMBER.findall(label)]
    if not numbers or "or more" in label.casefold():
        return 10**6
    return max(numbers)


_EVENTS: Final[dict[Dimension, Callable[[str], tuple[str, ...]]]] = {
    "weight": _by_weight,
    "gestation": _by_gestation,
    "age": _by_age,
}
