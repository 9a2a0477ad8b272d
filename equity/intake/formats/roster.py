"""Program rosters: agencies, their programs, who can enroll, what a place costs, and ZIP codes served."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import pandas as pd

from equity.intake.findings import Finding, Reading, quoted
from equity.intake.formats.identity import Identity, Programs, identify
from equity.intake.formats.service_rows import Rows, has_table, read_rows
from equity.intake.formats.zips import ZipBook
from equity.intake.known import Known
from equity.intake.places import Places
from equity.intake.reference import read_areas
from equity.intake.schemas import cells
from equity.intake.schemas.quarterly import QUARTERLY
from equity.intake.schemas.quarters import quarter_of
from equity.intake.schemas.roster import ROSTER
from equity.intake.schemas.shared import MODELS
from equity.intake.sheet import Upload, plain

KIND: Final = ROSTER.kind
TITLE: Final = "a program roster (agencies, programs and the ZIP codes they serve)"
AGENCY: Final = ("id", "name", "county", "region", "latitude", "longitude")
PROGRAM: Final = ("id", "agency_id", "name", "model", "funder", "eligibility", "cost_per_slot")
_MODELS: Final = {plain(word): name for name, words in MODELS.items() for word in (name, *words)}
Row = dict[str, Any]


def looks_right(upload: Upload) -> bool:
    """True where a sheet lists programs with what they offer, and none counts households."""
    return has_table(upload, ROSTER) and not has_table(upload, QUARTERLY)


def read(upload: Upload, known: Known) -> Reading:
    """Read a roster. Raises :class:`~equity.intake.report.IntakeError` where it has no table."""
    rows = read_rows(upload, ROSTER, ("agency", "program"))
    programs = Programs(known.programs)
    meant = identify(rows, programs)
    covered = sorted({found.agency_id for found in meant.values()})
    tables = _Roster(rows, meant, programs, known.places).tables()
    names = sorted({found.agency for found in meant.values()})
    return Reading(
        kind=KIND,
        title=f"Program roster of {listed(names) or 'no agency'}",
        tables={name: table for name, table in tables.items() if len(table)},
        source=source_row(KIND, names, "Program roster", upload, listed(sorted(set(_quarters(rows))))),
        covers=f"{KIND}/{'+'.join(covered)}",
        rows_read=len(rows.cells),
        rows_refused=len(rows.bad),
        findings=rows.told(),
    )


def model_of(text: str) -> str:
    """A model under the name used here; short forms are written out, other models kept as written."""
    return _MODELS.get(plain(text), " ".join(text.split()))


def listed(names: Iterable[str], most: int = 3) -> str:
    """Names in one phrase, no longer than a few."""
    every = list(names)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")


def source_row(kind: str, agencies: list[str], title: str, upload: Upload, vintage: str) -> dict[str, Any]:
    """The row of ``source`` for a report of agencies."""
    return {
        "kind": kind,
        "publisher": listed(agencies),
        "title": f"{title}: {listed(agencies)}" if agencies else title,
        "vintage": vintage,
        "url": "",
        "licence": "handed in by the agency; its counts are protected before they are published",
        "basis": "reported",
        "note": upload.name,
    }


def agency_row(meant: Identity, county: str = "", latitude: Any = None, longitude: Any = None) -> Row:
    """A row of ``agency``; its region is the county's."""
    region = _regions().get(county, "")
    values = (meant.agency_id, meant.agency, county, region, latitude, longitude)
    return dict(zip(AGENCY, values, strict=True))


@cache
def _regions() -> dict[str, str]:
    areas = read_areas().table
    counties = areas[areas["kind"].eq("county")]
    return dict(zip(counties["geoid"], counties["region"], strict=True))


def _quarters(rows: Rows) -> list[str]:
    return [found for label in rows.good() if (found := quarter_of(rows.cells[label]["quarter"]))]


