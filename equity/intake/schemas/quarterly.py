"""The quarterly report: capacity, households and staff of programs, in the shape of HRSA MIECHV Form 4."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from equity.intake.schemas.column import Column, Schema
from equity.intake.schemas.shared import AGENCY, FTE, FUNDER, MODEL, PROGRAM
from equity.store.codes import GROUPS

_MOST: Final = 100_000


def _households(name: str, title: str, description: str, write: str, example: str, *aliases: str) -> Column:
    return Column(name, title, description, write, example, "whole", "sometimes", 0, _MOST, aliases=aliases)


_COLUMNS: Final = (
    replace(
        AGENCY,
        needed="sometimes",
        write="The agency's name, or its id. Needed where the program is not known here yet.",
    ),
    PROGRAM,
    replace(MODEL, write="The model's name. Needed once for a program that is not known here yet."),
    replace(FUNDER, write="One name; for a program that is not known here yet."),
    Column(
        name="quarter",
        title="Quarter",
        description="The calendar quarter of the report.",
        write="Year and quarter, such as 2023Q1; not the quarter of a fiscal year.",
        example="2023Q1",
        holds="quarter",
        needed="always",
        aliases=("reporting quarter", "calendar quarter", "reporting period", "report period", "period",
                 "year and quarter"),
    ),
    Column(
        name="zip",
        title="ZIP code",
        description="The community (Form 4, A.2).",
        write="One ZIP code; empty in the program's own row, unknown where it is not known.",
        example="63106",
        holds="zip",
        needed="sometimes",
        aliases=("zip", "zips", "zip codes", "zcta", "zip code of residence", "residence zip", "family zip",
                 "zip code s", "a 2 zip code", "a 2 zip codes", "community zip code"),
    ),
    Column(
        name="group",
        title="Race or ethnicity",
        description="The group of families the row counts.",
        write="A group; empty or all for all families together.",
        example="all",
        holds="group",
        choices=GROUPS,
        aliases=("group", "race", "ethnicity", "race ethnicity", "race and ethnicity", "race ethnicity group",
                 "race group", "mother s race", "caregiver race"),
    ),
    _households(
        "new_households", "New households",
        "Households that enrolled in the quarter (Form 4, A.1).",
        "A whole number. In a row of a ZIP code it may be empty where the current caseload is given.", "6",
        "new", "households new", "new enrollees", "newly enrolled", "newly enrolled households",
        "number of new households", "a 1 new households", "number of newly enrolled households",
        "new families", "families new",
    ),
    _households(
        "continuing_households", "Continuing households",
        "Households that enrolled before the quarter and are still in the program (Form 4, A.1).",
        "A whole number. It may be empty where the current caseload is given.", "24",
        "continuing", "households continuing", "continuing enrollees", "continuing families",
        "number of continuing households", "a 1 continuing households", "families continuing",
    ),
    _households(
        "current_caseload", "Current caseload",
        "Households enrolled: new and continuing together (Form 4, A.1).",
        "A whole number; the sum of new and continuing households.", "30",
        "caseload", "households", "households served", "households total", "total households", "enrolled",
        "current enrollment", "enrollment", "families served", "families enrolled", "a 1 current caseload",
        "households current caseload", "number of households",
    ),
    _households(
        "maximum_service_capacity", "Maximum service capacity",
        "Households that could be enrolled with all home visitors hired and trained (Form 4, A.1).",
        "A whole number; in the program's own row.", "40",
        "capacity", "maximum capacity", "msc", "slots", "funded slots", "a 1 maximum service capacity",
        "households maximum service capacity",
    ),
    Column(
        name="capacity_percentage",
        title="Capacity percentage",
        description="Current caseload as a share of the maximum service capacity (Form 4, A.1).",
        write="Percent; in the program's own row. It may be empty: it is worked out here.",
        example="75",
        holds="percent",
        aliases=("capacity percent", "percent capacity", "percent of capacity", "of capacity",
                 "capacity pct", "a 1 capacity percentage", "percentage of capacity"),
    ),
    _households(
        "exits", "Exits",
        "Households that left in the quarter, for whatever reason (Form 4, A.3).",
        "A whole number; in rows of ZIP codes too where it is known.", "2",
        "exited", "attrition", "households exited", "exited households", "a 3 attrition", "left",
        "stopped services", "families exited", "number of exits", "households exits", "households that left",
    ),
    FTE,
)  # fmt: skip

_PROGRAM_ROW: Final = {
    "agency": "Example Family Center (example)",
    "program": "Example First Steps (example)",
    "quarter": "2023Q1",
}
_TOTAL: Final = {
    "model": "Parents as Teachers",
    "funder": "Federal MIECHV",
    "new_households": "6",
    "continuing_households": "24",
    "current_caseload": "30",
    "maximum_service_capacity": "40",
    "capacity_percentage": "75",
    "exits": "3",
    "home_visitor_fte": "2.5",
}


def _zip_row(zip_code: str, group: str, new: int, continuing: int, exits: int) -> dict[str, str]:
    counts = {"new_households": new, "continuing_households": continuing, "exits": exits}
    caseload = {"current_caseload": str(new + continuing)}
    texts = {name: str(count) for name, count in counts.items()}
    return {**_PROGRAM_ROW, "zip": zip_code, "group": group, **texts, **caseload}


QUARTERLY: Final = Schema(
    kind="quarterly",
    title="Quarterly report",
    columns=_COLUMNS,
    marks=(
        ("program",),
        ("quarter",),
        ("new_households", "continuing_households", "current_caseload"),
    ),
    intro=(
        "For every program and quarter one row of its own with an empty ZIP code: households, capacity, "
        "exits and staff of the whole program (Form 4, A.1, A.3 and A.4).",
        "Below it one row for every ZIP code (Form 4, A.2), for all families together or by race.",
        "The rows of the ZIP codes must add up to the program's own row: households whose ZIP code is not "
        "known stand in a row with the word unknown.",
        "Counts of households only: no names, dates of birth or other facts about single people.",
    ),
    rows=(
        {**_PROGRAM_ROW, **_TOTAL},
        _zip_row("63106", "black", 3, 12, 1),
        _zip_row("63106", "white", 1, 3, 1),
        _zip_row("63107", "all", 2, 8, 1),
        _zip_row("unknown", "all", 0, 1, 0),
    ),
)
