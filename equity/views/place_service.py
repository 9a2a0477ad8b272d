"""A chosen place: who serves it, who is full, how far slots are, and how many families at least."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd

from equity.release.figure import Figure
from equity.release.places_served import PlaceService, by_reports, service_year
from equity.views.coverage import Coverage, rank_text
from equity.views.format import number, value_text
from equity.views.notes import demonstration_notice, source_titles, two_kinds, why
from equity.views.overview import Statement
from equity.views.programs import Program, programs_table
from equity.words import say

ACCESS: Final = "access"
#: So many agencies are named in a sentence; the table names all.
NAMED: Final = 3
WAITING: Final = "waiting_list"


@dataclass(frozen=True)
class ServedPlace:
    """One place of a coverage view with the programs that name it, the largest first."""

    view: Coverage
    place: PlaceService
    here: dict[str, float]

    @cached_property
    def programs(self) -> list[Program]:
        """The chosen programs that serve the place; none where its slots come from reports."""
        if self.by_reports:
            return []
        known = {program.id: program for program in self.view.programs}
        return [known[code] for code in self.here if code in known]

    @property
    def by_reports(self) -> bool:
        """True where slots here were handed in, so that the demonstration's programs have no place."""
        return by_reports(self.place.need, self.place.slots)

    @cached_property
    def statements(self) -> list[Statement]:
        """The gap, need, slots, families and coverage of the place, and the slots within reach of it."""
        place = self.place
        figures = [place.gap, place.need, place.slots, place.slot_coverage, place.caseload, place.coverage]
        if self.view.by_group:
            figures = [place.gap, place.need, place.caseload, place.coverage]
        return [self.view.say(figure) for figure in [*figures, *self._access()]]

    def _access(self) -> list[Figure]:
        level = self.view.asked.level
        if level != "zip" or self.view.by_group:
            return []
        year = service_year(self.view.release)
        return [self.view.release.figure(ACCESS, level, self.place.area, "all", (year, year))]

    @cached_property
    def rank(self) -> str:
        """Which place it may hold among all; empty where its gap is not shown."""
        if self.place.ranks is None:
            return ""
        ranked = [place.gap.basis for place in self.view.places if place.ranks]
        said = say("coverage.place.rank", rank=rank_text(self.place), total=len(ranked))
        return " ".join(part for part in (said, two_kinds(ranked)) if part)

    @cached_property
    def access_note(self) -> str:
        """How the reach was measured, or why it is not said."""
        return say("coverage.place.access" if self._access() else "coverage.place.no_access")

    @cached_property
    def who(self) -> str:
        """How many programs serve the place, how many are full; plain words where nobody does."""
        if self.by_reports:
            sources = source_titles(self.view.release, [self.place.slots, self.place.caseload])
            named = "; ".join(sources) or say("coverage.place.no_report")
            return say("coverage.place.by_reports", place=self.place.name, sources=named)
        if not self.programs:
            key = "nobody_chosen" if self.view.asked.filtered else "nobody"
            return say(f"coverage.place.{key}", place=self.place.name)
        full = [program for program in self.programs if program.kind in ("full", "over")]
        room = [program for program in self.programs if program.room and program not in full]
        agencies = sorted({program.agency for program in self.programs})
        few = (
            "; ".join(agencies) if len(agencies) <= NAMED else say("coverage.place.many", count=len(agencies))
        )
        said = say(
            "coverage.place.who_one" if len(self.programs) == 1 else "coverage.place.who",
            count=len(self.programs),
            place=self.place.name,
            agencies=few,
            funders=", ".join(sorted({program.funder for program in self.programs})),
        )
        parts = [said]
        if full:
            names = "; ".join(program.name for program in full)
            parts.append(say("coverage.place.full", count=len(full), names=names))
        if room:
            slots = number(sum(program.room or 0.0 for program in room))
            parts.append(say("coverage.place.room", count=len(room), slots=slots))
        if all(slots == 0 for slots in self.here.values()):
            parts.append(say("coverage.place.none_by_rule"))
        return " ".join(parts)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The programs with their slots here, as texts."""
        return programs_table(self.programs, self.here)

    @cached_property
    def bound(self) -> str:
        """How many families are enrolled, since a family in two programs is counted in each."""
        most, release = self.place.caseload, self.view.release
        least = release.figure("caseload_least", most.area_kind, most.area, "all", _years(most))
        if self.view.by_group or not most.visible:
            return "" if self.view.by_group else why(release, most)
        if not least.visible:
            return say("coverage.place.bound_hidden", most=value_text(most))
        if most.value == 0:
            return say("coverage.place.bound_none")
        return say("coverage.place.bound", least=value_text(least), most=value_text(most))

    @cached_property
    def notice(self) -> str:
        """The notice on made-up figures."""
        return demonstration_notice([statement.figure for statement in self.statements])


def _years(figure: Figure) -> tuple[int, int]:
    return figure.first_year, figure.last_year


def served_place(view: Coverage, area: str) -> ServedPlace | None:
    """A place of the view with who serves it; none where the view does not hold it."""
    place = view.place(area)
    return None if place is None else ServedPlace(view, place, view.slots_here(area))


def waiting(view: Coverage) -> str:
    """That nobody reports waiting lists here, and the one figure that was printed, with its source."""
    evidence = view.release.tables["evidence"]
    rows = evidence[evidence["measure"].eq(WAITING)].sort_values("last_year")
    said = say("coverage.waiting.none")
    if rows.empty or not view.places:
        return said
    row = rows.iloc[-1]
    printed_by = replace(view.places[0].need, source=str(row["source_id"]))
    printed = say(
        "coverage.waiting.printed",
        model=row["model"],
        place=row["place"],
        year=int(row["last_year"]),
        count=number(float(row["value"])),
        unit=row["unit"],
        note=row["note"],
        source="; ".join(source_titles(view.release, [printed_by])),
    )
    return f"{said} {printed}"


def unplaced(view: Coverage) -> str:
    """How many slots are on no map, as their programs name no service area; empty where none are."""
    lost = [program for program in view.programs if "no_service_area" in program.marks]
    if not lost:
        return ""
    slots = number(sum(program.slots or 0.0 for program in lost))
    return say("coverage.unplaced", count=len(lost), slots=slots, names="; ".join(p.name for p in lost))


def marked(view: Coverage) -> str:
    """How many programs carry a mark, so that it is seen without opening a table; empty where none does."""
    count = sum(bool(program.marks) for program in view.programs)
    return say("coverage.marked", count=count, total=len(view.programs)) if count else ""
