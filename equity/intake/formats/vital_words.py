"""What the lines above a table and its rows together tell: the publisher, the years, what is covered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from equity.intake.formats._cells import years
from equity.intake.formats.vital_sums import Cell, Tally
from equity.intake.places import Places
from equity.intake.sheet import Sheet

_PERIODS: Final = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:\s*(?:-|–|—|to|through)\s*(?:19|20)[0-9]{2})?(?![0-9])"
)
_STATE_SYSTEM: Final = re.compile(r"\bMOPHIMS\b|Missouri Department of Health", re.IGNORECASE)
_KIND_NAMES: Final = {"zip": "ZIP code", "county": "county", "state": "state", "nation": "nation"}


def years_above(sheet: Sheet, header_row: int) -> tuple[int, int] | None:
    """The years named above a table; ``None`` where there are none or several."""
    found = {span for row in sheet.cells[: header_row - 1] for cell in row
             for text in _PERIODS.findall(cell) if (span := years(text)) is not None}  # fmt: skip
    return found.pop() if len(found) == 1 else None


def publisher_of(sheet: Sheet, header_row: int) -> tuple[str, str]:
    """Publisher and address, as far as the lines above the table name the state's query system."""
    above = " ".join(cell for row in sheet.cells[: header_row - 1] for cell in row)
    if _STATE_SYSTEM.search(above):
        return (
            "Missouri Department of Health and Senior Services",
            "https://healthapps.dhss.mo.gov/MoPhims/MOPHIMSHome",
        )
    return ("The agency that handed in the file", "")


def covers_of(tallies: Mapping[Cell, Tally], places: Places) -> tuple[str, str, str]:
    """What is covered, as a text that a corrected file has too; the years; the kinds of place.

    It names kinds of place, counties, years, groups and events: another county's file of the same years
    takes nobody's place.
    """
    if not tallies:
        return "", "", ""
    kinds = sorted({cell.area_kind for cell in tallies})
    counties = sorted({county for cell in tallies for county in _counties(cell, places)})
    span = (min(cell.first_year for cell in tallies), max(cell.last_year for cell in tallies))
    groups = sorted({cell.group for cell in tallies})
    events = sorted({event for tally in tallies.values() for event in tally.counts.keys() | tally.hidden})
    told = "-".join(str(year) for year in dict.fromkeys(span))
    parts = ("+".join(part) for part in (kinds, counties, [told], groups, events))
    return "/".join(parts), told, " and ".join(_KIND_NAMES[kind] for kind in kinds)


def _counties(cell: Cell, places: Places) -> tuple[str, ...]:
    """The counties a cell is surely of: a ZIP in several is of none."""
    if cell.area_kind != "zip":
        return (cell.area,)
    home = places.counties_of.get(cell.area, ())
    return home if len(home) == 1 else ()
