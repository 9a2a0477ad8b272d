"""Codes the store accepts, checked by the database itself so that a misspelt one cannot hide a count."""

from __future__ import annotations

from typing import Final

AREA_KINDS: Final = ("zip", "zip_group", "county", "region", "state", "nation")
GROUPS: Final = ("all", "black", "white", "hispanic", "other", "unknown")
BASES: Final = ("reported", "estimated", "allocated", "demonstration")
STATUSES: Final = ("shown", "unstable", "suppressed", "missing", "not_applicable")
SCHEMES: Final = (
    "",
    "nchs_single_nh",
    "nchs_bridged_nh",
    "nchs_single_any_hispanic",
    "nchs_bridged_any_hispanic",
    "mophims_any_hispanic",
    "demonstration",
)
#: ``at_least``: rows behind the count are hidden by its publisher, so that it may be higher.
BOUNDS: Final = ("", "at_least")
SUBMISSION_STATUSES: Final = ("refused", "waiting", "accepted", "superseded", "withdrawn", "declined")
DEATH_BASES: Final = ("", "period", "cohort")
EVENTS: Final = (
    "births",
    "infant_deaths",
    "neonatal",
    "postneonatal",
    "preterm",
    "low_birthweight",
    "very_low_birthweight",
    "fetal_deaths",
)
