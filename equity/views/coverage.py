"""Coverage: where the visit is missing. Need beside service, by the reader's choice, for those who fund."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd

from equity.registry import Measure, measure
from equity.release.figure import Figure
from equity.release.follow_need import FollowNeed, follow_need
from equity.release.load import Release
from equity.release.places_served import (
    NEED,
    Choice,
    PlaceService,
    group_places,
    program_slots,
    quarters,
    service_places,
    service_year,
)
from equity.release.slot_rules import DEFAULT_RULE
from equity.views.bivariate import TwoWayMap, two_way_map
from equity.views.format import inside, interval_text, number, quarter_text, value_text
from equity.views.notes import demonstration_notice, two_kinds, why
from equity.views.overview import Statement, begun, state, turned
from equity.views.programs import Program, programs_of
from equity.views.selecting import ALL_REGIONS, REGIONS
from equity.words import knows, say

ALL: Final = "all"
GROUPS: Final = (ALL, "black", "white")
#: Kind of place at which need and families are known by race.
GROUP_LEVEL: Final = "county"
FIRST: Final = 5
MADE_UP: Final = "demonstration"


@dataclass(frozen=True)
class Asked:
    """What a reader asks for, by the codes of the address; ``quarter`` empty for the last one."""

    region: str = ALL_REGIONS
    level: str = "zip"
    need: str = NEED
    rule: str = DEFAULT_RULE
    funder: str = ALL
    model: str = ALL
    agency: str = ALL
    quarter: str = ""
    group: str = ALL

    @property
    def filtered(self) -> bool:
        """True where not all programs are asked for."""
        return any(code != ALL for code in (self.funder, self.model, self.agency))


def slug(text: str) -> str:
    """A name as a code for addresses: ``federal-miechv``."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def filters(release: Release, column: str) -> dict[str, str]:
    """Funders, models or agencies of the programs, by code, after one that stands for all."""
    names = sorted(set(release.tables["programs"][column].astype(str)))
    return {ALL: say(f"coverage.all_{column}")} | {slug(name): name for name in names}


def groups_of(level: str, need: str) -> tuple[str, ...]:
    """Groups for which a kind of place can be shown: by race only where need is known by race."""
    return GROUPS if level == GROUP_LEVEL and need == NEED else (ALL,)


def quarter_codes(release: Release) -> dict[str, str]:
    """Quarters by code, newest first, as people read them."""
    return {code: quarter_text(code) for code in quarters(release)}


