"""Quarterly reports in the shape of HRSA MIECHV Form 4: capacity, households, exits and staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from equity.intake.findings import Finding, Reading, quoted
from equity.intake.formats import quarterly_checks as checks
from equity.intake.formats.households import Line, added, lines
from equity.intake.formats.identity import Identity, Programs, identify
from equity.intake.formats.roster import AGENCY, PROGRAM, agency_row, listed, model_of, source_row
from equity.intake.formats.service_rows import Rows, has_table, read_rows
from equity.intake.known import Known
from equity.intake.schemas import cells
from equity.intake.schemas.quarterly import QUARTERLY
from equity.intake.schemas.quarters import quarter_of
from equity.intake.sheet import Upload

KIND: Final = QUARTERLY.kind
TITLE: Final = "a quarterly report of programs (households, capacity and exits, as in HRSA MIECHV Form 4)"
ENROLLMENT: Final = ("program_id", "zip", "group", "quarter", "new", "continuing", "exits")
CAPACITY: Final = ("program_id", "quarter", "slots", "home_visitor_fte")
#: Facts of the whole program that stand in its own row.
_OF_PROGRAM: Final = ("maximum_service_capacity", "capacity_percentage", "home_visitor_fte")


def looks_right(upload: Upload) -> bool:
    """True where a sheet counts households of programs by quarter."""
    return has_table(upload, QUARTERLY)


def read(upload: Upload, known: Known) -> Reading:
    """Read a report, and compare it with what the store has of the quarters before.

    Raises :class:`~equity.intake.report.IntakeError` where it has no table.
    """
    rows = read_rows(upload, QUARTERLY, ("agency", "program", "quarter"))
    programs = Programs(known.programs)
    meant = identify(rows, programs)
    report = _Report(rows, meant, programs, lines(rows, meant, known.places), known.caseloads)
    report.check()
    tables = report.tables()
    quarters = sorted({quarter_of(rows.cells[label]["quarter"]) for label in meant})
    covered = listed(quarters, most=8)
    names = sorted({found.agency for found in meant.values()})
    outside = sum(line.place == "zip" and not line.zip for line in report.lines)
    return Reading(
        kind=KIND,
        title=f"Quarterly report of {listed(names) or 'no agency'}, {covered or 'no quarter'}",
        tables={name: table for name, table in tables.items() if len(table)},
        source=source_row(KIND, names, "Quarterly report", upload, covered),
        covers="/".join((KIND, "+".join(sorted({x.program_id for x in meant.values()})), "+".join(quarters))),
        rows_read=len(rows.cells),
        rows_refused=len(rows.bad) + outside,
        findings=rows.told(),
    )


class _Report:
    """The work on one report."""

    def __init__(
        self,
        rows: Rows,
        meant: dict[int, Identity],
        programs: Programs,
        found: list[Line],
        earlier: Mapping[checks.Key, int],
    ) -> None:
        self.rows, self.meant, self.programs, self.earlier = rows, meant, programs, earlier
        self.lines = checks.refuse_repeated(rows, found)
        self.by_quarter = checks.by_program_and_quarter(self.lines)

    def check(self) -> None:
        """Compare rows with one another."""
        self._check_models()
        caseloads = {}
        broken = self._broken()
        for key, own in self.by_quarter.items():
            if key not in broken:
                checks.check_sums(self.rows, own)
            checks.check_unknown_race(self.rows, own)
            total = checks.total_line(own)
            if total is None and key not in broken:  # a refused row may be the one that lacks
                self._tell_no_total(own[0])
            elif total is not None:
                checks.check_capacity(self.rows, total)
                self._tell_exits(total, own)
            self._check_strays(total, own)
            caseload = self._caseload(own)
            if caseload is not None:
                placed = _added_up([line for line in own if line.zip])
                placed = caseload if placed is None else placed
                caseloads[key] = checks.Caseload(caseload, placed, (total or own[0]).label)
        checks.check_jumps(self.rows, caseloads, self.earlier, self.meant)
        self._tell_unsplit()
        self._tell_unplaced()

    def _broken(self) -> set[checks.Key]:
        """Programs and quarters of which a row is refused: that their sums are short is no news."""
        if not self.rows.bad:
            return set()
        cells_of = {label: (self._text(label, "program"), quarter_of(self._text(label, "quarter")))
                    for label in range(len(self.rows.cells))}  # fmt: skip
        refused = {cells_of[label] for label in self.rows.bad}
        return {(line.program_id, line.quarter) for line in self.lines if cells_of[line.label] in refused}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Rows of the store's tables, from the rows that are right."""
        new = {found.program_id: found for label, found in self.meant.items()
               if not found.known and label not in self.rows.bad}  # fmt: skip
        agencies = {found.agency_id: agency_row(found) for found in new.values()
                    if not self.programs.agency_column(found.agency_id, "agency")}  # fmt: skip
        good = [line for line in self.lines if line.label not in self.rows.bad]
        served = sorted({(line.program_id, line.zip) for line in good if line.zip})
        return {
            "agency": pd.DataFrame(list(agencies.values()), columns=list(AGENCY)),
            "program": pd.DataFrame([self._program(found) for found in new.values()], columns=list(PROGRAM)),
            "service_area": pd.DataFrame(served, columns=["program_id", "zip"]),
            "capacity": pd.DataFrame(self._capacity(good), columns=list(CAPACITY)),
            "enrollment": pd.DataFrame(_enrollment(good), columns=list(ENROLLMENT)).astype(
                {"exits": "Int64"}
            ),
        }

    def _text(self, label: int, column: str) -> str:
        return self.rows.cells[label][column]

    def _check_models(self) -> None:
        """A new program needs its model once, and only one."""
        labels: dict[str, list[int]] = defaultdict(list)
        for label, found in self.meant.items():
            if not found.known:
                labels[found.program_id].append(label)
        for own in labels.values():
            given = [label for label in own if self._text(label, "model")]
            if not given:
                self.rows.say(
                    "error",
                    own[0],
                    "model",
                    "a program that is not known here, without its model",
                    "the name of the model",
                    "Write it, or the program's name as it is known here.",
                )
                self.rows.bad |= set(own)  # without its program none of them has a place
            for label in given[1:]:
                if model_of(self._text(label, "model")) != model_of(self._text(given[0], "model")):
                    self.rows.say(
                        "error",
                        label,
                        "model",
                        quoted(self._text(label, "model")),
                        quoted(self._text(given[0], "model")),
                        "A program has one model: give programs of two models two names.",
                    )

    def _program(self, found: Identity) -> dict[str, Any]:
        labels = [label for label, other in self.meant.items() if other.program_id == found.program_id]
        first = {name: next((text for label in labels if (text := self._text(label, name))), "")
                 for name in ("model", "funder")}  # fmt: skip
        values = (
            found.program_id,
            found.agency_id,
            found.program,
            model_of(first["model"]),
            first["funder"],
            "",
        )
        return dict(zip(PROGRAM, (*values, None), strict=True))

    def _capacity(self, good: list[Line]) -> list[dict[str, Any]]:
        found = []
        for line in good:
            slots = cells.whole(self._text(line.label, "maximum_service_capacity"))
            fte = cells.number(self._text(line.label, "home_visitor_fte"))
            if line.place != "total" or line.group != "all":
                continue
            if slots is not None:
                found.append(dict(zip(CAPACITY, (line.program_id, line.quarter, slots, fte), strict=True)))
        return found

    def _caseload(self, own: list[Line]) -> int | None:
        total = checks.total_line(own)
        if total is not None and total.caseload is not None:
            return total.caseload
        return _added_up(own)

    def _tell_no_total(self, line: Line) -> None:
        self.rows.say("warning", line.label, "zip",
                      f"{quoted(self.meant[line.label].program)} has no row of its own for {line.quarter}",
                      "a row with an empty ZIP code for all families of the program",
                      "Without it capacity is not known and sums are not checked.")  # fmt: skip

    def _tell_exits(self, total: Line, own: list[Line]) -> None:
        """Exits are kept by ZIP code: those of the program alone have no place."""
        if total.exits and all(line.exits is None for line in own if line.place != "total"):
            exits = "1 exit is" if total.exits == 1 else f"{total.exits} exits are"
            self.rows.say("note", total.label, "exits", f"{exits} given for the program only",
                          "exits in the rows of the ZIP codes", "They were left out.")  # fmt: skip
        if total.caseload and not any(line.place == "zip" for line in own):
            self.rows.say("note", total.label, "zip",
                          f"no ZIP codes are given for {total.caseload} households",
                          "a row for every ZIP code", "They are on no map.")  # fmt: skip

    def _check_strays(self, total: Line | None, own: list[Line]) -> None:
        """Facts of the whole program in other rows are left out; where they only repeat its own, silently."""
        for line in own:
            if line is total:
                if self._text(line.label, "home_visitor_fte") and not self._text(line.label, _OF_PROGRAM[0]):
                    self.rows.say(
                        "note",
                        line.label,
                        _OF_PROGRAM[0],
                        "home visitors without the capacity",
                        "a maximum service capacity",
                        "The home visitors were left out.",
                    )
                continue
            for column in (_OF_PROGRAM[0], _OF_PROGRAM[2]):
                text = self._text(line.label, column)
                if text and (total is None or text != self._text(total.label, column)):
                    self.rows.say(
                        "warning",
                        line.label,
                        column,
                        quoted(text),
                        "an empty cell: it is of the program",
                        "It was left out; write it in the program's own row.",
                    )

    def _tell_unplaced(self) -> None:
        """How many households have no known place, so that the map's total never shrinks in silence."""
        unplaced = [line for line in self.lines if line.place != "total" and not line.zip]
        count = sum(line.caseload or 0 for line in unplaced if line.group == "all" or not self._has_all(line))
        if count:
            found = f"{_households(count)} of ZIP codes that are unknown or outside the region"
            mend = "They are counted in the program's own rows and on no map."
            sheet = self._text(unplaced[0].label, "sheet")
            self.rows.findings.append(Finding("note", found, "ZIP codes of the region", mend, sheet))

    def _has_all(self, line: Line) -> bool:
        own = self.by_quarter[line.program_id, line.quarter]
        return any(other.written == line.written and other.group == "all" for other in own)

    def _tell_unsplit(self) -> None:
        unsplit = [line for line in self.lines if line.place == "zip" and line.new is None]
        if unsplit:
            count = sum(line.caseload or 0 for line in unsplit)
            sheet = self._text(unsplit[0].label, "sheet")
            rows = (
                "1 row of a ZIP code gives" if len(unsplit) == 1 else f"{len(unsplit)} rows of ZIP codes give"
            )
            found = f"{rows} a caseload alone, of {count} households in all"
            mend = "They are counted as continuing, so that who is new by ZIP code is not known."
            self.rows.findings.append(Finding("note", found, "new and continuing households", mend, sheet))


