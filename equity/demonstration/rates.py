"""The shares and risks the demonstration is drawn with.

Chosen round, to look like Missouri and US vital statistics of the 2010s (County Health Rankings
low birthweight by race for the eight counties; NCHS linked birth/infant death files for risk by
weight, gestation, age and cause). They shape the demonstration and are estimates of nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from equity.demonstration.draw import Floats

GROUPS: Final = ("black", "white", "hispanic", "other", "unknown")
#: Position of each group in ``plan.CALIBRATED_GROUPS``.
CALIBRATED_OF: Final = np.array([0, 1, 2, 2, 2])
UNKNOWN_SHARE: Final = 0.012  # of all births: mother's race not stated
WEIGHTS: Final = ("<500", "500-1499", "1500-2499", "2500+", "unknown")
GESTATIONS: Final = ("<28", "28-31", "32-36", "37+", "unknown")
AGES: Final = ("neonatal", "postneonatal")
CAUSES: Final = (
    "prematurity", "congenital", "sudden_unexpected", "maternal_complications", "infection", "injury",
    "other",
)  # fmt: skip
MOTHER_AGES: Final = ("<20", "20-24", "25-34", "35+")
EDUCATIONS: Final = ("less_than_high_school", "high_school", "more_than_high_school", "unknown")


class BirthClass(NamedTuple):
    """Births of one weight and gestation: how the class arises, and what it risks."""

    weight: str
    gestation: str
    share: float  # of the births of that weight
    risk: float  # relative risk of dying in the first year (about the chance, where well below 1)
    neonatal: float  # share of those deaths before day 28


CLASSES: Final = (
    BirthClass("<500", "<28", 1.00, 1.50, 0.99),
    BirthClass("500-1499", "<28", 0.43, 0.230, 0.88),
    BirthClass("500-1499", "28-31", 0.40, 0.055, 0.76),
    BirthClass("500-1499", "32-36", 0.17, 0.050, 0.76),
    BirthClass("1500-2499", "28-31", 0.06, 0.030, 0.64),
    BirthClass("1500-2499", "32-36", 0.55, 0.011, 0.52),
    BirthClass("1500-2499", "37+", 0.39, 0.010, 0.46),
    BirthClass("2500+", "32-36", 0.051, 0.0045, 0.42),
    BirthClass("2500+", "37+", 0.948, 0.0021, 0.34),
    BirthClass("2500+", "unknown", 0.001, 0.004, 0.40),
    BirthClass("unknown", "unknown", 1.00, 0.100, 0.90),
)
WEIGHT_OF: Final = np.array([WEIGHTS.index(c.weight) for c in CLASSES])
GESTATION_OF: Final = np.array([GESTATIONS.index(c.gestation) for c in CLASSES])
PRETERM: Final = np.isin(GESTATION_OF, [0, 1, 2])
RISK: Final = np.array([c.risk for c in CLASSES])
NEONATAL: Final = np.array([c.neonatal for c in CLASSES])
_SHARE = np.array([c.share for c in CLASSES])

# In the order of GROUPS, at the reference poverty in 2010.
_LOW_WEIGHT = np.array([0.142, 0.073, 0.072, 0.085, 0.095])  # births under 2,500 g
_VERY_LOW = np.array([0.205, 0.155, 0.160, 0.150, 0.200])  # of those, under 1,500 g
_TINY = np.array([0.140, 0.090, 0.100, 0.100, 0.150])  # of those, under 500 g
_REFERENCE_POVERTY = 0.15
_LOW_WEIGHT_SLOPE = 1.15  # log share per unit of poverty
_LOW_WEIGHT_TREND = 0.002  # log share per year from the first
_UNKNOWN_WEIGHT = 0.001
#: Log risk of death per unit of ZIP poverty, weight and group being equal.
RISK_SLOPE: Final = 0.8
#: Log births per resident per unit of ZIP poverty.
FERTILITY_SLOPE: Final = 0.5

#: Fetal deaths per live birth, by group, and their weights.
FETAL_RATE: Final = np.array([0.0115, 0.0052, 0.0055, 0.0060, 0.0080])
FETAL_WEIGHTS: Final = np.array([0.33, 0.27, 0.17, 0.20, 0.03])

# Share of each cause, by age and by whether the child weighed under 1,500 g at birth.
_CAUSE = {
    ("neonatal", True): (0.50, 0.09, 0.01, 0.21, 0.05, 0.00, 0.14),
    ("neonatal", False): (0.06, 0.47, 0.11, 0.08, 0.06, 0.02, 0.20),
    ("postneonatal", True): (0.21, 0.16, 0.16, 0.03, 0.16, 0.03, 0.25),
    ("postneonatal", False): (0.01, 0.18, 0.45, 0.01, 0.08, 0.12, 0.15),
}
_VERY_LOW_CLASS = WEIGHT_OF <= 1

# Mother's age and education by group, in 2010 and in 2023, at the reference poverty.
_MOTHER_AGE = {
    2010: np.array([[0.155, 0.33, 0.42, 0.095], [0.050, 0.18, 0.60, 0.17], [0.12, 0.28, 0.47, 0.13],
                    [0.03, 0.12, 0.62, 0.23], [0.10, 0.25, 0.50, 0.15]]),
    2023: np.array([[0.070, 0.27, 0.50, 0.16], [0.022, 0.13, 0.63, 0.218], [0.07, 0.24, 0.52, 0.17],
                    [0.015, 0.08, 0.63, 0.275], [0.06, 0.20, 0.54, 0.20]]),
}  # fmt: skip
_EDUCATION = {
    2010: np.array([[0.23, 0.34, 0.42, 0.01], [0.08, 0.19, 0.725, 0.005], [0.36, 0.27, 0.35, 0.02],
                    [0.09, 0.15, 0.75, 0.01], [0.16, 0.22, 0.42, 0.20]]),
    2023: np.array([[0.15, 0.38, 0.46, 0.01], [0.05, 0.18, 0.765, 0.005], [0.27, 0.30, 0.41, 0.02],
                    [0.06, 0.13, 0.80, 0.01], [0.11, 0.22, 0.47, 0.20]]),
}  # fmt: skip
_AGE_TILT = np.array([6.0, 3.5, -0.8, -2.0])  # log share per unit of poverty
_EDUCATION_TILT = np.array([4.0, 2.0, -1.5, 0.0])


def low_weight_share(group: np.ndarray, poverty: Floats, year: Floats) -> Floats:
    """Share of births under 2,500 g; arguments of one length n (group as a position)."""
    drift = _LOW_WEIGHT_SLOPE * (poverty - _REFERENCE_POVERTY) + _LOW_WEIGHT_TREND * (year - 2010)
    return _LOW_WEIGHT[group] * np.exp(drift)


def class_shares(group: np.ndarray, low: Floats) -> Floats:
    """Shares of ``CLASSES`` among births, n × 11, given the group and the share under 2,500 g."""
    very_low = low * _VERY_LOW[group]
    tiny = very_low * _TINY[group]
    normal = 1.0 - low - _UNKNOWN_WEIGHT
    unknown = np.full_like(low, _UNKNOWN_WEIGHT)
    by_weight = np.stack([tiny, very_low - tiny, low - very_low, normal, unknown], axis=-1)
    return by_weight[:, WEIGHT_OF] * _SHARE


def cause_shares(age: str) -> Floats:
    """Shares of ``CAUSES`` among deaths at ``age``, one row per class."""
    return np.array([_CAUSE[age, bool(small)] for small in _VERY_LOW_CLASS])


def mother_age_shares(poverty: Floats, year: Floats) -> Floats:
    """Shares of ``MOTHER_AGES``, shape counties × years × groups × 4."""
    return _tilted(_MOTHER_AGE, _AGE_TILT, poverty, year)


def education_shares(poverty: Floats, year: Floats) -> Floats:
    """Shares of ``EDUCATIONS``, shape counties × years × groups × 4."""
    return _tilted(_EDUCATION, _EDUCATION_TILT, poverty, year)


def _tilted(table: dict[int, Floats], tilt: Floats, poverty: Floats, year: Floats) -> Floats:
    part = np.clip((year - 2010) / 13, 0, 1)[:, None, None]
    base = table[2010] * (1 - part) + table[2023] * part
    factor = np.exp((poverty[:, None] - _REFERENCE_POVERTY) * tilt)
    return base[None] * factor[:, None, None, :]