@dataclass(frozen=True)
class Coverage:
    """Places with their need and service, largest gap first, and the programs that serve them.

    ``none_match`` is true where no program fits the filters together: then there are no places either.
    """

    release: Release
    asked: Asked
    choice: Choice
    places: tuple[PlaceService, ...]
    programs: tuple[Program, ...]
    none_match: bool = False

    @cached_property
    def need(self) -> Measure:
        """The chosen definition of need."""
        return measure(self.asked.need)

    @cached_property
    def follow(self) -> tuple[FollowNeed, ...]:
        """Whether slots follow need; nothing for one race, as no slot is kept for it."""
        return () if self.by_group else tuple(follow_need(self.release, self.places))

    @property
    def by_group(self) -> bool:
        """True where the figures are of one race."""
        return self.asked.group != ALL

    @cached_property
    def region_name(self) -> str:
        """The region as it reads inside a sentence."""
        if self.asked.region == ALL_REGIONS:
            return say("map.both_inline")
        return inside(self.release.area_name("region", self.asked.region))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions asked for."""
        return REGIONS if self.asked.region == ALL_REGIONS else (self.asked.region,)

    @cached_property
    def when(self) -> str:
        """When slots were counted: ``the end of 2023``; families by race at the end of the year."""
        if self.by_group:
            return self.year_end
        return quarter_text(self.asked.quarter or quarters(self.release)[0])

    @cached_property
    def year_end(self) -> str:
        """The end of the year of the families enrolled: ``the end of 2023``."""
        return quarter_text(f"{_year(self.release, self.asked)}Q4")

    @cached_property
    def chosen(self) -> bool:
        """True where the slots are not those of all programs at the last date."""
        return bool(self.choice.programs or self.choice.quarter)

    @cached_property
    def map(self) -> TwoWayMap:
        """Need and service of every place on one map."""
        second = "coverage" if self.by_group else "slot_coverage"
        return two_way_map(self.release, self.asked.level, self.asked.region, self.places, second, self.when)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the places, as files carry them."""
        return tuple(figure for place in self.places for figure in figures_of(place, self.choice))

    @cached_property
    def notice(self) -> str:
        """The notice on made-up figures, where there are any."""
        return demonstration_notice(self.figures)

    @cached_property
    def rule_text(self) -> str:
        """The rule of the chosen need: what it is, how it is worked out, when it misleads."""
        entry = self.need
        return say(
            "coverage.rule", definition=entry.definition, rule=entry.numerator, misleads=entry.misleads
        )

    @cached_property
    def scope(self) -> str:
        """What is counted: the slots of which programs, when, split how; families of which."""
        if self.by_group:
            return say("coverage.scope_group", group=say(f"figure.group.{self.asked.group}"))
        count, total = len(self.programs), len(self.release.tables["programs"])
        key = "coverage.scope_some" if self.asked.filtered else "coverage.scope_all"
        parts = [
            say(key, count=count, total=total, when=self.when),
            say(f"coverage.split.{self.asked.rule}"),
            self._need_year(),
            say("coverage.families_all") if not self.choice.plain else "",
        ]
        return " ".join(part for part in parts if part)

    def _need_year(self) -> str:
        """That need is of another year than slots, where it is: most definitions have the last year only."""
        year = self.places[0].need.last_year if self.places else 0
        return "" if str(year) in self.when else say("coverage.need_year", year=year)

    @cached_property
    def finding(self) -> str:
        """The main finding in one sentence, as the title of the page's map and of the printed brief."""
        if not self.top:
            return say("coverage.finding_none", region=self.region_name)
        shown = [place for place in self.places if place.gap.value is not None]
        if len(shown) <= FIRST or len({place.gap.basis for place in shown}) > 1:  # no share across bases
            return self.say(self.top[0].gap).sentence.rstrip(".")
        missing = sum(max(place.gap.value or 0.0, 0.0) for place in shown)
        part = sum(max(place.gap.value or 0.0, 0.0) for place in self.top)
        share = part / missing if missing else 0.0
        key = "coverage.finding_chosen" if self.choice.programs else "coverage.finding"
        return say(
            "coverage.finding_group" if self.by_group else key,
            first=len(self.top),
            total=len(shown),
            level=say(f"coverage.levels.{self.asked.level}"),
            share=number(share * 100),
            group=say(f"figure.group_inline.{self.asked.group}") if self.by_group else "",
        )

    @cached_property
    def top(self) -> tuple[PlaceService, ...]:
        """The first five places whose gap is known and above zero."""
        return tuple(place for place in self.places if (place.gap.value or 0.0) > 0)[:FIRST]

    @cached_property
    def first(self) -> tuple[Statement, ...]:
        """The first five in sentences: the gap, what there is for 100 families, and how sure the place is."""
        return tuple(self._first(place) for place in self.top)

    def _first(self, place: PlaceService) -> Statement:
        said = self.say(place.gap)
        beside = place.coverage if self.by_group else place.slot_coverage
        more = say(f"coverage.beside_{beside.measure}", value=value_text(beside)) if beside.visible else ""
        parts = (said.sentence, more, say("coverage.rank_sentence", rank=rank_text(place)))
        return replace(said, sentence=" ".join(part for part in parts if part))

    def say(self, figure: Figure) -> Statement:
        """A figure in a sentence; slots of a choice of programs, or of a quarter, are said to be those."""
        said = state(self.release, figure)
        key = f"coverage.chosen.{figure.measure}"
        # what was reported is of all who reported it, whatever programs and quarter were chosen
        if not self.chosen or figure.basis != MADE_UP or figure.value is None or not knows(key):
            return said
        below = figure.measure == "service_gap" and figure.value < 0
        interval = interval_text(turned(figure) if below else figure)
        sentence = say(
            f"{key}_below" if below else key,
            place=inside(self.release.area_name(figure.area_kind, figure.area)),
            who=say("coverage.chosen.some" if self.choice.programs else "coverage.chosen.all"),
            value=value_text(turned(figure) if below else figure),
            when=self.when,
            likely=say("overview.likely", interval=interval) if interval else "",
        )
        return replace(said, sentence=begun(sentence))

    @cached_property
    def ties(self) -> str:
        """What the order is worth: which places are surely among the first five, and how many may be."""
        ranked = [place for place in self.places if place.ranks]
        if len(ranked) <= 1:
            return ""
        kinds = two_kinds(place.gap.basis for place in ranked)
        return " ".join(part for part in (kinds, self._order(ranked)) if part)

    def _order(self, ranked: Sequence[PlaceService]) -> str:
        first = ranked[0]
        tied = first.ranks[1] if first.ranks else 1
        lead = (
            say("coverage.first_alone", place=first.name)
            if tied == 1
            else say("coverage.first_tied", count=tied)
        )
        if len(ranked) <= FIRST:
            return f"{lead} {say('coverage.ranges_hold')}"
        sure = [place for place in ranked if place.ranks and place.ranks[1] <= FIRST]
        may = sum(1 for place in ranked if place.ranks and place.ranks[0] <= FIRST)
        names = "; ".join(place.name for place in sure)
        five = (
            say("coverage.five_sure", first=FIRST, names=names, may=may)
            if sure
            else say("coverage.five_unsure", first=FIRST, may=may)
        )
        return f"{lead} {five} {say('coverage.ranges_hold')}"

    @cached_property
    def unserved(self) -> str:
        """How many places no program has a slot in, as zero slots are easily read over; empty where none."""
        bare = [p for p in self.places if p.slots.value == 0 and (p.need.value or 0.0) >= 1]
        if not bare:
            return ""
        families = sum(place.need.value or 0.0 for place in bare)
        most = max(bare, key=lambda place: place.need.value or 0.0)
        return say(
            "coverage.unserved_chosen" if self.choice.programs else "coverage.unserved",
            count=len(bare),
            total=len(self.places),
            families=number(families),
            place=most.name,
            most=number(most.need.value or 0.0),
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """The ranked list: one row a place, places whose gap is hidden last."""
        return ranked_table(self)

    def place(self, area: str) -> PlaceService | None:
        """A place by its code; none where it is not on the list."""
        return next((place for place in self.places if place.area == area), None)

    def slots_here(self, area: str) -> dict[str, float]:
        """Slots in a place by program, of the programs chosen."""
        return program_slots(self.release, self.choice, self.asked.level, area)


def build_coverage(release: Release, asked: Asked) -> Coverage:
    """Gather the page for what a reader asks."""
    year = _year(release, asked)
    programs = tuple(_wanted(programs_of(release, year, asked.quarter), asked))
    chosen = frozenset(program.id for program in programs) if asked.filtered else frozenset()
    choice = Choice(asked.need, asked.rule, chosen, asked.quarter)
    if asked.filtered and not programs:
        return Coverage(release, asked, choice, (), (), none_match=True)
    if asked.group != ALL:
        found = group_places(release, asked.group, asked.level, asked.region, year)
        return Coverage(release, asked, choice, tuple(found), programs)
    found = service_places(release, choice, asked.level, asked.region)
    return Coverage(release, asked, choice, tuple(found), programs)


def _year(release: Release, asked: Asked) -> int:
    return int(asked.quarter[:4]) if asked.quarter else service_year(release)


def _wanted(programs: Sequence[Program], asked: Asked) -> Iterator[Program]:
    for program in programs:
        here = asked.region in (ALL_REGIONS, program.region)
        wanted = (
            (asked.funder, program.funder),
            (asked.model, program.model),
            (asked.agency, program.agency),
        )
        if here and all(code in (ALL, slug(name)) for code, name in wanted):
            yield program


def figures_of(place: PlaceService, choice: Choice) -> list[Figure]:
    """The figures of a place for files; those by a choice of programs or quarter say so in their method."""
    figures = [place.need, place.slots, place.slot_coverage, place.gap, place.caseload, place.coverage]
    if not (choice.programs or choice.quarter):
        return figures
    parts = [f"programs: {' '.join(sorted(choice.programs))}" if choice.programs else "", choice.quarter]
    note = "; ".join(part for part in parts if part)
    ours = ("slots", "slot_coverage", "service_gap")
    return [replace(f, method=f"{f.method}; {note}") if f.measure in ours else f for f in figures]


def rank_text(place: PlaceService) -> str:
    """``1`` or ``2 to 14``: the places that the gap may hold."""
    if place.ranks is None:
        return say("coverage.no_rank" if place.gap.status == "suppressed" else "coverage.rank_none")
    first, last = place.ranks
    return number(first) if first == last else say("view.interval", low=number(first), high=number(last))


def with_range(figure: Figure) -> str:
    """Value and range in one cell, or the word for why there is none."""
    interval = interval_text(figure)
    return f"{value_text(figure)} ({interval})" if interval else value_text(figure)


def ranked_table(view: Coverage) -> pd.DataFrame:
    """The list of places as texts."""
    places = view.places
    gap, reached = measure("unreached" if view.by_group else "service_gap"), measure("coverage")
    columns = {
        say("table.place"): [place.name for place in places],
        say("coverage.column.rank"): [rank_text(place) for place in places],
        gap.name: [with_range(place.gap) for place in places],
        measure("need").name: [with_range(place.need) for place in places],
    }
    if not view.by_group:
        columns[measure("slots").name] = [value_text(place.slots) for place in places]
        columns[measure("slot_coverage").name] = [with_range(place.slot_coverage) for place in places]
    columns[measure("caseload").name] = [value_text(place.caseload) for place in places]
    columns[f"{reached.name}, {reached.unit}"] = [with_range(place.coverage) for place in places]
    columns[say("table.basis")] = [_basis(place, view) for place in places]
    columns[say("table.note")] = [_note(view, place) for place in places]
    return pd.DataFrame(columns)


def _basis(place: PlaceService, view: Coverage) -> str:
    basis = say(f"figure.basis_short.{place.gap.basis}")
    return basis if view.by_group else f"{basis}; {say('coverage.slots_split')}"


def _note(view: Coverage, place: PlaceService) -> str:
    """Why something in a row is hidden or marked, each reason once; that nobody serves a place is one."""
    nobody = "coverage.nobody_chosen" if view.choice.programs else "coverage.nobody_short"
    found = [say(nobody)] if place.slots.value == 0 else []
    found += [why(view.release, figure) for figure in (place.need, place.gap, place.caseload, place.coverage)]
    return " ".join(dict.fromkeys(text for text in found if text))