def _households(count: int) -> str:
    return "1 household is" if count == 1 else f"{count} households are"


def _added_up(own: list[Line]) -> int | None:
    """The caseload of all places together."""
    return added(checks.place_counts(own, "current_caseload").values())


def _enrollment(good: list[Line]) -> list[dict[str, Any]]:
    """Rows of ``enrollment``: what several rows count in the same place and group is added up."""
    together: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for own in checks.by_program_and_quarter(good).values():
        for line in [*(line for line in own if line.zip), *_for_all(own)]:
            together[line.program_id, line.zip, line.group, line.quarter].append(line)
    rows = []
    for key, own in together.items():
        new = sum(line.new or 0 for line in own)
        continuing = sum(line.caseload or 0 for line in own) - new
        exits = added(line.exits for line in own)
        rows.append(dict(zip(ENROLLMENT, (*key, new, continuing, exits), strict=True)))
    return rows


def _for_all(own: list[Line]) -> list[Line]:
    """Rows for all that are wanting where one code of an area has such a row and another only groups.

    Wherever a place has a row for all, it alone is taken for the whole; so it must hold every household.
    """
    whole = {line.zip for line in own if line.zip and line.group == "all"}
    has = {line.written for line in own if line.group == "all"}
    wanting = [line for line in own if line.zip in whole and line.group != "all" and line.written not in has]
    return [replace(line, group="all") for line in wanting]