class _Roster:
    """The work on one roster."""

    def __init__(self, rows: Rows, meant: dict[int, Identity], programs: Programs, places: Places) -> None:
        self.rows, self.meant, self.programs, self.places = rows, meant, programs, places

    def tables(self) -> dict[str, pd.DataFrame]:
        """Rows of the store's tables, from the rows that are right."""
        agencies = self._settled("agency_id", self._agency)
        programs = self._settled("program_id", self._program)
        capacity = self._settled("program_id", self._capacity)
        served = self._settled("program_id", self._served)
        kept = {row["id"] for row in programs}
        owners = {row["agency_id"] for row in programs}
        capacity_columns = ["program_id", "quarter", "slots", "home_visitor_fte"]
        return {
            "agency": pd.DataFrame([row for row in agencies if row["id"] in owners], columns=list(AGENCY)),
            "program": pd.DataFrame(programs, columns=list(PROGRAM)),
            "service_area": pd.DataFrame(
                [row for row in served if row["program_id"] in kept], columns=["program_id", "zip"]
            ),
            "capacity": pd.DataFrame(
                [row for row in capacity if row["program_id"] in kept], columns=capacity_columns
            ),
        }

    def _settled(self, by: str, make: Callable[[Identity, list[int]], list[Row]]) -> list[Row]:
        """What ``make`` makes of the rows of every agency or program."""
        groups: dict[str, list[int]] = {}
        for label, found in self.meant.items():
            groups.setdefault(getattr(found, by), []).append(label)
        return [row for labels in groups.values() for row in make(self.meant[labels[0]], labels)]

    def _one(self, labels: list[int], column: str, read: Callable[[str], Any] = str) -> Any:
        """The one value rows give in a column; a later row that gives another is refused."""
        value, first = None, ""
        for label in labels:
            text = self.rows.cells[label][column]
            if not text or label in self.rows.bad:
                continue
            if value is None:
                value, first = read(text), text
            elif read(text) != value:
                self.rows.say("error", label, column, quoted(text), f"{quoted(first)}, as in a row above",
                              "Write the same in every row of this agency or program.")  # fmt: skip
        return value

    def _agency(self, meant: Identity, labels: list[int]) -> list[Row]:
        latitude = self._one(labels, "latitude", cells.number)
        longitude = self._one(labels, "longitude", cells.number)
        if (latitude is None) != (longitude is None):
            column = "latitude" if latitude is None else "longitude"
            self.rows.say(
                "error",
                labels[0],
                column,
                "only one of latitude and longitude",
                "both, or neither",
                "Add the other one.",
            )
        known = {name: self.programs.agency_column(meant.agency_id, name)
                 for name in ("county", "latitude", "longitude")}  # fmt: skip
        if latitude is None and longitude is None:
            latitude, longitude = cells.number(known["latitude"]), cells.number(known["longitude"])
        return [agency_row(meant, self._county(labels) or known["county"], latitude, longitude)]

    def _county(self, labels: list[int]) -> str:
        written = self._one(labels, "county")
        if written is None:
            return ""
        code = self.places.county(written).code
        label = next(label for label in labels if self.rows.cells[label]["county"] == written)
        if not code and plain(written).replace("saint", "st") in ("st louis", "st louis mo"):
            self.rows.say("error", label, "county", quoted(written), "St. Louis City or St. Louis County",
                          "They are two places: name the one.")  # fmt: skip
        elif not code:
            self.rows.say("warning", label, "county", quoted(written), "a county of the region",
                          "It was left empty; check how it is written.")  # fmt: skip
        return code

    def _program(self, meant: Identity, labels: list[int]) -> list[Row]:
        model = self._one(labels, "model", model_of) or self.programs.column(meant.program_id, "model")
        if not model and not set(labels) <= self.rows.bad:
            self.rows.say("error", labels[0], "model", "a program without its model", "the name of the model",
                          "Write it in the program's row.")  # fmt: skip
        if set(labels) <= self.rows.bad or not model:
            return []
        cost = self._one(labels, "cost_per_slot", cells.number)
        texts = [self._one(labels, name, _spaced) or "" for name in ("funder", "eligibility")]
        values = (meant.program_id, meant.agency_id, meant.program, model, *texts, cost)
        return [dict(zip(PROGRAM, values, strict=True))]

    def _capacity(self, meant: Identity, labels: list[int]) -> list[Row]:
        """Slots by quarter; slots without a quarter, or the other way round, have no place."""
        by_quarter: dict[str, list[int]] = {}
        for label in labels:
            slots, quarter = (self.rows.cells[label][name] for name in ("slots", "quarter"))
            if label in self.rows.bad:
                continue
            if slots and not quarter:
                self.rows.say(
                    "warning",
                    label,
                    "quarter",
                    "slots without the quarter they are for",
                    "a quarter such as 2023Q4",
                    "The slots were left out; add the quarter.",
                )
            elif slots:
                by_quarter.setdefault(quarter_of(quarter), []).append(label)
        return [
            {
                "program_id": meant.program_id,
                "quarter": quarter,
                "slots": self._one(own, "slots", cells.whole),
                "home_visitor_fte": self._one(own, "home_visitor_fte", cells.number),
            }
            for quarter, own in by_quarter.items()
        ]

    def _served(self, meant: Identity, labels: list[int]) -> list[Row]:
        book = ZipBook(self.rows, self.places, "zips")
        good = [label for label in labels if label not in self.rows.bad]
        texts = [(label, zip_text) for label in good
                 for zip_text in cells.split_zips(self.rows.cells[label]["zips"])]  # fmt: skip
        found = sorted({code for label, text in texts if (code := book.find(label, text))})
        if good and not found:
            self.rows.findings.append(
                Finding("warning", f"no ZIP code of the region is given for {quoted(meant.program)}",
                        "the ZIP codes it serves", "Without them it is on no map.",
                        self.rows.cells[good[0]]["sheet"], self.rows.row(good[0]))
            )  # fmt: skip
        return [{"program_id": meant.program_id, "zip": code} for code in found]


def _spaced(text: str) -> str:
    return " ".join(text.split())
