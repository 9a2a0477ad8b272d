"""What the readers know of measures and strata: which there are and what bounds their values."""

from __future__ import annotations

from typing import Final

#: Measures that are a count of events over a count of births or people, and what that is multiplied by.
PER: Final = {
    "infant_mortality": 1000.0,
    "neonatal_mortality": 1000.0,
    "postneonatal_mortality": 1000.0,
    "teen_births": 1000.0,
    "preterm": 1.0,
    "low_birthweight": 1.0,
    "very_low_birthweight": 1.0,
}
#: Measures whose value is a share between 0 and 1.
SHARES: Final = (
    "preterm",
    "low_birthweight",
    "very_low_birthweight",
    "child_poverty",
    "uninsured",
    "poverty",
    "no_vehicle",
    "share_black",
)
COUNTS: Final = ("births", "infant_deaths", "population")
#: Measures that compare Black with white: their race scheme matters though they stand for all.
COMPARISONS: Final = ("infant_mortality_ratio", "infant_mortality_difference", "equity_score")
MEASURES: Final = tuple(dict.fromkeys((*PER, *SHARES, *COUNTS, *COMPARISONS, "median_income")))

TARGET_KINDS: Final = ("relative_change", "count_relative_change", "level", "ratio", "difference")

#: Keys a stratum may have, and their values.
STRATA: Final = {
    "weight": ("<500", "500-1499", "1500-2499", "2500+", "unknown"),
    "gestation": ("<28", "28-31", "32-36", "37+", "unknown"),
    "age": ("neonatal", "postneonatal"),
    "cause": (
        "prematurity",
        "congenital",
        "sudden_unexpected",
        "maternal_complications",
        "infection",
        "injury",
        "other",
    ),
    "mother_age": ("<20", "20-24", "25-34", "35+"),
    "education": ("less_than_high_school", "high_school", "more_than_high_school", "unknown"),
}


def is_stratum(text: str) -> bool:
    """True for ``''`` (the total) and for ``key=value`` pairs joined by ``;`` with their keys sorted."""
    if not text:
        return True
    pairs = [part.partition("=") for part in text.split(";")]
    keys = [key for key, _, _ in pairs]
    return keys == sorted(set(keys)) and all(value in STRATA.get(key, ()) for key, _, value in pairs)
