"""The figure: the one shape in which every number of this software is kept, shown and exported.

A figure is a measure for an area, a group and a period, with its interval, how it may be shown
(``status``), where it comes from (``basis``, ``source``) and how it was made (``method``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Status = Literal["shown", "unstable", "suppressed", "missing", "not_applicable"]
Basis = Literal["reported", "estimated", "allocated", "demonstration"]

#: Columns of a table of figures, in order. ``first_year`` and ``last_year`` are inclusive.
FIGURE_COLUMNS: Final = (
    "measure", "area_kind", "area", "group", "first_year", "last_year",
    "value", "low", "high", "numerator", "denominator",
    "status", "reason", "basis", "method", "scheme", "source",
)  # fmt: skip

#: Columns that together name one figure.
KEY_COLUMNS: Final = ("measure", "area_kind", "area", "group", "first_year", "last_year")

#: Columns emptied when a figure is hidden: each of them could give the hidden count away.
NUMBER_COLUMNS: Final = ("value", "low", "high", "numerator", "denominator")

STATUSES: Final[tuple[Status, ...]] = ("shown", "unstable", "suppressed", "missing", "not_applicable")
#: Statuses of a figure whose value is read: plainly, or marked as unstable.
VISIBLE: Final[tuple[Status, ...]] = ("shown", "unstable")
BASES: Final[tuple[Basis, ...]] = ("reported", "estimated", "allocated", "demonstration")
AREA_KINDS: Final = ("zip", "zip_group", "county", "region", "state", "nation")
GROUPS: Final = ("all", "black", "white", "hispanic", "other", "unknown")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with everything a reader needs to trust it.

    ``value``, ``low`` and ``high`` are in the measure's own unit; ``None`` where the figure is not
    shown. ``reason`` is a code from ``equity/words`` (empty where the figure is shown plainly).
    ``source`` holds one or more source ids, joined by ``;``.
    """

    measure: str
    area_kind: str
    area: str
    group: str
    first_year: int
    last_year: int
    value: float | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    status: Status
    reason: str
    basis: Basis
    method: str
    scheme: str
    source: str

    @property
    def visible(self) -> bool:
        """True where there is a value to show (plainly, or marked unstable)."""
        return self.status in VISIBLE

    @property
    def period(self) -> str:
        """The period as a code for URLs and files: ``2023`` or ``2017-2023``."""
        return period_code(self.first_year, self.last_year)


def period_code(first_year: int, last_year: int) -> str:
    """Write a period as ``2023`` or ``2017-2023``."""
    return str(first_year) if first_year == last_year else f"{first_year}-{last_year}"
