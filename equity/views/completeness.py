"""How complete the figures are: who has reported, what is missing, and who can mend it."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pandas as pd

from equity.release.load import Release
from equity.words import say

#: Quarters shown, the last ones.
QUARTERS: Final = 8


def reporting(release: Release) -> pd.DataFrame:
    """Agencies by quarter: how many of their programs reported slots. Texts, agencies in order of name.

    Those that really reported stand alone, once there are any.
    """
    rows = _reports(release)
    counted, quarters = _counted(rows), _quarters(rows)
    return pd.DataFrame(
        [
            {say("data.agency"): agency}
            | {quarter: _cell(counted[agency, quarter], number) for quarter in quarters}
            for agency, number in _programs(rows)
        ]
    )


def open_problems(release: Release) -> pd.DataFrame:
    """What is missing, one row each, and who can mend it."""
    reports = _reports(release)
    quarter, counted = _quarters(reports)[-1], _counted(reports)
    rows = []
    for agency, number in _programs(reports):
        late = number - counted[agency, quarter]
        if late:
            text = say("data.late", count=late, all=number, agency=agency, quarter=quarter)
            rows.append((text, say("data.late_who")))
    figures = release.figures
    rates = figures[figures["measure"].eq("infant_mortality") & figures["area_kind"].eq("county")]
    hidden = rates[rates["reason"].eq("withheld_by_publisher") & rates["group"].eq("all")]
    for (first, last), own in hidden.groupby(["first_year", "last_year"]):
        text = say("data.withheld", count=own["area"].nunique(), period=f"{first}–{last}")
        rows.append((text, say("data.withheld_who")))
    zips = figures[figures["measure"].eq("births") & figures["area_kind"].eq("zip")]
    if zips["basis"].eq("demonstration").any():
        rows.append((say("data.made_up"), say("data.made_up_who")))
    return pd.DataFrame(rows, columns=[say("data.to_do_what"), say("data.to_do_who")])


def reporting_notice(release: Release) -> str:
    """The sentence on what is made up here; empty where nothing is."""
    if "reports" in release.tables:
        return ""
    made_up = release.tables["programs"]["basis"].eq("demonstration").any()
    return say("data.notice") if made_up else ""


def _reports(release: Release) -> pd.DataFrame:
    """``agency program_id quarter``: of agencies that handed reports in, else of the demonstration."""
    if "reports" in release.tables:
        return release.tables["reports"]
    agencies = release.tables["programs"][["program_id", "agency"]]
    quarters = release.tables["program_quarters"][["program_id", "quarter"]].drop_duplicates()
    rows = agencies.merge(quarters, how="left", on="program_id")
    return rows.assign(quarter=rows["quarter"].fillna(""))


def _quarters(reports: pd.DataFrame) -> list[str]:
    return sorted(set(reports["quarter"]) - {""})[-QUARTERS:] or [""]


def _counted(reports: pd.DataFrame) -> Counter[tuple[str, str]]:
    """Programs that reported, by agency and quarter."""
    return Counter(zip(reports["agency"].astype(str), reports["quarter"].astype(str), strict=True))


def _programs(reports: pd.DataFrame) -> list[tuple[str, int]]:
    """Agencies in order of name, with the number of their programs."""
    return sorted(Counter(reports.drop_duplicates("program_id")["agency"].astype(str)).items())


def _cell(reported: int, programs: int) -> str:
    key = "data.complete_cell" if reported else "data.complete_none"
    return say(key, reported=reported, all=programs)
